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

import { asStringMap, asArray, asString, fieldAt } from '../kubernetes/object';
import type { ObjectReader } from '../kubernetes/storeTypes';
import type {
  DemoTopology,
  RequestShape,
  TrafficEdge,
  WorkloadBehaviour,
} from '../mesh/topology';
import { externalFlows } from './externalFlows';
import { activeEffects } from './incidents';
import { LiveWorkload, liveWorkloads, selects, workloadsOf } from './liveMesh';
import { isDenied, isStrict } from './policies';
import { destinationRuleFor, Route, routeFor, RouteTarget } from './routes';

/** A steady stream of equal requests (or TCP connections) between two workloads, with the outcome they have. */
export interface Flow {
  readonly edge: TrafficEdge;
  readonly client: LiveWorkload;
  /** Absent when no upstream was found. */
  readonly server?: LiveWorkload;
  readonly namespace: string;
  readonly service: string;
  /** What was called, where that is no service of the cluster. */
  readonly host?: string;
  readonly perSecond: number;
  readonly code: string;
  readonly grpcStatus: string;
  readonly flags: string;
  readonly mutualTls: boolean;
  readonly seenBy: {
    readonly client: boolean;
    readonly server: boolean;
    readonly waypoint?: LiveWorkload;
  };
  readonly deniedByPolicy: boolean;
  readonly latency: { readonly p50: number; readonly p95: number };
}

const ANY_REQUEST: RequestShape = { method: 'GET', path: '/', share: 1 };
const DEFAULT_BEHAVIOUR = {
  latencyMs: { p50: 10, p95: 40 },
  serverErrorShare: 0.0008,
  notFoundShare: 0.002,
};

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
  const edges = [...known, ...bookinfoEdges(store, workloads, known)];
  const effects = activeEffects(store, topology, time, startedAt);
  const flows: Flow[] = [];
  for (const edge of edges) {
    const client = workloads.get(
      `${edge.from.namespace}/${edge.from.workload}`,
    );
    if (!client || !store.get('services', edge.to.namespace, edge.to.service)) {
      continue;
    }
    for (const shape of edge.requests ?? [ANY_REQUEST]) {
      flows.push(
        ...edgeFlows(store, topology, workloads, edge, client, shape, effects),
      );
    }
  }
  flows.push(...externalFlows(store, workloads, topology.externals ?? []));
  return flows.filter(({ perSecond }) => perSecond > 0);
}

const BOOKINFO_CALLS: ReadonlyArray<readonly [string, string, number]> = [
  ['productpage', 'details', 4],
  ['productpage', 'reviews', 4],
  ['reviews', 'ratings', 1.3],
];

