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

import type { RequestAuthenticationView } from '@mesh-portal/backstage-plugin-istio-common';
import {
  evaluatePolicies,
  provenanceOf,
  type AttachedPolicy,
  type AuthorizationPolicy,
  type Provenance,
  type RequestAuthentication,
  type Verdict,
} from '@mesh-portal/mesh-model';
import type { EnforcedPoint } from './authorizationCallers';

type Issuer = RequestAuthenticationView['issuers'][number];
type JwtRule = NonNullable<RequestAuthentication['spec']['jwtRules']>[number];
type Rule = NonNullable<AuthorizationPolicy['spec']['rules']>[number];

/** ztunnel sees no requests, and so no tokens. R4.9 */
const READS_TOKENS: ReadonlySet<EnforcedPoint['enforcedBy']> = new Set([
  'sidecar',
  'waypoint',
  'gateway',
]);

function locationsOf(rule: JwtRule): string[] {
  const custom = [
    ...(rule.fromHeaders ?? []).map(({ name, prefix }) =>
      prefix ? `header ${name} after “${prefix.trim()}”` : `header ${name}`,
    ),
    ...(rule.fromParams ?? []).map(name => `query parameter ${name}`),
    ...(rule.fromCookies ?? []).map(name => `cookie ${name}`),
  ];
  return custom.length > 0
    ? custom
    : ['header Authorization after “Bearer”', 'query parameter access_token'];
}

function keysOf({ jwks, jwksUri, issuer }: JwtRule): string {
  if (jwks) return 'written in the policy';
  return jwksUri
    ? `fetched from ${jwksUri}`
    : `found by OpenID discovery at ${issuer}`;
}

function issuersOf(
  { policy, provenance }: AttachedPolicy<RequestAuthentication>,
  enforcedBy: Issuer['enforcedBy'],
): Issuer[] {
  return (policy.spec.jwtRules ?? []).map((rule, index) => ({
    issuer: rule.issuer,
    audiences: [...(rule.audiences ?? [])],
    locations: locationsOf(rule),
    keys: keysOf(rule),
    enforcedBy,
    provenance: provenanceOf(
      policy,
      `spec.jwtRules[${index}]`,
      provenance.says,
    ),
  }));
}

function speaksOfTokens(rule: Rule): boolean {
  return (
    (rule.from ?? []).some(
      ({ source }) =>
        (source?.requestPrincipals ?? []).length > 0 ||
        (source?.notRequestPrincipals ?? []).length > 0,
    ) || (rule.when ?? []).some(({ key }) => key.startsWith('request.auth.'))
  );
}

/** The enforced rules that look at the token of a request. */
function tokenRules(points: readonly EnforcedPoint[]): Provenance[] {
  return points.flatMap(({ policies }) =>
    [...policies.deny, ...policies.allow]
      .filter(({ dryRun }) => !dryRun)
      .flatMap(({ policy }) =>
        (policy.spec.rules ?? []).flatMap((rule, index) =>
          speaksOfTokens(rule)
            ? [
                provenanceOf(
                  policy,
                  `spec.rules[${index}]`,
                  `This ${
                    policy.spec.action ?? 'ALLOW'
                  } rule looks at the token of a request`,
                ),
              ]
            : [],
        ),
      ),
  );
}

/** Is a request refused whatever else it is? Asked of every proxy on the way. */
function refused(
  points: readonly EnforcedPoint[],
  token: 'none' | undefined,
): boolean {
  return points.some(
    ({ policies, target, mesh }) =>
      evaluatePolicies(policies, target, mesh, {
        protocol: 'http',
        ...(token === undefined ? {} : { token }),
      }).decision === 'deny',
  );
}

function names(issuers: readonly Issuer[]): string {
  return [...new Set(issuers.map(({ issuer }) => issuer))].join(' or ');
}

