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

import type { MeshSnapshot } from '../snapshot';
import type { Provenance, Verdict } from '../verdict';
import { provenanceOf } from '../verdict';
import type { AttachedPolicies } from './attachment';
import { policiesOf } from './attachment';
import type {
  AuthorizationMesh,
  AuthorizationPolicy,
  PolicyTarget,
} from './policyTarget';
import { ztunnelAuthorizationOf } from './ztunnelAuthorization';

/**
 * - `open`: nothing restricts who may call
 * - `deny-all`: ALLOW policies act and none has a rule that can match
 * - `allow-list`: only what an ALLOW rule matches passes
 * - `deny-list`: everything passes but what a DENY rule matches
 * - `allow-all`: an ALLOW rule `{}` matches everything
 * - `blocked`: a DENY rule `{}` matches everything
 * - `custom`: an external authorizer decides (beside the other policies)
 * - `not-enforced`: the workload has no proxy
 * - `unknown`: a policy is malformed
 */
export type AuthorizationPosture =
  | 'open'
  | 'deny-all'
  | 'allow-list'
  | 'deny-list'
  | 'allow-all'
  | 'blocked'
  | 'custom'
  | 'not-enforced'
  | 'unknown';

export interface PostureAnswer {
  posture: AuthorizationPosture;
  /** `pass` only when calls need a matching ALLOW rule */
  verdict: Verdict;
  policies: AttachedPolicies;
}

type Enforced = AttachedPolicies['allow'];

/** Which rule is empty, so that it matches every request; -1 where none is. R4.13 */
function matchesEverything(policy: AuthorizationPolicy): number {
  return (policy.spec.rules ?? []).findIndex(
    rule => !rule.from?.length && !rule.to?.length && !rule.when?.length,
  );
}

function firstMatchingEverything(policies: Enforced): Provenance | undefined {
  for (const { policy } of policies) {
    const index = matchesEverything(policy);
    if (index >= 0) {
      return provenanceOf(
        policy,
        `spec.rules[${index}]`,
        'The rule is empty, so it matches every request.',
      );
    }
  }
  return undefined;
}

/** Can any rule of the policy match at this target at all? A policy without rules never matches. R4.13 */
function canMatch(
  policy: AuthorizationPolicy,
  target: PolicyTarget,
  mesh: AuthorizationMesh,
): boolean {
  return target.proxy === 'ambient'
    ? (ztunnelAuthorizationOf(policy, mesh.rootNamespace)?.groups ?? []).some(
        group =>
          group.clauses.every(clause =>
            clause.some(match => Object.keys(match).length > 0),
          ),
      )
    : (policy.spec.rules ?? []).length > 0;
}

function answer(
  posture: AuthorizationPosture,
  state: Verdict['state'],
  reason: string,
  facts: readonly Provenance[],
  policies: AttachedPolicies,
): PostureAnswer {
  return { posture, verdict: { state, reason, facts: [...facts] }, policies };
}

const SENTENCES = {
  open: 'Anyone who can reach it may call it: no policy restricts its callers.',
  denyAll:
    'Nobody may call it: ALLOW policies act here and no rule of theirs can match.',
  allowList: 'Only requests that match an ALLOW rule may call it.',
  denyList: 'Anyone may call it, except requests that match a DENY rule.',
  allowAll: 'Anyone may call it: an ALLOW rule matches every request.',
  blocked: 'Nobody may call it: a DENY rule matches every request.',
};

/** How open a workload is, in a word, a verdict and a sentence. */
export function postureOf(
  snapshot: MeshSnapshot,
  target: PolicyTarget,
  mesh: AuthorizationMesh,
): PostureAnswer {
  const policies = policiesOf(snapshot, target, mesh);
  if (target.proxy === 'none') {
    return answer(
      'not-enforced',
      'fail',
      'The workload has no proxy, so no AuthorizationPolicy protects it.',
      policies.notActing.map(({ provenance }) => provenance),
      policies,
    );
  }
  const enforcing = (list: Enforced) => list.filter(({ dryRun }) => !dryRun);
  const allow = enforcing(policies.allow);
  const deny = enforcing(policies.deny);
  const facts = (list: Enforced) => list.map(({ provenance }) => provenance);
  const malformed = [...allow, ...deny, ...policies.custom].filter(
    ({ policy }) => policy.problems.length > 0,
  );
  if (malformed.length > 0) {
    return answer(
      'unknown',
      'unknown',
      'A policy that acts here is malformed, so what it does is not known.',
      malformed.map(({ policy }) =>
        provenanceOf(
          policy,
          policy.problems[0]?.path,
          policy.problems[0]?.message ?? 'It is malformed.',
        ),
      ),
      policies,
    );
  }
  const blocked = firstMatchingEverything(deny);
  if (blocked) {
    return answer('blocked', 'pass', SENTENCES.blocked, [blocked], policies);
  }
  if (policies.custom.some(({ policy }) => policy.spec.rules?.length)) {
    return answer(
      'custom',
      'unknown',
      'An external authorizer decides about the requests that CUSTOM policies select.',
      facts([...policies.custom, ...allow, ...deny]),
      policies,
    );
  }
  const everything = firstMatchingEverything(allow);
  if (everything) {
    return answer(
      'allow-all',
      'fail',
      SENTENCES.allowAll,
      [everything],
      policies,
    );
  }
  if (allow.length > 0) {
    return allow.some(({ policy }) => canMatch(policy, target, mesh))
      ? answer(
          'allow-list',
          'pass',
          SENTENCES.allowList,
          facts(allow),
          policies,
        )
      : answer('deny-all', 'pass', SENTENCES.denyAll, facts(allow), policies);
  }
  if (deny.some(({ policy }) => canMatch(policy, target, mesh))) {
    return answer(
      'deny-list',
      'fail',
      SENTENCES.denyList,
      facts(deny),
      policies,
    );
  }
  return answer(
    'open',
    'fail',
    SENTENCES.open,
    policies.notActing
      .filter(({ cause }) => cause !== 'selector-mismatch')
      .map(({ provenance }) => provenance)
      .concat(facts(deny)),
    policies,
  );
}
