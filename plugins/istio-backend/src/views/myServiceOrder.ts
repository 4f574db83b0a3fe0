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

import type { MyService } from '@mesh-portal/backstage-plugin-istio-common';
import { compareStates } from './verdicts';

/** Who burns a budget goes first, then whose errors rose. */
function urgency({ slo, change }: MyService): number {
  if (slo?.state === 'page') return 2;
  return change?.standsOut ? 1 : 0;
}

/** Worst first: what fails, most urgent first; then by burn, by errors, by traffic; equals by name. */
export function compareWorst(a: MyService, b: MyService): number {
  return (
    compareStates(a.state, b.state) ||
    urgency(b) - urgency(a) ||
    (b.slo?.burn ?? 0) - (a.slo?.burn ?? 0) ||
    (b.errorShare ?? 0) - (a.errorShare ?? 0) ||
    (b.requestsPerSecond ?? 0) - (a.requestsPerSecond ?? 0) ||
    a.service.host.localeCompare(b.service.host) ||
    a.service.cluster.localeCompare(b.service.cluster)
  );
}
