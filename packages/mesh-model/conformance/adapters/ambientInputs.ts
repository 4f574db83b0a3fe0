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
  DEFAULT_AMBIENT_FLAGS,
  gatewayOfNetwork,
  peerAuthenticationPolicies,
  type AmbientService,
  type NetworkGateway,
  type WorkloadEnvironment,
} from '../../src/ambient';
import {
  DEFAULT_MESH_CONFIG,
  parseMeshConfig,
  type Locality,
} from '../../src/identity';
import {
  workloadOfPod,
  type GatewayAddress,
  type Waypoint,
} from '../../src/membership';
import {
  projectObject,
  type MeshObject,
  type SlimObjectByKind,
  type StringMap,
} from '../../src/objects';
import { compareByAge, isSubset, snapshotOf } from '../../src/snapshot';

const CLUSTER = 'cluster0';
const NETWORK = 'testnetwork';

/** A waypoint of the table. */
interface RawWaypoint {
  named: { name: string; namespace: string };
  trafficType?: string;
  address?: GatewayAddress;
  defaultBinding?: { port?: number; protocol?: 'NONE' | 'PROXY' };
  allowedRoutes?: {
    fromNamespaces?: 'All' | 'Same' | 'Selector';
    selector?: { matchLabels?: StringMap };
  };
}

interface RawServiceInfo {
  service: Partial<AmbientService['service']> & {
    name: string;
    namespace: string;
    hostname?: string;
  };
  portNames?: Readonly<
    Record<string, { portName?: string; targetPortName?: string }>
  >;
  labelSelector?: { matchLabels?: StringMap };
  source?: {
    kind?: { $ref: string };
    namespacedName?: { namespace: string; name: string };
  };
  waypoint?: { resourceName?: string };
  creationTime?: string;
}

/** One input of a case: one of Istio's own types, marked by `$type`, or a Kubernetes object. */
export interface AmbientInput {
  $type?: string;
  kind?: string;
  [field: string]: unknown;
}

function ofType<T>(inputs: readonly AmbientInput[], type: string): T[] {
  // What the fields of a type are is known from Istio's source only.
  return inputs.filter(({ $type }) => $type === type) as unknown as T[];
}

function waypointIn(raw: RawWaypoint): Waypoint {
  const { defaultBinding: binding, allowedRoutes: allowed } = raw;
  return {
    ...raw.named,
    trafficType: raw.trafficType ?? '',
    ...(raw.address && { address: raw.address }),
    ...(binding && {
      inboundBinding: {
        protocol: binding.protocol ?? 'NONE',
        port: binding.port ?? 0,
      },
    }),
    allowedNamespaces: {
      from: allowed?.fromNamespaces ?? 'Same',
      ...(allowed?.selector && { selector: allowed.selector }),
    },
  };
}

/** A service of the table as the model has it. */
export function serviceInfoIn(raw: RawServiceInfo): AmbientService {
  const { namespace, name } = raw.service;
  const [ofNamespace = '', ofName = ''] =
    raw.waypoint?.resourceName?.split('/') ?? [];
  return {
    service: {
      hostname: '',
      addresses: [],
      ports: [],
      ...raw.service,
      visibility:
        raw.service.visibility === 'NAMESPACE' ? 'NAMESPACE' : undefined,
    },
    portNames: new Map(
      Object.entries(raw.portNames ?? {}).map(([port, names]) => [
        Number(port),
        { portName: '', ...names },
      ]),
    ),
    selector: raw.labelSelector?.matchLabels ?? {},
    source: {
      kind:
        raw.source?.kind?.$ref === 'kind.Service' ? 'Service' : 'ServiceEntry',
      namespace,
      name: raw.source?.namespacedName?.name ?? name,
    },
    binding:
      ofName === ''
        ? { state: 'none', reason: '', facts: [] }
        : {
            state: 'bound',
            waypoint: { namespace: ofNamespace, name: ofName },
            reason: '',
            facts: [],
          },
    ingress: { present: false, use: false },
    scope: 'LOCAL',
    createdAt: Date.parse(raw.creationTime ?? '') || 0,
  };
}

const API_VERSIONS: Readonly<Record<string, string>> = {
  EndpointSlice: 'discovery.k8s.io/v1',
  Gateway: 'gateway.networking.k8s.io/v1',
  GatewayClass: 'gateway.networking.k8s.io/v1',
  ServiceEntry: 'networking.istio.io/v1',
  WorkloadEntry: 'networking.istio.io/v1',
  PeerAuthentication: 'security.istio.io/v1',
  AuthorizationPolicy: 'security.istio.io/v1',
};

