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

import type { L4MatchAttributes } from '../objects';
import type { OpaqueRoute } from '../routing/opaqueRoutes';
import type { RoutingConfig } from '../routing/routingConfig';
import { sharedHosts } from './gatewayRoutes';
import { gatewayName, type GatewayServer } from './gatewayServers';

/** What takes the TLS connections for a server name at a gateway. */
export interface ServerNameChain {
  server: GatewayServer;
  /** a server name or wildcard; `*` takes all */
  name: string;
  /** Absent: HTTP behind TLS. */
  route?: OpaqueRoute;
}

type ConfigsOf = (gateway: string) => readonly RoutingConfig[];

/** At a gateway, port and gateways alone decide; labels and namespaces of clients do not count. R5.15 */
function concernsServer(
  match: L4MatchAttributes,
  { port, gateway }: GatewayServer,
): boolean {
  const gateways = match.gateways ?? [];
  return (
    ((match.port ?? 0) === 0 || match.port === port) &&
    (gateways.length === 0 || gateways.includes(gatewayName(gateway)))
  );
}

function boundTo(server: GatewayServer, configsOf: ConfigsOf): RoutingConfig[] {
  return configsOf(gatewayName(server.gateway)).filter(
    config => sharedHosts(server.hosts, config).length > 0,
  );
}

function says(config: RoutingConfig, path: string, what: string): string {
  return `${config.object.kind} ${config.namespace}/${config.name} routes ${what} (${path})`;
}

/**
 * The one route of a server that does not look at HTTP and does not pass TLS on: the first `tcp` route, or what a
 * TLSRoute sends to its backends where TLS ends at the gateway. R5.32
 */
export function connectionRoute(
  server: GatewayServer,
  configsOf: ConfigsOf,
): OpaqueRoute | undefined {
  for (const config of boundTo(server, configsOf)) {
    const tcp = config.tcp.find(({ value }) => {
      const match = value.match ?? [];
      return (
        (value.route ?? []).length > 0 &&
        (match.length === 0 || match.some(item => concernsServer(item, server)))
      );
    });
    const tls =
      config.semantics === 'gateway-api'
        ? config.tls.find(({ value }) =>
            (value.match ?? []).some(item => concernsServer(item, server)),
          )
        : undefined;
    const route = tcp ?? tls;
    if (route !== undefined) {
      return { config, route, says: says(config, route.path, 'connections') };
    }
  }
  return undefined;
}

/** Server names of `tls` routes that a listener already has, each with the address it is bound to. */
type TakenNames = Set<string>;

/** Servers that pass TLS on route by server name; a match one of whose names is taken does not count at all. R5.32 */
function passedOn(
  server: GatewayServer,
  configsOf: ConfigsOf,
  taken: TakenNames,
): ServerNameChain[] {
  const key = (name: string) => `${server.bind} ${name}`;
  return boundTo(server, configsOf).flatMap(config =>
    config.tls.flatMap(route =>
      (route.value.route ?? []).length === 0
        ? []
        : (route.value.match ?? []).flatMap(match => {
            const free =
              concernsServer(match, server) &&
              match.sniHosts.every(name => !taken.has(key(name)));
            if (!free) {
              return [];
            }
            for (const name of match.sniHosts) {
              taken.add(key(name));
            }
            return match.sniHosts.map(name => ({
              server,
              name,
              route: {
                config,
                route,
                says: says(config, route.path, 'by server name'),
              },
            }));
          }),
    ),
  );
}

function chainsOfServer(
  server: GatewayServer,
  configsOf: ConfigsOf,
  taken: TakenNames,
): ServerNameChain[] {
  const mode = server.server.tls?.mode;
  if (server.server.tls === undefined || mode === 'AUTO_PASSTHROUGH') {
    return [];
  }
  if (mode === 'PASSTHROUGH') {
    return passedOn(server, configsOf, taken);
  }
  const names = server.hosts.map(host => host.slice(host.indexOf('/') + 1));
  if (server.class === 'https') {
    return names.map(name => ({ server, name }));
  }
  const route = connectionRoute(server, configsOf);
  return route === undefined
    ? []
    : names.map(name => ({ server, name, route }));
}

/** Everything that takes TLS connections on a port, by server name. R7.5, R7.8 */
export function serverNameChains(
  servers: readonly GatewayServer[],
  configsOf: ConfigsOf,
): ServerNameChain[] {
  const taken: TakenNames = new Set();
  return servers
    .filter(server => server.class !== 'http')
    .flatMap(server => chainsOfServer(server, configsOf, taken));
}
