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

import {
  httpAttributesOfRule,
  targetRefsOf,
  ztunnelAuthorizationOf,
} from '../authorization';
import { isDryRun } from '../authorization/attachment';
import {
  isEmptyMatch,
  type ZtunnelAuthorization,
} from '../authorization/ztunnelAuthorization';
import type { SlimObjectByKind, StringMap } from '../objects';
import { compareByAge, isSubset, type MeshSnapshot } from '../snapshot';
import { peerAuthenticationPolicies } from './peerAuthenticationPolicies';

type AuthorizationPolicy = SlimObjectByKind['AuthorizationPolicy'];

/** Can ztunnel match any rule of the policy? A clause of which it sees nothing never matches. R4.24 */
export function hasEffectiveRules({ groups }: ZtunnelAuthorization): boolean {
  return groups.some(({ clauses }) =>
    clauses.every(matches => matches.some(match => !isEmptyMatch(match))),
  );
}

/** What ztunnel makes of an AuthorizationPolicy. R4.24 */
export interface ZtunnelPolicyStatus {
  /**
   * `enforced` as it stands; `narrower`: an ALLOW policy allows less than it says; `wider`: a DENY policy denies more than
   * it says; `no-effect`: nothing of it can match; `ignored`: ztunnel does not get it; `not-for-ztunnel`: it has targetRefs
   */
  effect:
    | 'enforced'
    | 'narrower'
    | 'wider'
    | 'no-effect'
    | 'ignored'
    | 'not-for-ztunnel';
  /** The reason istiod writes into the status of the policy; absent when there is nothing to warn of. */
  reason?: 'UnsupportedValue';
  /** HTTP attributes that ztunnel cannot see */
  unsupported: readonly string[];
  /** one sentence */
  says: string;
}

function status(
  effect: ZtunnelPolicyStatus['effect'],
  says: string,
  unsupported: readonly string[] = [],
): ZtunnelPolicyStatus {
  const silent = effect === 'enforced' || effect === 'not-for-ztunnel';
  return {
    effect,
    ...(silent ? {} : { reason: 'UnsupportedValue' as const }),
    unsupported,
    says,
  };
}

/** What ztunnel enforces of a policy, and what it leaves out. R4.24, R4.27 */
export function ztunnelPolicyStatusOf(
  policy: AuthorizationPolicy,
  rootNamespace: string,
): ZtunnelPolicyStatus {
  const { action } = policy.spec;
  if (isDryRun(policy)) {
    return status('ignored', 'A dry-run policy is not sent to ztunnel.');
  }
  if (targetRefsOf(policy).length > 0) {
    return status(
      'not-for-ztunnel',
      'It has targetRefs, so a gateway or waypoint enforces it, not ztunnel.',
    );
  }
  const converted = ztunnelAuthorizationOf(policy, rootNamespace);
  if (converted === undefined) {
    return status('ignored', `ztunnel does not support action ${action}.`);
  }
  const unsupported = [
    ...new Set(
      (policy.spec.rules ?? [])
        .flatMap(httpAttributesOfRule)
        .map(({ name }) => name),
    ),
  ].sort();
  if (unsupported.length === 0) {
    return status('enforced', 'ztunnel enforces it as it stands.');
  }
  const found = unsupported.join(', ');
  if (action === 'ALLOW') {
    return status(
      'narrower',
      `ztunnel cannot see ${found}: rules that need it never allow, so more is refused than the policy says.`,
      unsupported,
    );
  }
  return hasEffectiveRules(converted)
    ? status(
        'wider',
        `ztunnel cannot see ${found} and leaves it out, so more is denied than the policy says.`,
        unsupported,
      )
    : status(
        'no-effect',
        `ztunnel cannot see ${found}: without it no rule can match, so the policy denies nothing; bind it to a waypoint with targetRefs.`,
        unsupported,
      );
}

/**
 * The policies that ztunnel enforces at a workload because their selector names it, `namespace/name`: AuthorizationPolicies,
 * then those made of PeerAuthentications. Policies of the whole namespace or mesh are not named on workloads. R4.24, R3.14
 */
export function ztunnelPoliciesOf(
  snapshot: MeshSnapshot,
  rootNamespace: string,
  namespace: string,
  labels: StringMap,
): string[] {
  const namespaces =
    namespace === rootNamespace ? [namespace] : [rootNamespace, namespace];
  const selecting = namespaces
    .flatMap(name => snapshot.list('AuthorizationPolicy', name))
    .filter(policy => {
      const selector = policy.spec.selector?.matchLabels ?? {};
      return (
        Object.keys(selector).length > 0 &&
        isSubset(selector, labels) &&
        !isDryRun(policy) &&
        ztunnelAuthorizationOf(policy, rootNamespace) !== undefined
      );
    })
    .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)
    .sort();
  const peerAuthentications = namespaces
    .flatMap(name => snapshot.list('PeerAuthentication', name))
    .sort(compareByAge);
  return [
    ...selecting,
    ...peerAuthenticationPolicies(
      peerAuthentications,
      rootNamespace,
      namespace,
      labels,
    ),
  ];
}
