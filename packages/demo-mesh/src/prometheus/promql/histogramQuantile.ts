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

import { dropLabels, labelsKey, METRIC_NAME } from '../series/labels';
import { Column, emptyColumn } from './matrix';

interface Bucket {
  readonly bound: number;
  readonly column: Column;
}

/** `histogram_quantile` of classic histograms: `quantile` is given at each step. */
export function histogramQuantile(
  quantile: Float64Array,
  columns: readonly Column[],
  length: number,
): Column[] {
  const histograms = new Map<string, { first: Column; buckets: Bucket[] }>();
  for (const column of columns) {
    const bound = parseBound(column.labels.le);
    if (bound === undefined) {
      continue;
    }
    const labels = dropLabels(column.labels, ['le', METRIC_NAME]);
    const key = labelsKey(labels);
    const entry = histograms.get(key) ?? { first: column, buckets: [] };
    entry.buckets.push({ bound, column });
    histograms.set(key, entry);
  }
  const out: Column[] = [];
  for (const { first, buckets } of histograms.values()) {
    buckets.sort((a, b) => a.bound - b.bound);
    const result = emptyColumn(
      dropLabels(first.labels, ['le', METRIC_NAME]),
      length,
    );
    for (let i = 0; i < length; i++) {
      const counts = buckets
        .filter(({ column }) => column.present[i])
        .map(({ bound, column }) => ({ bound, count: column.values[i] }));
      if (counts.length > 0) {
        result.values[i] = bucketQuantile(quantile[i], counts);
        result.present[i] = 1;
      }
    }
    out.push(result);
  }
  return out;
}

function parseBound(text: string | undefined): number | undefined {
  if (text === undefined || text === '') {
    return undefined;
  }
  const bound = /^\+?inf$/i.test(text) ? Infinity : Number(text);
  return Number.isNaN(bound) ? undefined : bound;
}

/** Linear interpolation inside the bucket that holds the rank; `counts` are cumulative and ordered by bound. */
export function bucketQuantile(
  quantile: number,
  counts: ReadonlyArray<{ bound: number; count: number }>,
): number {
  if (Number.isNaN(quantile)) {
    return NaN;
  }
  if (quantile < 0 || quantile > 1) {
    return quantile < 0 ? -Infinity : Infinity;
  }
  if (counts[counts.length - 1].bound !== Infinity) {
    return NaN;
  }
  const merged = coalesce(counts);
  const total = merged[merged.length - 1].count;
  if (merged.length < 2 || total === 0 || Number.isNaN(total)) {
    return NaN;
  }
  const rank = quantile * total;
  const found = merged.slice(0, -1).findIndex(({ count }) => count >= rank);
  const index = found === -1 ? merged.length - 1 : found;
  if (index === merged.length - 1) {
    return merged[merged.length - 2].bound;
  }
  if (index === 0 && merged[0].bound <= 0) {
    return merged[0].bound;
  }
  const start = index === 0 ? 0 : merged[index - 1].bound;
  const before = index === 0 ? 0 : merged[index - 1].count;
  const inBucket = merged[index].count - before;
  return start + (merged[index].bound - start) * ((rank - before) / inBucket);
}

/** Adds up equal bounds and lifts counts that fall, which races between scrapes produce. */
function coalesce(
  counts: ReadonlyArray<{ bound: number; count: number }>,
): Array<{ bound: number; count: number }> {
  const merged: Array<{ bound: number; count: number }> = [];
  for (const { bound, count } of counts) {
    const last = merged[merged.length - 1];
    if (last && last.bound === bound) {
      last.count += count;
    } else {
      merged.push({ bound, count });
    }
  }
  let highest = -Infinity;
  for (const bucket of merged) {
    if (bucket.count < highest) {
      bucket.count = highest;
    }
    highest = Math.max(highest, bucket.count);
  }
  return merged;
}
