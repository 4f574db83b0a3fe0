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

import type { CallerVerdict } from '@mesh-portal/backstage-plugin-istio-common';
import {
  attributesInWords,
  evaluatePolicies,
  type AttachedPolicies,
  type AuthorizationDecision,
  type AuthorizationRequest,
  type Workload,
} from '@mesh-portal/mesh-model';
import { callerTraffic, requestRows, type Caller } from '../prometheus';
import type { EnforcementPoint } from './authorizationTargets';
import {
  entityOfCaller,
  type ClusterEntities,
  type ServiceInput,
} from './entityInput';
import { tcpCallers } from './signals';

/** A proxy with the policies that act at it. */
export interface EnforcedPoint extends EnforcementPoint {
  policies: AttachedPolicies;
}

interface SeenCaller {
  caller: Caller;
  protocol: 'http' | 'tcp';
  perSecond: number;
  refusedPerSecond: number;
}

/**
 * Callers that were seen at the server, of all services of the workload. What a waypoint counts names no workload where
 * no pod was reached: that is counted at each.
 */
export function seenCallers(
  services: readonly ServiceInput[],
  workload: Workload,
): SeenCaller[] {
  const seen = new Map<string, SeenCaller>();
  const reached = (row: { workload: string }) =>
    row.workload === workload.name || row.workload === 'unknown';
  for (const service of services) {
    const { requests } = service.cluster.observation.answers ?? {};
    const key = `${service.ref.namespace}/${service.ref.name}`;
    const rows = (requests ? requestRows(requests) : []).filter(
      row =>
        row.part === 'now' &&
        row.service === key &&
        row.reporter !== 'source' &&
        reached(row),
    );
    for (const { caller, requestsPerSecond, refusedPerSecond } of callerTraffic(
      rows,
    )) {
      add(seen, {
        caller,
        protocol: 'http',
        perSecond: requestsPerSecond,
        refusedPerSecond,
      });
    }
    const connections = requests ? tcpCallers(requests, key) : [];
    for (const { caller, connectionsPerSecond } of connections.filter(
      reached,
    )) {
      add(seen, {
        caller,
        protocol: 'tcp',
        perSecond: connectionsPerSecond,
        refusedPerSecond: 0,
      });
    }
  }
  return [...seen.values()].sort(
    (left, right) => right.perSecond - left.perSecond,
  );
}

function add(seen: Map<string, SeenCaller>, next: SeenCaller): void {
  const { namespace, workload, principal } = next.caller;
  const key = [next.protocol, namespace, workload, principal].join('\n');
  const before = seen.get(key);
  if (before) {
    before.perSecond += next.perSecond;
    before.refusedPerSecond += next.refusedPerSecond;
  } else {
    seen.set(key, { ...next });
  }
}

function requestOf(
  { caller, protocol }: SeenCaller,
  point: EnforcedPoint,
  port: number | undefined,
): AuthorizationRequest {
  const own =
    caller.principal === undefined
      ? ('none' as const)
      : { spiffe: caller.principal };
  return {
    protocol,
    peer: point.seesPeer ?? own,
    ...(port === undefined ? {} : { port }),
  };
}

const ORDER: readonly AuthorizationDecision['decision'][] = [
  'deny',
  'unknown',
  'depends',
  'allow',
];

/** A request must pass every proxy on its way: the strictest decides. */
function strictest(
  decisions: readonly AuthorizationDecision[],
): AuthorizationDecision {
  return ORDER.flatMap(wanted =>
    decisions.filter(({ decision }) => decision === wanted),
  )[0];
}

/**
 * May each caller that was seen call the workload? Method, path and headers of its requests are not known, so the
 * answer may depend on them.
 *
 * @param port - of the pod, when there is only one
 */
export function callerVerdicts(
  seen: readonly SeenCaller[],
  points: readonly EnforcedPoint[],
  port: number | undefined,
  entities: ClusterEntities | undefined,
): CallerVerdict[] {
  return seen.map(each => {
    const decision = strictest(
      points.map(point =>
        evaluatePolicies(
          point.policies,
          point.target,
          point.mesh,
          requestOf(each, point, port),
        ),
      ),
    );
    const { namespace, workload, principal } = each.caller;
    const depends =
      decision.dependsOn.length > 0 && decision.decision === 'depends'
        ? ` It depends on: ${attributesInWords(decision.dependsOn)}.`
        : '';
    return {
      caller: {
        namespace,
        workload,
        ...(principal === undefined ? {} : { principal }),
        ...entityOfCaller(entities, each.caller),
      },
      decision: decision.decision,
      reason: `${decision.reason}${depends}`,
      facts: [...decision.decidedBy],
      observed: {
        protocol: each.protocol,
        requestsPerSecond: each.perSecond,
        refusedPerSecond: each.refusedPerSecond,
      },
    };
  });
}
