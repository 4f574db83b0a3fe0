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

import type { WorkloadMembership } from '@mesh-portal/backstage-plugin-istio-common';
import type { Verdict } from '@mesh-portal/mesh-model';

/** What one workload gives occasion to: pods that are not ready first, then outdated proxies. */
function remarksOn({ health, drift }: WorkloadMembership): Verdict[] {
  return [health, ...drift].filter(({ state }) => state === 'fail');
}

/**
 * What deserves attention about the pods of an entity beside whether they are in the mesh, workloads alike told once: pods that
 * are not ready, and running proxies that differ from those that new pods would get.
 */
export function podRemarks(
  workloads: readonly WorkloadMembership[],
): Verdict[] {
  const alike = new Map<string, { names: string[]; verdict: Verdict }>();
  for (const membership of workloads) {
    for (const verdict of remarksOn(membership)) {
      const found = alike.get(verdict.reason);
      alike.set(verdict.reason, {
        names: [...(found?.names ?? []), membership.workload.name],
        verdict: {
          ...verdict,
          facts: [...(found?.verdict.facts ?? []), ...verdict.facts],
        },
      });
    }
  }
  return [...alike.values()].map(({ names, verdict }) =>
    workloads.length === 1
      ? verdict
      : { ...verdict, reason: `${names.join(', ')}: ${verdict.reason}` },
  );
}
