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

import { MonotoneWindow, Samples } from '../series/series';

/** The samples of one window with its bounds (closed on both sides, milliseconds). */
export interface Window extends Samples {
  readonly start: number;
  readonly end: number;
}

/** A function of a range vector; `undefined` where Prometheus gives no result. */
export type RangeFunction = (window: Window) => number | undefined;

/** `rate`, `increase` and `delta` as Prometheus 2.x extrapolates them, from the ends of the window. */
export function extrapolate(
  ends: MonotoneWindow,
  rise: number,
  bounds: { start: number; end: number },
  kind: 'rate' | 'increase' | 'delta',
): number | undefined {
  if (ends.count < 2) {
    return undefined;
  }
  let toStart = (ends.firstTime - bounds.start) / 1000;
  const toEnd = (bounds.end - ends.lastTime) / 1000;
  const sampled = (ends.lastTime - ends.firstTime) / 1000;
  const average = sampled / (ends.count - 1);
  if (kind !== 'delta' && rise > 0 && ends.firstValue >= 0) {
    // A counter is never below zero: do not extrapolate beyond where it would have been.
    toStart = Math.min(toStart, sampled * (ends.firstValue / rise));
  }
  const threshold = average * 1.1;
  let covered = sampled;
  covered += toStart < threshold ? toStart : average / 2;
  covered += toEnd < threshold ? toEnd : average / 2;
  let factor = covered / sampled;
  if (kind === 'rate') {
    factor /= (bounds.end - bounds.start) / 1000;
  }
  return rise * factor;
}

function extrapolated(kind: 'rate' | 'increase' | 'delta'): RangeFunction {
  return window => {
    const { times, values } = window;
    const last = values.length - 1;
    if (last < 1) {
      return undefined;
    }
    let rise = values[last] - values[0];
    if (kind !== 'delta') {
      for (let i = 1; i <= last; i++) {
        if (values[i] < values[i - 1]) {
          rise += values[i - 1];
        }
      }
    }
    return extrapolate(
      {
        count: values.length,
        firstTime: times[0],
        firstValue: values[0],
        lastTime: times[last],
        lastValue: values[last],
      },
      rise,
      window,
      kind,
    );
  };
}

function irate({ times, values }: Window): number | undefined {
  const last = values.length - 1;
  if (last < 1 || times[last] === times[last - 1]) {
    return undefined;
  }
  const rise =
    values[last] < values[last - 1]
      ? values[last]
      : values[last] - values[last - 1];
  return rise / ((times[last] - times[last - 1]) / 1000);
}

function fold(
  start: (values: ArrayLike<number>) => number,
  next: (accumulated: number, value: number) => number,
): RangeFunction {
  return ({ values }) => {
    if (values.length === 0) {
      return undefined;
    }
    let result = start(values);
    for (let i = 0; i < values.length; i++) {
      result = next(result, values[i]);
    }
    return result;
  };
}

function deviation({ values }: Window): number | undefined {
  let mean = 0;
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    const delta = values[i] - mean;
    mean += delta / (i + 1);
    squares += delta * (values[i] - mean);
  }
  return values.length === 0 ? undefined : Math.sqrt(squares / values.length);
}

function countPairs(
  counts: (previous: number, current: number) => boolean,
): RangeFunction {
  return ({ values }) => {
    let found = 0;
    for (let i = 1; i < values.length; i++) {
      found += counts(values[i - 1], values[i]) ? 1 : 0;
    }
    return values.length === 0 ? undefined : found;
  };
}

const sum = fold(
  () => 0,
  (a, b) => a + b,
);

/** The functions of range vectors by name. */
export const RANGE_FUNCTIONS: ReadonlyMap<string, RangeFunction> = new Map([
  ['rate', extrapolated('rate')],
  ['increase', extrapolated('increase')],
  ['delta', extrapolated('delta')],
  ['irate', irate],
  ['sum_over_time', sum],
  [
    'avg_over_time',
    (window: Window) => {
      const total = sum(window);
      return total === undefined ? undefined : total / window.values.length;
    },
  ],
  [
    'min_over_time',
    fold(
      values => values[0],
      (a, b) => (b < a || Number.isNaN(a) ? b : a),
    ),
  ],
  [
    'max_over_time',
    fold(
      values => values[0],
      (a, b) => (b > a || Number.isNaN(a) ? b : a),
    ),
  ],
  [
    'count_over_time',
    fold(
      values => values.length,
      a => a,
    ),
  ],
  [
    'last_over_time',
    fold(
      values => values[values.length - 1],
      a => a,
    ),
  ],
  [
    'present_over_time',
    fold(
      () => 1,
      a => a,
    ),
  ],
  ['stddev_over_time', deviation],
  [
    'changes',
    countPairs((a, b) => a !== b && !(Number.isNaN(a) && Number.isNaN(b))),
  ],
  ['resets', countPairs((a, b) => b < a)],
]);
