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

import {
  BEGINNING,
  counted,
  type FixtureSeries,
  type Regime,
} from './FixtureSeries';

/** Requests of one combination of labels. */
export interface RequestFlow {
  labels: Readonly<Record<string, string>>;
  /** requests per second, constant; or by time */
  rate: number | readonly Regime[];
  /** of the requests, those within each bound of latency (ms): cumulative, 0 to 1; absent: no histogram */
  latency?: Readonly<Record<string, number>>;
  /** per request */
  bytes?: { request: number; response: number };
  /** epoch seconds of the last sample; absent: it never ends */
  until?: number;
}

/** What every request carries unless a flow says otherwise. */
const COMMON = {
  reporter: 'destination',
  source_workload: 'web',
  source_workload_namespace: 'shop',
  source_principal: 'spiffe://cluster.local/ns/shop/sa/web',
  source_cluster: 'c1',
  destination_workload_namespace: 'shop',
  destination_service_namespace: 'shop',
  destination_cluster: 'c1',
  request_protocol: 'http',
  response_code: '200',
  grpc_response_status: '',
  response_flags: '-',
  connection_security_policy: 'mutual_tls',
};

function regimesOf({ rate }: RequestFlow): readonly Regime[] {
  return typeof rate === 'number'
    ? [{ from: BEGINNING, perSecond: rate }]
    : rate;
}

/** A counter has no sample before it is first incremented, nor after its proxy is gone. */
function counter(
  name: string,
  labels: Readonly<Record<string, string>>,
  flow: RequestFlow,
  factor: number,
): FixtureSeries {
  const regimes = regimesOf(flow);
  const [{ from }] = regimes;
  return {
    name,
    labels,
    valueAt: time =>
      time <= from || time > (flow.until ?? Infinity)
        ? undefined
        : counted(regimes, time) * factor,
  };
}

/** `istio_requests_total`, the histogram and the bytes of a flow. */
export function seriesOfFlow(flow: RequestFlow): FixtureSeries[] {
  const labels = { ...COMMON, ...flow.labels };
  const duration = 'istio_request_duration_milliseconds';
  return [
    counter('istio_requests_total', labels, flow, 1),
    ...Object.entries(flow.latency ?? {}).map(([le, share]) =>
      counter(`${duration}_bucket`, { ...labels, le }, flow, share),
    ),
    ...(flow.latency ? [counter(`${duration}_count`, labels, flow, 1)] : []),
    ...(flow.bytes
      ? [
          counter('istio_request_bytes_sum', labels, flow, flow.bytes.request),
          counter(
            'istio_response_bytes_sum',
            labels,
            flow,
            flow.bytes.response,
          ),
        ]
      : []),
  ];
}

/** Any other counter with a constant rate. */
export function constantCounter(
  name: string,
  labels: Readonly<Record<string, string>>,
  perSecond: number,
): FixtureSeries {
  return counter(name, labels, { labels, rate: perSecond }, 1);
}

/** A value that does not change. */
export function gauge(
  name: string,
  labels: Readonly<Record<string, string>>,
  value: number,
): FixtureSeries {
  return { name, labels, valueAt: () => value };
}
