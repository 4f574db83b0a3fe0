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

import { asArray, fieldAt } from '../kubernetes/object';
import type { ObjectReader } from '../kubernetes/storeTypes';
import type { TrafficEdge } from '../mesh/topology';
import type { LiveWorkload } from './liveMesh';

const BOOKINFO_CALLS: ReadonlyArray<readonly [string, string, number]> = [
  ['productpage', 'details', 4],
  ['productpage', 'reviews', 4],
  ['reviews', 'ratings', 1.3],
];

/** Services created later: those with Bookinfo's app labels call each other, their front is called by the ingress. */
export function edgesOfCreatedServices(
  store: ObjectReader,
  workloads: ReadonlyMap<string, LiveWorkload>,
  known: readonly TrafficEdge[],
): TrafficEdge[] {
  const served = new Set(known.map(e => `${e.to.namespace}/${e.to.service}`));
  const gateway = [...workloads.values()].find(w => w.proxy === 'gateway');
  const edges: TrafficEdge[] = [];
  for (const service of store.list('services')) {
    const { namespace = '', name } = service.metadata;
    if (served.has(`${namespace}/${name}`)) {
      continue;
    }
    const port = asArray(fieldAt(service.spec, 'ports'))[0];
    const add = (from: LiveWorkload, rate: number) =>
      edges.push({
        id: `${from.namespace}/${from.name} -> ${namespace}/${name}`,
        from: { namespace: from.namespace, workload: from.name },
        to: { namespace, service: name, port: Number(fieldAt(port, 'port')) },
        protocol: 'http',
        requestsPerSecond: rate,
        requestBytes: 420,
        responseBytes: 1800,
      });
    for (const [caller, callee, rate] of BOOKINFO_CALLS) {
      const callers = [...workloads.values()].filter(
        w =>
          w.namespace === namespace &&
          w.app === caller &&
          !(caller === 'reviews' && w.version === 'v1'),
      );
      if (callee === name) {
        callers.forEach(from => add(from, rate));
      }
    }
    if (gateway && isExposed(store, namespace, name)) {
      add(gateway, 4);
    }
  }
  return edges;
}

function isExposed(
  store: ObjectReader,
  namespace: string,
  service: string,
): boolean {
  const viaGateway = store
    .list('virtualservices.networking.istio.io', namespace)
    .filter(vs => asArray(fieldAt(vs.spec, 'gateways')).length > 0);
  const routes = [
    ...viaGateway,
    ...store.list('httproutes.gateway.networking.k8s.io', namespace),
  ];
  return routes.some(route => {
    const text = JSON.stringify(route.spec ?? {});
    return (
      text.includes(`"host":"${service}"`) ||
      text.includes(`"host":"${service}.`) ||
      text.includes(`"name":"${service}"`)
    );
  });
}
