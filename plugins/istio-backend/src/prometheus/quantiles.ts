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

/** Cumulative count of requests that took at most `le` milliseconds. */
export interface Bucket {
  le: number;
  count: number;
}

/** A quantile and the bucket it lies in: its honest resolution. */
export interface Quantile {
  value: number;
  bucket: [from: number, to: number];
}

/** Counts that shrink by more than rounding mean mixed bucket layouts: no quantile is right then (golden-signals §2). */
const ROUNDING = 1e-9;

function isCumulative(buckets: readonly Bucket[]): boolean {
  return buckets.every(
    ({ count }, index) =>
      index === 0 ||
      count >= buckets[index - 1].count * (1 - ROUNDING) - Number.MIN_VALUE,
  );
}

/** Reads the label `le`; `undefined` for what is not a boundary. */
export function boundaryOf(le: string | undefined): number | undefined {
  if (le === '+Inf') {
    return Infinity;
  }
  const value = Number(le);
  return le === undefined || le === '' || Number.isNaN(value)
    ? undefined
    : value;
}

/**
 * The quantile of a classic histogram, interpolated linearly as `histogram_quantile` does it.
 *
 * @param buckets - cumulative, in any order; one of them must be `+Inf`
 * @param q - 0 to 1
 * @returns `undefined` when there was no traffic, or the buckets cannot be right
 */
export function quantileOf(
  buckets: readonly Bucket[],
  q: number,
): Quantile | undefined {
  const sorted = [...buckets].sort((left, right) => left.le - right.le);
  const total = sorted.at(-1);
  if (
    total === undefined ||
    total.le !== Infinity ||
    !(total.count > 0) ||
    sorted.length < 2 ||
    !isCumulative(sorted)
  ) {
    return undefined;
  }
  const rank = q * total.count;
  const index = sorted.findIndex(({ count }) => count >= rank);
  if (index === sorted.length - 1) {
    const last = sorted[sorted.length - 2].le;
    return { value: last, bucket: [last, last] };
  }
  const { le, count } = sorted[index];
  const from = index === 0 ? Math.min(0, le) : sorted[index - 1].le;
  const below = index === 0 ? 0 : sorted[index - 1].count;
  const inBucket = count - below;
  const value =
    inBucket > 0 ? from + ((le - from) * (rank - below)) / inBucket : le;
  return { value, bucket: [from, le] };
}
