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

import type {
  Verdict,
  WorkloadRef,
} from '@mesh-portal/backstage-plugin-istio-common';

/** Workloads that have the same answer. */
export interface WorkloadGroup<T> {
  /** `reviews-v1, reviews-v2` */
  names: string;
  key: string;
  answer: T;
}

/** Workloads with equal answers told once, in the order of the first of each. */
export function workloadGroups<T extends { workload: WorkloadRef }>(
  answers: readonly T[],
): WorkloadGroup<T>[] {
  const groups = new Map<string, T[]>();
  for (const answer of answers) {
    const { workload, ...rest } = answer;
    const content = JSON.stringify([workload.cluster, rest]);
    groups.set(content, [...(groups.get(content) ?? []), answer]);
  }
  return [...groups.values()].map(same => ({
    names: same.map(({ workload }) => workload.name).join(', '),
    key: same
      .map(
        ({ workload }) =>
          `${workload.cluster} ${workload.namespace} ${workload.kind} ${workload.name}`,
      )
      .join(' '),
    answer: same[0],
  }));
}

/** The verdict of each group; with the names of its workloads where there are several groups. */
export function verdictsOfGroups<
  T extends { workload: WorkloadRef; verdict: Verdict },
>(answers: readonly T[]): { key: string; verdict: Verdict }[] {
  const groups = workloadGroups(answers);
  return groups.map(({ names, key, answer: { verdict } }) => ({
    key,
    verdict:
      groups.length === 1
        ? verdict
        : { ...verdict, reason: `${names}: ${verdict.reason}` },
  }));
}
