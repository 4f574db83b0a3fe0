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

import type {
  ClusterEndpoints,
  ClustersService,
  ClusterStatus,
  ClustersView,
} from '@mesh-portal/backstage-plugin-istio-common';
import {
  endpointsFor,
  localityOrderOf,
  localityPlanFor,
  meshNetworksOf,
  NETWORK_LABEL,
  placeOfCaller,
  serviceAcrossClusters,
  workloadOf,
  type MultiClusterService,
  type Place,
  type SlimObjectByKind,
} from '@mesh-portal/mesh-model';
import { chosenClient, selectableClients, type NamedClient } from '../clients';
import {
  servicesOf,
  type EntityInput,
  type ServiceInput,
} from '../entityInput';
import { ignorance } from '../knowledge';
import { clusterRows, type OrderedEndpoint } from './clusterRows';
import { clustersVerdict } from './clustersVerdict';
import {
  namedClusters,
  type NamedClusters,
  type ReadCluster,
} from './meshNames';

const ENDPOINT_KINDS = [
  'Service',
  'Pod',
  'EndpointSlice',
  'Namespace',
  'ConfigMap',
] as const;

const UNREAD: ReadonlySet<ClusterStatus['state']> = new Set([
  'unreachable',
  'unauthorized',
  'disabled',
]);

/** The pods of the caller; those of its namespace where it is just any of them. */
function podsOfCaller(
  { cluster: { snapshot } }: ServiceInput,
  { ref, client }: NamedClient,
): readonly SlimObjectByKind['Pod'][] {
  const { workload } = ref;
  return workload
    ? workloadOf(snapshot, workload.namespace, workload.kind, workload.name)
        ?.pods ?? []
    : snapshot.list('Pod', client.namespace);
}

function placeWords(place: Place | undefined): string | undefined {
  return (
    place && [place.region, place.zone, place.subzone].filter(Boolean).join('/')
  );
}

interface Asked {
  service: ServiceInput;
  host: MultiClusterService;
  clients: readonly NamedClient[];
  client: NamedClient;
}

function unknownOf(
  { service }: Asked,
  endpoints: readonly OrderedEndpoint[],
  rows: readonly ClusterEndpoints[],
  all: readonly ReadCluster[],
  statuses: readonly ClusterStatus[],
  names: NamedClusters,
): string[] {
  const own = service.cluster.name;
  const others = [
    ...new Set(
      rows
        .filter(row => !row.own && row.reach !== 'none')
        .map(({ cluster }) => cluster),
    ),
  ];
  const networks = Object.values(
    meshNetworksOf(service.cluster.snapshot).networks,
  );
  const byRegistry = networks.some(network =>
    network.endpoints?.some(({ fromRegistry }) => fromRegistry !== undefined),
  );
  return [
    ...others.map(
      cluster =>
        `Whether istiod of ${own} reads ${cluster}: that stands in Secrets, which the portal does not read. If it does not, callers in ${own} do not get the endpoints of ${cluster}.`,
    ),
    ...all.flatMap(({ status }) => ignorance(status, ENDPOINT_KINDS) ?? []),
    ...statuses
      .filter(({ state }) => UNREAD.has(state))
      .map(({ name }) => `Whether ${name} has it, too: it cannot be read.`),
    ...new Set(
      endpoints
        .filter(({ entranceMissing }) => entranceMissing)
        .map(
          ({ endpoint: { network } }) =>
            `How network ${network} is entered: label the Service of its east-west gateway with topology.istio.io/network: ${network}.`,
        ),
    ),
    ...(byRegistry && names.unnamed.length > 0
      ? [
          `By which name istiod knows ${names.unnamed.join(
            ', ',
          )}: meshNetworks names clusters, and the portal’s names are taken.`,
        ]
      : []),
  ];
}

