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
  AuthorizationWorkload,
  CallerVerdict,
} from '@mesh-portal/backstage-plugin-istio-common';

/** Workloads with the same answer, told once. */
export interface AuthorizationGroup {
  /** for example `Deployment reviews-v1, reviews-v2` */
  name: string;
  answer: AuthorizationWorkload;
}

function sameness(answer: AuthorizationWorkload): string {
  const { workload, callers, ...rest } = answer;
  return JSON.stringify([workload.kind, workload.namespace, rest]);
}

function callerKey({
  caller,
  decision,
  reason,
  observed,
}: CallerVerdict): string {
  return JSON.stringify([caller, decision, reason, observed?.protocol]);
}

/** Callers of several workloads: those with the same verdict once, rates added of requests and of connections apart. */
function mergeCallers(answers: readonly AuthorizationWorkload[]) {
  const merged = new Map<string, CallerVerdict>();
  for (const caller of answers.flatMap(({ callers }) => callers)) {
    const key = callerKey(caller);
    const known = merged.get(key);
    if (!known?.observed || !caller.observed) {
      merged.set(key, known?.observed ? known : caller);
      continue;
    }
    merged.set(key, {
      ...known,
      observed: {
        ...known.observed,
        requestsPerSecond:
          known.observed.requestsPerSecond + caller.observed.requestsPerSecond,
        refusedPerSecond:
          known.observed.refusedPerSecond + caller.observed.refusedPerSecond,
      },
    });
  }
  return [...merged.values()];
}

/**
 * Groups workloads (usually the versions of one service) whose posture and policies are the same, in the order of their
 * first. Callers are told once for the group.
 */
export function authorizationGroups(
  workloads: readonly AuthorizationWorkload[],
): AuthorizationGroup[] {
  const groups = new Map<string, AuthorizationWorkload[]>();
  for (const answer of workloads) {
    const key = sameness(answer);
    groups.set(key, [...(groups.get(key) ?? []), answer]);
  }
  return [...groups.values()].map(answers => ({
    name: `${answers[0].workload.kind} ${answers
      .map(({ workload }) => workload.name)
      .join(', ')}`,
    answer: { ...answers[0], callers: mergeCallers(answers) },
  }));
}
