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

import type { Provenance } from '../verdict';
import type { AttachedPolicies } from './attachment';
import { policiesOf } from './attachment';
import { customStage } from './customStage';
import type { AuthorizationMesh, PolicyTarget } from './policyTarget';
import type { AuthorizationRequest, ResolvedRequest } from './request';
import { resolveRequest } from './request';
import { allowStage, authenticationStage, denyStage } from './policyStages';
import type { PolicyReading, SearchContext } from './ruleSearch';
import { searchRules } from './ruleSearch';
import { combineStages, PASSED } from './stage';
import { isUndecided } from './ternary';
import { trustDomainBundle } from './trustDomain';
import type { MeshSnapshot } from '../snapshot';

/** Result of dry-run policies: they never decide, they only count. */
export type ShadowResult = 'would-allow' | 'would-deny' | 'depends';

/** May this request pass? */
export interface AuthorizationDecision {
  /** `depends`: on `dependsOn`; `unknown`: an external authorizer or a malformed policy decides */
  decision: 'allow' | 'deny' | 'depends' | 'unknown';
  /** how the enforcing proxy reads policies; `none` without a proxy; `http or tcp` when the protocol is not given and does not matter */
  reading: PolicyReading | 'none' | 'http or tcp';
  /** one sentence */
  reason: string;
  /** the policy and rule that decided; several when several together did */
  decidedBy: readonly Provenance[];
  /** attributes of the request that are not given and decide */
  dependsOn: readonly string[];
  /** what would have to change so that a denied request passes, one sentence each */
  remedies: readonly string[];
  /** how a refusal shows: HTTP status, or `reset` on a TCP chain; ztunnel: 401 on HBONE, reset on plaintext */
  refusal?: '401' | '403' | 'reset';
  /** external authorizers that are asked */
  externalAuthorizers: readonly string[];
  /** AUDIT policies that log it */
  audit: 'logged' | 'not-logged' | 'depends';
  shadow: { allow?: ShadowResult; deny?: ShadowResult };
}

function shadowOf(
  attached: AttachedPolicies,
  request: ResolvedRequest,
  context: SearchContext,
): AuthorizationDecision['shadow'] {
  const result = (
    policies: AttachedPolicies['allow'],
    whenTrue: ShadowResult,
    whenFalse: ShadowResult,
  ): ShadowResult | undefined => {
    const dry = policies.filter(policy => policy.dryRun);
    if (dry.length === 0) {
      return undefined;
    }
    const { match, malformed } = searchRules(dry, request, context);
    if (isUndecided(match) || (malformed.length > 0 && match !== true)) {
      return 'depends';
    }
    return match ? whenTrue : whenFalse;
  };
  const allow = result(attached.allow, 'would-allow', 'would-deny');
  const deny = result(attached.deny, 'would-deny', 'would-allow');
  return { ...(allow && { allow }), ...(deny && { deny }) };
}

function evaluateReading(
  attached: AttachedPolicies,
  mesh: AuthorizationMesh,
  request: AuthorizationRequest,
  reading: PolicyReading,
): AuthorizationDecision {
  const context: SearchContext = {
    reading,
    rootNamespace: mesh.rootNamespace,
    bundle: trustDomainBundle(mesh.trustDomain, mesh.trustDomainAliases),
  };
  const authentication =
    reading === 'http'
      ? authenticationStage(attached, request)
      : { stage: PASSED, token: 'none' as const };
  // CUSTOM runs before JWT validation (R4.10) and sees no verified token.
  const unverified = resolveRequest(request, mesh.trustDomain, 'none');
  const resolved = resolveRequest(
    request,
    mesh.trustDomain,
    authentication.token,
  );
  const custom = customStage(attached.custom, unverified, context, mesh);
  const combined = combineStages([
    custom.stage,
    authentication.stage,
    denyStage(attached, resolved, context),
    allowStage(attached, resolved, context),
  ]);
  const audit = searchRules(
    attached.audit.filter(policy => !policy.dryRun),
    resolved,
    context,
  ).match;
  let auditResult: AuthorizationDecision['audit'] = audit
    ? 'logged'
    : 'not-logged';
  if (isUndecided(audit)) {
    auditResult = 'depends';
  }
  return {
    decision: combined.outcome === 'pass' ? 'allow' : combined.outcome,
    reading,
    reason: combined.reason,
    decidedBy: combined.decidedBy,
    dependsOn: combined.dependsOn,
    remedies: combined.remedies ?? [],
    ...(combined.outcome === 'deny' && {
      refusal: combined.refusal ?? refusalOf(reading, request),
    }),
    externalAuthorizers: custom.asked,
    audit: auditResult,
    shadow: shadowOf(attached, resolved, context),
  };
}

