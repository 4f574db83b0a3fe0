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

import type { WorkloadKey } from './topology';

/** Requests that a workload sends to a host that is no service of the cluster. */
export interface ExternalTraffic {
  /** stable, human readable: `payments/payment-api -> api.bank.example` */
  readonly id: string;
  readonly from: WorkloadKey;
  readonly host: string;
  /** mean requests per second over a day */
  readonly requestsPerSecond: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
  /** time until the host answers, milliseconds */
  readonly latencyMs: { readonly p50: number; readonly p95: number };
}

function external(
  namespace: string,
  workload: string,
  host: string,
  requestsPerSecond: number,
  p50: number,
): ExternalTraffic {
  return {
    id: `${namespace}/${workload} -> ${host}`,
    from: { namespace, workload },
    host,
    requestsPerSecond,
    requestBytes: 600,
    responseBytes: 2400,
    latencyMs: { p50, p95: p50 * 3 },
  };
}

/** Calls that leave the cluster: to a host that a ServiceEntry names, and to hosts that none does. */
export const EXTERNAL_TRAFFIC: readonly ExternalTraffic[] = [
  external('payments', 'payment-api', 'api.bank.example', 3, 180),
  // Nobody registered it, and the namespace lets nothing else out: refused.
  external('payments', 'payment-api', 'rates.example.net', 0.2, 60),
  // Nobody registered it, and nothing forbids it: it leaves unseen.
  external('inventory', 'orders', 'parcels.example.org', 0.6, 90),
];
