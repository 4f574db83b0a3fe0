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
  Destination,
  HttpRoute,
  RouteDestination,
  SlimObjectByKind,
  TcpRoute,
  TlsRoute,
} from '../objects';

import { mergeDelegateRoute } from './delegates';
import { MESH_GATEWAY, resolveGatewayName, resolveShortName } from './names';
import type { RoutingConfig, SourcedRoute } from './routingConfig';

type VirtualService = SlimObjectByKind['VirtualService'];

/** Settings of the mesh that decide what a VirtualService means. */
export interface VirtualServiceSettings {
  clusterDomain: string;
  /** `defaultVirtualServiceExportTo` */
  defaultExportTo: readonly string[];
}

/** A VirtualService without hosts acts only through one that delegates to it. R5.6 */
export function isDelegate(virtualService: VirtualService): boolean {
  return (virtualService.spec.hosts ?? []).length === 0;
}

/** Namespaces that see it; `.`, `*` and `~` are kept as written. R5.3 */
export function exportToOf(
  virtualService: VirtualService,
  settings: VirtualServiceSettings,
): ReadonlySet<string> {
  const written = virtualService.spec.exportTo ?? [];
  return new Set(written.length > 0 ? written : settings.defaultExportTo);
}

/** May a VirtualService of this namespace with this `exportTo` be seen from a namespace? */
export function isExportedTo(
  exportTo: ReadonlySet<string>,
  namespace: string,
  clientNamespace: string,
): boolean {
  return (
    exportTo.has('*') ||
    exportTo.has(clientNamespace) ||
    (exportTo.has('.') && namespace === clientNamespace)
  );
}

function resolvedDestinations<R extends RouteDestination>(
  routes: readonly R[] | undefined,
  resolve: (host: string) => string,
): readonly R[] | undefined {
  return routes?.map(route => ({
    ...route,
    destination: {
      ...route.destination,
      host: resolve(route.destination.host),
    },
  }));
}

/** The gateways of matches, with full names. */
function resolvedMatches<M extends { gateways?: readonly string[] }>(
  matches: readonly M[] | undefined,
  namespace: string,
): readonly M[] | undefined {
  return matches?.map(match =>
    match.gateways === undefined
      ? match
      : {
          ...match,
          gateways: match.gateways.map(gateway =>
            resolveGatewayName(gateway, namespace),
          ),
        },
  );
}

function resolvedHttpRoute(
  route: HttpRoute,
  namespace: string,
  clusterDomain: string,
): HttpRoute {
  const resolve = (host: string) =>
    resolveShortName(host, namespace, clusterDomain);
  const destination = (to: Destination): Destination => ({
    ...to,
    host: resolve(to.host),
  });
  return {
    ...route,
    ...(route.route === undefined
      ? {}
      : { route: resolvedDestinations(route.route, resolve) }),
    ...(route.mirror === undefined
      ? {}
      : { mirror: destination(route.mirror) }),
    ...(route.mirrors === undefined
      ? {}
      : {
          mirrors: route.mirrors.map(mirror => ({
            ...mirror,
            destination: destination(mirror.destination),
          })),
        }),
    ...(route.match === undefined
      ? {}
      : { match: resolvedMatches(route.match, namespace) }),
  };
}

function ownHttpRoutes(
  virtualService: VirtualService,
  clusterDomain: string,
): SourcedRoute<HttpRoute>[] {
  return (virtualService.spec.http ?? []).map((route, index) => ({
    value: resolvedHttpRoute(
      route,
      virtualService.metadata.namespace,
      clusterDomain,
    ),
    object: virtualService,
    path: `spec.http[${index}]`,
  }));
}

/** Routes that take the place of one that delegates, and those that are written for it and do not act. */
interface DelegatedRoutes {
  routes: readonly SourcedRoute<HttpRoute>[];
  dropped: RoutingConfig['droppedRoutes'];
}

/** The routes of a delegate, each merged with the root's; where their matches exclude each other, it is dropped. R5.7 */
function mergedRoutes(
  root: SourcedRoute<HttpRoute>,
  virtualService: VirtualService,
  delegate: VirtualService,
  clusterDomain: string,
): DelegatedRoutes {
  const { namespace, name } = virtualService.metadata;
  const routes: SourcedRoute<HttpRoute>[] = [];
  const dropped: DelegatedRoutes['dropped'][number][] = [];
  for (const leaf of ownHttpRoutes(delegate, clusterDomain)) {
    const merged = mergeDelegateRoute(root.value, leaf.value);
    if (merged === undefined) {
      dropped.push({
        object: delegate,
        path: leaf.path,
        why: `Its matches exclude those of ${root.path} of ${namespace}/${name}, which delegates to it`,
      });
    } else {
      const { delegate: ofLeaf, ...value } = merged;
      routes.push({
        value,
        object: delegate,
        path: leaf.path,
        via: { object: virtualService, path: root.path },
      });
    }
  }
  return { routes, dropped };
}

