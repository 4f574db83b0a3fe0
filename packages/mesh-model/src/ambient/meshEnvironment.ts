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
  booleanFlag,
  clusterNetworkOf,
  controlPlaneFlagsOf,
  localityOfNode,
  meshConfigOf,
  serviceHostname,
  systemNamespaceOf,
} from '../identity';
import { waypointSourcesOf, workloadOfPod } from '../membership';
import type { SlimObjectByKind } from '../objects';
import { derivation, type MeshSnapshot } from '../snapshot';
import {
  DEFAULT_AMBIENT_FLAGS,
  type AmbientFlags,
  type AmbientService,
  type ServiceEnvironment,
  type WorkloadEnvironment,
} from './environment';
import {
  gatewayOfNetwork,
  networkGatewaysOf,
  ztunnelWorkloadOfNetworkGateway,
} from './networkGateways';
import {
  ambientServiceOf,
  ambientServicesOfEntry,
  selectServices,
} from './services';
import { ztunnelWorkloadOfPod } from './podWorkloads';
import {
  ztunnelWorkloadOfEntry,
  ztunnelWorkloadsOfServiceEntry,
} from './machineWorkloads';
import { ztunnelWorkloadsOfSlice } from './sliceWorkloads';
import { ztunnelPoliciesOf } from './ztunnelPolicies';
import type { ZtunnelWorkload } from './ztunnelTypes';

/** The flags of the control plane that ambient depends on; those that cannot be seen have their default. */
export function ambientFlagsOf(snapshot: MeshSnapshot): AmbientFlags {
  const flags = controlPlaneFlagsOf(
    snapshot,
    systemNamespaceOf(snapshot),
    snapshot.revision,
  );
  const read = (name: string, fallback: boolean) =>
    booleanFlag(flags, name, fallback);
  return {
    serviceEntriesSelectPods: read(
      'PILOT_ENABLE_SERVICEENTRY_SELECT_PODS',
      DEFAULT_AMBIENT_FLAGS.serviceEntriesSelectPods,
    ),
    servicesSelectWorkloadEntries: read(
      'PILOT_ENABLE_K8S_SELECT_WORKLOAD_ENTRIES',
      DEFAULT_AMBIENT_FLAGS.servicesSelectWorkloadEntries,
    ),
    autoAllowWaypoint: read(
      'PILOT_AUTO_ALLOW_WAYPOINT_POLICY',
      DEFAULT_AMBIENT_FLAGS.autoAllowWaypoint,
    ),
    multiNetwork: read(
      'AMBIENT_ENABLE_MULTI_NETWORK',
      DEFAULT_AMBIENT_FLAGS.multiNetwork,
    ),
  };
}

function serviceEnvironmentOf(snapshot: MeshSnapshot): ServiceEnvironment {
  return {
    ...waypointSourcesOf(snapshot),
    network: clusterNetworkOf(snapshot),
    config: meshConfigOf(snapshot),
    flags: ambientFlagsOf(snapshot),
  };
}

/** ServiceEntries by host, to find the definitions of a host in other namespaces. */
const entriesByHost: (
  snapshot: MeshSnapshot,
) => ReadonlyMap<string, readonly SlimObjectByKind['ServiceEntry'][]> =
  derivation(
    () => [{ kind: 'ServiceEntry' }],
    snapshot => {
      const found = new Map<string, SlimObjectByKind['ServiceEntry'][]>();
      for (const entry of snapshot.list('ServiceEntry')) {
        for (const host of entry.spec.hosts ?? []) {
          const known = found.get(host);
          if (known) {
            known.push(entry);
          } else {
            found.set(host, [entry]);
          }
        }
      }
      return found;
    },
  );

/** Every definition of a hostname, oldest first, Kubernetes Services before the others of the same age. */
function definitionsOf(
  snapshot: MeshSnapshot,
  environment: ServiceEnvironment,
  hostname: string,
): AmbientService[] {
  const [name = '', namespace = ''] = hostname.split('.');
  const service =
    hostname ===
    serviceHostname(name, namespace, environment.config.clusterDomain)
      ? snapshot.get('Service', namespace, name)
      : undefined;
  const ofService = service && ambientServiceOf(environment, service);
  return [
    ...(ofService ? [ofService] : []),
    ...(entriesByHost(snapshot).get(hostname) ?? []).flatMap(entry =>
      ambientServicesOfEntry(environment, entry).filter(
        definition => definition.service.hostname === hostname,
      ),
    ),
  ];
}

/**
 * The services of a namespace as istiod describes them to ztunnel: of each hostname the definition that wins in this
 * namespace, marked when it is the one that other namespaces use. Kept until something they are made of changes. R1.3 – R1.5
 */
