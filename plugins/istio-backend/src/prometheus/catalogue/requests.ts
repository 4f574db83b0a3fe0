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

const CLASSES =
  'request_protocol,response_code,grpc_response_status,response_flags';

/**
 * Requests of some services: R1, E1, V1, M1, A2 and F1 of golden-signals §2 in one question. Parts:
 *
 * - `now`: per second over the window, by reporter, caller, policy of the connection, version and class
 * - `before`: the same over the window before, by reporter and class
 * - `live`: number of series that are there at this moment (tells *idle* from *gone*)
 *
 * @param windowSeconds - of `now`, and of `before` which ends where `now` begins
 */
export function requestsExpression(
  services: readonly MeteredService[],
  windowSeconds: number,
  scope: QueryScope,
): string {
  const series = selector(
    'istio_requests_total',
    serviceMatches(services),
    scope,
  );
  const range = `${windowSeconds}s`;
  return union([
    {
      name: 'now',
      expression: `sum by (reporter,${SERVICE_LABELS},source_workload_namespace,source_workload,source_principal,connection_security_policy,destination_canonical_revision,destination_workload,${CLASSES}) (rate(${series}[${range}]))`,
    },
    {
      name: 'before',
      expression: `sum by (reporter,${SERVICE_LABELS},${CLASSES}) (rate(${series}[${range}] offset ${range}))`,
    },
    {
      name: 'live',
      expression: `count by (reporter,${SERVICE_LABELS}) (${series})`,
    },
  ]);
}
