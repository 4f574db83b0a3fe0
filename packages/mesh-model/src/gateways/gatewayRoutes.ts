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

import { isHostWithin, isMoreSpecificHost } from '../identity/hosts';
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
  /** `host:port` of the first of its domains */
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

interface Draft {
  name: string;
  host: string;
  routes: ActiveRoute[];
  unreachable: ActiveRoute[];
  redirectsToHttps: boolean;
}

/** Virtual hosts with the same routes are one, which is named after the most specific host. */
function collapsed(drafts: readonly Draft[]): GatewayVirtualHost[] {
  const inOrder = [...drafts].sort((a, b) =>
    isMoreSpecificHost(a.host, b.host) ? -1 : 1,
  );
  const kept: { draft: Draft; domains: string[] }[] = [];
  const byFirstRoute = new Map<ActiveRoute | undefined, typeof kept>();
  for (const draft of inOrder) {
    const [first] = draft.routes;
    const alike = byFirstRoute.get(first) ?? [];
    byFirstRoute.set(first, alike);
    const same = alike.find(
      ({ draft: other }) =>
        other.redirectsToHttps === draft.redirectsToHttps &&
        other.routes.length === draft.routes.length &&
        other.routes.every((route, index) => route === draft.routes[index]),
    );
    if (same === undefined) {
      const own = { draft, domains: [draft.host] };
      kept.push(own);
      alike.push(own);
    } else {
      same.domains.push(draft.host);
    }
  }
  return kept.map(({ draft, domains }) => ({
    name: draft.name,
    domains,
    // What stands after a route that takes everything does not move before it.
    routes: [...catchAllLast(draft.routes), ...draft.unreachable],
    redirectsToHttps: draft.redirectsToHttps,
  }));
}

/**
 * The virtual hosts of servers that share a route table. Configurations for one host are concatenated in Istio's order,
 * catch-all routes last; hosts with the same routes share a virtual host. R5.12, R7.5 – R7.7
 *
 * @param configsOf - configurations visible to the proxy's namespace for a gateway, in Istio's order
 */
export function gatewayVirtualHosts(
  servers: readonly GatewayServer[],
  proxy: GatewayProxy,
  configsOf: (gateway: string) => readonly RoutingConfig[],
): GatewayVirtualHost[] {
  const drafts = new Map<string, Draft>();
  const of = (written: string, port: number) => {
    const host = written.toLowerCase();
    const found = drafts.get(host) ?? {
      name: `${host}:${port}`,
      host,
      routes: [],
      unreachable: [],
      redirectsToHttps: false,
    };
    drafts.set(host, found);
    return found;
  };
  // Of a Gateway and a configuration the routes are made once, for the first of its servers that has any.
  const made = new Map<
    string,
    Map<RoutingConfig, ReturnType<typeof activeRoutes>>
  >();
  for (const server of servers) {
    const context = serverContext(server, proxy);
    const redirects =
      server.class === 'http' && server.server.tls?.httpsRedirect === true;
    const gateway = gatewayName(server.gateway);
    const ofGateway = made.get(gateway) ?? new Map();
    made.set(gateway, ofGateway);
    for (const config of configsOf(gateway)) {
      const shared = sharedHosts(server.hosts, config);
      const active =
        shared.length === 0
          ? undefined
          : ofGateway.get(config) ?? activeRoutes(config, context);
      if (active === undefined || active.routes.length === 0) {
        continue;
      }
      ofGateway.set(config, active);
      for (const host of shared) {
        const virtualHost = of(host, server.port);
        virtualHost.routes.push(...active.routes);
        virtualHost.unreachable.push(...active.unreachable);
        virtualHost.redirectsToHttps ||= redirects;
      }
    }
    if (redirects) {
      for (const entry of server.hosts) {
        // A host for one namespace keeps its namespace here, and so redirects no request by itself.
        of(entry.replace(/^\*\//, ''), server.port).redirectsToHttps = true;
      }
    }
  }
  return collapsed([...drafts.values()]);
}
