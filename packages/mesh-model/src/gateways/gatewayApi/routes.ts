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

import type { HttpRoute, TcpRoute, TlsRoute } from '../../objects';
import { hostsMatch, intersectHosts } from '../../identity';
import { MESH_GATEWAY } from '../../routing/names';
import type { RoutingConfig, SourcedRoute } from '../../routing/routingConfig';
import type { BackendContext } from './backends';
import type { Fault } from './conditions';
import { convertedHttpRules, type ConvertedRules } from './httpRules';
import {
  INTERNAL_NAME,
  internalName,
  type InternalGateway,
} from './internalGateways';
import { convertedTcpRules, convertedTlsRules } from './opaqueRules';
import type { References } from './references';
import {
  attachedParents,
  isHostServed,
  routeHostnames,
  routeParents,
  type GatewayApiRoute,
  type ListenersOf,
  type RouteParent,
} from './routeParents';

/** Routing configuration of one route; those with one key merge. */
export interface RouteConfig {
  /** `gateway/host` or `namespace/host`: routes of one key share a table. R7.20, R7.21 */
  key: string;
  config: RoutingConfig;
}

/** A route of Gateway API as istiod sees it. */
export interface TranslatedRoute {
  route: GatewayApiRoute;
  parents: readonly RouteParent[];
  /** what is wrong with the route's references, for parents that are Gateways and for the mesh */
  faults: { gateway?: Fault; mesh?: Fault };
  configs: readonly RouteConfig[];
}

type Rules =
  | { protocol: 'http'; rules: ConvertedRules<HttpRoute> }
  | { protocol: 'tls'; rules: ConvertedRules<TlsRoute> }
  | { protocol: 'tcp'; rules: ConvertedRules<TcpRoute> };

function convertedRules(
  route: GatewayApiRoute,
  mesh: boolean,
  references: References,
): Rules {
  const context: BackendContext = {
    kind: route.kind,
    namespace: route.metadata.namespace,
    needsGrant: !mesh,
    references,
  };
  switch (route.kind) {
    case 'TLSRoute':
      return { protocol: 'tls', rules: convertedTlsRules(route, context) };
    case 'TCPRoute':
      return { protocol: 'tcp', rules: convertedTcpRules(route, context) };
    default:
      return { protocol: 'http', rules: convertedHttpRules(route, context) };
  }
}

function withPort<
  M extends { port?: number },
  T extends { match?: readonly M[] },
>(
  routes: readonly SourcedRoute<T>[],
  port: number,
  empty: M,
): SourcedRoute<T>[] {
  return routes.map(route => {
    const match = route.value.match ?? [];
    return {
      ...route,
      value: {
        ...route.value,
        match: (match.length === 0 ? [empty] : match).map(item => ({
          ...item,
          port,
        })),
      },
    };
  });
}

/** Inside the mesh a TLSRoute without host names takes the server names of its parent. */
function meshTlsRoutes(
  routes: readonly SourcedRoute<TlsRoute>[],
  host: string,
  hosts: readonly string[],
  port: number | undefined,
): SourcedRoute<TlsRoute>[] {
  return routes.map(route => ({
    ...route,
    value: {
      ...route.value,
      match: (route.value.match ?? []).map(match => {
        const named = match.sniHosts.join() === '*' ? hosts : match.sniHosts;
        return {
          ...match,
          sniHosts:
            named.length > 1
              ? named.filter(name => hostsMatch(host, name))
              : named,
          ...(port === undefined ? {} : { port }),
        };
      }),
    },
  }));
}

/** What the server names of a TLSRoute and that of the listener have in common; never wider than the listener. R7.23 */
function namesOnListener(
  names: readonly string[],
  { listener }: InternalGateway,
): readonly string[] {
  const own = listener.hostname ?? '';
  return own === '' ? names : intersectHosts(names, [own]);
}

function tlsRoutesOnListener(
  routes: readonly SourcedRoute<TlsRoute>[],
  internal: InternalGateway,
): SourcedRoute<TlsRoute>[] {
  return routes.flatMap(({ value, ...source }) => {
    if (value.match === undefined) {
      return [{ value, ...source }];
    }
    const match = value.match.map(item => ({
      ...item,
      sniHosts: namesOnListener(item.sniHosts, internal),
    }));
    return match.some(({ sniHosts }) => sniHosts.length > 0)
      ? [{ value: { ...value, match }, ...source }]
      : [];
  });
}

interface Naming {
  /** position among the configurations of the route */
  count: number;
}

