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
import type {
  DemoTopology,
  IncidentEffect,
  RequestShape,
  TrafficEdge,
} from '../mesh/topology';
import type { Flow } from './flow';
import type { LiveWorkload } from './liveMesh';
import type { Route, RouteTarget } from './routes';

/** What decides about traffic at one moment: the live objects, and what incidents do. */
export interface MeshAtTime {
  readonly store: ObjectReader;
  readonly topology: DemoTopology;
  /** by `namespace/name` */
  readonly workloads: ReadonlyMap<string, LiveWorkload>;
  readonly effects: readonly IncidentEffect[];
}

/** Equal requests (or connections) of one caller, with the route that its proxy has for them. */
export interface Calls {
  readonly edge: TrafficEdge;
  readonly client: LiveWorkload;
  readonly shape: RequestShape;
  readonly route: Route;
  /** the client's proxy reports requests */
  readonly proxied: boolean;
}

/** Milliseconds in which a proxy answers by itself. */
export const NO_SERVER_LATENCY = { p50: 1, p95: 4 };

/** Calls that the client's proxy answers itself: they never reach a server. */
export function failureAtClient(
  { edge, client, proxied }: Calls,
  perSecond: number,
  code: string,
  flags: string,
  to: Pick<RouteTarget, 'namespace' | 'service'> = edge.to,
): Flow {
  return {
    edge,
    client,
    namespace: to.namespace,
    service: to.service,
    perSecond,
    code,
    flags,
    grpcStatus: edge.protocol === 'grpc' ? '14' : '',
    mutualTls: false,
    seenBy: { client: proxied, server: false },
    deniedByPolicy: false,
    latency: NO_SERVER_LATENCY,
  };
}
