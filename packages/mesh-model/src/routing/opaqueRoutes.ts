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

import type { Client } from '../membership';
import type {
  L4MatchAttributes,
  RouteDestination,
  TlsMatchAttributes,
} from '../objects';
import { isHostWithin, isMoreSpecificHost } from '../identity/hosts';
import type { ClientScope } from '../scoping/clientScope';
import { isSubset, type MeshSnapshot } from '../snapshot';
import { longestPrefix } from './addresses';
import { configsForHostByClass } from './configsOfMesh';
import { MESH_GATEWAY } from './names';
import type { RouteContext } from './requestMatch';
import type { RoutableService } from './routableService';
import type { RoutingConfig, SourcedRoute } from './routingConfig';

/** A `tls` or `tcp` route that acts on a port. */
export interface OpaqueRoute {
  config: RoutingConfig;
  route: SourcedRoute<{ route?: readonly RouteDestination[] }>;
  says: string;
}

/** Does a `tcp` or `tls` match concern a proxy? All conditions must hold, unlike for HTTP. R5.15 */
function l4MatchConcerns(
  match: L4MatchAttributes,
  context: RouteContext,
): boolean {
  const gateways = match.gateways ?? [];
  return (
    ((match.port ?? 0) === 0 || match.port === context.port) &&
    (gateways.length === 0 ||
      gateways.some(gateway => context.gateways.has(gateway))) &&
    isSubset(match.sourceLabels ?? {}, context.labels) &&
    ((match.sourceNamespace ?? '') === '' ||
      match.sourceNamespace === context.namespace)
  );
}

/** Does a match take connections to one of these addresses? Where none is known, only a match for every address does. */
function takesAddress(
  { destinationSubnets = [] }: L4MatchAttributes,
  addresses: readonly string[],
): boolean {
  return (
    destinationSubnets.length === 0 ||
    addresses.some(address => {
      const [bare] = address.split('/');
      return longestPrefix(bare, destinationSubnets) !== undefined;
    })
  );
}

/**
 * The first `tcp` route of a configuration that acts on a proxy's port. R5.30
 *
 * @param addresses - that the connection may go to; `destinationSubnets` of a match are compared with them
 */
export function tcpRouteOf(
  config: RoutingConfig,
  context: RouteContext,
  addresses: readonly string[],
): OpaqueRoute | undefined {
  const route = config.tcp.find(({ value }) => {
    const match = value.match ?? [];
    return (
      match.length === 0 ||
      match.some(
        item => l4MatchConcerns(item, context) && takesAddress(item, addresses),
      )
    );
  });
  return route === undefined
    ? undefined
    : {
        config,
        route,
        says: `${config.object.kind} ${config.namespace}/${config.name} routes connections (${route.path})`,
      };
}

/** The `tls` routes of a configuration that act on a proxy's port, with the server names each takes. R5.29, R5.30 */
export function tlsRoutesOf(
  config: RoutingConfig,
  context: RouteContext,
  addresses: readonly string[],
): (OpaqueRoute & { sniHosts: readonly string[] })[] {
  return config.tls.flatMap(route => {
    const matches: readonly TlsMatchAttributes[] = route.value.match ?? [];
    const sniHosts = matches
      .filter(
        match =>
          l4MatchConcerns(match, context) && takesAddress(match, addresses),
      )
      .flatMap(match => match.sniHosts);
    return sniHosts.length === 0
      ? []
      : [
          {
            config,
            route,
            sniHosts,
            says: `${config.object.kind} ${config.namespace}/${config.name} routes by server name (${route.path})`,
          },
        ];
  });
}

/** What takes a connection to a service's port. */
export type OpaqueChoice =
  | { kind: 'route'; route: OpaqueRoute }
  /** nothing is configured: the service itself */
  | { kind: 'service' }
  /** `tls` routes act on the port, and have other server names only: the destination counts as unknown */
  | { kind: 'other-names'; route: OpaqueRoute };

/** Of `tls` routes the one with the most specific server name; the first of several. */
function routeByName(
  routes: readonly (OpaqueRoute & { sniHosts: readonly string[] })[],
  serverName: string,
): OpaqueRoute | undefined {
  let best: { name: string; route: OpaqueRoute } | undefined;
  for (const route of routes) {
    for (const name of route.sniHosts) {
      if (
        isHostWithin(serverName.toLowerCase(), name.toLowerCase()) &&
        (best === undefined ||
          (name !== best.name && isMoreSpecificHost(name, best.name)))
      ) {
        best = { name, route };
      }
    }
  }
  return best?.route;
}

/** A connection to a service's port, as far as `tls` and `tcp` routes look at it. */
export interface OpaqueConnection {
  /** server name of the client's TLS; the service's own where absent */
  serverName?: string;
  /** where it goes, when known; else one of the service's addresses */
  address?: string;
}

/**
 * What takes a connection to a service's port: `tls` routes for TLS ports, `tcp` routes for the others, of every
 * configuration with a host that covers the service. R5.29 – R5.31
 */
export function opaqueRoutesOf(
  snapshot: MeshSnapshot,
  client: Client,
  scope: ClientScope,
  service: RoutableService,
  port: RoutableService['ports'][number],
  { serverName = service.hostname, address }: OpaqueConnection = {},
): OpaqueChoice {
  if (service.externalName !== undefined) {
    return { kind: 'service' };
  }
  const context: RouteContext = {
    gateways: new Set([MESH_GATEWAY]),
    port: port.number,
    namespace: client.namespace,
    labels: client.labels,
  };
  const addresses = address === undefined ? service.addresses : [address];
  const configs = configsForHostByClass(
    snapshot,
    MESH_GATEWAY,
    client.namespace,
    service.hostname,
  ).filter(config => scope.importsConfig(config, port.number));
  if (port.class === 'tls') {
    const routes = configs.flatMap(config =>
      tlsRoutesOf(config, context, addresses),
    );
    const route = routeByName(routes, serverName);
    if (route !== undefined) {
      return { kind: 'route', route };
    }
    return routes.length === 0
      ? { kind: 'service' }
      : { kind: 'other-names', route: routes[0] };
  }
  for (const config of configs) {
    const route = tcpRouteOf(config, context, addresses);
    if (route !== undefined) {
      return { kind: 'route', route };
    }
  }
  return { kind: 'service' };
}
