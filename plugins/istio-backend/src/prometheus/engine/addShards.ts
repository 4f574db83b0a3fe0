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

import type { Sample, Series } from '../response';

function keyOf(labels: Series['labels']): string {
  return JSON.stringify(
    Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function combine(
  one: readonly Sample[],
  other: readonly Sample[],
  values: (a: number, b: number) => number,
): Sample[] {
  const byTime = new Map(one.map(({ at, value }) => [at, value]));
  for (const { at, value } of other) {
    const known = byTime.get(at);
    byTime.set(
      at,
      known === undefined || value === undefined
        ? known ?? value
        : values(known, value),
    );
  }
  return [...byTime]
    .map(([at, value]) => ({ at, value }))
    .sort((a, b) => a.at - b.at);
}

function add(a: number, b: number): number {
  return a + b;
}

/**
 * One answer of several shards, each of which scrapes some of the targets: rows of equal labels are added.
 *
 * @param maxima - parts whose rows are not counts: the larger stands
 */
export function addShards(
  answers: readonly (readonly Series[])[],
  maxima: readonly string[] = [],
): Series[] {
  const rows = new Map<string, Series>();
  for (const { labels, samples } of answers.flat()) {
    const key = keyOf(labels);
    const known = rows.get(key);
    const values = maxima.includes(labels.part) ? Math.max : add;
    rows.set(key, {
      labels,
      samples: known ? combine(known.samples, samples, values) : samples,
    });
  }
  return [...rows.values()];
}
