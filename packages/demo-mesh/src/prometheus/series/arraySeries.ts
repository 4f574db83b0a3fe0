/*
 * Copyright 2026 The Istio for Backstage Authors
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *     http://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

import { compareLabels, Labels } from './labels';
import { LabelMatcher, matchesAll } from './matcher';
import { MetricMetadata, Samples, Series, SeriesSource } from './series';

/** A series whose samples are all in memory, in time order (milliseconds). */
export class ArraySeries implements Series {
  constructor(
    readonly labels: Labels,
    private readonly times: readonly number[],
    private readonly values: readonly number[],
  ) {}

  samplesBetween(from: number, to: number): Samples {
    const start = this.firstAfter(time => time >= from);
    const end = this.firstAfter(time => time > to);
    return {
      times: this.times.slice(start, end),
      values: this.values.slice(start, end),
    };
  }

  latestBetween(from: number, to: number) {
    const index = this.firstAfter(time => time > to) - 1;
    return index >= 0 && this.times[index] >= from
      ? { time: this.times[index], value: this.values[index] }
      : undefined;
  }

  /** The first index whose time satisfies a test that, once true, stays true. */
  private firstAfter(test: (time: number) => boolean): number {
    let low = 0;
    let high = this.times.length;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (test(this.times[middle])) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
}

/** A source over a fixed list of series. */
export function seriesSourceOf(
  series: readonly Series[],
  metadata: ReadonlyMap<string, MetricMetadata> = new Map(),
): SeriesSource {
  const ordered = [...series].sort((a, b) => compareLabels(a.labels, b.labels));
  return {
    select: (matchers: readonly LabelMatcher[]) =>
      ordered.filter(({ labels }) => matchesAll(labels, matchers)),
    metadata: () => metadata,
  };
}
