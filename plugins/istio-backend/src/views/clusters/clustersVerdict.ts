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

import type { ClusterEndpoints } from '@mesh-portal/backstage-plugin-istio-common';
import type { Provenance, Verdict } from '@mesh-portal/mesh-model';
import type { ServiceInput } from '../entityInput';
import { count } from '../numbersInWords';
import { plainVerdict } from '../verdicts';

function rowWords({
  cluster,
  endpoints: { ready },
  reach,
  entrances,
}: ClusterEndpoints): string {
  const endpoints = count(ready, 'ready endpoint');
  switch (reach) {
    case 'gateway':
      return `${endpoints} in ${cluster} through ${entrances
        .map(({ address }) => address)
        .join(', ')}`;
    case 'none':
      return `${endpoints} in ${cluster}, which callers do not get`;
    default:
      return `${endpoints} in ${cluster}`;
  }
}

/**
 * How a service stands in several clusters. Never green: whether the control planes read each other's clusters cannot be seen.
 *
 * @param clusters - names of those that have the service
 */
export function clustersVerdict(
  { cluster: { name }, ref }: ServiceInput,
  clusters: readonly string[],
  rows: readonly ClusterEndpoints[],
  differences: readonly Provenance[],
  unknown: readonly string[],
): Verdict {
  const said = `For callers in ${name}, ${ref.name} has ${
    rows.length === 0 ? 'no endpoint' : rows.map(rowWords).join('; ')
  }`;
  const facts = rows.flatMap(({ provenance }) => provenance ?? []);
  const usable = rows.some(
    ({ endpoints, reach }) => endpoints.ready > 0 && reach !== 'none',
  );
  if (!usable) {
    return { state: 'fail', reason: `${said}: requests fail`, facts };
  }
  const [difference] = differences;
  if (difference) {
    return {
      state: 'fail',
      reason: `The Services of ${clusters.join(' and ')} differ: ${
        difference.says
      }`,
      facts: [...differences],
    };
  }
  const [first] = unknown;
  if (first === undefined) {
    return { ...plainVerdict('not-applicable', said), facts };
  }
  const joined = rows.some(({ own, reach }) => !own && reach !== 'none');
  return {
    state: 'unknown',
    reason: joined
      ? `${said}; if the control planes read each other’s clusters, which cannot be seen`
      : `${said}. Not known: ${first}`,
    facts,
  };
}