/** Services created later: those with Bookinfo's app labels call each other, their front is called by the ingress. */
function bookinfoEdges(
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

function edgeFlows(
  store: ObjectReader,
  topology: DemoTopology,
  workloads: ReadonlyMap<string, LiveWorkload>,
  edge: TrafficEdge,
  client: LiveWorkload,
  shape: RequestShape,
  effects: ReturnType<typeof activeEffects>,
): Flow[] {
  const { namespace, service, port } = edge.to;
  const proxied = client.proxy === 'sidecar' || client.proxy === 'gateway';
  const route: Route =
    proxied && edge.protocol !== 'tcp'
      ? routeFor(store, client.namespace, namespace, service, shape)
      : { targets: [{ namespace, service, share: 1 }] };
  const rate = edge.requestsPerSecond * shape.share;
  const base = {
    edge,
    client,
    namespace,
    service,
    grpcStatus: '',
    mutualTls: false,
    seenBy: { client: proxied, server: false },
    deniedByPolicy: false,
    latency: { p50: 1, p95: 4 },
  };
  const clientFailure = (
    perSecond: number,
    code: string,
    flags: string,
    to?: RouteTarget,
  ): Flow => ({
    ...base,
    namespace: to?.namespace ?? namespace,
    service: to?.service ?? service,
    perSecond,
    code,
    flags,
    grpcStatus: edge.protocol === 'grpc' ? '14' : '',
  });
  const flows: Flow[] = [];
  let left = rate;
  if (route.abort) {
    const aborted = rate * route.abort.share;
    flows.push(clientFailure(aborted, String(route.abort.status), 'FI'));
    left -= aborted;
  }
  for (const effect of effects) {
    if (
      effect.kind === 'client-failures' &&
      effect.to.namespace === namespace &&
      effect.to.service === service
    ) {
      const refused = left * effect.share;
      const code = effect.responseFlag === 'UT' ? '504' : '503';
      flows.push(clientFailure(refused, code, effect.responseFlag));
      left -= refused;
    }
  }
  if (route.targets.length === 0) {
    flows.push(clientFailure(left, '404', 'NR'));
  }
  for (const target of route.targets) {
    const rule = destinationRuleFor(
      store,
      client.namespace,
      target.namespace,
      target.service,
    );
    let servers = workloadsOf(
      store,
      workloads,
      target.namespace,
      target.service,
    );
    const share = left * target.share;
    if (target.subset !== undefined) {
      const subset = asArray(fieldAt(rule?.spec, 'subsets')).find(
        entry => asString(fieldAt(entry, 'name')) === target.subset,
      );
      if (subset === undefined) {
        flows.push(clientFailure(share, '503', 'NC', target));
        continue;
      }
      servers = servers.filter(server =>
        selects(asStringMap(fieldAt(subset, 'labels')), server.labels),
      );
    }
    if (servers.length === 0) {
      flows.push(clientFailure(share, '503', 'UH', target));
      continue;
    }
    const pods = servers.reduce((sum, { pods: p }) => sum + p.length, 0);
    const tlsMode = asString(
      fieldAt(rule?.spec, 'trafficPolicy', 'tls', 'mode'),
    );
    for (const server of servers) {
      const portion =
        target.subset === undefined && edge.workloadShares
          ? edge.workloadShares[server.name] ?? 0
          : server.pods.length / pods;
      const meshed = server.proxy !== 'none';
      const mutualTls =
        meshed && client.proxy !== 'none' && tlsMode !== 'DISABLE';
      const perSecond = share * portion;
      if (!mutualTls && meshed && isStrict(store, server, port)) {
        flows.push({
          ...clientFailure(perSecond, '503', 'UC', target),
          server,
        });
        continue;
      }
      const denied =
        meshed &&
        isDenied(store, server, {
          principal: mutualTls ? principalOf(topology, client) : undefined,
          namespace: mutualTls ? client.namespace : undefined,
          method: shape.method,
          path: shape.path,
          port,
        });
      const behaviour = behaviourOf(topology, server);
      const slow = effects.reduce(
        (factor, effect) =>
          effect.kind === 'latency' &&
          effect.workload.namespace === server.namespace &&
          effect.workload.workload === server.name
            ? factor * effect.factor
            : factor,
        1,
      );
      const errors = effects.reduce(
        (most, effect) =>
          effect.kind === 'server-errors' &&
          effect.workload.namespace === server.namespace &&
          effect.workload.workload === server.name
            ? Math.max(most, effect.share)
            : most,
        behaviour.serverErrorShare,
      );
      const reached = {
        ...base,
        server,
        namespace: target.namespace,
        service: target.service,
        mutualTls,
        flags: '-',
        seenBy: {
          client: proxied,
          server: server.proxy === 'sidecar' || server.proxy === 'gateway',
          waypoint:
            server.proxy === 'ambient'
              ? waypointOf(store, workloads, target)
              : undefined,
        },
        latency: {
          p50: behaviour.latencyMs.p50 * slow,
          p95: behaviour.latencyMs.p95 * slow,
        },
      };
      if (edge.protocol !== 'tcp' && server.proxy === 'ambient') {
        // What the ztunnels see of it: connections and bytes, whether or not a waypoint sees the requests.
        flows.push({
          ...reached,
          edge: { ...edge, protocol: 'tcp' },
          seenBy: { client: client.proxy === 'ambient', server: true },
          perSecond: perSecond / 20,
          code: '',
          grpcStatus: '',
        });
      }
      if (edge.protocol === 'tcp') {
        flows.push({
          ...reached,
          seenBy: { client: client.proxy !== 'none', server: meshed },
          perSecond,
          code: '',
          deniedByPolicy: denied,
        });
      } else if (denied) {
        flows.push({
          ...reached,
          perSecond,
          code: '403',
          grpcStatus: edge.protocol === 'grpc' ? '7' : '',
          deniedByPolicy: true,
          latency: base.latency,
        });
      } else {
        flows.push(
          ...answers(reached, edge, perSecond, errors, behaviour, route),
        );
      }
    }
  }
  return flows;
}

function answers(
  reached: Omit<Flow, 'perSecond' | 'code'>,
  edge: TrafficEdge,
  perSecond: number,
  errors: number,
  behaviour: Pick<WorkloadBehaviour, 'notFoundShare'>,
  route: Route,
): Flow[] {
  if (edge.protocol === 'grpc') {
    return [
      {
        ...reached,
        perSecond: perSecond * (1 - errors),
        code: '200',
        grpcStatus: '0',
      },
      {
        ...reached,
        perSecond: perSecond * errors,
        code: '200',
        grpcStatus: '13',
      },
    ];
  }
  const delayed = route.delay?.share ?? 0;
  const fine = perSecond * (1 - errors - behaviour.notFoundShare);
  return [
    { ...reached, perSecond: fine * (1 - delayed), code: '200' },
    {
      ...reached,
      perSecond: fine * delayed,
      code: '200',
      flags: 'DI',
      latency: {
        p50: reached.latency.p50 + (route.delay?.milliseconds ?? 0),
        p95: reached.latency.p95 + (route.delay?.milliseconds ?? 0),
      },
    },
    { ...reached, perSecond: perSecond * behaviour.notFoundShare, code: '404' },
    { ...reached, perSecond: perSecond * errors, code: '500' },
  ];
}

/** The waypoint that the Service, or else its namespace, asks for, when it has running pods. */
function waypointOf(
  store: ObjectReader,
  workloads: ReadonlyMap<string, LiveWorkload>,
  { namespace, service }: RouteTarget,
): LiveWorkload | undefined {
  const label = 'istio.io/use-waypoint';
  const named =
    store.get('services', namespace, service)?.metadata.labels?.[label] ??
    store.get('namespaces', '', namespace)?.metadata.labels?.[label];
  return named === undefined
    ? undefined
    : workloads.get(`${namespace}/${named}`);
}

/** The identity in a workload's certificate, without the scheme. */
export function principalOf(
  topology: DemoTopology,
  workload: LiveWorkload,
): string {
  return `${topology.trustDomain}/ns/${workload.namespace}/sa/${workload.serviceAccount}`;
}

function behaviourOf(topology: DemoTopology, server: LiveWorkload) {
  return (
    topology.workloads.find(
      ({ namespace, workload }) =>
        namespace === server.namespace && workload === server.name,
    ) ?? DEFAULT_BEHAVIOUR
  );
}