/** What a route that delegates leads to; without a delegate that acts it is dropped. R5.6 */
function delegatedRoutes(
  root: SourcedRoute<HttpRoute>,
  virtualService: VirtualService,
  delegateOf: (namespace: string, name: string) => VirtualService | undefined,
  settings: VirtualServiceSettings,
): DelegatedRoutes {
  const { namespace } = virtualService.metadata;
  const to = root.value.delegate;
  const delegateNamespace = to?.namespace || namespace;
  const name = `${delegateNamespace}/${to?.name ?? ''}`;
  const delegate = delegateOf(delegateNamespace, to?.name ?? '');
  const drop = (why: string) => ({
    routes: [],
    dropped: [{ object: virtualService, path: `${root.path}.delegate`, why }],
  });
  if (delegate === undefined) {
    return drop(
      `VirtualService ${name}, to which this route delegates, does not exist`,
    );
  }
  if (!isDelegate(delegate)) {
    return drop(`VirtualService ${name} has hosts, so it is no delegate`);
  }
  return isExportedTo(
    exportToOf(delegate, settings),
    delegateNamespace,
    namespace,
  )
    ? mergedRoutes(root, virtualService, delegate, settings.clusterDomain)
    : drop(`Delegate ${name} is not exported to namespace ${namespace}`);
}

/** The `http` routes of a root VirtualService, those that delegate replaced by those of their delegates. R5.6, R5.7 */
function httpRoutes(
  virtualService: VirtualService,
  delegateOf: (namespace: string, name: string) => VirtualService | undefined,
  settings: VirtualServiceSettings,
): Pick<RoutingConfig, 'http' | 'droppedRoutes'> {
  const http: SourcedRoute<HttpRoute>[] = [];
  const droppedRoutes: RoutingConfig['droppedRoutes'][number][] = [];
  for (const route of ownHttpRoutes(virtualService, settings.clusterDomain)) {
    if (route.value.delegate === undefined) {
      http.push(route);
    } else {
      const { routes, dropped } = delegatedRoutes(
        route,
        virtualService,
        delegateOf,
        settings,
      );
      http.push(...routes);
      droppedRoutes.push(...dropped);
    }
  }
  return { http, droppedRoutes };
}

/** The `tls` or `tcp` routes of a VirtualService. */
function opaqueRoutes<R extends TlsRoute | TcpRoute>(
  virtualService: VirtualService,
  kind: 'tls' | 'tcp',
  routes: readonly R[] | undefined,
  clusterDomain: string,
): SourcedRoute<R>[] {
  const { namespace } = virtualService.metadata;
  const resolve = (host: string) =>
    resolveShortName(host, namespace, clusterDomain);
  return (routes ?? []).map((route, index) => ({
    value: {
      ...route,
      match: resolvedMatches(route.match, namespace),
      route: resolvedDestinations(route.route, resolve),
    },
    object: virtualService,
    path: `spec.${kind}[${index}]`,
  }));
}

/** Where a VirtualService is bound: to the mesh, unless it says something else. R5.2 */
function gatewaysOf({ metadata, spec }: VirtualService): readonly string[] {
  const gateways = spec.gateways ?? [];
  return gateways.length === 0
    ? [MESH_GATEWAY]
    : gateways.map(gateway => resolveGatewayName(gateway, metadata.namespace));
}

/**
 * A root VirtualService with names resolved in its own namespace (R5.1), `gateways` defaulted to the mesh (R5.2) and
 * delegates merged (R5.6, R5.7).
 */
export function routingConfigOfVirtualService(
  virtualService: VirtualService,
  delegateOf: (namespace: string, name: string) => VirtualService | undefined,
  settings: VirtualServiceSettings,
): RoutingConfig {
  const { namespace, name } = virtualService.metadata;
  const { hosts, tls, tcp } = virtualService.spec;
  const { clusterDomain } = settings;
  const resolve = (host: string) =>
    resolveShortName(host, namespace, clusterDomain);
  const { http, droppedRoutes } = httpRoutes(
    virtualService,
    delegateOf,
    settings,
  );
  return {
    object: virtualService,
    namespace,
    name,
    semantics: 'virtual-service',
    hosts: (hosts ?? []).map(resolve),
    gateways: gatewaysOf(virtualService),
    exportTo: exportToOf(virtualService, settings),
    http,
    tls: opaqueRoutes(virtualService, 'tls', tls, clusterDomain),
    tcp: opaqueRoutes(virtualService, 'tcp', tcp, clusterDomain),
    droppedRoutes,
  };
}
