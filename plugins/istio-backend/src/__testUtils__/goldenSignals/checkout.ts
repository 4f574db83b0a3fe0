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

import { BEGINNING, DAY, END, HOUR, MINUTE } from './FixtureSeries';
import type { RequestFlow } from './traffic';

/**
 * shop/checkout, a canary whose version v2 began to fail half an hour ago.
 *
 * | seen by the server           | rps   |          | seen by clients                | rps  |
 * | ---------------------------- | ----- | -------- | ------------------------------ | ---- |
 * | v1 web 200                   | 69.8  | 87.73 of | v1 web 200                     | 69.8 |
 * | v1 cart 200                  | 20    | v1's     | v1 cart 200                    | 20   |
 * | v1 unknown 200, plaintext    | 4.5   | 96.35    | (no proxy, no report)          |      |
 * | v1 web 404                   | 1.2   | within   | v1 web 404                     | 1.2  |
 * | v1 web 500                   | 0.8   | 250 ms,  | v1 web 500                     | 0.8  |
 * | v1 web 0, DC                 | 0.05  | 95.55    | v1 web 0, DC                   | 0.05 |
 * |                              |       | within   | v1 web 504, UT                 | 0.45 |
 * | v2 web 200                   | 18.8  | 500 ms   | v2 web 200                     | 18.8 |
 * | v2 web 500                   | 0.3   | v2: 15,  | v2 web 500                     | 0.3  |
 * | v2 web 503, for half an hour | 3.9   | 21 of 23 | v2 web 503, for half an hour   | 3.9  |
 * |                              |       |          | no pod: web 503, UO            | 0.5  |
 * |                              |       |          | no pod: web 503, UH            | 0.2  |
 * | **sum**                      | 119.35|          | **sum**                        | 116  |
 *
 * - naive sum over reporters: 119.35 + 116 = 235.35 rps
 * - 5xx: (0.8 + 0.3 + 3.9) / 119.35 = 4.189 %
 * - plaintext: 4.5 / 119.35 = 3.77 %
 * - v2: 23 / 119.35 = 19.27 % at the server, 23 / (116 - 0.7) = 19.95 % at clients
 * - p95: rank 0.95 * 119.35 = 113.3825; 102.73 within 250 ms, 116.55 within 500 ms:
 *   250 + 250 * (113.3825 - 102.73) / (116.55 - 102.73) = 442.7 ms
 * - burn at 99.9 %: 0.04189 / 0.001 = 41.9, over 5m and 30m alike. Over an hour: the failing series begins 1785 s
 *   ago with a burst of 100, which no rate counts, and is extrapolated by half a scrape, not to the start of the
 *   window: it counts 3.9 * (1785 + 7.5) = 6990.75 requests; so
 *   (1.1 * 3600 + 6990.75) / (115.45 * 3600 + 6990.75) = 0.0259, and over six hours 0.0123
 * - more errors than an hour ago: 5.0 - 1.1 = 3.9 rps, all of them web → v2 → 503
 * - a day ago 100 rps, a week ago 90: of the first row
 */
export const CHECKOUT = { namespace: 'shop', name: 'checkout' };

const V1_LATENCY = { within250: 87.73 / 96.35, within500: 95.55 / 96.35 };
const V2_LATENCY = { within250: 15 / 23, within500: 21 / 23 };

function latency(of: typeof V1_LATENCY) {
  return {
    '100': of.within250 / 2,
    '250': of.within250,
    '500': of.within500,
    '1000': 1,
    '+Inf': 1,
  };
}

const BYTES = { request: 300, response: 900 };

function flow(
  version: 'v1' | 'v2',
  rate: RequestFlow['rate'],
  labels: RequestFlow['labels'] = {},
): RequestFlow {
  return {
    rate,
    labels: {
      destination_service_name: 'checkout',
      destination_service: 'checkout.shop.svc.cluster.local',
      destination_workload: `checkout-${version}`,
      destination_canonical_revision: version,
      ...labels,
    },
    latency: latency(version === 'v1' ? V1_LATENCY : V2_LATENCY),
    bytes: BYTES,
  };
}

/** The incident, with its first scrape a quarter of a minute later. */
export const INCIDENT = END - 30 * MINUTE;

const BUSY_WEB = [
  { from: BEGINNING, perSecond: 44.35 },
  { from: END - 3 * DAY, perSecond: 54.35 },
  { from: END - 12 * HOUR, perSecond: 69.8 },
];

/** A burst before the first scrape, then as it stays. */
const FAILING = [
  { from: INCIDENT, perSecond: 100 / 15 },
  { from: INCIDENT + 15, perSecond: 3.9 },
];

const CART = {
  source_workload: 'cart',
  source_principal: 'spiffe://cluster.local/ns/shop/sa/cart',
};

/** What both ends see. */
const BOTH: readonly RequestFlow[] = [
  flow('v1', BUSY_WEB),
  flow('v1', 20, CART),
  flow('v1', 1.2, { response_code: '404' }),
  flow('v1', 0.8, { response_code: '500' }),
  flow('v1', 0.05, { response_code: '0', response_flags: 'DC' }),
  flow('v2', 18.8),
  flow('v2', 0.3, { response_code: '500' }),
  flow('v2', FAILING, { response_code: '503' }),
];

const NO_POD = {
  reporter: 'source',
  destination_workload: 'unknown',
  destination_canonical_revision: 'unknown',
  response_code: '503',
  connection_security_policy: 'unknown',
};

export const CHECKOUT_FLOWS: readonly RequestFlow[] = [
  ...BOTH,
  flow('v1', 4.5, {
    source_workload: 'unknown',
    source_workload_namespace: 'unknown',
    source_principal: 'unknown',
    connection_security_policy: 'none',
  }),
  ...BOTH.map(each => ({
    ...each,
    labels: {
      ...each.labels,
      reporter: 'source',
      connection_security_policy: 'unknown',
    },
  })),
  flow('v1', 0.45, {
    reporter: 'source',
    response_code: '504',
    response_flags: 'UT',
    connection_security_policy: 'unknown',
  }),
  flow('v1', 0.5, { ...NO_POD, response_flags: 'UO' }),
  flow('v1', 0.2, { ...NO_POD, response_flags: 'UH' }),
];
