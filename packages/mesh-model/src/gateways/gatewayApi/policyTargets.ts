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
  LocalPolicyTargetReference,
  SlimObjectByKind,
} from '../../objects';
import {
  backendTarget,
  isConflicted,
  type BackendTarget,
  type BackendTLSPolicy,
} from './backendTls';
import type { Fault } from './conditions';
import type { References } from './references';

type XBackendTrafficPolicy = SlimObjectByKind['XBackendTrafficPolicy'];

/** What one reference of a policy leads to, and why the policy does not act there. */
export interface JudgedTarget {
  reference: LocalPolicyTargetReference;
  /** absent when the reference leads nowhere */
  target?: BackendTarget;
  fault?: Fault;
}

function targetsOfKinds(
  { metadata, spec }: BackendTLSPolicy | XBackendTrafficPolicy,
  kinds: Parameters<typeof backendTarget>[2],
  references: References,
): JudgedTarget[] {
  return (spec.targetRefs ?? []).map(reference => {
    const target = backendTarget(
      reference,
      metadata.namespace,
      kinds,
      references,
    );
    return 'fault' in target
      ? { reference, fault: target.fault }
      : { reference, target };
  });
}

/** The targets of a BackendTLSPolicy, among all those policies: the older one has a target to itself. R7.25 */
export function tlsTargets(
  policy: BackendTLSPolicy,
  all: readonly BackendTLSPolicy[],
  references: References,
): JudgedTarget[] {
  const fault = {
    reason: 'Conflicted',
    message: 'An older BackendTLSPolicy is about the same target',
  };
  return targetsOfKinds(policy, ['Service', 'ServiceEntry'], references).map(
    judged =>
      judged.target !== undefined && isConflicted(policy, judged.reference, all)
        ? { ...judged, fault }
        : judged,
  );
}

/** The targets of an XBackendTrafficPolicy. R7.25 */
export function trafficTargets(
  policy: XBackendTrafficPolicy,
  references: References,
): JudgedTarget[] {
  return targetsOfKinds(policy, ['Service'], references);
}

/**
 * The fault that istiod reports at each target: one of an earlier target stays on the targets after it.
 *
 * @param ofPolicy - the fault that the policy has of itself
 */
export function reportedFaults(
  targets: readonly JudgedTarget[],
  ofPolicy?: Fault,
): (Fault | undefined)[] {
  let last = ofPolicy;
  return targets.map(({ fault }) => {
    last = fault ?? last;
    return last;
  });
}
