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

import type { ObjectReader } from '../kubernetes/storeTypes';
import type { DemoTopology, RequestShape, TrafficEdge } from '../mesh/topology';
import type { MeshAtTime } from './calls';
import { edgesOfCreatedServices } from './createdServices';
import { edgeFlows } from './edgeFlows';
import { externalFlows } from './externalFlows';
import type { Flow } from './flow';
import { activeEffects } from './incidents';
import { liveWorkloads } from './liveMesh';

const ANY_REQUEST: RequestShape = { method: 'GET', path: '/', share: 1 };

/** All flows at a time: the topology's edges and those of newly created services, as the live objects shape them. */
export function flowsAt(
  store: ObjectReader,
  topology: DemoTopology,
  time: number,
  startedAt: number,
): Flow[] {
  const workloads = liveWorkloads(store);
  const ingress = topology.ingress.map(
    ({ gateway, ...rest }): TrafficEdge => ({
      ...rest,
      from: gateway,
      protocol: 'http',
    }),
  );
  const known = [...ingress, ...topology.edges];
  const edges = [...known, ...edgesOfCreatedServices(store, workloads, known)];
  const mesh: MeshAtTime = {
    store,
    topology,
    workloads,
    effects: activeEffects(store, topology, time, startedAt),
  };
  const flows: Flow[] = [];
  for (const edge of edges) {
    const client = workloads.get(
      `${edge.from.namespace}/${edge.from.workload}`,
    );
    if (!client || !store.get('services', edge.to.namespace, edge.to.service)) {
      continue;
    }
    for (const shape of edge.requests ?? [ANY_REQUEST]) {
      flows.push(...edgeFlows(mesh, edge, client, shape));
    }
  }
  flows.push(...externalFlows(store, workloads, topology.externals ?? []));
  return flows.filter(({ perSecond }) => perSecond > 0);
}
