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

import type { LocalityPlan } from '../destinations';
import {
  failoverPriorities,
  localityWeights,
  placeOfPod,
  type Place,
} from '../destinations/localityWeights';
import { NETWORK_LABEL } from '../identity';
import type { SlimObjectByKind } from '../objects';
import { meshNetworksOf } from './meshNetworks';
import { networkOfEndpoint, type MeshCluster } from './networks';
import type { ClusterEndpoint } from './serviceAcrossClusters';

/** When an endpoint gets requests of a caller. */
export interface EndpointOrder {
  /** with failover: 0 is used first, 1 when those fail, and so on */
  rank?: number;
  /** with weights by locality: its share of the requests, 0 to 1 */
  share?: number;
}

const CLUSTER_LABEL = 'topology.istio.io/cluster';

function placeOfEndpoint({
  cluster,
  network,
  locality = {},
  labels,
}: ClusterEndpoint): Place {
  const { region = '', zone = '', subzone = '' } = locality;
  return {
    region,
    zone,
    subzone,
    labels: {
      ...labels,
      'topology.kubernetes.io/region': region,
      'topology.kubernetes.io/zone': zone,
      'topology.istio.io/subzone': subzone,
      [NETWORK_LABEL]: network,
      [CLUSTER_LABEL]: cluster,
    },
  };
}

function keyOf({ region, zone, subzone }: Place): string {
  return `${region}/${zone}/${subzone}`;
}

/**
 * Where most of the pods of a caller run; `undefined` when their nodes do not say.
 *
 * @param pods - those of the caller, in its cluster
 */
export function placeOfCaller(
  where: MeshCluster,
  pods: readonly SlimObjectByKind['Pod'][],
): Place | undefined {
  const counts = new Map<string, { place: Place; pods: number }>();
  for (const pod of pods) {
    const place = placeOfPod(where.snapshot, pod);
    if (place.region !== '' || place.zone !== '') {
      const found = counts.get(keyOf(place));
      counts.set(keyOf(place), {
        place: found?.place ?? {
          ...place,
          labels: {
            ...place.labels,
            [CLUSTER_LABEL]: where.cluster,
            [NETWORK_LABEL]: networkOfEndpoint(
              where,
              meshNetworksOf(where.snapshot),
              pod.metadata.labels,
              pod.spec.podIPs[0] ?? '',
            ),
          },
        },
        pods: (found?.pods ?? 0) + 1,
      });
    }
  }
  return [...counts.values()].sort((a, b) => b.pods - a.pods)[0]?.place;
}

/**
 * The order in which a caller uses the ready endpoints of several clusters, or their shares where localities have weights;
 * nothing for any where all are used alike. R6.14
 *
 * @param caller - where it runs; all endpoints are alike where that is not known
 */
export function localityOrderOf(
  plan: LocalityPlan,
  caller: Place | undefined,
  endpoints: readonly ClusterEndpoint[],
): EndpointOrder[] {
  const places = endpoints.map(placeOfEndpoint);
  if (caller === undefined || plan.setting === undefined) {
    return endpoints.map(() => ({}));
  }
  switch (plan.kind) {
    case 'failover': {
      const priorities = failoverPriorities(plan, caller, places);
      const ranks = [...new Set(priorities)].sort((a, b) => a - b);
      return priorities.map(priority => ({ rank: ranks.indexOf(priority) }));
    }
    case 'distribute': {
      const weights = localityWeights(plan, caller, places);
      const sum = weights.reduce((total, weight) => total + weight, 0);
      return weights.map(weight => ({ share: sum === 0 ? 0 : weight / sum }));
    }
    default:
      return endpoints.map(() => ({}));
  }
}
