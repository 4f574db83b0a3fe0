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

import type {
  SignalPoint,
  SignalsService,
} from '@mesh-portal/backstage-plugin-istio-common';
import {
  beforeInWords,
  formatByteRate,
  formatMilliseconds,
  formatRate,
  formatShare,
} from '../format';

type SeriesKey = Exclude<keyof SignalPoint, 'at'>;

/** One line of a chart. */
export interface ChartLine {
  key: SeriesKey;
  title: string;
}

/** One chart: lines that share a unit. */
export interface ChartModel {
  title: string;
  unit: string;
  lines: ChartLine[];
  format: (value: number | undefined) => string;
  /** The line whose window before is drawn too. */
  baseline: SeriesKey;
}

const CHARTS: ChartModel[] = [
  {
    title: 'Requests',
    unit: 'per second',
    lines: [{ key: 'requestsPerSecond', title: 'requests' }],
    format: formatRate,
    baseline: 'requestsPerSecond',
  },
  {
    title: 'Errors',
    unit: 'share of requests',
    lines: [
      { key: 'share5xx', title: '5xx' },
      { key: 'share4xx', title: '4xx' },
      { key: 'shareGrpcErrors', title: 'gRPC faults' },
    ],
    format: formatShare,
    baseline: 'share5xx',
  },
  {
    title: 'Latency',
    unit: 'milliseconds',
    lines: [
      { key: 'p50', title: 'p50' },
      { key: 'p90', title: 'p90' },
      { key: 'p95', title: 'p95' },
      { key: 'p99', title: 'p99' },
    ],
    format: formatMilliseconds,
    baseline: 'p95',
  },
  {
    title: 'Connections opened',
    unit: 'per second',
    lines: [{ key: 'connectionsOpenedPerSecond', title: 'connections' }],
    format: formatRate,
    baseline: 'connectionsOpenedPerSecond',
  },
  {
    title: 'Bytes',
    unit: 'per second',
    lines: [
      { key: 'responseBytesPerSecond', title: 'responses' },
      { key: 'requestBytesPerSecond', title: 'requests' },
    ],
    format: formatByteRate,
    baseline: 'responseBytesPerSecond',
  },
];

function hasData(points: SignalPoint[], key: SeriesKey): boolean {
  return points.some(point => point[key] !== undefined);
}

/** The charts that have anything to show, with only the lines that have. */
export function chartsOf(service: SignalsService): ChartModel[] {
  return CHARTS.map(chart => ({
    ...chart,
    lines: chart.lines.filter(line => hasData(service.series, line.key)),
  })).filter(chart => chart.lines.length > 0);
}

/** Names the line of the window before: the only line of a chart needs no name of its own. */
export function beforeTitle(chart: ChartModel, window: string): string {
  const line = chart.lines.find(({ key }) => key === chart.baseline);
  const before = beforeInWords(window);
  return line && chart.lines.length > 1 ? `${line.title}, ${before}` : before;
}

/** Seconds from the first point to the last. */
export function spanOf({ series }: SignalsService): number {
  const [first] = series;
  const last = series.at(-1);
  return first && last ? last.at - first.at : 0;
}

/** One instant of a chart; `before` is the baseline of the window before at the same place. */
export interface ChartRow {
  at: number;
  before?: number;
  values: Partial<Record<SeriesKey, number>>;
}

/** Lays the window before under the current one, point by point. */
export function chartRows(
  service: SignalsService,
  chart: ChartModel,
): ChartRow[] {
  const { series, previousSeries } = service;
  const start = series[0]?.at;
  const previousStart = previousSeries[0]?.at;
  const before = new Map<number, number>();
  if (previousStart !== undefined) {
    for (const point of previousSeries) {
      const value = point[chart.baseline];
      if (value !== undefined) {
        before.set(point.at - previousStart, value);
      }
    }
  }
  return series.map(({ at, ...values }) => ({
    at,
    before: start === undefined ? undefined : before.get(at - start),
    values,
  }));
}
