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

import { isBadEvent } from '../prometheus/badEvents';
import { type Baseline } from '../prometheus/catalogue';
import type { QueryResult } from '../prometheus/response';
import { reporterOf, serviceKeyOf } from '../prometheus/trafficRows';
import { type ErrorRate, standsOut } from './contributions';

/** How the calls to one host go, now and at the baseline. */
export interface DependencyChange {
  host: string;
  now: ErrorRate;
  base: ErrorRate;
  standsOut: boolean;
}

/**
 * What the workloads of a service called, from the parts `called…` of `contribution`; where a waypoint counts it, its
 * numbers are used. Worst first.
 *
 * @param service - `namespace/name`
 */
export function dependencyChanges(
  result: QueryResult,
  service: string,
  baseline: Baseline | undefined,
): DependencyChange[] {
  const now = calledHosts(result, service, 'calledNow');
  const base = baseline
    ? calledHosts(result, service, `called${baseline}`)
    : new Map<string, ErrorRate>();
  const none: ErrorRate = { requests: 0, errors: 0 };
  return [...now]
    .map(([host, rate]) => {
      const before = base.get(host) ?? none;
      return {
        host,
        now: rate,
        base: before,
        standsOut: baseline !== undefined && standsOut(rate, before),
      };
    })
    .sort(
      (a, b) => b.now.errors - b.base.errors - (a.now.errors - a.base.errors),
    );
}

function calledHosts(
  result: QueryResult,
  service: string,
  part: string,
): Map<string, ErrorRate> {
  const byHost = new Map<string, Map<string, ErrorRate>>();
  for (const { labels, samples } of result.series) {
    const rate = samples[0]?.value;
    const reporter = reporterOf(labels);
    const host = labels.destination_service;
    if (
      labels.part !== part ||
      serviceKeyOf(labels) !== service ||
      !reporter ||
      !host ||
      rate === undefined
    ) {
      continue;
    }
    const reporters = byHost.get(host) ?? new Map<string, ErrorRate>();
    byHost.set(host, reporters);
    const counts = reporters.get(reporter) ?? { requests: 0, errors: 0 };
    reporters.set(reporter, counts);
    counts.requests += rate;
    const failed = isBadEvent({
      code: labels.response_code ?? '',
      grpcStatus: labels.grpc_response_status ?? '',
      flags: labels.response_flags ?? '-',
    });
    if (failed) counts.errors += rate;
  }
  return new Map(
    [...byHost].flatMap(([host, reporters]) => {
      const counts = reporters.get('waypoint') ?? reporters.get('source');
      return counts && counts.requests > 0 ? [[host, counts]] : [];
    }),
  );
}
