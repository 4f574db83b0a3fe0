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

import { isHostWithin } from '../identity/hosts';
import {
  activeRoutes,
  catchAllLast,
  type ActiveRoute,
} from '../routing/activeRoutes';
import type { RouteContext } from '../routing/requestMatch';
import type { RoutingConfig } from '../routing/routingConfig';
import {
  gatewayName,
  type GatewayProxy,
  type GatewayServer,
} from './gatewayServers';

/** A virtual host of a gateway. */
export interface GatewayVirtualHost {
  /** `host:port` */
  name: string;
  domains: readonly string[];
  routes: readonly ActiveRoute[];
  /** every plaintext request is redirected to HTTPS */
  redirectsToHttps: boolean;
}

/** What a server has in common with a configuration: the narrower host of each pair that fits. R7.3 */
export function sharedHosts(
  serverHosts: readonly string[],
  config: Pick<RoutingConfig, 'hosts' | 'namespace'>,
): string[] {
  const shared = new Set<string>();
  for (const entry of serverHosts) {
    const slash = entry.indexOf('/');
    const namespace = entry.slice(0, slash);
    const host = entry.slice(slash + 1);
    if (namespace !== '*' && namespace !== config.namespace) {
      continue;
    }
    for (const asked of config.hosts) {
      if (isHostWithin(asked, host)) {
        shared.add(asked);
      } else if (isHostWithin(host, asked)) {
        shared.add(host);
      }
    }
  }
  return [...shared];
}

/** The proxy as routes of a server see it. R5.15 */
export function serverContext(
  server: GatewayServer,
  proxy: GatewayProxy,
): RouteContext {
  return {
    gateways: new Set([gatewayName(server.gateway)]),
    port: server.port,
    namespace: proxy.namespace,
    labels: proxy.labels,
  };
}

/**
 * The virtual hosts of servers that share a route table. Configurations for one host are concatenated in Istio's order,
 * catch-all routes last. R5.12, R7.5 – R7.7
 *
 * @param configsOf - configurations visible to the proxy's namespace for a gateway, in Istio's order
 */
export function gatewayVirtualHosts(
  servers: readonly GatewayServer[],
  proxy: GatewayProxy,
  configsOf: (gateway: string) => readonly RoutingConfig[],
): GatewayVirtualHost[] {
  const hosts = new Map<
    string,
    {
      domains: string[];
      routes: ActiveRoute[];
      unreachable: ActiveRoute[];
      redirectsToHttps: boolean;
    }
  >();
  const of = (host: string, port: number) => {
    const name = `${host}:${port}`;
    const found = hosts.get(name) ?? {
      domains: [host],
      routes: [],
      unreachable: [],
      redirectsToHttps: false,
    };
    hosts.set(name, found);
    return found;
  };
  for (const server of servers) {
    const context = serverContext(server, proxy);
    const redirects =
      server.class === 'http' && server.server.tls?.httpsRedirect === true;
    for (const config of configsOf(gatewayName(server.gateway))) {
      const { routes, unreachable } = activeRoutes(config, context);
      if (routes.length === 0) {
        continue;
      }
      for (const host of sharedHosts(server.hosts, config)) {
        const virtualHost = of(host, server.port);
        virtualHost.routes.push(...routes);
        virtualHost.unreachable.push(...unreachable);
        virtualHost.redirectsToHttps ||= redirects;
      }
    }
    if (redirects) {
      for (const entry of server.hosts) {
        of(entry.slice(entry.indexOf('/') + 1), server.port).redirectsToHttps =
          true;
      }
    }
  }
  return [...hosts].map(([name, host]) => ({
    name,
    domains: host.domains,
    // What stands after a route that takes everything does not move before it.
    routes: [...catchAllLast(host.routes), ...host.unreachable],
    redirectsToHttps: host.redirectsToHttps,
  }));
}
