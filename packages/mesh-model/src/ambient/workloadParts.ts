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

import { serviceHostname } from '../identity';
import {
  bindWorkloadWaypoint,
  waypointOfInstance,
  type ResolvedBinding,
  type Waypoint,
} from '../membership';
import type { MeshObject, StringMap } from '../objects';
import { isSubset } from '../snapshot';
import type { AmbientService, WorkloadEnvironment } from './environment';
import type { ZtunnelWorkload } from './ztunnelTypes';

/** Does the service select these labels? One without a selector selects nothing. */
export function selects(service: AmbientService, labels: StringMap): boolean {
  return (
    Object.keys(service.selector).length > 0 &&
    isSubset(service.selector, labels)
  );
}

/** The Kubernetes Service of a name, as ztunnel knows it. */
export function kubernetesServiceNamed(
  environment: WorkloadEnvironment,
  namespace: string,
  name: string,
): AmbientService | undefined {
  const hostname = serviceHostname(
    name,
    namespace,
    environment.config.clusterDomain,
  );
  return environment
    .servicesOf(namespace)
    .find(
      ({ service, source }) =>
        source.kind === 'Service' && service.hostname === hostname,
    );
}

/** Policies by which pods let their waypoints in; only with `PILOT_AUTO_ALLOW_WAYPOINT_POLICY`. R2.12 */
function implicitPolicies(
  environment: WorkloadEnvironment,
  own: Waypoint | undefined,
  services: readonly AmbientService[],
): string[] {
  if (!environment.flags.autoAllowWaypoint) {
    return [];
  }
  const waypoints = [
    ...services.flatMap(({ binding }) =>
      binding.state === 'bound' && binding.waypoint ? [binding.waypoint] : [],
    ),
    ...(own ? [own] : []),
  ].filter(({ namespace, name }) =>
    environment.waypointHasPods(namespace, name),
  );
  return [
    ...new Set(
      waypoints.map(
        ({ namespace, name }) =>
          `${namespace}/istio_allow_waypoint_${namespace}_${name}`,
      ),
    ),
  ];
}

/** R2.8: captured by ztunnel, or taking HBONE itself. */
export function tunnelOf(
  labels: StringMap,
  annotations: StringMap,
): Pick<ZtunnelWorkload, 'tunnelProtocol' | 'nativeTunnel'> {
  const native = (labels['networking.istio.io/tunnel'] ?? '')
    .split(',')
    .includes('http');
  const captured = annotations['ambient.istio.io/redirection'] === 'enabled';
  return {
    ...((native || captured) && { tunnelProtocol: 'HBONE' as const }),
    ...(native && { nativeTunnel: true }),
  };
}

/** Where a workload sits: what its common fields are made of. */
export interface Seat {
  namespace: string;
  labels: StringMap;
  object: MeshObject;
  services: readonly AmbientService[];
  network: string;
}

/** What all workloads have in common: waypoint, policies, network, trust domain. */
export function commonFields(
  environment: WorkloadEnvironment,
  seat: Seat,
  policyLabels: StringMap,
): Omit<ZtunnelWorkload, 'uid' | 'name' | 'addresses' | 'services' | 'status'> {
  const { namespace, labels, object, services, network } = seat;
  const instance = waypointOfInstance(environment, namespace, labels);
  const { waypoint }: ResolvedBinding = bindWorkloadWaypoint(environment, {
    namespace,
    labels,
    object,
  });
  const tunnel = instance?.inboundBinding;
  const networkGateway = environment.gatewayOfNetwork(network);
  const { trustDomain } = environment.config;
  return {
    namespace,
    network,
    ...(networkGateway && { networkGateway }),
    clusterId: environment.clusterId,
    ...(waypoint?.address && { waypoint: waypoint.address }),
    ...(tunnel && {
      applicationTunnel: {
        ...(tunnel.protocol === 'PROXY' && { protocol: tunnel.protocol }),
        ...(tunnel.port !== 0 && { port: tunnel.port }),
      },
    }),
    ...(trustDomain !== 'cluster.local' && { trustDomain }),
    authorizationPolicies: [
      ...environment.policiesOf(namespace, policyLabels),
      ...implicitPolicies(environment, waypoint, services),
    ],
  };
}
