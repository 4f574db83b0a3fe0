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
      : {
          match: route.match.map(match =>
            match.gateways === undefined
              ? match
              : {
                  ...match,
                  gateways: match.gateways.map(gateway =>
                    resolveGatewayName(gateway, namespace),
                  ),
                },
          ),
        }),
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

function delegatedRoutes(
  root: SourcedRoute<HttpRoute>,
  virtualService: VirtualService,
  delegateOf: (namespace: string, name: string) => VirtualService | undefined,
  settings: VirtualServiceSettings,
): {
  routes: SourcedRoute<HttpRoute>[];
  dropped: RoutingConfig['droppedRoutes'];
} {
  const { namespace } = virtualService.metadata;
  const to = root.value.delegate;
  const delegateNamespace = to?.namespace || namespace;
  const name = to?.name ?? '';
  const delegate = delegateOf(delegateNamespace, name);
  const drop = (why: string) => ({
    routes: [],
    dropped: [{ object: virtualService, path: `${root.path}.delegate`, why }],
  });
  if (delegate === undefined || !isDelegate(delegate)) {
    return drop(
      delegate === undefined
        ? `VirtualService ${delegateNamespace}/${name}, to which this route delegates, does not exist`
        : `VirtualService ${delegateNamespace}/${name} has hosts, so it is no delegate`,
    );
  }
  if (
    !isExportedTo(exportToOf(delegate, settings), delegateNamespace, namespace)
  ) {
    return drop(
      `Delegate ${delegateNamespace}/${name} is not exported to namespace ${namespace}`,
    );
  }
  const routes: SourcedRoute<HttpRoute>[] = [];
  const dropped: { object: VirtualService; path: string; why: string }[] = [];
  for (const leaf of ownHttpRoutes(delegate, settings.clusterDomain)) {
    const merged = mergeDelegateRoute(root.value, leaf.value);
    if (merged === undefined) {
      dropped.push({
        object: delegate,
        path: leaf.path,
        why: `Its matches exclude those of ${root.path} of ${namespace}/${virtualService.metadata.name}, which delegates to it`,
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
  const { spec } = virtualService;
  const { clusterDomain } = settings;
  const resolve = (host: string) =>
    resolveShortName(host, namespace, clusterDomain);
  const http: SourcedRoute<HttpRoute>[] = [];
  const droppedRoutes: { object: VirtualService; path: string; why: string }[] =
    [];
  for (const route of ownHttpRoutes(virtualService, clusterDomain)) {
    if (route.value.delegate === undefined) {
      http.push(route);
      continue;
    }
    const merged = delegatedRoutes(route, virtualService, delegateOf, settings);
    http.push(...merged.routes);
    for (const dropped of merged.dropped) {
      if (dropped.object.kind === 'VirtualService') {
        droppedRoutes.push({ ...dropped, object: dropped.object });
      }
    }
  }
  const gateways = spec.gateways ?? [];
  const matchGateways = (match: { gateways?: readonly string[] }) =>
    match.gateways?.map(gateway => resolveGatewayName(gateway, namespace));
  const withGateways = <M extends { gateways?: readonly string[] }>(
    match: readonly M[] | undefined,
  ) =>
    match?.map(item => {
      const resolved = matchGateways(item);
      return resolved === undefined ? item : { ...item, gateways: resolved };
    });
  return {
    object: virtualService,
    namespace,
    name,
    semantics: 'virtual-service',
    hosts: (spec.hosts ?? []).map(resolve),
    gateways:
      gateways.length === 0
        ? [MESH_GATEWAY]
        : gateways.map(gateway => resolveGatewayName(gateway, namespace)),
    exportTo: exportToOf(virtualService, settings),
    http,
    tls: (spec.tls ?? []).map((route, index) => ({
      value: {
        ...route,
        match: withGateways(route.match),
        route: resolvedDestinations(route.route, resolve),
      },
      object: virtualService,
      path: `spec.tls[${index}]`,
    })),
    tcp: (spec.tcp ?? []).map((route, index) => ({
      value: {
        ...route,
        match: withGateways(route.match),
        route: resolvedDestinations(route.route, resolve),
      },
      object: virtualService,
      path: `spec.tcp[${index}]`,
    })),
    droppedRoutes,
  };
}
