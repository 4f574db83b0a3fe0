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

/** Windows a caller may choose. */
export type Window = '5m' | '15m' | '1h' | '6h' | '1d' | '7d';

export const WINDOW_SECONDS: Readonly<Record<Window, number>> = {
  '5m': 300,
  '15m': 900,
  '1h': 3600,
  '6h': 21_600,
  '1d': 86_400,
  '7d': 604_800,
};

/** Answers over a day or more, or about the past, change slowly (golden-signals §7, TTL). */
export const SLOW_SECONDS = 600;

/** The grid that instants are aligned to, and how long one is fresh. */
export const INSTANT_SECONDS = 15;

/** How long an answer over a window is fresh: 15 s, or 10 min where the window is long. */
export function freshSecondsOf(windowSeconds: number): number {
  return windowSeconds > 86_400 ? SLOW_SECONDS : INSTANT_SECONDS;
}

const STEPS = [15, 30, 60, 120, 300, 900, 3600];

/** Seconds between points: at most 120 a window, on a grid that makes results shareable (golden-signals §3). */
export function stepFor(rangeSeconds: number): number {
  const wanted = Math.max(60, Math.ceil(rangeSeconds / 120));
  return STEPS.find(step => step >= wanted) ?? STEPS[STEPS.length - 1];
}
