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

import { networkGatewaysOfGateway } from '../ambient';
import {
  ipBlockHolds,
  parseIpAddress,
  parseIpBlock,
} from '../authorization/ipBlock';
import {
  clusterNetworkOf,
  meshConfigOf,
  NETWORK_LABEL,
  serviceHostname,
} from '../identity';
import type { SlimObjectByKind } from '../objects';
import { derivation, type MeshSnapshot } from '../snapshot';
import { provenanceOf, type Provenance } from '../verdict';
import type { MeshNetworks } from './meshNetworks';

/** One cluster of a mesh, by the name under which the mesh knows it. */
export interface MeshCluster {
  cluster: string;
  snapshot: MeshSnapshot;
}

/** An address by which others enter a network. R1.19 */
export interface NetworkEntrance {
  network: string;
  /** cluster whose workloads it leads to; absent: every cluster of the network */
  cluster?: string;
  address: string;
  port: number;
  by: Provenance;
}

const DEFAULT_GATEWAY_PORT = 15443;
const DEFAULT_HBONE_PORT = 15008;

/**
 * The network of an endpoint: its own label, else that of its cluster's system namespace, else what `meshNetworks` says of its
 * address or cluster; `''` is the default network. R1.19
 */
export function networkOfEndpoint(
  { cluster, snapshot }: MeshCluster,
  networks: MeshNetworks,
  labels: Readonly<Record<string, string>>,
  address: string,
): string {
  const own = labels[NETWORK_LABEL] ?? clusterNetworkOf(snapshot);
  if (own !== '') {
    return own;
  }
  const octets = parseIpAddress(address);
  const entries = Object.entries(networks.networks);
  const byAddress = entries.find(([, { endpoints = [] }]) =>
    endpoints.some(({ fromCidr }) => {
      const block = parseIpBlock(fromCidr ?? '');
      return block && octets && ipBlockHolds(block, octets);
    }),
  );
  const byCluster = entries.find(([, { endpoints = [] }]) =>
    endpoints.some(({ fromRegistry }) => fromRegistry === cluster),
  );
  return byAddress?.[0] ?? byCluster?.[0] ?? '';
}

/** Services that are entrances of a network; kept, because a cluster has many that are not. */
const labelledServices: (
  snapshot: MeshSnapshot,
) => readonly SlimObjectByKind['Service'][] = derivation(
  () => [{ kind: 'Service' }],
  snapshot =>
    snapshot
      .list('Service')
      .filter(({ metadata }) => (metadata.labels[NETWORK_LABEL] ?? '') !== ''),
);

function entrancesOfService(
  cluster: string,
  service: SlimObjectByKind['Service'],
): NetworkEntrance[] {
  const { metadata, spec } = service;
  const network = metadata.labels[NETWORK_LABEL] ?? '';
  if (network === '') {
    return [];
  }
  const port = Number(
    metadata.labels['networking.istio.io/gatewayPort'] ?? DEFAULT_GATEWAY_PORT,
  );
  return spec.ingressAddresses.map(address => ({
    network,
    cluster,
    address,
    port: Number.isInteger(port) ? port : DEFAULT_GATEWAY_PORT,
    by: provenanceOf(
      service,
      `metadata.labels[${NETWORK_LABEL}]`,
      `It is an entrance of network ${network}.`,
    ),
  }));
}

function addressesOfRegistryService(
  snapshot: MeshSnapshot,
  hostname: string,
): readonly string[] {
  const [name = '', namespace = ''] = hostname.split('.');
  const { clusterDomain } = meshConfigOf(snapshot);
  return serviceHostname(name, namespace, clusterDomain) === hostname
    ? snapshot.get('Service', namespace, name)?.spec.ingressAddresses ?? []
    : [];
}

function configuredEntrances(
  clusters: readonly MeshCluster[],
  { snapshot }: MeshCluster,
  networks: MeshNetworks,
): NetworkEntrance[] {
  const source = meshConfigOf(snapshot).source;
  if (source === undefined) {
    return [];
  }
  return Object.entries(networks.networks).flatMap(
    ([network, { gateways = [] }]) =>
      gateways.flatMap(({ registryServiceName, address, port }, index) => {
        const by = provenanceOf(
          source,
          `data.meshNetworks: networks.${network}.gateways[${index}]`,
          `It names an entrance of network ${network}.`,
        );
        const entrance = { network, port: port ?? DEFAULT_GATEWAY_PORT, by };
        return address !== undefined
          ? [{ ...entrance, address }]
          : clusters.flatMap(({ cluster, snapshot: where }) =>
              addressesOfRegistryService(where, registryServiceName ?? '').map(
                found => ({ ...entrance, cluster, address: found }),
              ),
            );
      }),
  );
}

/**
 * Every address by which workloads of other networks are reached: Services and Gateways labelled with a network, in any cluster,
 * and those that the `meshNetworks` of the caller's control plane names. R1.19
 */
export function networkEntrancesOf(
  clusters: readonly MeshCluster[],
  caller: MeshCluster,
  networks: MeshNetworks,
): NetworkEntrance[] {
  const discovered = clusters.flatMap(({ cluster, snapshot }) => [
    ...labelledServices(snapshot).flatMap(service =>
      entrancesOfService(cluster, service),
    ),
    ...snapshot.list('K8sGateway').flatMap(gateway =>
      networkGatewaysOfGateway(
        gateway,
        cluster,
        cluster === caller.cluster,
      ).map(({ network, address, hbonePort }) => ({
        network,
        ...(cluster === caller.cluster ? {} : { cluster }),
        address,
        port: hbonePort === 0 ? DEFAULT_HBONE_PORT : hbonePort,
        by: provenanceOf(
          gateway,
          `metadata.labels[${NETWORK_LABEL}]`,
          `It is an entrance of network ${network}.`,
        ),
      })),
    ),
  ]);
  return [...configuredEntrances(clusters, caller, networks), ...discovered];
}
