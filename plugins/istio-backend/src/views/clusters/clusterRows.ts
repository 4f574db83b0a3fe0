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

import type { ClusterEndpoints } from '@mesh-portal/backstage-plugin-istio-common';
import type { EndpointOrder, EndpointReach } from '@mesh-portal/mesh-model';

/** An endpoint as the caller gets it, with when it is used. */
export interface OrderedEndpoint extends EndpointReach {
  order: EndpointOrder;
}

type LocalityRow = ClusterEndpoints['localities'][number];

function localityWords({ endpoint }: OrderedEndpoint): string {
  const { region, zone, subzone } = endpoint.locality ?? {};
  return [region, zone, subzone].filter(Boolean).join('/');
}

function grouped<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key) ?? [];
    group.push(item);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function localitiesOf(endpoints: readonly OrderedEndpoint[]): LocalityRow[] {
  const used = endpoints.filter(
    ({ endpoint, reach }) => endpoint.ready && reach !== 'none',
  );
  return grouped(
    used,
    each => `${each.order.rank ?? ''} ${localityWords(each)}`,
  )
    .map(group => {
      const { rank } = group[0].order;
      const shares = group.flatMap(({ order }) => order.share ?? []);
      return {
        locality: localityWords(group[0]),
        ready: group.length,
        ...(rank === undefined ? {} : { rank }),
        ...(shares.length === 0
          ? {}
          : { share: shares.reduce((sum, share) => sum + share, 0) }),
      };
    })
    .sort(
      (a, b) =>
        (a.rank ?? 0) - (b.rank ?? 0) || (b.share ?? 0) - (a.share ?? 0),
    );
}

/**
 * The endpoints of a service cluster by cluster, those that are reached in the same way together; the caller's own cluster first.
 *
 * @param own - name of the caller's cluster, as the endpoints have it
 * @param portalName - gives the portal's name of a cluster
 */
export function clusterRows(
  endpoints: readonly OrderedEndpoint[],
  own: string,
  portalName: (cluster: string) => string,
): ClusterEndpoints[] {
  return grouped(
    endpoints,
    ({ endpoint, reach, says }) =>
      `${endpoint.cluster}\n${endpoint.network}\n${reach}\n${says}`,
  )
    .map(group => {
      const [{ endpoint, reach, says, by, entrances }] = group;
      return {
        cluster: portalName(endpoint.cluster),
        own: endpoint.cluster === own,
        network: endpoint.network,
        endpoints: {
          total: group.length,
          ready: group.filter(each => each.endpoint.ready).length,
        },
        reach,
        sentence: says,
        ...(by === undefined ? {} : { provenance: by }),
        entrances: entrances.map(entrance => ({
          address: `${entrance.address}:${entrance.port}`,
          provenance: entrance.by,
        })),
        localities: localitiesOf(group),
      };
    })
    .sort(
      (a, b) =>
        Number(b.own) - Number(a.own) || a.cluster.localeCompare(b.cluster),
    );
}
