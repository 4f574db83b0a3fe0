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

/** The targets of a BackendTLSPolicy, among all those policies: the older one has a target to itself. R7.25 */
export function tlsTargets(
  policy: BackendTLSPolicy,
  all: readonly BackendTLSPolicy[],
  references: References,
): JudgedTarget[] {
  return (policy.spec.targetRefs ?? []).map(reference => {
    const target = backendTarget(
      reference,
      policy.metadata.namespace,
      ['Service', 'ServiceEntry'],
      references,
    );
    if ('fault' in target) {
      return { reference, fault: target.fault };
    }
    if (isConflicted(policy, reference, all)) {
      const fault = {
        reason: 'Conflicted',
        message: 'An older BackendTLSPolicy is about the same target',
      };
      return { reference, target, fault };
    }
    return { reference, target };
  });
}

/** The targets of an XBackendTrafficPolicy. R7.25 */
export function trafficTargets(
  policy: XBackendTrafficPolicy,
  references: References,
): JudgedTarget[] {
  return (policy.spec.targetRefs ?? []).map(reference => {
    const target = backendTarget(
      reference,
      policy.metadata.namespace,
      ['Service'],
      references,
    );
    return 'fault' in target
      ? { reference, fault: target.fault }
      : { reference, target };
  });
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