/** The Kubernetes objects among the inputs. */
export function objectsIn(inputs: readonly AmbientInput[]): MeshObject[] {
  return inputs
    .filter(({ $type }) => $type === undefined)
    .flatMap(
      input =>
        projectObject({
          apiVersion: API_VERSIONS[input.kind ?? ''] ?? 'v1',
          ...input,
        }) ?? [],
    );
}

function ofKind<K extends MeshObject['kind']>(
  objects: readonly MeshObject[],
  kind: K,
): SlimObjectByKind[K][] {
  return objects.filter(
    object => object.kind === kind,
  ) as SlimObjectByKind[K][];
}

interface RawGatewayFields {
  network?: string;
  cluster?: string;
  addr?: string;
  hbonePort?: number;
  serviceAccount?: { namespace: string; name: string };
}

/** Istio's type embeds another of the same name, whose fields may stand one level deeper. */
interface RawNetworkGateway extends RawGatewayFields {
  networkGateway?: RawGatewayFields;
  source?: { namespace: string; name: string };
}

const NOBODY = { namespace: '', name: '' };

function networkGatewayIn(raw: RawNetworkGateway): NetworkGateway {
  const { network, cluster, addr, hbonePort, serviceAccount } = {
    ...raw.networkGateway,
    ...raw,
  };
  return {
    network: network ?? '',
    cluster: cluster ?? CLUSTER,
    address: addr ?? '',
    hbonePort: hbonePort ?? 0,
    serviceAccount: serviceAccount ?? NOBODY,
    source: raw.source ?? serviceAccount ?? NOBODY,
  };
}

/** The environment of Istio's unit tests of the ambient index, with the inputs of a case in it. */
export function environmentOf(
  inputs: readonly AmbientInput[],
): WorkloadEnvironment {
  const objects = objectsIn(inputs);
  const snapshot = snapshotOf(objects);
  const waypoints = ofType<RawWaypoint>(inputs, 'Waypoint').map(waypointIn);
  const services = ofType<RawServiceInfo>(inputs, 'ServiceInfo').map(
    serviceInfoIn,
  );
  const nodes = ofType<{ name: string; locality?: Locality }>(inputs, 'Node');
  const gateways = ofType<RawNetworkGateway>(inputs, 'NetworkGateway').map(
    networkGatewayIn,
  );
  const [mesh] = ofType<{ meshConfig: object }>(inputs, 'MeshConfigResource');
  const authorizations = ofType<{
    authorization?: { name: string; namespace: string };
    labelSelector?: { matchLabels?: StringMap };
  }>(inputs, 'WorkloadAuthorization');
  const config = {
    ...(mesh
      ? parseMeshConfig(JSON.stringify(mesh.meshConfig))
      : DEFAULT_MESH_CONFIG),
    clusterDomain: 'domain.suffix',
  };
  return {
    clusterId: CLUSTER,
    network: NETWORK,
    config,
    flags: DEFAULT_AMBIENT_FLAGS,
    waypoint: (namespace, name) =>
      waypoints.find(
        waypoint => waypoint.namespace === namespace && waypoint.name === name,
      ),
    gateway: () => undefined,
    namespace: name => snapshot.get('Namespace', '', name),
    servicesOf: namespace =>
      services.filter(({ service }) => service.namespace === namespace),
    localityOfNode: name => nodes.find(node => node.name === name)?.locality,
    gatewayOfNetwork: network => gatewayOfNetwork(gateways, network),
    slicesOfPod: (namespace, podName) =>
      snapshot
        .list('EndpointSlice', namespace)
        .filter(({ spec }) =>
          spec.endpoints.some(endpoint => endpoint.podName === podName),
        ),
    workloadNameOf: pod => workloadOfPod(snapshotOf([pod]), pod).name,
    policiesOf: (namespace, labels) => [
      ...authorizations
        .flatMap(({ authorization, labelSelector }) => {
          const selector = labelSelector?.matchLabels;
          return authorization !== undefined &&
            selector !== undefined &&
            isSubset(selector, labels) &&
            [namespace, config.rootNamespace].includes(authorization.namespace)
            ? [`${authorization.namespace}/${authorization.name}`]
            : [];
        })
        .sort(),
      ...peerAuthenticationPolicies(
        ofKind(objects, 'PeerAuthentication').sort(compareByAge),
        config.rootNamespace,
        namespace,
        labels,
      ),
    ],
    waypointHasPods: () => false,
  };
}
