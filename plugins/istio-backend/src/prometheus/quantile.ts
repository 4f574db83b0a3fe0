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

/** One bucket of a classic histogram: events at or below `le`, per second or in all. */
export interface Bucket {
  /** upper bound; `Infinity` for the last */
  le: number;
  /** cumulative count or rate */
  count: number;
}

/** A quantile with the bucket it was interpolated in: its honest resolution. */
export interface Quantile {
  value: number;
  bucket: [from: number, to: number];
}

/**
 * Interpolates quantiles as Prometheus' `histogram_quantile` does, so that one response gives all of them
 * (golden-signals §2, L1).
 *
 * @param buckets - in any order; equal bounds are added up
 * @param quantile - 0 to 1
 * @returns undefined without traffic, without a `+Inf` bucket, with fewer than two buckets, or when the cumulative
 * counts fall (mixed bucket layouts): then no number is right
 */
export function bucketQuantile(
  buckets: readonly Bucket[],
  quantile: number,
): Quantile | undefined {
  const merged = cumulative(mergeBuckets(buckets));
  const last = merged?.at(-1);
  if (!merged || !last || last.le !== Infinity || merged.length < 2) {
    return undefined;
  }
  if (!(last.count > 0)) return undefined;

  const rank = quantile * last.count;
  const index = merged.findIndex(({ count }) => count >= rank);
  const highest = merged[merged.length - 2].le;
  if (index < 0 || index === merged.length - 1) {
    return { value: highest, bucket: [highest, highest] };
  }
  const { le, count } = merged[index];
  const below = index === 0 ? { le: 0, count: 0 } : merged[index - 1];
  if (index === 0 && le <= 0) return { value: le, bucket: [le, le] };
  const inBucket = count - below.count;
  const value =
    inBucket > 0
      ? below.le + (le - below.le) * ((rank - below.count) / inBucket)
      : le;
  return { value, bucket: [below.le, le] };
}

/**
 * Do cumulative counts fall? Then pods count into different bounds, and no quantile of their sum is right.
 *
 * @param buckets - in any order; equal bounds are added up
 */
export function layoutsAreMixed(buckets: readonly Bucket[]): boolean {
  return cumulative(mergeBuckets(buckets)) === undefined;
}

function mergeBuckets(buckets: readonly Bucket[]): Bucket[] {
  const byBound = new Map<number, number>();
  for (const { le, count } of buckets) {
    if (Number.isNaN(le) || Number.isNaN(count)) continue;
    byBound.set(le, (byBound.get(le) ?? 0) + count);
  }
  return [...byBound]
    .map(([le, count]) => ({ le, count }))
    .sort((a, b) => a.le - b.le);
}

/** A fall of this share of all events is the raggedness of scrapes; a larger one is a mixture of bucket layouts. */
const RAGGEDNESS = 0.01;

/** Levels small falls as Prometheus does (the count before stands); undefined when the counts really fall. */
function cumulative(buckets: readonly Bucket[]): Bucket[] | undefined {
  const most = Math.max(0, ...buckets.map(({ count }) => count));
  const levelled: Bucket[] = [];
  let highest = 0;
  for (const { le, count } of buckets) {
    if (count < highest - RAGGEDNESS * most) return undefined;
    highest = Math.max(highest, count);
    levelled.push({ le, count: highest });
  }
  return levelled;
}
