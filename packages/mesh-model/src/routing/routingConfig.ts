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

import type {
  HttpRoute,
  MeshObject,
  SlimObjectByKind,
  TcpRoute,
  TlsRoute,
} from '../objects';

/** A route and the object and field where it stands. */
export interface SourcedRoute<T> {
  value: T;
  object: MeshObject;
  path: string;
  /** The route of the root VirtualService, when this one is a delegate's. */
  via?: { object: MeshObject; path: string };
}

/** Whose rules of matching apply: VirtualService, or Gateway API (R5.4, R5.16, R7.24). */
export type RoutingSemantics = 'virtual-service' | 'gateway-api';

/** A VirtualService, or what acts like one, with names resolved and delegates merged. */
export interface RoutingConfig {
  object:
    | SlimObjectByKind['VirtualService']
    | SlimObjectByKind['HTTPRoute']
    | SlimObjectByKind['GRPCRoute']
    | SlimObjectByKind['TLSRoute']
    | SlimObjectByKind['TCPRoute']
    | SlimObjectByKind['Ingress']
    /** connections between networks, which a gateway passes on by their server name alone */
    | SlimObjectByKind['Gateway']
    | SlimObjectByKind['K8sGateway']
    | SlimObjectByKind['ListenerSet'];
  namespace: string;
  name: string;
  semantics: RoutingSemantics;
  /** fully qualified */
  hosts: readonly string[];
  /** `namespace/name`, or `mesh` */
  gateways: readonly string[];
  /** Namespaces, `.`, `*` or `~`; the mesh's default filled in. */
  exportTo: ReadonlySet<string>;
  http: readonly SourcedRoute<HttpRoute>[];
  tls: readonly SourcedRoute<TlsRoute>[];
  tcp: readonly SourcedRoute<TcpRoute>[];
  /** Routes that are written and do not act, for example because a delegate is missing. */
  droppedRoutes: readonly { object: MeshObject; path: string; why: string }[];
}
