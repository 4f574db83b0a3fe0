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

import type { ClusterStatus } from '@mesh-portal/backstage-plugin-istio-common';
import {
  controlPlaneFlagsOf,
  systemNamespaceOf,
  type MeshCluster,
  type MeshSnapshot,
} from '@mesh-portal/mesh-model';

/** A cluster that the portal reads. */
export interface ReadCluster {
  name: string;
  snapshot: MeshSnapshot;
  status: ClusterStatus;
}

/** A cluster as far as views read it. */
export function readCluster(sync: {
  name: string;
  snapshot: MeshSnapshot;
  status(): ClusterStatus;
}): ReadCluster {
  const { name, snapshot } = sync;
  return { name, snapshot, status: sync.status() };
}

/** The clusters under the names by which istiod knows them, which need not be those of the portal. */
export interface NamedClusters {
  clusters: readonly MeshCluster[];
  /** the portal's name of a cluster */
  portalName(cluster: string): string;
  /** istiod's name of a cluster */
  meshName(portalName: string): string;
  /** portal names of clusters whose name in the mesh cannot be seen */
  unnamed: readonly string[];
}

/** istiod is told the name of its cluster by its environment. */
export function clusterIdOf({ snapshot }: ReadCluster): string | undefined {
  const id = controlPlaneFlagsOf(snapshot, systemNamespaceOf(snapshot)).values
    .CLUSTER_ID;
  return id === '' ? undefined : id;
}

/** Names the clusters as istiod does where its name is seen and no other cluster has it, else as the portal does. */
export function namedClusters(all: readonly ReadCluster[]): NamedClusters {
  const ids = all.map(clusterIdOf);
  const names = all.map(({ name }, index) => {
    const id = ids[index];
    const taken = [...ids, ...all.map(each => each.name)].filter(
      each => each === id && each !== name,
    );
    return id !== undefined && taken.length <= 1 ? id : name;
  });
  const portalNames = new Map(
    all.map(({ name }, index) => [names[index], name]),
  );
  const meshNames = new Map(all.map(({ name }, index) => [name, names[index]]));
  return {
    clusters: all.map(({ snapshot }, index) => ({
      cluster: names[index],
      snapshot,
    })),
    portalName: cluster => portalNames.get(cluster) ?? cluster,
    meshName: portalName => meshNames.get(portalName) ?? portalName,
    unnamed: all
      .filter((_, index) => ids[index] === undefined)
      .map(c => c.name),
  };
}
