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
  authorizationMeshOf,
  policyTargetOf,
  waypointOf,
  workloadOf,
  type AuthorizationMesh,
  type EnforcingProxy,
  type MeshSnapshot,
  type PeerIdentity,
  type PolicyTarget,
  type PostureAnswer,
  type Workload,
} from '@mesh-portal/mesh-model';
import type { Service } from '../entity';

/** A proxy that decides about requests to a workload. */
export interface EnforcementPoint {
  target: PolicyTarget;
  /** the settings of the control plane that configures the proxy */
  mesh: AuthorizationMesh;
  enforcedBy: 'sidecar' | 'ztunnel' | 'waypoint' | 'gateway' | 'none';
  /** Whom the proxy sees: absent, the caller itself; a waypoint hides the caller from the ztunnel behind it. */
  seesPeer?: PeerIdentity;
}

const ENFORCED_BY: Readonly<
  Record<EnforcingProxy, EnforcementPoint['enforcedBy']>
> = {
  sidecar: 'sidecar',
  'native-sidecar': 'sidecar',
  ambient: 'ztunnel',
  waypoint: 'waypoint',
  gateway: 'gateway',
  none: 'none',
};

/** The proxies that decide about requests to a workload, in the order a request meets them. */
export function enforcementPoints(
  snapshot: MeshSnapshot,
  workload: Workload,
  services: readonly Service[],
): EnforcementPoint[] {
  const target = policyTargetOf(snapshot, workload);
  const own: EnforcementPoint = {
    target,
    mesh: authorizationMeshOf(snapshot, target.revision),
    enforcedBy: ENFORCED_BY[target.proxy],
  };
  const waypoint = waypointInFrontOf(snapshot, services);
  if (!waypoint || target.proxy === 'none') {
    return [own];
  }
  const { namespace, name } = waypoint;
  const serving = workloadOf(snapshot, namespace, 'Deployment', name);
  const atWaypoint: PolicyTarget = {
    ...(serving && policyTargetOf(snapshot, serving)),
    proxy: 'waypoint',
    namespace,
    labels: {
      ...serving?.labels,
      'gateway.networking.k8s.io/gateway-name': name,
    },
    services: services.map(({ metadata }) => ({
      name: metadata.name,
      namespace: metadata.namespace,
      registry: 'Kubernetes' as const,
    })),
  };
  return [
    {
      target: atWaypoint,
      mesh: authorizationMeshOf(snapshot, atWaypoint.revision),
      enforcedBy: 'waypoint',
    },
    {
      ...own,
      seesPeer: {
        namespace,
        serviceAccount: serving?.serviceAccount ?? name,
      },
    },
  ];
}

/** The waypoint that requests to the services traverse: the first that is bound and ready. R2.10 */
function waypointInFrontOf(
  snapshot: MeshSnapshot,
  services: readonly Service[],
) {
  for (const service of services) {
    const { state, waypoint } = waypointOf(snapshot, service);
    if (state === 'bound' && waypoint) return waypoint;
  }
  return undefined;
}

/** How closed a posture is: of two proxies on the way the more closed one counts. */
const CLOSEDNESS: readonly PostureAnswer['posture'][] = [
  'unknown',
  'blocked',
  'deny-all',
  'custom',
  'allow-list',
  'deny-list',
  'allow-all',
  'open',
  'passed-by',
  'not-enforced',
];

/** What one proxy on the way answers. */
interface AnswerAt {
  point: EnforcementPoint;
  answer: PostureAnswer;
}

/**
 * The answer that decides at a workload: a request passes the waypoint and the pod, and the stricter of the two decides.
 * Plaintext that passes by ztunnel passes by the waypoint, too.
 *
 * @param answers - of each proxy on the way, at least one
 */
export function decisiveAnswer<A extends AnswerAt>(answers: readonly A[]): A {
  const strictest = answers.reduce((a, b) =>
    CLOSEDNESS.indexOf(b.answer.posture) < CLOSEDNESS.indexOf(a.answer.posture)
      ? b
      : a,
  );
  return (
    answers.find(({ point }) => point.target.plaintextPassesBy) ?? strictest
  );
}