function endpointsOf(
  { service, host, client }: Asked,
  names: NamedClusters,
  pods: readonly SlimObjectByKind['Pod'][],
  place: Place | undefined,
): {
  endpoints: OrderedEndpoint[];
  locality: ClustersService['locality'];
  /** the order depends on where the caller runs, and that is not known */
  placeMissing: boolean;
} {
  const { cluster, service: object } = service;
  const network =
    client.ref.workload && pods[0]?.metadata.labels[NETWORK_LABEL];
  const reached = endpointsFor(names.clusters, host, {
    cluster: names.meshName(cluster.name),
    proxy: client.client.proxy,
    ...(network ? { network } : {}),
  });
  const plan = localityPlanFor(
    cluster.snapshot,
    client.client,
    host.hostname,
    object.spec.ports[0]?.port ?? 0,
  );
  const counted = reached.filter(
    ({ endpoint, reach }) => endpoint.ready && reach !== 'none',
  );
  const orders = localityOrderOf(
    plan,
    place,
    counted.map(({ endpoint }) => endpoint),
  );
  const orderOf = new Map(counted.map((each, index) => [each, orders[index]]));
  const caller = placeWords(place);
  return {
    placeMissing: place === undefined && plan.kind !== 'none',
    endpoints: reached.map(each => ({
      ...each,
      order: orderOf.get(each) ?? {},
    })),
    locality: {
      sentence: plan.says,
      ...(caller === undefined ? {} : { caller }),
      ...(plan.provenance ? { provenance: plan.provenance } : {}),
    },
  };
}

function answerFor(
  asked: Asked,
  all: readonly ReadCluster[],
  statuses: readonly ClusterStatus[],
  names: NamedClusters,
): ClustersService {
  const { service, host, client, clients } = asked;
  const own = names.meshName(service.cluster.name);
  const pods = podsOfCaller(service, client);
  const place = placeOfCaller(
    { cluster: own, snapshot: service.cluster.snapshot },
    pods,
  );
  const { endpoints, locality, placeMissing } = endpointsOf(
    asked,
    names,
    pods,
    place,
  );
  const rows = clusterRows(endpoints, own, names.portalName);
  const unknown = [
    ...unknownOf(asked, endpoints, rows, all, statuses, names),
    ...(placeMissing
      ? [
          'Where the caller runs: its nodes have no labels for region and zone, so the order of use is not known.',
        ]
      : []),
  ];
  return {
    service: service.ref,
    client: client.ref,
    clients: clients.map(({ ref }) => ref),
    verdict: clustersVerdict(
      service,
      host.services.map(({ cluster }) => names.portalName(cluster)),
      rows,
      host.differences,
      unknown,
    ),
    clusters: rows,
    locality,
    differences: [...host.differences],
    unknown,
  };
}

/**
 * Services of the entity that several clusters have under one name: the endpoints of each cluster, how a caller reaches them and
 * in which order it uses them. R1.1, R1.19, R6.14
 *
 * @param all - every cluster that the portal reads: the entity need not be found in each
 * @param statuses - those of all clusters, also of those that cannot be read
 * @param client - id of a caller; absent: some meshed client of the service’s namespace
 * @throws InputError when no service of the entity has this caller
 */
export function clustersView(
  input: EntityInput,
  all: readonly ReadCluster[],
  statuses: readonly ClusterStatus[],
  client: string | undefined,
): ClustersView {
  if (all.length < 2) {
    return { services: [] };
  }
  const names = namedClusters(all);
  const found = servicesOf(input).flatMap(service => {
    const host = serviceAcrossClusters(names.clusters, service.ref.host);
    return host && host.services.length > 1
      ? [{ service, host, clients: selectableClients(service) }]
      : [];
  });
  const known = found.some(({ clients }) =>
    clients.some(({ ref }) => ref.id === client),
  );
  return {
    services: found.map(each =>
      answerFor(
        { ...each, client: chosenClient(each.clients, client, !known) },
        all,
        statuses,
        names,
      ),
    ),
  };
}
