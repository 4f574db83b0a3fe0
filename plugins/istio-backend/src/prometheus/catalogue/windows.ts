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

/** Windows that may be asked for. */
export const WINDOWS = ['5m', '15m', '1h', '6h', '1d', '7d'] as const;

export type Window = (typeof WINDOWS)[number];

export const DEFAULT_WINDOW: Window = '1h';

const SECONDS: Readonly<Record<Window, number>> = {
  '5m': 300,
  '15m': 900,
  '1h': 3600,
  '6h': 21_600,
  '1d': 86_400,
  '7d': 604_800,
};

/** Steps of the charts: 20 to 170 points a window, on Prometheus-friendly numbers (golden-signals §3). */
const STEPS: Readonly<Record<Window, number>> = {
  '5m': 15,
  '15m': 15,
  '1h': 60,
  '6h': 300,
  '1d': 900,
  '7d': 3600,
};

/** The window of that name; the default when absent. The contract has refused every other name. */
export function windowNamed(name: string | undefined): Window {
  return WINDOWS.find(window => window === name) ?? DEFAULT_WINDOW;
}

export function windowSeconds(window: Window): number {
  return SECONDS[window];
}

/** How `rate()` looks back: four scrapes at least, else it finds no two samples (golden-signals §3). */
export interface RateWindows {
  /** seconds the numbers are over */
  window: number;
  /** seconds between points of a chart */
  step: number;
  /** seconds each point of a chart is over */
  smoothing: number;
}

/**
 * @param scrapeSeconds - how often Prometheus scrapes the proxies
 */
export function rateWindows(
  window: Window,
  scrapeSeconds: number,
): RateWindows {
  const least = Math.max(4 * scrapeSeconds, 60);
  const step = Math.max(STEPS[window], Math.ceil(scrapeSeconds / 15) * 15);
  return {
    window: Math.max(SECONDS[window], least),
    step,
    smoothing: Math.max(300, step, least),
  };
}
