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

import { agreeing, counted, provenanceOf, type Verdict } from '../verdict';
import { healthOfWorkloadEntry } from './machineHealth';
import type { Workload } from './workload';

/** A workload may have thousands of pods. */
const MAX_NAMED_PODS = 10;

/**
 * Are the pods of a workload ready? Those that terminate do not count. A machine is judged by the probe of its WorkloadGroup
 * (R8.16).
 */
export function healthOfWorkload({ pods, workloadEntry }: Workload): Verdict {
  if (workloadEntry) {
    return healthOfWorkloadEntry(workloadEntry);
  }
  const staying = pods.filter(({ spec }) => !spec.terminating);
  if (staying.length === 0) {
    return {
      state: 'not-applicable',
      reason: 'It has no running pod.',
      facts: [],
    };
  }
  const waiting = staying.filter(({ spec }) => !spec.ready);
  if (waiting.length === 0) {
    return {
      state: 'pass',
      reason:
        staying.length === 1
          ? 'Its pod is ready.'
          : `All ${staying.length} pods are ready.`,
      facts: [],
    };
  }
  return {
    state: 'fail',
    reason:
      staying.length === 1
        ? 'Its pod is not ready.'
        : `${waiting.length} of ${counted(staying.length, 'pod')} ${agreeing(
            waiting.length,
            'is',
            'are',
          )} not ready.`,
    facts: waiting
      .slice(0, MAX_NAMED_PODS)
      .map(pod =>
        provenanceOf(
          pod,
          'status.conditions[Ready]',
          pod.spec.waiting === undefined
            ? `It is ${pod.spec.phase}, not ready.`
            : `Not ready: ${pod.spec.waiting}.`,
        ),
      ),
  };
}
