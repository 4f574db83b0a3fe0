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

import { meshConfigOf, serviceHostname } from '../../identity';
import type { SlimObjectByKind } from '../../objects';
import { derivation, type MeshSnapshot } from '../../snapshot';
import {
  translateBackendPolicies,
  type BackendPolicyRule,
  type TranslatedPolicy,
} from './backendPolicies';
import type { BoundService, BoundServices } from './gatewayAddresses';
import { trafficPoliciesRead } from './experimentalPolicies';
import {
  gatewayStatus,
  listenerSetStatus,
  type GatewayStatus,
  type ReportedListenerSetStatus,
} from './gatewayStatus';
import {
  GATEWAY_ROUTE_INPUTS,
  gatewayRoutesOf,
  translatedGatewaysOf,
  translatedRouteOf,
} from './ofMesh';
import { meshReferences } from './referencesOfMesh';
import type { GatewayApiRoute } from './routeParents';
import { routeStatus, type RouteParentStatus } from './routeStatus';
import { waypointCondition } from './waypointStatus';
import { attachedRouteCounts, gatewaysOfBackends } from './translation';

type K8sGateway = SlimObjectByKind['K8sGateway'];

const MANAGED = 'gateway.istio.io/managed';

function boundService(
  snapshot: MeshSnapshot,
  { metadata, spec }: SlimObjectByKind['Service'],
): BoundService {
  const slices = snapshot.endpointSlicesOf(metadata.namespace, metadata.name);
  return {
    endpointPorts: new Map(
      spec.ports.map(({ name, port }) => [
        port,
        slices
          .filter(slice => slice.spec.endpoints.some(({ ready }) => ready))
          .flatMap(slice =>
            slice.spec.ports
              .filter(item => item.name === name)
              .map(item => item.port),
          ),
      ]),
    ),
    clusterIPs: spec.clusterIPs.filter(address => address !== 'None'),
    externalAddresses: spec.ingressAddresses,
    type: spec.type,
    managed: MANAGED in metadata.labels,
  };
}

function boundServices(snapshot: MeshSnapshot): BoundServices {
  const { clusterDomain } = meshConfigOf(snapshot);
  return hostname => {
    const [name, namespace] = hostname.split('.');
    const service = snapshot.get('Service', namespace ?? '', name);
    return service !== undefined &&
      serviceHostname(name, namespace, clusterDomain) === hostname
      ? new Map([[namespace, boundService(snapshot, service)]])
      : new Map();
  };
}

const attachedRoutesOf = derivation(
  () => GATEWAY_ROUTE_INPUTS,
  snapshot => attachedRouteCounts(gatewayRoutesOf(snapshot)),
);

/**
 * What istiod reports about a Gateway and its ListenerSets: conditions, addresses, listeners and how many routes attach.
 * Computed from the objects, so it holds also while no control plane has written it. R7.16
 *
 * Secrets are not read: where a listener names one, its conditions suppose that it exists and is valid.
 *
 * @returns `undefined` when the Gateway's class is not Istio's
 */
export function gatewayApiStatusOf(
  snapshot: MeshSnapshot,
  gateway: K8sGateway,
):
  | {
      status: GatewayStatus;
      sets: readonly {
        set: SlimObjectByKind['ListenerSet'];
        status: ReportedListenerSetStatus;
      }[];
    }
  | undefined {
  const translated = translatedGatewaysOf(snapshot).find(
    item => item.gateway === gateway,
  );
  if (translated === undefined) {
    return undefined;
  }
  const attached = attachedRoutesOf(snapshot);
  const servicesOf = boundServices(snapshot);
  return {
    status: gatewayStatus(translated, attached, servicesOf),
    sets: translated.sets.map(set => ({
      set: set.set,
      status: listenerSetStatus(translated, set, attached, servicesOf),
    })),
  };
}

/** What istiod reports about a route: one entry a `parentRef` that is Istio's. R7.15, R7.16 */
export function routeStatusOf(
  snapshot: MeshSnapshot,
  route: GatewayApiRoute,
): readonly RouteParentStatus[] {
  return routeStatus(translatedRouteOf(snapshot, route)).map(parent => {
    const waypoint = waypointCondition(
      snapshot,
      parent.parentRef,
      route.metadata.namespace,
    );
    return waypoint === undefined
      ? parent
      : { ...parent, conditions: [...parent.conditions, waypoint] };
  });
}

/**
 * What BackendTLSPolicies and XBackendTrafficPolicies set, as one DestinationRule a Service, and what istiod reports about
 * each policy. A DestinationRule that a person wrote wins. R6.6, R7.25
 */
export const backendPolicyRulesOf = derivation(
  () => [
    { kind: 'BackendTLSPolicy' },
    { kind: 'XBackendTrafficPolicy' },
    { kind: 'Deployment' },
    ...GATEWAY_ROUTE_INPUTS,
    { kind: 'Service' },
  ],
  (
    snapshot,
  ): {
    rules: readonly BackendPolicyRule[];
    policies: readonly TranslatedPolicy[];
  } => {
    const tls = snapshot.list('BackendTLSPolicy');
    const traffic = trafficPoliciesRead(snapshot);
    return tls.length === 0 && traffic.length === 0
      ? { rules: [], policies: [] }
      : translateBackendPolicies(
          tls,
          traffic,
          meshReferences(snapshot),
          gatewaysOfBackends(gatewayRoutesOf(snapshot)),
        );
  },
);
