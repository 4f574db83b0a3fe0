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

import { principal } from '../identity';
import {
  bindWorkloadWaypoint,
  waypointOf,
  waypointSourcesOf,
} from '../membership';
import type { SlimObjectByKind } from '../objects';
import { isSubset, type MeshSnapshot } from '../snapshot';
import { provenanceOf } from '../verdict';
import type { AttachedPolicy } from './attachment';
import type {
  AuthorizationMesh,
  AuthorizationPolicy,
  PolicyTarget,
} from './policyTarget';
import { GATEWAY_NAME_LABEL } from './policyTarget';

type Gateway = SlimObjectByKind['K8sGateway'];

/** The waypoints of the services that select the pods, and of the pods themselves. */
function waypointsInFront(
  snapshot: MeshSnapshot,
  { namespace, labels }: PolicyTarget,
): Gateway[] {
  const ofServices = snapshot
    .list('Service', namespace)
    .filter(
      ({ spec }) =>
        Object.keys(spec.selector).length > 0 &&
        isSubset(spec.selector, labels),
    )
    .map(service => waypointOf(snapshot, service));
  const [pod] = snapshot.podsBySelector(namespace, labels);
  const own = pod
    ? [
        bindWorkloadWaypoint(waypointSourcesOf(snapshot), {
          namespace,
          labels,
          object: pod,
        }).binding,
      ]
    : [];
  const found = new Set<Gateway>();
  for (const { state, waypoint } of [...ofServices, ...own]) {
    const gateway =
      state === 'bound' && waypoint
        ? snapshot.get('K8sGateway', waypoint.namespace, waypoint.name)
        : undefined;
    if (gateway) {
      found.add(gateway);
    }
  }
  return [...found];
}

function policyFor(
  snapshot: MeshSnapshot,
  gateway: Gateway,
  mesh: AuthorizationMesh,
): AuthorizationPolicy | undefined {
  const { namespace, name, createdAt } = gateway.metadata;
  const accounts = new Set(
    snapshot
      .podsBySelector(namespace, { [GATEWAY_NAME_LABEL]: name })
      .map(({ spec }) => spec.serviceAccountName),
  );
  return accounts.size === 0
    ? undefined
    : {
        kind: 'AuthorizationPolicy',
        metadata: {
          name: `istio_allow_waypoint_${namespace}_${name}`,
          namespace,
          labels: {},
          annotations: {},
          createdAt,
          uid: '',
          resourceVersion: '',
        },
        spec: {
          action: 'ALLOW',
          rules: [
            {
              from: [
                {
                  source: {
                    principals: [...accounts].map(account =>
                      principal(mesh.trustDomain, namespace, account),
                    ),
                  },
                },
              ],
            },
          ],
        },
        status: undefined,
        problems: [],
      };
}

/**
 * The ALLOW policies that istiod adds at pods behind a waypoint when `PILOT_AUTO_ALLOW_WAYPOINT_POLICY` is set: connections
 * of the waypoint pass, and all others need an ALLOW of their own, so that nobody goes past the waypoint. R2.12
 */
export function implicitWaypointPolicies(
  snapshot: MeshSnapshot,
  target: PolicyTarget,
  mesh: AuthorizationMesh,
): AttachedPolicy<AuthorizationPolicy>[] {
  if (target.proxy !== 'ambient' || !mesh.autoAllowWaypoint) {
    return [];
  }
  return waypointsInFront(snapshot, target).flatMap(gateway => {
    const policy = policyFor(snapshot, gateway, mesh);
    return policy
      ? [
          {
            policy,
            scope: 'workload' as const,
            dryRun: false,
            provenance: provenanceOf(
              gateway,
              undefined,
              `istiod lets this waypoint in (PILOT_AUTO_ALLOW_WAYPOINT_POLICY), so all who go past it need an ALLOW policy of their own.`,
            ),
          },
        ]
      : [];
  });
}
