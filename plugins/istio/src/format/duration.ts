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

/** A whole number of seconds as a person says it: `40 s`, `5 min`, `3 h`, `2 d`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 60) {
    return `${Math.max(0, Math.round(seconds))} s`;
  }
  if (seconds < 3_600) {
    return `${Math.round(seconds / 60)} min`;
  }
  if (seconds < 172_800) {
    return `${Math.round(seconds / 3_600)} h`;
  }
  return `${Math.round(seconds / 86_400)} d`;
}

const WINDOW_WORDS = new Map([
  ['5m', 'the last five minutes'],
  ['15m', 'the last quarter of an hour'],
  ['1h', 'the last hour'],
  ['6h', 'the last six hours'],
  ['1d', 'the last day'],
  ['7d', 'the last week'],
]);

/** The window metrics were read over, in words: `1h` is `the last hour`. */
export function windowInWords(window: string): string {
  return WINDOW_WORDS.get(window) ?? `the last ${window}`;
}

/** A clock time of today or yesterday in the reader's zone, for chart axes: `14:05`. */
export function formatClock(epochSeconds: number): string {
  return new Date(epochSeconds * 1_000).toLocaleTimeString([], {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
}

const BEFORE_WORDS = new Map([
  ['5m', 'five minutes before'],
  ['15m', 'quarter of an hour before'],
  ['1h', 'hour before'],
  ['6h', 'six hours before'],
  ['1d', 'day before'],
  ['7d', 'week before'],
]);

/** The window before a window, in words: of `1h` it is the `hour before`. */
export function beforeInWords(window: string): string {
  return BEFORE_WORDS.get(window) ?? `${window} before`;
}

/** A moment in the reader's zone, for the axis of a chart: the clock time, with the date where it spans more than a day. */
export function formatMoment(
  epochSeconds: number,
  spanSeconds: number,
): string {
  if (spanSeconds <= 86_400) return formatClock(epochSeconds);
  const date = new Date(epochSeconds * 1_000).toLocaleDateString([], {
    month: 'short',
    day: 'numeric',
  });
  return `${date}, ${formatClock(epochSeconds)}`;
}
