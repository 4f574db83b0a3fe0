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

import { asArray, asString, asStringMap, fieldAt } from '../kubernetes/object';
import type { RequestShape, TrafficEdge } from '../mesh/topology';
import { failureAtClient, type Calls, type MeshAtTime } from './calls';
import type { Flow } from './flow';
import { selects, workloadsOf, type LiveWorkload } from './liveMesh';
import { isStrict } from './policies';
import {
  destinationRuleFor,
  routeFor,
  type Route,
  type RouteTarget,
} from './routes';
import { serverFlows } from './serverFlows';

/** What becomes of the calls of one shape along one edge, from the client's proxy to the servers. */
export function edgeFlows(
  mesh: MeshAtTime,
  edge: TrafficEdge,
  client: LiveWorkload,
  shape: RequestShape,
): Flow[] {
  const { namespace, service } = edge.to;
  const proxied = client.proxy === 'sidecar' || client.proxy === 'gateway';
  const route: Route =
    proxied && edge.protocol !== 'tcp'
      ? routeFor(mesh.store, client.namespace, namespace, service, shape)
      : { targets: [{ namespace, service, share: 1 }] };
  const calls: Calls = { edge, client, shape, route, proxied };
  const failed = failuresBeforeRouting(mesh, calls);
  const left = failed.reduce(
    (rest, { perSecond }) => rest - perSecond,
    edge.requestsPerSecond * shape.share,
  );
  const routed =
    route.targets.length === 0
      ? [failureAtClient(calls, left, '404', 'NR')]
      : route.targets.flatMap(target =>
          targetFlows(mesh, calls, target, left * target.share),
        );
  return [...failed, ...routed];
}

/** Injected aborts first, then what incidents take from the rest. */
function failuresBeforeRouting(mesh: MeshAtTime, calls: Calls): Flow[] {
  const { edge, route, shape } = calls;
  const flows: Flow[] = [];
  let left = edge.requestsPerSecond * shape.share;
  if (route.abort) {
    const aborted = left * route.abort.share;
    flows.push(
      failureAtClient(calls, aborted, String(route.abort.status), 'FI'),
    );
    left -= aborted;
  }
  for (const effect of mesh.effects) {
    if (
      effect.kind === 'client-failures' &&
      effect.to.namespace === edge.to.namespace &&
      effect.to.service === edge.to.service
    ) {
      const refused = left * effect.share;
      const code = effect.responseFlag === 'UT' ? '504' : '503';
      flows.push(failureAtClient(calls, refused, code, effect.responseFlag));
      left -= refused;
    }
  }
  return flows;
}

function targetFlows(
  mesh: MeshAtTime,
  calls: Calls,
  target: RouteTarget,
  perSecond: number,
): Flow[] {
  const { store, workloads } = mesh;
  const { namespace, service, subset } = target;
  const { edge, client } = calls;
  const rule = destinationRuleFor(store, client.namespace, namespace, service);
  let servers = workloadsOf(store, workloads, namespace, service);
  if (subset !== undefined) {
    const defined = asArray(fieldAt(rule?.spec, 'subsets')).find(
      entry => asString(fieldAt(entry, 'name')) === subset,
    );
    if (defined === undefined) {
      return [failureAtClient(calls, perSecond, '503', 'NC', target)];
    }
    const labels = asStringMap(fieldAt(defined, 'labels'));
    servers = servers.filter(server => selects(labels, server.labels));
  }
  if (servers.length === 0) {
    return [failureAtClient(calls, perSecond, '503', 'UH', target)];
  }
  const pods = servers.reduce((sum, server) => sum + server.pods.length, 0);
  const tlsMode = asString(fieldAt(rule?.spec, 'trafficPolicy', 'tls', 'mode'));
  return servers.flatMap(server => {
    const portion =
      subset === undefined && edge.workloadShares
        ? edge.workloadShares[server.name] ?? 0
        : server.pods.length / pods;
    const meshed = server.proxy !== 'none';
    const mutualTls =
      meshed && client.proxy !== 'none' && tlsMode !== 'DISABLE';
    const share = perSecond * portion;
    return meshed && !mutualTls && isStrict(store, server, edge.to.port)
      ? [{ ...failureAtClient(calls, share, '503', 'UC', target), server }]
      : serverFlows(mesh, calls, target, server, mutualTls, share);
  });
}
