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
  Latency,
  SignalNumbers,
} from '@mesh-portal/backstage-plugin-istio-common';
import type { QueryResult } from '../../prometheus/response';
import { clientOnlyFailures, trafficNumbers } from '../../prometheus/traffic';
import {
  type Reporter,
  reporterOf,
  requestRows,
  serviceKeyOf,
} from '../../prometheus/trafficRows';
import { latencyOf, type LatencyRow, latencyRow } from './latency';
import { failedConnections, volumeOf } from './volumes';

/** Which parts of an answer hold the numbers: those of `serviceWindow` or of `servicePast`, with their suffix. */
export interface NumberParts {
  requests: string;
  suffix: '' | 'Before' | 'Day' | 'Week';
}

export const NOW: NumberParts = { requests: 'now', suffix: '' };
export const BEFORE: NumberParts = { requests: 'before', suffix: 'Before' };

/** Rows of buckets of a service, of all parts. */
export function latencyRows(
  { series }: QueryResult,
  service: string,
): LatencyRow[] {
  return series.flatMap(({ labels, samples }) => {
    const row = latencyRow(labels, samples[0]?.value);
    return row && row.service === service ? [row] : [];
  });
}

/**
 * What one reporter counted of a service in one window.
 *
 * @param key - of the service, `namespace/name`
 * @returns undefined where it counted neither requests nor connections: that is not zero
 */
export function signalNumbers(
  answer: QueryResult,
  key: string,
  reporter: Reporter | undefined,
  { requests, suffix }: NumberParts,
): SignalNumbers | undefined {
  const all = requestRows(answer, [requests]).filter(
    row => row.service === key,
  );
  const rows = all.filter(row => row.reporter === reporter);
  const volume = (name: string) =>
    volumeOf(answer, `${name}${suffix}`, key, reporter);
  const opened = volume('tcpOpened');
  if (rows.length === 0 && opened === undefined) return undefined;
  return {
    ...(rows.length > 0 && trafficNumbers(rows)),
    clientOnlyFailuresPerSecond:
      all.length > 0 && reporter !== 'source'
        ? clientOnlyFailures(all)
        : undefined,
    latency:
      latencyOf(
        latencyRows(answer, key).filter(
          row => row.reporter === reporter && row.part === `latency${suffix}`,
        ),
      ) ?? nativeLatency(answer, key, reporter, `nativeLatency${suffix}`),
    requestBytesPerSecond: volume('requestBytes'),
    responseBytesPerSecond: volume('responseBytes'),
    requestMessagesPerSecond: volume('requestMessages'),
    responseMessagesPerSecond: volume('responseMessages'),
    tcp:
      opened === undefined
        ? undefined
        : {
            connectionsOpenedPerSecond: opened,
            connectionsClosedPerSecond: volume('tcpClosed'),
            requestBytesPerSecond: volume('tcpReceived'),
            responseBytesPerSecond: volume('tcpSent'),
            failedPerSecond:
              suffix === ''
                ? failedConnections(answer, key, reporter)
                : undefined,
          },
  };
}

const QUANTILES: Readonly<Record<string, 'p50' | 'p90' | 'p95' | 'p99'>> = {
  '0.5': 'p50',
  '0.9': 'p90',
  '0.95': 'p95',
  '0.99': 'p99',
};

/** Quantiles of a native histogram: finer than any bucket, so without bounds. */
function nativeLatency(
  { series }: QueryResult,
  key: string,
  reporter: Reporter | undefined,
  part: string,
): Latency | undefined {
  const latency: Latency = {};
  for (const { labels, samples } of series) {
    const name = QUANTILES[labels.q ?? ''];
    const value = samples[0]?.value;
    if (labels.part !== part || name === undefined || value === undefined) {
      continue;
    }
    if (serviceKeyOf(labels) !== key || reporterOf(labels) !== reporter) {
      continue;
    }
    latency[name] = value;
  }
  return latency.p50 === undefined ? undefined : latency;
}
