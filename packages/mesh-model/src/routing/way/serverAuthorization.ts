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
  attributesInWords,
  authorizationMeshOf,
  evaluateRequest,
  type AuthorizationDecision,
  type AuthorizationRequest,
  type PolicyTarget,
} from '../../authorization';
import type { ObjectRef, Provenance } from '../../verdict';
import { ending, step, type Rest } from './branches';
import type { Hop } from './hop';
import type { WayOutcome, WayStep } from './way';

/** A place that enforces policies. */
export interface EnforcementPoint {
  target: PolicyTarget;
  /** the port the policies see: of the container, or at a waypoint of the Service. R4.19 */
  port: number;
  /** Has what arrives an identity of the mesh? */
  identified: boolean | 'not known';
  /** does the proxy read HTTP there? */
  protocol: 'http' | 'tcp';
  revision?: string;
  at?: ObjectRef;
  /** the address that the proxy takes for the client's; left out: not known */
  remoteIp?: string;
  /** what decides that address, where something does */
  addressedBy?: { says: string; by?: Provenance };
}

/** Policies let the request pass (`stopped` is absent), or it ends there. */
export interface AuthorizationPassage {
  step: WayStep;
  stopped?: Rest;
}

function peerOf(
  hop: Hop,
  identified: EnforcementPoint['identified'],
): AuthorizationRequest['peer'] {
  if (identified === 'not known') {
    return undefined;
  }
  return identified
    ? {
        namespace: hop.sender.namespace,
        serviceAccount: hop.sender.serviceAccount,
      }
    : 'none';
}

/** The response code details of a refusal by policies. R9.4, R9.5 */
function detailsOf(decision: AuthorizationDecision): string | undefined {
  if (decision.reading !== 'http') {
    return undefined;
  }
  if (decision.refusal === '401') {
    return 'jwt_authn_access_denied';
  }
  const [by] = decision.decidedBy;
  const rule = /^spec\.rules\[(\d+)\]/.exec(by?.path ?? '');
  return by === undefined || rule === null
    ? 'rbac_access_denied_matched_policy[none]'
    : `rbac_access_denied_matched_policy[ns[${by.object.namespace}]-policy[${by.object.name}]-rule[${rule[1]}]]`;
}

function refusalOf(
  decision: AuthorizationDecision,
  at: ObjectRef | undefined,
): WayOutcome {
  const http = decision.reading === 'http';
  const code = http ? Number(decision.refusal ?? '403') : undefined;
  const details = detailsOf(decision);
  return {
    ending: 'denied',
    ...(code === undefined || Number.isNaN(code) ? {} : { code }),
    ...(details === undefined ? {} : { details }),
    ...(at === undefined ? {} : { at }),
    says: http
      ? `${decision.reason} The caller gets ${decision.refusal ?? '403'}`
      : `${decision.reason} The connection is closed`,
  };
}

/** The request as the policies of the place see it: only where the proxy reads HTTP do they see more than a connection. */
function requestSeen(hop: Hop, point: EnforcementPoint): AuthorizationRequest {
  const { host, path, method, headers, token, sni } = hop.request;
  const peer = peerOf(hop, point.identified);
  return {
    protocol: point.protocol,
    ...(peer === undefined ? {} : { peer }),
    port: point.port,
    ...(point.remoteIp === undefined ? {} : { remoteIp: point.remoteIp }),
    ...(point.protocol === 'http'
      ? { host, path, method, ...(headers === undefined ? {} : { headers }) }
      : {}),
    ...(token === undefined ? {} : { token }),
    ...(sni === undefined || point.identified === true ? {} : { sni }),
  };
}

function allowed(
  decision: AuthorizationDecision,
  { at }: EnforcementPoint,
): AuthorizationPassage {
  const { reading, reason, decidedBy } = decision;
  const state = reading === 'none' ? 'not-applicable' : 'pass';
  return { step: step('authorization', state, reason, decidedBy, at) };
}

function denied(
  decision: AuthorizationDecision,
  { at }: EnforcementPoint,
): AuthorizationPassage {
  const { reason, decidedBy } = decision;
  return {
    step: step('authorization', 'fail', reason, decidedBy, at),
    stopped: ending([], refusalOf(decision, at)),
  };
}

/** What is not known decides, or nobody can say what a policy does. */
function undecided(
  decision: AuthorizationDecision,
  { at, addressedBy }: EnforcementPoint,
): AuthorizationPassage {
  const { reason, decidedBy, dependsOn } = decision;
  const on =
    dependsOn.length > 0
      ? ` It depends on what is not known: ${attributesInWords(dependsOn)}.`
      : '';
  const address = dependsOn.includes('remoteIp') ? addressedBy : undefined;
  const addressSays = address === undefined ? '' : ` ${address.says}.`;
  const says = `${reason}${on}${addressSays}`;
  return {
    step: step(
      'authorization',
      'unknown',
      says,
      [...decidedBy, address?.by],
      at,
    ),
    stopped: ending([], {
      ending: 'unknown',
      ...(at === undefined ? {} : { at }),
      says: `Whether policies let it pass cannot be said. ${says}`,
    }),
  };
}

/** May a request pass the policies of one place? What cannot be decided is unknown, never a pass. R4.10 – R4.27 */
export function authorizationAt(
  hop: Hop,
  point: EnforcementPoint,
): AuthorizationPassage {
  const decision = evaluateRequest(
    hop.snapshot,
    point.target,
    authorizationMeshOf(hop.snapshot, point.revision),
    requestSeen(hop, point),
  );
  switch (decision.decision) {
    case 'allow':
      return allowed(decision, point);
    case 'deny':
      return denied(decision, point);
    default:
      return undecided(decision, point);
  }
}
