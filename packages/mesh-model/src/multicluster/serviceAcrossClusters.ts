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
  clusterNetworkOf,
  controlPlaneView,
  localityIn,
  localityOfNode,
  localityOfPod,
  type Locality,
  meshConfigOf,
  serviceHostname,
  serviceScopeOf,
} from '../identity';
import {
  acceptsMeshMtls,
  healthOfWorkloadEntry,
  labelsOfWorkloadEntry,
} from '../membership';
import { machineAcceptsMeshMtls } from '../mtls';
import type { ServicePort, SlimObjectByKind, StringMap } from '../objects';
import { isSubset, type MeshSnapshot } from '../snapshot';
import { provenanceOf, type Provenance } from '../verdict';
import { meshNetworksOf } from './meshNetworks';
import { networkOfEndpoint, type MeshCluster } from './networks';

type Service = SlimObjectByKind['Service'];

/** The Service of one cluster that stands behind a host name. */
export interface ClusterService {
  cluster: string;
  /** of the cluster; endpoints may carry their own */
  network: string;
  service: Service;
  /** may ambient clients of other clusters use it? */
  scope: 'LOCAL' | 'GLOBAL';
}

/** One endpoint of a service, in whichever cluster. */
export interface ClusterEndpoint {
  cluster: string;
  network: string;
  locality?: Locality;
  /** of its pod or machine */
  labels: StringMap;
  address: string;
  /** name of the pod or of the WorkloadEntry */
  workload?: { kind: 'Pod' | 'WorkloadEntry'; name: string };
  ready: boolean;
  mutualTls: boolean;
}

/** One host name, which is one service for the mesh, with the Services of all clusters behind it. */
export interface MultiClusterService {
  hostname: string;
  services: readonly ClusterService[];
  endpoints: readonly ClusterEndpoint[];
  /** where its Services differ, one sentence each: clients of different clusters then see different services */
  differences: readonly Provenance[];
}

function servicesNamed(
  clusters: readonly MeshCluster[],
  hostname: string,
): { where: MeshCluster; service: Service }[] {
  const [name = '', namespace = ''] = hostname.split('.');
  return clusters.flatMap(({ cluster, snapshot }) => {
    const view = controlPlaneView(snapshot);
    const { clusterDomain } = meshConfigOf(view);
    const service =
      serviceHostname(name, namespace, clusterDomain) === hostname
        ? view.get('Service', namespace, name)
        : undefined;
    return service && service.spec.type !== 'ExternalName'
      ? [{ where: { cluster, snapshot: view }, service }]
      : [];
  });
}

function machinesOf(
  snapshot: MeshSnapshot,
  { metadata, spec }: Service,
): SlimObjectByKind['WorkloadEntry'][] {
  return Object.keys(spec.selector).length === 0
    ? []
    : snapshot
        .list('WorkloadEntry', metadata.namespace)
        .filter(entry => isSubset(spec.selector, labelsOfWorkloadEntry(entry)));
}

