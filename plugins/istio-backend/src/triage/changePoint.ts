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

/** One value of a series, by epoch seconds. */
export interface Point {
  at: number;
  value: number;
}

/** Where a series rose, by the split into two segments of different means that explains it best. */
export interface ChangePoint {
  /** epoch seconds of the first point of the second segment */
  at: number;
  before: number;
  after: number;
  /** share of the variance that the split explains, 0 to 1 */
  explained: number;
}

/** A split that explains less than this is a wobble, not a beginning. */
const CLEAR = 0.5;

/** Points that must have been calm before; one that is high may be the beginning of what goes on. */
const SHORTEST_CALM = 2;
const SHORTEST_RISE = 1;

/**
 * The moment a series rose for good: the largest two-segment mean split (CUSUM, golden-signals §5).
 *
 * @param points - oldest first, at equal steps
 * @returns undefined where nothing rose, or not clearly at one moment
 */
export function changePoint(points: readonly Point[]): ChangePoint | undefined {
  const count = points.length;
  if (count < SHORTEST_CALM + SHORTEST_RISE) return undefined;
  const mean = points.reduce((sum, { value }) => sum + value, 0) / count;
  const total = points.reduce((sum, { value }) => sum + (value - mean) ** 2, 0);
  if (!(total > 0)) return undefined;
  let best: { index: number; between: number } | undefined;
  let cumulated = 0;
  for (let index = 1; index <= count - SHORTEST_RISE; index++) {
    cumulated += points[index - 1].value - mean;
    if (index < SHORTEST_CALM) continue;
    // With S the cumulated sum, the split explains S² (1/k + 1/(n-k)).
    const between = cumulated ** 2 * (1 / index + 1 / (count - index));
    // Negative: the first segment lies below the mean, so the second above.
    if (cumulated < 0 && between > (best?.between ?? 0)) {
      best = { index, between };
    }
  }
  if (!best || best.between / total < CLEAR) return undefined;
  const average = (some: readonly Point[]) =>
    some.reduce((sum, { value }) => sum + value, 0) / some.length;
  return {
    at: points[best.index].at,
    before: average(points.slice(0, best.index)),
    after: average(points.slice(best.index)),
    explained: best.between / total,
  };
}
