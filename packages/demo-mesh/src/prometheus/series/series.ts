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

import { Labels } from './labels';
import { LabelMatcher } from './matcher';

/** Scraped samples in time order: milliseconds since the epoch, and values. */
export interface Samples {
  readonly times: ArrayLike<number>;
  readonly values: ArrayLike<number>;
}

/** What `rate` needs of a window in which a counter was never reset. */
export interface MonotoneWindow {
  readonly count: number;
  readonly firstTime: number;
  readonly firstValue: number;
  readonly lastTime: number;
  readonly lastValue: number;
}

/** One time series. Times are milliseconds since the epoch; every window is closed on both sides. */
export interface Series {
  readonly labels: Labels;
  /** All samples with `from <= time <= to`. */
  samplesBetween(from: number, to: number): Samples;
  /** The youngest sample with `from <= time <= to`. */
  latestBetween(
    from: number,
    to: number,
  ): { time: number; value: number } | undefined;
  /**
   * The ends of the window, when the series knows without looking at each sample that its values never fall inside it;
   * `undefined` when it does not know, and the caller must read the samples.
   */
  monotoneWindow?(from: number, to: number): MonotoneWindow | undefined;
}

/** What `/api/v1/metadata` says of a metric. */
export interface MetricMetadata {
  readonly type: 'counter' | 'gauge' | 'histogram' | 'summary' | 'unknown';
  readonly help: string;
  readonly unit: string;
}

/** Where the Prometheus API gets its series from. */
export interface SeriesSource {
  /** Every series that all matchers accept, ordered by labels. Whether it has samples in a given window is not promised. */
  select(matchers: readonly LabelMatcher[]): readonly Series[];
  /** Metadata by metric (family) name. */
  metadata(): ReadonlyMap<string, MetricMetadata>;
}
