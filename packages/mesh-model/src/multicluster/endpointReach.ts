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

import { ambientFlagsOf } from '../ambient';
import {
  clusterLocalityOf,
  controlPlaneView,
  meshConfigOf,
  type ClusterLocality,
} from '../identity';
import type { ProxyType } from '../membership';
import type { MeshSnapshot } from '../snapshot';
import { provenanceOf, type Provenance } from '../verdict';
import { meshNetworksOf } from './meshNetworks';
import {
  networkEntrancesOf,
  networkOfEndpoint,
  type MeshCluster,
  type NetworkEntrance,
} from './networks';
import type {
  ClusterEndpoint,
  MultiClusterService,
} from './serviceAcrossClusters';

/** How a client reaches an endpoint. R1.19 */
export interface EndpointReach {
  endpoint: ClusterEndpoint;
  /** `direct`: by its own address; `gateway`: through an entrance of its network; `none`: the client does not get it */
  reach: 'direct' | 'gateway' | 'none';
  entrances: readonly NetworkEntrance[];
  /** It is in another network, of which no entrance is known. */
  entranceMissing?: true;
  /** one sentence */
  says: string;
  by?: Provenance;
}

/** Who calls from where. */
export interface ClusterClient {
  cluster: string;
  /** of its own, when its pod says so; else that of its cluster */
  network?: string;
  proxy: ProxyType;
}

function localFact(
  snapshot: MeshSnapshot,
  { path, pattern }: ClusterLocality,
): Provenance | undefined {
  const { source } = meshConfigOf(snapshot);
  return source && path !== undefined
    ? provenanceOf(source, `data.mesh: ${path}`, `${pattern} is cluster-local.`)
    : undefined;
}

/** Why clients do not get the endpoints of another cluster; nothing when they do. */
function whyNotShared(
  client: ClusterClient,
  caller: MeshCluster,
  service: MultiClusterService,
  other: string,
): { says: string; by?: Provenance } | undefined {
  const locality = clusterLocalityOf(
    meshConfigOf(caller.snapshot),
    service.hostname,
  );
  if (locality.clusterLocal) {
    const by = localFact(caller.snapshot, locality);
    return {
      says: `${service.hostname} is cluster-local (${locality.pattern}): clients use endpoints of their own cluster only.`,
      ...(by && { by }),
    };
  }
  if (client.proxy !== 'ambient') {
    return undefined;
  }
  if (!ambientFlagsOf(caller.snapshot).multiNetwork) {
    return {
      says: 'ztunnel knows services of its own cluster only: AMBIENT_ENABLE_MULTI_NETWORK is not set.',
    };
  }
  const remote = service.services.find(({ cluster }) => cluster === other);
  return remote?.scope === 'GLOBAL'
    ? undefined
    : {
        says: `In cluster ${other} the Service is not global (serviceScopeConfigs): ambient clients of other clusters do not get its endpoints.`,
        ...(remote && {
          by: provenanceOf(
            remote.service,
            'metadata.labels',
            'No entry of serviceScopeConfigs makes it global.',
          ),
        }),
      };
}

function entrancesFor(
  all: readonly NetworkEntrance[],
  { network, cluster }: ClusterEndpoint,
): readonly NetworkEntrance[] {
  const ofNetwork = all.filter(entrance => entrance.network === network);
  const ofCluster = ofNetwork.filter(entrance => entrance.cluster === cluster);
  return ofCluster.length > 0 ? ofCluster : ofNetwork;
}

function reachOf(
  clientNetwork: string,
  endpoint: ClusterEndpoint,
  entrances: readonly NetworkEntrance[],
): EndpointReach {
  const near = clientNetwork === '' || endpoint.network === '';
  if (near || endpoint.network === clientNetwork) {
    return {
      endpoint,
      reach: 'direct',
      entrances: [],
      says: 'In the network of the client: reached by the address of the pod.',
    };
  }
  const through = entrancesFor(entrances, endpoint);
  if (through.length === 0) {
    return {
      endpoint,
      reach: 'direct',
      entrances: [],
      entranceMissing: true,
      says: `In network ${endpoint.network}, of which no entrance is known: the client tries the address of the pod, which fails where the networks are apart.`,
    };
  }
  return endpoint.mutualTls
    ? {
        endpoint,
        reach: 'gateway',
        entrances: through,
        says: `In network ${endpoint.network}: reached through ${through
          .map(({ address, port }) => `${address}:${port}`)
          .join(', ')}.`,
        by: through[0].by,
      }
    : {
        endpoint,
        reach: 'none',
        entrances: [],
        says: `In network ${endpoint.network}, without the mutual TLS that the entrance needs: the client does not get them.`,
      };
}

/**
 * The endpoints of a service as a client of one cluster gets them: cluster-local services keep to the own cluster, endpoints of
 * other networks are reached through entrances, those without mutual TLS not at all. R1.19
 *
 * @returns empty when the client's cluster is not among `clusters`
 */
export function endpointsFor(
  clusters: readonly MeshCluster[],
  service: MultiClusterService,
  client: ClusterClient,
): EndpointReach[] {
  const own = clusters.find(({ cluster }) => cluster === client.cluster);
  if (own === undefined) {
    return [];
  }
  const caller = { ...own, snapshot: controlPlaneView(own.snapshot) };
  const networks = meshNetworksOf(caller.snapshot);
  const entrances = networkEntrancesOf(clusters, caller, networks);
  const clientNetwork =
    client.network ?? networkOfEndpoint(caller, networks, {}, '');
  const refusals = new Map(
    service.services.map(
      ({ cluster }) =>
        [
          cluster,
          cluster === client.cluster
            ? undefined
            : whyNotShared(client, caller, service, cluster),
        ] as const,
    ),
  );
  return service.endpoints.map(endpoint => {
    const refusal = refusals.get(endpoint.cluster);
    return refusal
      ? { endpoint, reach: 'none', entrances: [], ...refusal }
      : reachOf(clientNetwork, endpoint, entrances);
  });
}
