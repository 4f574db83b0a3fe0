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

/** Epoch seconds at which the fixture ends, on the grid of scrapes. */
export const END = Date.UTC(2026, 0, 14, 12) / 1000;

export const MINUTE = 60;
export const HOUR = 3600;
export const DAY = 86_400;
const WEEK = 7 * DAY;

/** One series: labels with its name, and its value at a moment; undefined where it has no sample. */
export interface FixtureSeries {
  name: string;
  labels: Readonly<Record<string, string>>;
  valueAt(time: number): number | undefined;
}

/** A rate from a moment on (epoch seconds), until the next one. */
export interface Regime {
  from: number;
  perSecond: number;
}

/** Before everything: counters that were always there began here. */
export const BEGINNING = END - WEEK - DAY;

/** What a counter holds that followed these rates. */
export function counted(regimes: readonly Regime[], time: number): number {
  return regimes.reduce((sum, { from, perSecond }, index) => {
    const until = Math.min(time, regimes[index + 1]?.from ?? Infinity);
    return sum + Math.max(0, until - from) * perSecond;
  }, 0);
}

/**
 * When scrapes happened: every 15 s in the last 70 minutes, every minute in the last eight hours, and for two hours
 * and ten minutes a day and a week before. Rates are constant between, so the gaps change no number.
 */
export function scrapeTimes(): number[] {
  const spans: [from: number, to: number, step: number][] = [
    [END - WEEK - 2 * HOUR - 10 * MINUTE, END - WEEK, MINUTE],
    [END - DAY - 2 * HOUR - 10 * MINUTE, END - DAY, MINUTE],
    [END - 8 * HOUR, END - 70 * MINUTE - MINUTE, MINUTE],
    [END - 70 * MINUTE, END, 15],
  ];
  return spans.flatMap(([from, to, step]) =>
    Array.from(
      { length: Math.floor((to - from) / step) + 1 },
      (_, index) => from + index * step,
    ),
  );
}

/** The series as OpenMetrics text with timestamps, for `promtool tsdb create-blocks-from openmetrics`. */
export function openMetrics(series: readonly FixtureSeries[]): string {
  const times = scrapeTimes();
  const byName = new Map<string, FixtureSeries[]>();
  for (const each of series) {
    byName.set(each.name, [...(byName.get(each.name) ?? []), each]);
  }
  const lines: string[] = [];
  for (const [name, all] of [...byName].sort()) {
    lines.push(`# TYPE ${name} unknown`);
    for (const { labels, valueAt } of all) {
      const pairs = Object.entries(labels)
        .map(([label, value]) => `${label}=${JSON.stringify(value)}`)
        .join(',');
      for (const time of times) {
        const value = valueAt(time);
        if (value !== undefined) {
          lines.push(`${name}{${pairs}} ${value} ${time}`);
        }
      }
    }
  }
  return `${lines.join('\n')}\n# EOF\n`;
}
