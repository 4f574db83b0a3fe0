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

import { selector, type QueryScope } from '../selector';
import { serviceMatches, type MeteredService } from './serviceMatches';
import { SERVICE_LABELS, union } from './union';

/**
 * Latency, bytes and TCP of some services: L1, T1, T2, T3, T5 and the TCP half of M1 of golden-signals §2 in one
 * question. Parts, each per second over the window:
 *
 * - `latency`: requests by bucket, reporter and version; `latency_before`: the window before, without version
 * - `request_bytes`, `response_bytes` and both with `_before`: by reporter
 * - `tcp_opened`: connections by reporter, caller and policy of the connection
 * - `tcp_request_bytes`, `tcp_response_bytes`: by reporter. The metric's *sent* and *received* are the server's view
 * - `tcp_failed`: connections that ztunnel could not make or refused, by reporter, caller and flag
 */
export function sizesExpression(
  services: readonly MeteredService[],
  windowSeconds: number,
  scope: QueryScope,
): string {
  const matches = serviceMatches(services);
  const range = `${windowSeconds}s`;
  const rate = (metric: string, by: string, before = false) => {
    const offset = before ? ` offset ${range}` : '';
    const labels = by === '' ? '' : `,${by}`;
    return `sum by (reporter,${SERVICE_LABELS}${labels}) (rate(${selector(
      metric,
      matches,
      scope,
    )}[${range}]${offset}))`;
  };
  const buckets = 'istio_request_duration_milliseconds_bucket';
  const caller = 'source_workload_namespace,source_workload,source_principal';
  return union([
    {
      name: 'latency',
      expression: rate(buckets, 'le,destination_canonical_revision'),
    },
    { name: 'latency_before', expression: rate(buckets, 'le', true) },
    {
      name: 'request_bytes',
      expression: rate('istio_request_bytes_sum', ''),
    },
    {
      name: 'response_bytes',
      expression: rate('istio_response_bytes_sum', ''),
    },
    {
      name: 'request_bytes_before',
      expression: rate('istio_request_bytes_sum', '', true),
    },
    {
      name: 'response_bytes_before',
      expression: rate('istio_response_bytes_sum', '', true),
    },
    {
      name: 'tcp_opened',
      expression: rate(
        'istio_tcp_connections_opened_total',
        `${caller},connection_security_policy`,
      ),
    },
    {
      name: 'tcp_request_bytes',
      expression: rate('istio_tcp_received_bytes_total', ''),
    },
    {
      name: 'tcp_response_bytes',
      expression: rate('istio_tcp_sent_bytes_total', ''),
    },
    {
      name: 'tcp_failed',
      expression: rate(
        'istio_tcp_connections_failed_total',
        `${caller},response_flags`,
      ),
    },
  ]);
}
