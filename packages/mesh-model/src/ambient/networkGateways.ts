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

import { NETWORK_LABEL } from '../identity';
import type { GatewayAddress } from '../membership';
import type { SlimObjectByKind } from '../objects';
import type { MeshSnapshot } from '../snapshot';
import type { NetworkGateway } from './environment';
import { canonicalIpAddress } from './networkAddress';
import type { ZtunnelWorkload } from './ztunnelTypes';

type Gateway = SlimObjectByKind['K8sGateway'];

const REMOTE_CLASS = 'istio-remote';
const EAST_WEST_CLASS = 'istio-east-west';

/** The account of a gateway that Istio deploys, which it presents as its identity. R7.13 */
function serviceAccountOf({ metadata, spec }: Gateway): string {
  return (
    metadata.annotations['gateway.istio.io/service-account'] ??
    metadata.annotations['gateway.istio.io/name-override'] ??
    (spec.gatewayClassName === EAST_WEST_CLASS
      ? metadata.name
      : `${metadata.name}-${spec.gatewayClassName}`)
  );
}

/**
 * The entrances of a network that a Gateway stands for, one an address. In the own cluster a Gateway of class `istio-remote`
 * describes a gateway elsewhere; of another cluster its east-west gateway counts, whose HBONE listener terminates. R1.19
 */
export function networkGatewaysOfGateway(
  gateway: Gateway,
  cluster: string,
  isOwnCluster: boolean,
): NetworkGateway[] {
  const { metadata, spec, status } = gateway;
  const network = metadata.labels[NETWORK_LABEL] ?? '';
  const wantedClass = isOwnCluster ? REMOTE_CLASS : EAST_WEST_CLASS;
  const listener = (spec.listeners ?? []).find(
    ({ protocol, tls }) =>
      protocol === 'HBONE' && (isOwnCluster || tls?.mode === 'Terminate'),
  );
  if (
    network === '' ||
    spec.gatewayClassName !== wantedClass ||
    listener === undefined
  ) {
    return [];
  }
  return (status.addresses ?? [])
    .filter(({ type }) => type === 'IPAddress' || type === 'Hostname')
    .map(({ value }) => ({
      network,
      cluster,
      address: value,
      hbonePort: isOwnCluster ? listener.port : 0,
      serviceAccount: {
        namespace: metadata.namespace,
        name: serviceAccountOf(gateway),
      },
      source: { namespace: metadata.namespace, name: metadata.name },
    }));
}

/** The entrances of other networks that a cluster describes. R1.19 */
export function networkGatewaysOf(
  snapshot: MeshSnapshot,
  cluster: string,
): NetworkGateway[] {
  return snapshot
    .list('K8sGateway')
    .flatMap(gateway => networkGatewaysOfGateway(gateway, cluster, true));
}

/** The address by which workloads of a network are reached from elsewhere: of the first gateway whose port is known. */
export function gatewayOfNetwork(
  gateways: readonly NetworkGateway[],
  network: string,
): GatewayAddress | undefined {
  const found = gateways.find(
    gateway => gateway.network === network && gateway.hbonePort !== 0,
  );
  if (found === undefined) {
    return undefined;
  }
  const ip = canonicalIpAddress(found.address);
  return ip === undefined
    ? {
        hostname: {
          namespace: found.serviceAccount.namespace,
          hostname: found.address,
        },
        hboneMtlsPort: found.hbonePort,
      }
    : { address: { network, address: ip }, hboneMtlsPort: found.hbonePort };
}

/** A network's entrance as the workload ztunnel takes it for. */
export function ztunnelWorkloadOfNetworkGateway(
  gateway: NetworkGateway,
  trustDomain: string,
): ZtunnelWorkload {
  const { network, address, hbonePort, serviceAccount } = gateway;
  const uid = `NetworkGateway/${network}/${address}/${hbonePort}`;
  const ip = canonicalIpAddress(address);
  return {
    uid,
    name: uid,
    namespace: serviceAccount.namespace,
    serviceAccount: serviceAccount.name,
    network,
    addresses: ip === undefined ? [] : [ip],
    ...(ip === undefined && { hostname: address }),
    ...(trustDomain !== 'cluster.local' && { trustDomain }),
    services: {},
    authorizationPolicies: [],
    status: 'HEALTHY',
    clusterId: '',
  };
}
