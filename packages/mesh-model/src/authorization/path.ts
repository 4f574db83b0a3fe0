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

import type { ObjectRef } from '../verdict';
import type { SlimObjectByKind, StringMap } from '../objects';
import {
  booleanFlag,
  controlPlaneFlagsOf,
  parseGoBool,
  systemNamespaceOf,
} from '../identity';
import type { Client, Workload } from '../membership';
import { inboundInterception, waypointOf } from '../membership';
import type { MeshSnapshot } from '../snapshot';
import type { AuthorizationDecision } from './decision';
import { evaluateRequest } from './decision';
import { authorizationMeshOf, policyTargetOf } from './meshBinding';
import type { PolicyTarget } from './policyTarget';
import { GATEWAY_NAME_LABEL } from './policyTarget';
import type { AuthorizationRequest } from './request';

/** One place on the way where policies are enforced, and what it decides. */
export interface AuthorizationHop {
  /** the workload, or the Gateway that is the waypoint */
  at: ObjectRef;
  target: PolicyTarget;
  decision: AuthorizationDecision;
}

/** May a request pass every place on its way? */
export interface PathDecision {
  decision: AuthorizationDecision['decision'];
  reason: string;
  /** in order: a waypoint first, when one is in the path */
  hops: readonly AuthorizationHop[];
}

interface Call {
  workload: Workload;
  /** the Service the caller addresses; without it no service waypoint is in the path */
  service?: SlimObjectByKind['Service'];
  client: Client;
  /** as the destination pod would see it; its `port` is the container port */
  request: AuthorizationRequest;
  /** the Service port, which a waypoint sees instead (R4.19) */
  servicePort?: number;
  /** revision of the control plane of the destination */
  revision?: string;
}

/** Labels of the pods of a waypoint; without any, the one that all of them would have. */
function waypointLabels(
  snapshot: MeshSnapshot,
  { namespace, name }: { namespace: string; name: string },
): StringMap {
  const own = { [GATEWAY_NAME_LABEL]: name };
  const newest = snapshot.podsBySelector(namespace, own).at(-1);
  return newest?.metadata.labels ?? own;
}

/** Sidecars go past service waypoints; gateways use them only when asked to (R2.12). */
export function usesWaypoint(
  snapshot: MeshSnapshot,
  client: Pick<Client, 'proxy'>,
  service: SlimObjectByKind['Service' | 'ServiceEntry'],
): boolean {
  if (client.proxy === 'ambient') {
    return true;
  }
  const namespace = snapshot.get('Namespace', '', service.metadata.namespace);
  const label =
    service.metadata.labels['istio.io/ingress-use-waypoint'] ??
    namespace?.metadata.labels['istio.io/ingress-use-waypoint'];
  return (
    client.proxy === 'gateway' &&
    parseGoBool(label ?? '') === true &&
    booleanFlag(
      controlPlaneFlagsOf(
        snapshot,
        systemNamespaceOf(snapshot),
        snapshot.revision,
      ),
      'ENABLE_INGRESS_WAYPOINT_ROUTING',
      true,
    )
  );
}

/**
 * The workload as policies attach to it: they act where requests come in, never where they go out. Past its sidecar, on a
 * port that it does not intercept, nothing enforces any. R4.12
 */
function enforcedTarget(
  snapshot: MeshSnapshot,
  workload: Workload,
  port: number | undefined,
): PolicyTarget {
  const target = policyTargetOf(snapshot, workload);
  const bypassed =
    port !== undefined &&
    (target.proxy === 'sidecar' || target.proxy === 'native-sidecar') &&
    workload.pods.length > 0 &&
    workload.pods.every(
      ({ metadata }) =>
        inboundInterception(metadata.annotations, port).state === 'bypassed',
    );
  return bypassed ? { ...target, proxy: 'none' } : target;
}

function combine(hops: readonly AuthorizationHop[]): PathDecision {
  const order = ['deny', 'unknown', 'depends', 'allow'] as const;
  const decision =
    order.find(state => hops.some(hop => hop.decision.decision === state)) ??
    'unknown';
  const deciding = hops.find(hop => hop.decision.decision === decision);
  return {
    decision,
    reason: deciding
      ? `At ${deciding.at.kind} ${deciding.at.namespace}/${deciding.at.name}: ${deciding.decision.reason}`
      : 'No place that enforces policies is known.',
    hops,
  };
}

/**
 * May this caller reach this workload? Evaluates the waypoint of the service, when the caller's traffic passes it, then
 * the workload's own proxy, which then sees the waypoint's identity instead of the caller's (R4.4).
 */
export function evaluatePath(snapshot: MeshSnapshot, call: Call): PathDecision {
  const { workload, service, client, request } = call;
  const mesh = authorizationMeshOf(snapshot, call.revision);
  const waypoint =
    service && usesWaypoint(snapshot, client, service)
      ? waypointOf(snapshot, service).waypoint
      : undefined;
  const bound =
    service !== undefined &&
    waypoint !== undefined &&
    waypointOf(snapshot, service).state === 'bound';
  const hops: AuthorizationHop[] = [];
  let arriving = request;
  if (bound && waypoint && service) {
    const target: PolicyTarget = {
      proxy: 'waypoint',
      namespace: waypoint.namespace,
      labels: waypointLabels(snapshot, waypoint),
      services: [
        {
          name: service.metadata.name,
          namespace: service.metadata.namespace,
          registry: 'Kubernetes',
        },
      ],
    };
    hops.push({
      at: {
        group: 'gateway.networking.k8s.io',
        kind: 'Gateway',
        namespace: waypoint.namespace,
        name: waypoint.name,
      },
      target,
      decision: evaluateRequest(snapshot, target, mesh, {
        ...request,
        port: call.servicePort,
      }),
    });
    // Istio names the service account of a waypoint after its Gateway.
    arriving = {
      ...request,
      peer: { namespace: waypoint.namespace, serviceAccount: waypoint.name },
      sourceIp: undefined,
      remoteIp: undefined,
    };
  }
  const target = enforcedTarget(snapshot, workload, request.port);
  hops.push({
    at: workload.ref,
    target,
    decision: evaluateRequest(snapshot, target, mesh, arriving),
  });
  return combine(hops);
}