function endpointsIn(where: MeshCluster, service: Service): ClusterEndpoint[] {
  const { cluster, snapshot } = where;
  const { namespace, name } = service.metadata;
  const networks = meshNetworksOf(snapshot);
  const network = (labels: StringMap, address: string) =>
    networkOfEndpoint(where, networks, labels, address);
  const ofSlices = snapshot
    .endpointSlicesOf(namespace, name)
    .flatMap(({ spec }) => spec.endpoints)
    .flatMap(({ addresses, podName, ready, nodeName, zone }) => {
      const [address] = addresses;
      if (address === undefined) {
        return [];
      }
      const pod =
        podName === undefined
          ? undefined
          : snapshot.get('Pod', namespace, podName);
      const locality = pod
        ? localityOfPod(snapshot, pod)
        : localityOfNode(snapshot, nodeName ?? '') ??
          (zone === undefined ? undefined : { zone });
      return [
        {
          cluster,
          network: network(pod?.metadata.labels ?? {}, address),
          ...(locality && { locality }),
          labels: pod?.metadata.labels ?? {},
          address,
          ...(podName !== undefined && {
            workload: { kind: 'Pod' as const, name: podName },
          }),
          ready,
          mutualTls: pod !== undefined && acceptsMeshMtls(pod),
        },
      ];
    });
  const ofMachines = machinesOf(snapshot, service).map(entry => {
    const { spec, metadata } = entry;
    const labels = labelsOfWorkloadEntry(entry);
    const address = spec.address ?? '';
    const locality = localityIn(spec.locality ?? '');
    return {
      cluster,
      network: spec.network || network(labels, address),
      ...(locality && { locality }),
      labels,
      address,
      workload: { kind: 'WorkloadEntry' as const, name: metadata.name },
      ready: healthOfWorkloadEntry(entry).state !== 'fail',
      mutualTls: machineAcceptsMeshMtls(labels, spec.serviceAccount),
    };
  });
  return [...ofSlices, ...ofMachines];
}

function portsWord(ports: readonly ServicePort[]): string {
  return ports
    .map(({ port, name }) => `${port}${name === '' ? '' : ` (${name})`}`)
    .sort()
    .join(', ');
}

function differencesOf(
  found: readonly { where: MeshCluster; service: Service }[],
): Provenance[] {
  const [first, ...rest] = found;
  if (first === undefined) {
    return [];
  }
  const firstPorts = portsWord(first.service.spec.ports);
  const headless = ({ spec }: Service) => spec.clusterIP === 'None';
  return rest.flatMap(({ where, service }) => {
    const ports = portsWord(service.spec.ports);
    return [
      ...(ports === firstPorts
        ? []
        : [
            provenanceOf(
              service,
              'spec.ports',
              `In cluster ${where.cluster} it has ports ${ports}, in cluster ${first.where.cluster} ${firstPorts}: a port that a cluster does not have is not reached there.`,
            ),
          ]),
      ...(headless(service) === headless(first.service)
        ? []
        : [
            provenanceOf(
              service,
              'spec.clusterIP',
              `It is headless in one of clusters ${where.cluster} and ${first.where.cluster} only.`,
            ),
          ]),
    ];
  });
}

/**
 * The Services of all clusters that share a host name, with every endpoint, its network and its locality: for the mesh they are
 * one service (namespace sameness). R1.1, R1.19
 *
 * @returns `undefined` when no cluster has it
 */
export function serviceAcrossClusters(
  clusters: readonly MeshCluster[],
  hostname: string,
): MultiClusterService | undefined {
  const found = servicesNamed(clusters, hostname);
  return found.length === 0
    ? undefined
    : {
        hostname,
        services: found.map(({ where, service }) => ({
          cluster: where.cluster,
          network: clusterNetworkOf(where.snapshot),
          service,
          scope: serviceScopeOf(
            meshConfigOf(where.snapshot),
            where.snapshot.get('Namespace', '', service.metadata.namespace)
              ?.metadata.labels,
            service.metadata.labels,
          ),
        })),
        endpoints: found.flatMap(({ where, service }) =>
          endpointsIn(where, service),
        ),
        differences: differencesOf(found),
      };
}

/** Host names of all Services, each with the clusters that have it, by the alphabet. R1.1 */
export function hostnamesAcrossClusters(
  clusters: readonly MeshCluster[],
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { cluster, snapshot } of clusters) {
    const view = controlPlaneView(snapshot);
    const { clusterDomain } = meshConfigOf(view);
    for (const { metadata, spec } of view.list('Service')) {
      if (spec.type !== 'ExternalName') {
        const host = serviceHostname(
          metadata.name,
          metadata.namespace,
          clusterDomain,
        );
        found.set(host, [...(found.get(host) ?? []), cluster]);
      }
    }
  }
  return new Map([...found].sort(([a], [b]) => Number(a > b) - Number(a < b)));
}
