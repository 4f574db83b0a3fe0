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

import { formatValue } from './http/numbers';
import {
  escapeLabelValue,
  Labels,
  METRIC_NAME,
  Series,
  SeriesSource,
} from './series';

const LOOKBACK_MS = 60_000;

function line(labels: Labels, value: number, time?: string): string {
  const pairs = Object.keys(labels)
    .filter(name => name !== METRIC_NAME)
    .sort()
    .map(name => `${name}="${escapeLabelValue(labels[name])}"`)
    .join(',');
  const at = time === undefined ? '' : ` ${time}`;
  return `${labels[METRIC_NAME]}{${pairs}} ${formatValue(value)}${at}`;
}

function byMetric(source: SeriesSource): Map<string, Series[]> {
  const groups = new Map<string, Series[]>();
  for (const series of source.select([])) {
    const name = series.labels[METRIC_NAME];
    const group = groups.get(name);
    if (group) {
      group.push(series);
    } else {
      groups.set(name, [series]);
    }
  }
  return new Map([...groups].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The current value of every series in the text exposition format: what a Prometheus with `honor_labels` scrapes. */
function textExposition(source: SeriesSource, now: number): string {
  const lines: string[] = [];
  for (const [name, group] of byMetric(source)) {
    lines.push(`# TYPE ${name} untyped`);
    for (const series of group) {
      const sample = series.latestBetween(now - LOOKBACK_MS, now);
      if (sample) {
        lines.push(line(series.labels, sample.value));
      }
    }
  }
  return `${lines.join('\n')}\n`;
}

/**
 * Every sample from `from` to `to` (milliseconds, both included) as OpenMetrics text with timestamps, for
 * `promtool tsdb create-blocks-from openmetrics`.
 */
export function openMetricsBackfill(
  source: SeriesSource,
  from: number,
  to: number,
): string {
  const lines: string[] = [];
  for (const [name, group] of byMetric(source)) {
    lines.push(`# TYPE ${name} unknown`);
    for (const series of group) {
      const { times, values } = series.samplesBetween(from, to);
      for (let i = 0; i < times.length; i++) {
        lines.push(line(series.labels, values[i], String(times[i] / 1000)));
      }
    }
  }
  return `${lines.join('\n')}\n# EOF\n`;
}

/** The paths from which a real Prometheus can scrape the demo: `/metrics`, and `/sd` for `http_sd_configs`. */
export function expositionPaths(
  source: SeriesSource,
  now: () => number,
  host: string,
): (path: string) => { contentType: string; body: string } | undefined {
  return path => {
    switch (path) {
      case '/metrics':
        return {
          contentType: 'text/plain; version=0.0.4; charset=utf-8',
          body: textExposition(source, now()),
        };
      case '/sd':
        return {
          contentType: 'application/json',
          body: JSON.stringify([
            { targets: [host], labels: { __metrics_path__: '/metrics' } },
          ]),
        };
      default:
        return undefined;
    }
  };
}
