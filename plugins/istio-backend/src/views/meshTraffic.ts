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
  shareOf,
  type QueryResult,
  reporterOf,
  serviceKeyOf,
} from '../prometheus';
import type { SeenEncryption } from './encryption';

/** Traffic of one service for a list. */
export interface ServiceTraffic {
  /** absent where no request was ever counted */
  requestsPerSecond?: number;
  /** 0 to 1; undefined without traffic */
  share5xx?: number;
  /** how much of it the servers saw over mutual TLS */
  seen: SeenEncryption;
}

const PREFERENCE = ['waypoint', 'destination', 'source'] as const;

/** A client’s own report does not know how its bytes arrive. */
const SERVERS = ['waypoint', 'destination'] as const;

type Reporter = (typeof PREFERENCE)[number];

interface Rates {
  all: number;
  bad: number;
  mtls: number;
  tcp: number;
  tcpMtls: number;
}

const NOTHING: Rates = { all: 0, bad: 0, mtls: 0, tcp: 0, tcpMtls: 0 };

function isPart(part: string | undefined): part is keyof Rates {
  return part !== undefined && Object.hasOwn(NOTHING, part);
}

/** Requests say more than connections, which count only where there are none. */
function seenBy(reporters: ReadonlyMap<Reporter, Rates>): SeenEncryption {
  for (const [total, encrypted] of [
    ['all', 'mtls'],
    ['tcp', 'tcpMtls'],
  ] as const) {
    const server = SERVERS.find(
      each => (reporters.get(each)?.[total] ?? 0) > 0,
    );
    const rates = server && reporters.get(server);
    if (rates) {
      return {
        mutualTlsShare: Math.min(1, rates[encrypted] / rates[total]),
        plaintextPerSecond: Math.max(0, rates[total] - rates[encrypted]),
      };
    }
  }
  return { reason: 'no traffic was seen at the server in the last minutes' };
}

/** An answer of Prometheus is given to many for a while: what follows from it stays the same. */
const kept = new WeakMap<QueryResult, Map<string, ServiceTraffic>>();

/**
 * Folds the answer to `meshTrafficTemplate`: per service the numbers of one reporter, the first that has traffic.
 *
 * @returns by `namespace/name`
 */
export function meshTraffic(result: QueryResult): Map<string, ServiceTraffic> {
  const known = kept.get(result) ?? trafficIn(result);
  kept.set(result, known);
  return known;
}

function trafficIn(result: QueryResult): Map<string, ServiceTraffic> {
  const byService = new Map<string, Map<Reporter, Rates>>();
  for (const { labels, samples } of result.series) {
    const reporter = reporterOf(labels);
    const value = samples[0]?.value;
    const { part } = labels;
    if (!reporter || value === undefined || !isPart(part)) continue;
    const key = serviceKeyOf(labels);
    const reporters = byService.get(key) ?? new Map<Reporter, Rates>();
    byService.set(key, reporters);
    const rates = reporters.get(reporter) ?? { ...NOTHING };
    reporters.set(reporter, rates);
    rates[part] += value;
  }
  return new Map(
    [...byService].map(([key, reporters]) => {
      const chosen =
        PREFERENCE.find(each => (reporters.get(each)?.all ?? 0) > 0) ??
        PREFERENCE.find(each => reporters.has(each));
      const rates = chosen && reporters.get(chosen);
      return [
        key,
        {
          ...(rates && {
            requestsPerSecond: rates.all,
            share5xx: shareOf(rates.bad, rates.all),
          }),
          seen: seenBy(reporters),
        },
      ];
    }),
  );
}
