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
import { step, type Rest } from './branches';
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

/** May a request pass the policies of one place? What cannot be decided is unknown, never a pass. R4.10 – R4.27 */
export function authorizationAt(
  hop: Hop,
  point: EnforcementPoint,
): AuthorizationPassage {
  const { request } = hop;
  const http = point.protocol === 'http';
  const peer = peerOf(hop, point.identified);
  const decision = evaluateRequest(
    hop.snapshot,
    point.target,
    authorizationMeshOf(hop.snapshot, point.revision),
    {
      protocol: point.protocol,
      ...(peer === undefined ? {} : { peer }),
      port: point.port,
      ...(point.remoteIp === undefined ? {} : { remoteIp: point.remoteIp }),
      ...(http
        ? {
            host: request.host,
            path: request.path,
            method: request.method,
            ...(request.headers === undefined
              ? {}
              : { headers: request.headers }),
          }
        : {}),
      ...(request.token === undefined ? {} : { token: request.token }),
      ...(request.sni === undefined || point.identified === true
        ? {}
        : { sni: request.sni }),
    },
  );
  const said = (state: WayStep['state'], says: string) =>
    step('authorization', state, says, decision.decidedBy, point.at);
  switch (decision.decision) {
    case 'allow':
      return {
        step:
          decision.reading === 'none'
            ? said('not-applicable', decision.reason)
            : said('pass', decision.reason),
      };
    case 'deny': {
      const outcome = refusalOf(decision, point.at);
      return {
        step: said('fail', decision.reason),
        stopped: { steps: [], branches: [], outcome },
      };
    }
    default: {
      const on =
        decision.dependsOn.length > 0
          ? ` It depends on what is not known: ${attributesInWords(
              decision.dependsOn,
            )}.`
          : '';
      const address = decision.dependsOn.includes('remoteIp')
        ? point.addressedBy
        : undefined;
      const says = `${decision.reason}${on}${
        address === undefined ? '' : ` ${address.says}.`
      }`;
      return {
        step: step(
          'authorization',
          'unknown',
          says,
          [...decision.decidedBy, address?.by],
          point.at,
        ),
        stopped: {
          steps: [],
          branches: [],
          outcome: {
            ending: 'unknown',
            ...(point.at === undefined ? {} : { at: point.at }),
            says: `Whether policies let it pass cannot be said. ${says}`,
          },
        },
      };
    }
  }
}
