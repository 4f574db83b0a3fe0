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
import { SERVICE_LABELS, union } from './union';

/**
 * Rate and server errors of every service (R1 and E-5xx of golden-signals §2, folded to two classes). Parts: `all` and
 * `5xx`, per second over the window, by reporter.
 */
export function meshServicesExpression(
  windowSeconds: number,
  scope: QueryScope,
): string {
  const rate = (series: string) =>
    `sum by (reporter,${SERVICE_LABELS}) (rate(${series}[${windowSeconds}s]))`;
  const metric = 'istio_requests_total';
  return union([
    { name: 'all', expression: rate(selector(metric, [], scope)) },
    {
      name: '5xx',
      expression: rate(
        selector(metric, [{ label: 'response_code', pattern: '5..' }], scope),
      ),
    },
  ]);
}