/** A RequestAuthentication that selects the workload, where nothing on the way reads tokens. */
function unread(points: readonly EnforcedPoint[]): Provenance | undefined {
  return points
    .flatMap(({ policies }) => policies.notActing)
    .find(
      ({ policy, cause }) =>
        policy.kind === 'RequestAuthentication' &&
        (cause === 'ztunnel-http-only' || cause === 'no-proxy'),
    )?.provenance;
}

interface Answer {
  state: RequestAuthenticationView['state'];
  verdict: Verdict;
}

function malformedAnswer(
  attached: readonly AttachedPolicy<RequestAuthentication>[],
): Answer | undefined {
  for (const { policy } of attached) {
    const [problem] = policy.problems;
    if (problem) {
      const reason = `RequestAuthentication ${policy.metadata.namespace}/${policy.metadata.name} is malformed at ${problem.path}: ${problem.message}`;
      return {
        state: 'unknown',
        verdict: {
          state: 'unknown',
          reason,
          facts: [provenanceOf(policy, problem.path, problem.message)],
        },
      };
    }
  }
  return undefined;
}

function withoutIssuers(
  points: readonly EnforcedPoint[],
  requiredBy: Provenance[],
): Answer {
  const notRead = unread(points);
  if (notRead) {
    return {
      state: 'not-enforced',
      verdict: {
        state: 'fail',
        reason: `Tokens are not checked: ${notRead.says}`,
        facts: [notRead],
      },
    };
  }
  return requiredBy.length > 0
    ? {
        state: 'none',
        verdict: {
          state: 'fail',
          reason:
            'A rule demands a token, but no RequestAuthentication acts here: tokens are never read, so no request can have one',
          facts: requiredBy,
        },
      }
    : {
        state: 'none',
        verdict: {
          state: 'not-applicable',
          reason: 'Tokens are not read: no RequestAuthentication acts here',
          facts: [],
        },
      };
}

function withIssuers(
  points: readonly EnforcedPoint[],
  issuers: readonly Issuer[],
  requiredBy: Provenance[],
): Answer {
  const facts = [...issuers.map(({ provenance }) => provenance), ...requiredBy];
  const from = names(issuers);
  if (requiredBy.length === 0) {
    return {
      state: 'checked',
      verdict: {
        state: 'not-applicable',
        reason: `Tokens of ${from} are checked, but not required: a request without a token passes`,
        facts,
      },
    };
  }
  const always = refused(points, 'none') && !refused(points, undefined);
  return always
    ? {
        state: 'required',
        verdict: {
          state: 'pass',
          reason: `Every request needs a valid token of ${from}`,
          facts,
        },
      }
    : {
        state: 'required-for-some',
        verdict: {
          state: 'not-applicable',
          reason: `Tokens of ${from} are checked, and some rules ask for one: whether a request needs a token depends on the rest of it`,
          facts,
        },
      };
}

/**
 * Which tokens the proxies in front of a workload accept, and whether one is needed: an invalid token is always refused,
 * a missing one only where an AuthorizationPolicy asks for it. R4.6 – R4.9
 *
 * @param points - the proxies that decide about requests, in the order a request meets them
 */
export function requestAuthenticationOf(
  points: readonly EnforcedPoint[],
): RequestAuthenticationView {
  const readers = points.filter(({ enforcedBy }) =>
    READS_TOKENS.has(enforcedBy),
  );
  const attached = readers.flatMap(
    ({ policies }) => policies.requestAuthentications,
  );
  const issuers = readers.flatMap(({ policies, enforcedBy }) =>
    policies.requestAuthentications.flatMap(each =>
      issuersOf(each, enforcedBy === 'ztunnel' ? 'none' : enforcedBy),
    ),
  );
  const requiredBy = tokenRules(readers);
  const answer =
    malformedAnswer(attached) ??
    (issuers.length === 0
      ? withoutIssuers(points, requiredBy)
      : withIssuers(points, issuers, requiredBy));
  return { ...answer, issuers, requiredBy };
}
