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
  IgnoredObject,
  PolicyDescription,
} from '@mesh-portal/backstage-plugin-istio-common';
import {
  objectRefOf,
  sentencesOf,
  type AttachedPolicy,
  type AuthorizationPolicy,
  type AuthorizationPosture,
} from '@mesh-portal/mesh-model';
import type { EnforcedPoint } from './authorizationCallers';

function scopeOf(
  scope: AttachedPolicy<AuthorizationPolicy>['scope'],
  point: EnforcedPoint,
): PolicyDescription['scope'] {
  if (scope !== 'targetRef') {
    return scope;
  }
  return point.enforcedBy === 'gateway' ? 'gateway' : 'service';
}

function describe(
  attached: AttachedPolicy<AuthorizationPolicy>,
  point: EnforcedPoint,
): PolicyDescription {
  const { policy, scope, dryRun } = attached;
  const { heading, rules } = sentencesOf(policy);
  const [problem] = policy.problems;
  const withoutRules = rules.length === 0 ? heading : undefined;
  const note = problem
    ? `Malformed at ${problem.path}: ${problem.message}`
    : withoutRules;
  return {
    object: objectRefOf(policy),
    action: policy.spec.action ?? 'ALLOW',
    scope: scopeOf(scope, point),
    dryRun,
    enforcedBy: point.enforcedBy,
    rules: rules.map(({ ruleIndex, text }) => ({
      path: `spec.rules[${ruleIndex}]`,
      sentence: text,
    })),
    ...(note === undefined ? {} : { note }),
  };
}

/** The policies that act at a proxy, each with its rules as sentences. */
export function policiesInWords(point: EnforcedPoint): PolicyDescription[] {
  const { custom, deny, allow, audit } = point.policies;
  return [...custom, ...deny, ...allow, ...audit].map(attached =>
    describe(attached, point),
  );
}

/** Policies that one could expect to act here and that do not. Those for other workloads are left out. */
export function notActingInWords(point: EnforcedPoint): IgnoredObject[] {
  return point.policies.notActing
    .filter(({ cause }) => cause !== 'selector-mismatch')
    .map(({ policy, provenance }) => ({
      object: objectRefOf(policy),
      reason: provenance.says,
      provenance,
    }));
}

/** The posture in the words of the contract. */
export function postureInContract(
  posture: AuthorizationPosture,
  point: EnforcedPoint,
): AuthorizationWorkload['posture'] {
  if (posture === 'blocked') {
    return 'deny-all';
  }
  if (posture === 'passed-by') {
    return 'not-enforced';
  }
  return posture === 'allow-list' &&
    point.policies.deny.some(({ dryRun }) => !dryRun)
    ? 'allow-and-deny-list'
    : posture;
}
