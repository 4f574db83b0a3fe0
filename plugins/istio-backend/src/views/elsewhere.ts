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
  endpointsFor,
  isSubset,
  meshConfigOf,
  serviceAcrossClusters,
  type LackingEndpoints,
  type ProxyType,
} from '@mesh-portal/mesh-model';
import {
  clusterIdOf,
  namedClusters,
  type ReadCluster,
} from './clusters/meshNames';
import { count } from './numbersInWords';

/**
 * What other clusters of the mesh have of what one cluster lacks, in words that follow the reason why requests fail;
 * `undefined` where none has any that callers could get.
 */
export type Elsewhere = (
  lacking: LackingEndpoints,
  proxy: ProxyType,
) => string | undefined;

/** Are two clusters of one mesh, as far as can be seen? Each istiod has been given a name of its own for its cluster. */
function mayShareMesh(a: ReadCluster, b: ReadCluster): boolean {
  const [left, right] = [clusterIdOf(a), clusterIdOf(b)];
  return (
    left !== undefined &&
    right !== undefined &&
    left !== right &&
    meshConfigOf(a.snapshot).trustDomain ===
      meshConfigOf(b.snapshot).trustDomain
  );
}

/**
 * Endpoints in other clusters that callers in `own` get if its istiod reads those clusters, which stands in Secrets that the
 * portal does not read: what fails without them is not certain to fail. R1.19
 *
 * @returns `undefined` where no other cluster is of the same mesh
 */
export function elsewhereOf(
  own: ReadCluster,
  all: readonly ReadCluster[],
): Elsewhere | undefined {
  const peers = all.filter(each => mayShareMesh(own, each));
  if (peers.length === 0) {
    return undefined;
  }
  const { clusters, meshName, portalName } = namedClusters([own, ...peers]);
  const cluster = meshName(own.name);
  return ({ host, labels, unknownHost }, proxy) => {
    const service = serviceAcrossClusters(clusters, host);
    const isHere = service?.services.some(each => each.cluster === cluster);
    // One that is here and not known to the client is hidden from it, wherever its pods are.
    if (service === undefined || (unknownHost && isHere)) {
      return undefined;
    }
    const ready = new Map<string, number>();
    for (const { endpoint, reach } of endpointsFor(clusters, service, {
      cluster,
      proxy,
    })) {
      if (
        endpoint.cluster !== cluster &&
        endpoint.ready &&
        reach !== 'none' &&
        isSubset(labels, endpoint.labels)
      ) {
        ready.set(endpoint.cluster, (ready.get(endpoint.cluster) ?? 0) + 1);
      }
    }
    const found = [...ready].map(
      ([name, endpoints]) =>
        `${portalName(name)}, which has ${count(
          endpoints,
          'ready endpoint',
        )} for it`,
    );
    return found.length === 0
      ? undefined
      : `unless istiod of ${own.name} reads cluster ${found.join(
          ', or ',
        )} (that stands in Secrets, which the portal does not read)`;
  };
}
