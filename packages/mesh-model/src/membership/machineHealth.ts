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

import type { SlimObjectByKind } from '../objects';
import { parseGoBool } from '../identity';
import { provenanceOf, type Verdict } from '../verdict';

const CHECKED = 'proxy.istio.io/health-checks-enabled';

/**
 * Does a machine get traffic? When its WorkloadGroup has a probe, only after the probe succeeded: condition `Healthy` of the
 * WorkloadEntry. Without a probe it is taken to be healthy, which nobody has checked. R8.16
 */
export function healthOfWorkloadEntry(
  entry: SlimObjectByKind['WorkloadEntry'],
): Verdict {
  const { name, annotations } = entry.metadata;
  if (parseGoBool(annotations[CHECKED] ?? '') !== true) {
    return {
      state: 'unknown',
      reason: `Machine ${name} gets traffic, but nothing checks its health: its WorkloadGroup has no probe.`,
      facts: [],
    };
  }
  const healthy = entry.status.conditions?.find(
    ({ type }) => type === 'Healthy',
  );
  const fact = provenanceOf(
    entry,
    'status.conditions[Healthy]',
    healthy?.message ?? healthy?.status ?? 'absent',
  );
  if (healthy?.status === 'True') {
    return {
      state: 'pass',
      reason: `The probe of machine ${name} succeeds.`,
      facts: [fact],
    };
  }
  return {
    state: 'fail',
    reason: healthy
      ? `The probe of machine ${name} fails, so it gets no traffic.`
      : `The probe of machine ${name} has not succeeded yet, so it gets no traffic.`,
    facts: [fact],
  };
}
