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

import type { SignalPoint } from '@mesh-portal/backstage-plugin-istio-common';
import type { QueryResult } from '../../prometheus/response';
import { trafficNumbers } from '../../prometheus/traffic';
import {
  type Reporter,
  reporterOf,
  requestRowsByTime,
  serviceKeyOf,
} from '../../prometheus/trafficRows';
import { latencyOf, type LatencyRow, latencyRow } from './latency';

/** Points of one service, seen by one reporter, oldest first. A step without a sample has no point. */
export function signalPoints(
  history: QueryResult,
  service: string,
  reporter: Reporter,
): SignalPoint[] {
  const points = new Map<number, SignalPoint>();
  const pointAt = (at: number) => {
    const point = points.get(at) ?? { at };
    points.set(at, point);
    return point;
  };

  for (const [at, all] of requestRowsByTime(history)) {
    const rows = all.filter(
      row => row.service === service && row.reporter === reporter,
    );
    if (rows.length === 0) continue;
    const { requestsPerSecond, share5xx, share4xx, shareGrpcErrors } =
      trafficNumbers(rows);
    Object.assign(pointAt(at), {
      requestsPerSecond,
      share5xx,
      share4xx,
      shareGrpcErrors,
    });
  }

  for (const [at, rows] of latencyRowsByTime(history, service, reporter)) {
    const latency = latencyOf(rows);
    if (!latency) continue;
    const { p50, p90, p95, p99 } = latency;
    Object.assign(pointAt(at), { p50, p90, p95, p99 });
  }

  const volumes = {
    requestBytes: 'requestBytesPerSecond',
    responseBytes: 'responseBytesPerSecond',
    tcpOpened: 'connectionsOpenedPerSecond',
  } as const;
  for (const { labels, samples } of history.series) {
    const name =
      labels.part === 'requestBytes' ||
      labels.part === 'responseBytes' ||
      labels.part === 'tcpOpened'
        ? volumes[labels.part]
        : undefined;
    if (
      !name ||
      serviceKeyOf(labels) !== service ||
      reporterOf(labels) !== reporter
    )
      continue;
    for (const { at, value } of samples) {
      if (value !== undefined) pointAt(at)[name] = value;
    }
  }

  return [...points.values()].sort((a, b) => a.at - b.at);
}

function latencyRowsByTime(
  history: QueryResult,
  service: string,
  reporter: Reporter,
): Map<number, LatencyRow[]> {
  const byTime = new Map<number, LatencyRow[]>();
  for (const { labels, samples } of history.series) {
    if (labels.part !== 'latency') continue;
    if (serviceKeyOf(labels) !== service) continue;
    if (reporterOf(labels) !== reporter) continue;
    for (const { at, value } of samples) {
      const row = latencyRow(labels, value);
      if (!row) continue;
      const rows = byTime.get(at);
      if (rows) rows.push(row);
      else byTime.set(at, [row]);
    }
  }
  return byTime;
}

/** The window that ends at a moment, and the one before; what is older belongs to neither. */
export function splitPoints(
  points: readonly SignalPoint[],
  end: number,
  windowSeconds: number,
): { before: SignalPoint[]; since: SignalPoint[] } {
  const start = end - windowSeconds;
  return {
    before: points.filter(
      ({ at }) => at >= start - windowSeconds && at < start,
    ),
    since: points.filter(({ at }) => at >= start),
  };
}
