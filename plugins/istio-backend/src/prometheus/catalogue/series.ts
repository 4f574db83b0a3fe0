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
 * The charts of some services: R1, L1 and T1 of golden-signals §2 as a range. Parts: `requests` by reporter and class,
 * `latency` by reporter and bucket, `request_bytes`, `response_bytes`, `tcp_request_bytes` and `tcp_response_bytes` by
 * reporter; each per second over `smoothingSeconds`.
 */
export function seriesExpression(
  services: readonly MeteredService[],
  smoothingSeconds: number,
  scope: QueryScope,
): string {
  const matches = serviceMatches(services);
  const rate = (metric: string, by: string) => {
    const labels = by === '' ? '' : `,${by}`;
    return `sum by (reporter,${SERVICE_LABELS}${labels}) (rate(${selector(
      metric,
      matches,
      scope,
    )}[${smoothingSeconds}s]))`;
  };
  return union([
    {
      name: 'requests',
      expression: rate(
        'istio_requests_total',
        'request_protocol,response_code,grpc_response_status',
      ),
    },
    {
      name: 'latency',
      expression: rate('istio_request_duration_milliseconds_bucket', 'le'),
    },
    { name: 'request_bytes', expression: rate('istio_request_bytes_sum', '') },
    {
      name: 'response_bytes',
      expression: rate('istio_response_bytes_sum', ''),
    },
    {
      name: 'tcp_request_bytes',
      expression: rate('istio_tcp_received_bytes_total', ''),
    },
    {
      name: 'tcp_response_bytes',
      expression: rate('istio_tcp_sent_bytes_total', ''),
    },
  ]);
}