function refusalOf(
  reading: PolicyReading,
  request: AuthorizationRequest,
): '401' | '403' | 'reset' {
  if (reading === 'http') {
    return '403';
  }
  return reading === 'ztunnel' && request.peer !== 'none' ? '401' : 'reset';
}

function bothReadings(
  attached: AttachedPolicies,
  mesh: AuthorizationMesh,
  request: AuthorizationRequest,
): AuthorizationDecision {
  const http = evaluateReading(attached, mesh, request, 'http');
  const tcp = evaluateReading(attached, mesh, request, 'tcp');
  if (http.decision === tcp.decision) {
    return {
      ...http,
      reading: 'http or tcp',
      dependsOn: [...new Set([...http.dependsOn, ...tcp.dependsOn])],
    };
  }
  const unknown = http.decision === 'unknown' || tcp.decision === 'unknown';
  return {
    ...http,
    decision: unknown ? 'unknown' : 'depends',
    reading: 'http or tcp',
    reason: `As HTTP: ${http.decision} (${http.reason}) As TCP: ${tcp.decision} (${tcp.reason})`,
    decidedBy: [...http.decidedBy, ...tcp.decidedBy],
    dependsOn: [...new Set(['protocol', ...http.dependsOn, ...tcp.dependsOn])],
    remedies: [...http.remedies, ...tcp.remedies],
    refusal: undefined,
  };
}

/** Nothing judges the request. */
function unenforced(
  reason: string,
  ...decidedBy: readonly Provenance[]
): AuthorizationDecision {
  return {
    decision: 'allow',
    reading: 'none',
    reason,
    decidedBy,
    dependsOn: [],
    remedies: [],
    externalAuthorizers: [],
    audit: 'not-logged',
    shadow: {},
  };
}

/**
 * Decides a request at one target whose policies are already known; use it to ask about many callers.
 *
 * @param attached - result of `policiesOf` for the same target
 */
export function evaluatePolicies(
  attached: AttachedPolicies,
  target: PolicyTarget,
  mesh: AuthorizationMesh,
  request: AuthorizationRequest,
): AuthorizationDecision {
  if (target.proxy === 'none') {
    return unenforced('The workload has no proxy, so no policy is enforced.');
  }
  if (target.plaintextPassesBy && request.peer === 'none') {
    const { says } = target.plaintextPassesBy;
    return unenforced(
      `No policy is enforced on plaintext. ${says}.`,
      target.plaintextPassesBy,
    );
  }
  if (target.proxy === 'ambient') {
    return evaluateReading(attached, mesh, request, 'ztunnel');
  }
  return request.protocol
    ? evaluateReading(attached, mesh, request, request.protocol)
    : bothReadings(attached, mesh, request);
}

const SEVERITY: readonly AuthorizationDecision['decision'][] = [
  'deny',
  'unknown',
  'depends',
  'allow',
];

/**
 * May this request pass this target? Decided as the target's proxy would: CUSTOM, JWT, DENY, ALLOW (R4.10–R4.27).
 * Whether the caller has a peer identity at all is the caller's `peer`; plaintext is `'none'`.
 */
export function evaluateRequest(
  snapshot: MeshSnapshot,
  target: PolicyTarget,
  mesh: AuthorizationMesh,
  request: AuthorizationRequest,
): AuthorizationDecision {
  const judged = evaluatePolicies(
    policiesOf(snapshot, target, mesh),
    target,
    mesh,
    request,
  );
  if (
    target.proxy !== 'waypoint' ||
    target.layer !== undefined ||
    !mesh.layeredWaypointPolicies
  ) {
    return judged;
  }
  // Policies that select the waypoint's pods judge the connection first; its port there is that of HBONE. R4.28
  const connection = evaluateRequest(
    snapshot,
    { ...target, layer: 'connections' },
    mesh,
    { ...request, protocol: 'tcp', port: undefined },
  );
  return SEVERITY.indexOf(connection.decision) <
    SEVERITY.indexOf(judged.decision)
    ? connection
    : judged;
}