export const ztunnelServicesOf: (
  snapshot: MeshSnapshot,
  namespace?: string,
) => readonly AmbientService[] = derivation(
  namespace => [
    { kind: 'Service', namespace },
    { kind: 'ServiceEntry' },
    { kind: 'Namespace' },
    { kind: 'ConfigMap' },
    { kind: 'K8sGateway' },
    { kind: 'GatewayClass' },
  ],
  (snapshot, namespace) => {
    const environment = serviceEnvironmentOf(snapshot);
    const ofServices = snapshot
      .list('Service', namespace)
      .flatMap(service => ambientServiceOf(environment, service) ?? []);
    const taken = new Set(ofServices.map(({ service }) => service.hostname));
    const hosts = new Set(
      snapshot
        .list('ServiceEntry', namespace)
        .flatMap(({ spec }) => spec.hosts ?? [])
        .filter(host => !taken.has(host)),
    );
    return [
      ...ofServices,
      ...[...hosts].flatMap(host =>
        selectServices(definitionsOf(snapshot, environment, host)).filter(
          ({ service }) => service.namespace === namespace,
        ),
      ),
    ];
  },
);

const slicesByPod: (
  snapshot: MeshSnapshot,
  namespace?: string,
) => ReadonlyMap<string, readonly SlimObjectByKind['EndpointSlice'][]> =
  derivation(
    namespace => [{ kind: 'EndpointSlice', namespace }],
    (snapshot, namespace) => {
      const found = new Map<string, SlimObjectByKind['EndpointSlice'][]>();
      for (const slice of snapshot.list('EndpointSlice', namespace)) {
        for (const { podName } of slice.spec.endpoints) {
          if (podName !== undefined) {
            found.set(podName, [...(found.get(podName) ?? []), slice]);
          }
        }
      }
      return found;
    },
  );

/** What workloads are made from, in a snapshot. */
function workloadEnvironmentOf(
  snapshot: MeshSnapshot,
  clusterId: string,
): WorkloadEnvironment {
  const environment = serviceEnvironmentOf(snapshot);
  const { rootNamespace } = environment.config;
  const gateways = networkGatewaysOf(snapshot, clusterId);
  return {
    ...environment,
    clusterId,
    servicesOf: namespace => ztunnelServicesOf(snapshot, namespace),
    localityOfNode: name => localityOfNode(snapshot, name),
    gatewayOfNetwork: network => gatewayOfNetwork(gateways, network),
    slicesOfPod: (namespace, podName) =>
      slicesByPod(snapshot, namespace).get(podName) ?? [],
    workloadNameOf: pod => workloadOfPod(snapshot, pod).name,
    policiesOf: (namespace, labels) =>
      ztunnelPoliciesOf(snapshot, rootNamespace, namespace, labels),
    waypointHasPods: (namespace, name) =>
      snapshot.podsBySelector(namespace, {
        'gateway.networking.k8s.io/gateway-name': name,
      }).length > 0,
  };
}

/**
 * Everything in a namespace that traffic can be sent to, as istiod describes it to ztunnel: pods, machines, endpoints of
 * ServiceEntries and bare addresses of EndpointSlices. R2.8, R2.13 – R2.15
 *
 * @param clusterId - the name under which istiod knows the cluster; it is part of every `uid`
 */
export function ztunnelWorkloadsOf(
  snapshot: MeshSnapshot,
  namespace: string,
  clusterId = 'Kubernetes',
): ZtunnelWorkload[] {
  const environment = workloadEnvironmentOf(snapshot, clusterId);
  return [
    ...snapshot
      .list('Pod', namespace)
      .flatMap(pod => ztunnelWorkloadOfPod(environment, pod) ?? []),
    ...snapshot
      .list('WorkloadEntry', namespace)
      .map(entry => ztunnelWorkloadOfEntry(environment, entry)),
    ...snapshot
      .list('ServiceEntry', namespace)
      .flatMap(entry => ztunnelWorkloadsOfServiceEntry(environment, entry)),
    ...snapshot
      .list('EndpointSlice', namespace)
      .flatMap(slice => ztunnelWorkloadsOfSlice(environment, slice)),
  ];
}

/** The gateways of other networks as the workloads ztunnel takes them for. R1.19 */
export function ztunnelNetworkGatewaysOf(
  snapshot: MeshSnapshot,
  clusterId = 'Kubernetes',
): ZtunnelWorkload[] {
  const { trustDomain } = meshConfigOf(snapshot);
  return networkGatewaysOf(snapshot, clusterId).map(gateway =>
    ztunnelWorkloadOfNetworkGateway(gateway, trustDomain),
  );
}
