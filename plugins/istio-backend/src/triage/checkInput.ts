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

import type { QueryResult } from '../prometheus/response';
import { reporterOf, serviceKeyOf } from '../prometheus/trafficRows';
import { saturationOf } from '../views/signals/saturation';
import type { Assessment } from './assessment';
import type { CheckInput } from './checks';
import { dependencyChanges } from './dependencyChanges';
import type { ServiceCells } from './errorCells';
import type { TriageInput } from './triageService';

/** What the checks look at: pods, containers and dependencies of the service, from the same answer. */
export function checkInputOf(
  { service, pods, changesUnknown }: TriageInput,
  { cells, baseline, server, client }: Assessment,
  answer: QueryResult,
  changes: CheckInput['changes'],
): CheckInput {
  const key = `${service.namespace}/${service.name}`;
  const [worst] = server.contributions;
  return {
    server,
    client,
    traffic: cells.at.get('now')?.cells ?? [],
    pods: podRates(answer, key, cells.reporter, worst?.workload, pods),
    saturation: saturationOf(answer, new Set(pods.keys())),
    dependencies: dependencyChanges(answer, key, baseline?.baseline),
    dependenciesCompared: baseline !== undefined,
    changes,
    changesUnknown,
  };
}

function podRates(
  answer: QueryResult,
  service: string,
  reporter: ServiceCells['reporter'],
  workload: string | undefined,
  pods: TriageInput['pods'],
): CheckInput['pods'] {
  const [namespace] = service.split('/');
  const found = new Map<string, { requests: number; errors: number }>();
  for (const { labels, samples } of answer.series) {
    const value = samples[0]?.value;
    const { part, pod } = labels;
    if (
      value === undefined ||
      !pod ||
      serviceKeyOf(labels) !== service ||
      reporterOf(labels) !== reporter ||
      (part !== 'podErrors' && part !== 'podRequests') ||
      pods.get(`${namespace}/${pod}`) === undefined ||
      (workload !== undefined &&
        workload !== 'unknown' &&
        pods.get(`${namespace}/${pod}`) !== workload)
    ) {
      continue;
    }
    const rates = found.get(pod) ?? { requests: 0, errors: 0 };
    found.set(pod, rates);
    if (part === 'podErrors') rates.errors += value;
    else rates.requests += value;
  }
  return [...found].map(([pod, rates]) => ({ pod, ...rates }));
}
