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
  SignalPoint,
  SignalsService,
} from '@mesh-portal/backstage-plugin-istio-common';
import {
  formatByteRate,
  formatMilliseconds,
  formatRate,
  formatShare,
  relativeChange,
  shareChange,
} from '../format';
import type { Change } from '../format';

/** One number with its past, ready to be drawn. */
export interface SignalTile {
  title: string;
  value: string;
  /** A second line, for example the other quantiles. */
  detail?: string;
  /** How fine the number is. */
  resolution?: string;
  change?: Change;
  /** More of it is bad: errors and latency. Traffic and bytes are neither good nor bad. */
  harmful: boolean;
  values: Array<number | undefined>;
  previousValues: Array<number | undefined>;
}

type SeriesKey = Exclude<keyof SignalPoint, 'at'>;

function seriesOf(service: SignalsService, key: SeriesKey) {
  return {
    values: service.series.map(point => point[key]),
    previousValues: service.previousSeries.map(point => point[key]),
  };
}

function errorTile(
  service: SignalsService,
  title: string,
  key: 'share5xx' | 'share4xx' | 'shareGrpcErrors',
  window: string,
): SignalTile {
  const { current, previous } = service;
  return {
    title,
    value: formatShare(current[key]),
    change: shareChange(current[key], previous?.[key], window),
    harmful: true,
    ...seriesOf(service, key),
  };
}

/** Quantiles of a histogram are only as fine as its buckets: say which one the p95 lies in. */
function bucketOfP95(latency: Latency | undefined): string | undefined {
  const bucket = latency?.buckets?.p95;
  return (
    bucket &&
    `bucket ${formatMilliseconds(bucket[0])} to ${formatMilliseconds(
      bucket[1],
    )}`
  );
}

/** Most services speak no gRPC: a number of its faults means something only where some was seen. */
function hasGrpc({ current, previous }: SignalsService): boolean {
  return [current, previous].some(
    numbers => (numbers?.grpcRequestsPerSecond ?? 0) > 0,
  );
}

function httpTiles(service: SignalsService, window: string): SignalTile[] {
  const { current, previous } = service;
  const { latency } = current;
  const tiles: SignalTile[] = [
    {
      title: 'Requests',
      value: formatRate(current.requestsPerSecond),
      change: relativeChange(
        current.requestsPerSecond,
        previous?.requestsPerSecond,
        window,
      ),
      harmful: false,
      ...seriesOf(service, 'requestsPerSecond'),
    },
    errorTile(service, '5xx', 'share5xx', window),
    errorTile(service, '4xx', 'share4xx', window),
  ];
  if (hasGrpc(service)) {
    tiles.push(errorTile(service, 'gRPC faults', 'shareGrpcErrors', window));
  }
  tiles.push(
    {
      title: 'Latency p95',
      value: formatMilliseconds(latency?.p95),
      resolution: bucketOfP95(latency),
      detail: `p50 ${formatMilliseconds(
        latency?.p50,
      )} · p90 ${formatMilliseconds(latency?.p90)} · p99 ${formatMilliseconds(
        latency?.p99,
      )}`,
      change: relativeChange(latency?.p95, previous?.latency?.p95, window),
      harmful: true,
      ...seriesOf(service, 'p95'),
    },
    {
      title: 'Response bytes',
      value: formatByteRate(current.responseBytesPerSecond),
      detail: `requests ${formatByteRate(current.requestBytesPerSecond)}`,
      change: relativeChange(
        current.responseBytesPerSecond,
        previous?.responseBytesPerSecond,
        window,
      ),
      harmful: false,
      ...seriesOf(service, 'responseBytesPerSecond'),
    },
  );
  return tiles;
}

function tcpTiles(service: SignalsService, window: string): SignalTile[] {
  const now = service.current.tcp;
  const before = service.previous?.tcp;
  const tile = (
    title: string,
    value: string,
    current: number | undefined,
    previous: number | undefined,
    harmful: boolean,
  ): SignalTile => ({
    title,
    value,
    change: relativeChange(current, previous, window),
    harmful,
    values: [],
    previousValues: [],
  });
  return [
    tile(
      'Connections opened',
      formatRate(now?.connectionsOpenedPerSecond),
      now?.connectionsOpenedPerSecond,
      before?.connectionsOpenedPerSecond,
      false,
    ),
    tile(
      'Connections failed',
      formatRate(now?.failedPerSecond),
      now?.failedPerSecond,
      before?.failedPerSecond,
      true,
    ),
    tile(
      'Request bytes',
      formatByteRate(now?.requestBytesPerSecond),
      now?.requestBytesPerSecond,
      before?.requestBytesPerSecond,
      false,
    ),
    tile(
      'Response bytes',
      formatByteRate(now?.responseBytesPerSecond),
      now?.responseBytesPerSecond,
      before?.responseBytesPerSecond,
      false,
    ),
  ];
}

/**
 * The numbers of a service as tiles. Without an L7 proxy there are only connections and bytes.
 *
 * @param window - the span that the numbers are of
 */
export function signalTiles(
  service: SignalsService,
  window = '1h',
): SignalTile[] {
  switch (service.layer) {
    case 'http':
      return httpTiles(service, window);
    case 'tcp':
      return tcpTiles(service, window);
    case 'none':
      return [];
    default:
      return [];
  }
}
