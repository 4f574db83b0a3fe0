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
import type { WorkloadBehaviour } from '../mesh/topology';
import { NO_SERVER_LATENCY, type Calls, type MeshAtTime } from './calls';
import { principalOf, type Flow } from './flow';
import type { LiveWorkload } from './liveMesh';
import { isDenied } from './policies';
import type { Route, RouteTarget } from './routes';

type Behaviour = Pick<
  WorkloadBehaviour,
  'latencyMs' | 'serverErrorShare' | 'notFoundShare'
>;

const DEFAULT_BEHAVIOUR: Behaviour = {
  latencyMs: { p50: 10, p95: 40 },
  serverErrorShare: 0.0008,
  notFoundShare: 0.002,
};

/** How many requests a client sends over one connection. */
const REQUESTS_PER_CONNECTION = 20;

/** What a server makes of calls that its proxy accepted: refused by a policy, or answered well or badly. */
export function serverFlows(
  mesh: MeshAtTime,
  calls: Calls,
  target: RouteTarget,
  server: LiveWorkload,
  mutualTls: boolean,
  perSecond: number,
): Flow[] {
  const { edge, client, proxied, route } = calls;
  const meshed = server.proxy !== 'none';
  const denied = meshed && isRefused(mesh, calls, server, mutualTls);
  const behaviour = behaviourAt(mesh, server);
  const reached = {
    edge,
    client,
    server,
    namespace: target.namespace,
    service: target.service,
    grpcStatus: '',
    flags: '-',
    mutualTls,
    seenBy: {
      client: proxied,
      server: server.proxy === 'sidecar' || server.proxy === 'gateway',
      waypoint:
        server.proxy === 'ambient'
          ? waypointOf(mesh.store, mesh.workloads, target)
          : undefined,
    },
    deniedByPolicy: false,
    latency: behaviour.latencyMs,
  };
  if (edge.protocol === 'tcp') {
    return [
      {
        ...reached,
        seenBy: { client: client.proxy !== 'none', server: meshed },
        perSecond,
        code: '',
        deniedByPolicy: denied,
      },
    ];
  }
  const answered = denied
    ? [
        {
          ...reached,
          perSecond,
          code: '403',
          grpcStatus: edge.protocol === 'grpc' ? '7' : '',
          deniedByPolicy: true,
          latency: NO_SERVER_LATENCY,
        },
      ]
    : answers(reached, perSecond, behaviour, route.delay);
  return server.proxy === 'ambient'
    ? [connectionsOf(reached, perSecond), ...answered]
    : answered;
}

/** What the ztunnels see of requests: connections and bytes, whether or not a waypoint sees the requests. */
function connectionsOf(
  reached: Omit<Flow, 'perSecond' | 'code'>,
  perSecond: number,
): Flow {
  return {
    ...reached,
    edge: { ...reached.edge, protocol: 'tcp' },
    seenBy: { client: reached.client.proxy === 'ambient', server: true },
    perSecond: perSecond / REQUESTS_PER_CONNECTION,
    code: '',
    grpcStatus: '',
  };
}

function isRefused(
  { store, topology }: MeshAtTime,
  { edge, client, shape }: Calls,
  server: LiveWorkload,
  mutualTls: boolean,
): boolean {
  return isDenied(store, server, {
    principal: mutualTls ? principalOf(topology, client) : undefined,
    namespace: mutualTls ? client.namespace : undefined,
    method: shape.method,
    path: shape.path,
    port: edge.to.port,
  });
}

/** How the server's application behaves now: as the topology says, made worse by incidents. */
function behaviourAt(
  { topology, effects }: MeshAtTime,
  server: LiveWorkload,
): Behaviour {
  const usual: Behaviour =
    topology.workloads.find(
      ({ namespace, workload }) =>
        namespace === server.namespace && workload === server.name,
    ) ?? DEFAULT_BEHAVIOUR;
  let { latencyMs, serverErrorShare } = usual;
  for (const effect of effects) {
    if (
      effect.kind === 'client-failures' ||
      effect.workload.namespace !== server.namespace ||
      effect.workload.workload !== server.name
    ) {
      continue;
    }
    if (effect.kind === 'latency') {
      latencyMs = {
        p50: latencyMs.p50 * effect.factor,
        p95: latencyMs.p95 * effect.factor,
      };
    } else {
      serverErrorShare = Math.max(serverErrorShare, effect.share);
    }
  }
  return { ...usual, latencyMs, serverErrorShare };
}

function answers(
  reached: Omit<Flow, 'perSecond' | 'code'>,
  perSecond: number,
  { serverErrorShare: errors, notFoundShare }: Behaviour,
  delay: Route['delay'],
): Flow[] {
  if (reached.edge.protocol === 'grpc') {
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
  const delayed = delay?.share ?? 0;
  const fine = perSecond * (1 - errors - notFoundShare);
  return [
    { ...reached, perSecond: fine * (1 - delayed), code: '200' },
    {
      ...reached,
      perSecond: fine * delayed,
      code: '200',
      flags: 'DI',
      latency: {
        p50: reached.latency.p50 + (delay?.milliseconds ?? 0),
        p95: reached.latency.p95 + (delay?.milliseconds ?? 0),
      },
    },
    { ...reached, perSecond: perSecond * notFoundShare, code: '404' },
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
