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
import { customProvidersOf, type CustomProvider } from './customProviders';
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
  | 'passed-by'
  | 'unknown';

export interface PostureAnswer {
  posture: AuthorizationPosture;
  /** `pass` only when calls need a matching ALLOW rule, or when nobody may call */
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

/** What each posture is for whoever wants calls to be restricted. */
const VERDICTS: Readonly<
  Record<AuthorizationPosture, Pick<Verdict, 'state' | 'reason'>>
> = {
  open: {
    state: 'fail',
    reason:
      'Anyone who can reach it may call it: no policy restricts its callers.',
  },
  'deny-all': {
    state: 'pass',
    reason:
      'Nobody may call it: ALLOW policies act here and no rule of theirs can match.',
  },
  'allow-list': {
    state: 'pass',
    reason: 'Only requests that match an ALLOW rule may call it.',
  },
  'deny-list': {
    state: 'fail',
    reason: 'Anyone may call it, except requests that match a DENY rule.',
  },
  'allow-all': {
    state: 'fail',
    reason: 'Anyone may call it: an ALLOW rule matches every request.',
  },
  blocked: {
    state: 'pass',
    reason: 'Nobody may call it: a DENY rule matches every request.',
  },
  custom: {
    state: 'unknown',
    reason:
      'An external authorizer decides about the requests that CUSTOM policies select.',
  },
  'not-enforced': {
    state: 'fail',
    reason: 'The workload has no proxy, so no AuthorizationPolicy protects it.',
  },
  'passed-by': {
    state: 'fail',
    reason: 'Whoever sends plaintext may call it, past every policy.',
  },
  unknown: {
    state: 'unknown',
    reason:
      'A policy that acts here is malformed, so what it does is not known.',
  },
};

/** A posture with what shows it. */
interface Finding {
  posture: AuthorizationPosture;
  facts: Provenance[];
  /** what is said instead of the usual of the posture */
  says?: Pick<Verdict, 'state' | 'reason'>;
}

function factsOf(
  policies: readonly { provenance: Provenance }[],
): Provenance[] {
  return policies.map(({ provenance }) => provenance);
}

function ofMalformed(policies: Enforced): Finding | undefined {
  const malformed = policies.filter(({ policy }) => policy.problems.length > 0);
  return malformed.length === 0
    ? undefined
    : {
        posture: 'unknown',
        facts: malformed.map(({ policy }) =>
          provenanceOf(
            policy,
            policy.problems[0]?.path,
            policy.problems[0]?.message ?? 'It is malformed.',
          ),
        ),
      };
}

/** R4.13 */
function ofEmptyRule(
  posture: 'blocked' | 'allow-all',
  policies: Enforced,
): Finding | undefined {
  const rule = firstMatchingEverything(policies);
  return rule && { posture, facts: [rule] };
}

/** What is said of providers of which it is not known whether they can be used. */
function ofUnknown(providers: readonly CustomProvider[]): Finding['says'] {
  const found = providers.find(({ unknown }) => unknown !== undefined);
  return (
    found && {
      state: 'unknown',
      reason: `CUSTOM policies hand requests to provider "${found.name}", and ${found.unknown}.`,
    }
  );
}

/** A provider that cannot be used denies what its policies select. R4.25 */
function ofCustom(
  custom: Enforced,
  others: Enforced,
  mesh: AuthorizationMesh,
): Finding | undefined {
  const selecting = customProvidersOf(custom, mesh).filter(({ policies }) =>
    policies.some(({ policy }) => policy.spec.rules?.length),
  );
  if (selecting.length === 0) {
    return undefined;
  }
  const broken = selecting.find(provider => provider.broken !== undefined);
  const says = broken
    ? {
        state: 'fail' as const,
        reason: `Requests that CUSTOM policies select are denied, for their provider cannot be used: ${broken.broken}.`,
      }
    : ofUnknown(selecting);
  return {
    posture: 'custom',
    facts: [
      ...(broken?.brokenBy ? [broken.brokenBy] : []),
      ...factsOf([...custom, ...others]),
    ],
    ...(says && { says }),
  };
}

/** Where ALLOW policies act, what none of them allows is denied. R4.13 */
function ofAllow(
  allow: Enforced,
  target: PolicyTarget,
  mesh: AuthorizationMesh,
): Finding | undefined {
  if (allow.length === 0) {
    return undefined;
  }
  const passable = allow.some(({ policy }) => canMatch(policy, target, mesh));
  return {
    posture: passable ? 'allow-list' : 'deny-all',
    facts: factsOf(allow),
  };
}

function ofDeny(
  deny: Enforced,
  target: PolicyTarget,
  mesh: AuthorizationMesh,
): Finding | undefined {
  return deny.some(({ policy }) => canMatch(policy, target, mesh))
    ? { posture: 'deny-list', facts: factsOf(deny) }
    : undefined;
}

/** Nothing restricts callers: what one could take for a restriction is shown. */
function open(
  notActing: AttachedPolicies['notActing'],
  deny: Enforced,
): Finding {
  const surprising = notActing.filter(
    ({ cause }) => cause !== 'selector-mismatch',
  );
  return { posture: 'open', facts: factsOf([...surprising, ...deny]) };
}

function withoutDryRuns(policies: Enforced): Enforced {
  return policies.filter(({ dryRun }) => !dryRun);
}

function findingOf(
  policies: AttachedPolicies,
  target: PolicyTarget,
  mesh: AuthorizationMesh,
): Finding {
  const { custom, notActing } = policies;
  if (target.proxy === 'none') {
    return { posture: 'not-enforced', facts: factsOf(notActing) };
  }
  const allow = withoutDryRuns(policies.allow);
  const deny = withoutDryRuns(policies.deny);
  return (
    ofMalformed([...allow, ...deny, ...custom]) ??
    ofEmptyRule('blocked', deny) ??
    ofCustom(custom, [...allow, ...deny], mesh) ??
    ofEmptyRule('allow-all', allow) ??
    ofAllow(allow, target, mesh) ??
    ofDeny(deny, target, mesh) ??
    open(notActing, deny)
  );
}

/** Policies that plaintext passes by restrict nobody who sends it. */
function passedBy(
  { posture, facts, says }: Finding,
  by: Provenance,
): Omit<PostureAnswer, 'policies'> {
  const { state, reason } = says ?? VERDICTS[posture];
  return {
    posture: state === 'pass' ? 'passed-by' : posture,
    verdict:
      state === 'pass'
        ? {
            ...VERDICTS['passed-by'],
            reason: `${VERDICTS['passed-by'].reason} ${by.says}. Over HBONE: ${reason}`,
            facts: [by, ...facts],
          }
        : { state, reason, facts },
  };
}

/** How open a workload is, in a word, a verdict and a sentence. */
export function postureOf(
  snapshot: MeshSnapshot,
  target: PolicyTarget,
  mesh: AuthorizationMesh,
): PostureAnswer {
  const policies = policiesOf(snapshot, target, mesh);
  const finding = findingOf(policies, target, mesh);
  const { posture, facts, says } = finding;
  return target.plaintextPassesBy === undefined
    ? { posture, verdict: { ...(says ?? VERDICTS[posture]), facts }, policies }
    : { ...passedBy(finding, target.plaintextPassesBy), policies };
}