function configOf(
  route: GatewayApiRoute,
  name: string,
  host: string,
  gateway: string,
  routes: Partial<Pick<RoutingConfig, 'http' | 'tls' | 'tcp'>>,
): RoutingConfig {
  return {
    object: route,
    namespace: route.metadata.namespace,
    name,
    semantics: 'gateway-api',
    hosts: [host],
    gateways: [gateway],
    exportTo: new Set(['*']),
    http: [],
    tls: [],
    tcp: [],
    droppedRoutes: [],
    ...routes,
  };
}

function meshConfigs(
  route: GatewayApiRoute,
  hosts: readonly string[],
  port: number | undefined,
  converted: Rules,
  naming: Naming,
): RouteConfig[] {
  const { namespace, name } = route.metadata;
  const { protocol, rules } = converted;
  if (protocol === 'http') {
    const http =
      port === undefined ? rules.routes : withPort(rules.routes, port, {});
    return http.length === 0
      ? []
      : hosts.map(host => {
          const key =
            port === undefined
              ? `${namespace}/${host}`
              : `${namespace}/${port}/${host}`;
          return {
            key,
            config: configOf(
              route,
              key.replaceAll('/', '~'),
              host,
              MESH_GATEWAY,
              {
                http,
              },
            ),
          };
        });
  }
  return hosts.map(host => {
    const unique = `${name}~${protocol}~${naming.count++}~${INTERNAL_NAME}`;
    const routes =
      protocol === 'tls'
        ? { tls: meshTlsRoutes(rules.routes, host, hosts, port) }
        : {
            tcp:
              port === undefined
                ? rules.routes
                : withPort(rules.routes, port, {}),
          };
    return {
      key: `${namespace}/${unique}`,
      config: configOf(route, unique, host, MESH_GATEWAY, routes),
    };
  });
}

function listenerConfigs(
  route: GatewayApiRoute,
  parent: Extract<RouteParent['target'], { kind: 'listener' }>,
  converted: Rules,
  naming: Naming,
): RouteConfig[] {
  const { namespace, name } = route.metadata;
  const gateway = internalName(parent.internal);
  const { protocol, rules } = converted;
  if (protocol === 'http') {
    return rules.routes.length === 0
      ? []
      : routeHostnames(route)
          .filter(host =>
            isHostServed(host, parent.internal, parent.isolatedHosts),
          )
          .map(host => {
            const key = `${gateway}/${host}`;
            return {
              key,
              config: configOf(route, key.replaceAll('/', '~'), host, gateway, {
                http: rules.routes,
              }),
            };
          });
  }
  const hosts =
    protocol === 'tls'
      ? namesOnListener(routeHostnames(route), parent.internal)
      : routeHostnames(route);
  const routes =
    protocol === 'tls'
      ? { tls: tlsRoutesOnListener(rules.routes, parent.internal) }
      : { tcp: rules.routes };
  return hosts.map(host => {
    const unique = `${name}~${protocol}~${naming.count++}~${INTERNAL_NAME}`;
    return {
      key: `${namespace}/${unique}`,
      config: configOf(route, unique, host, gateway, routes),
    };
  });
}

/**
 * A route as routing configuration: one for every host of every listener it attaches to, and of every service whose
 * clients it concerns. R7.20 – R7.24
 */
export function translateRoute(
  route: GatewayApiRoute,
  listenersOf: ListenersOf,
  references: References,
): TranslatedRoute {
  const parents = routeParents(route, listenersOf, references);
  const needs = (kind: RouteParent['target']['kind']) =>
    parents.some(({ target }) => target.kind === kind);
  const mesh = needs('mesh')
    ? convertedRules(route, true, references)
    : undefined;
  const gateway = needs('listener')
    ? convertedRules(route, false, references)
    : undefined;
  const naming: Naming = { count: 0 };
  const configs = attachedParents(parents).flatMap(({ target, reference }) => {
    if (target.kind === 'mesh') {
      return mesh === undefined
        ? []
        : meshConfigs(route, target.hosts, reference.port, mesh, naming);
    }
    return gateway === undefined
      ? []
      : listenerConfigs(route, target, gateway, naming);
  });
  return {
    route,
    parents,
    faults: {
      ...(gateway?.rules.fault === undefined
        ? {}
        : { gateway: gateway.rules.fault }),
      ...(mesh?.rules.fault === undefined ? {} : { mesh: mesh.rules.fault }),
    },
    configs,
  };
}
