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

import {
  gatewayVirtualHosts,
  type GatewayVirtualHost,
} from '../gateways/gatewayRoutes';
import type { GatewayServer } from '../gateways/gatewayServers';
import type { Client } from '../membership';
import { scopeOf } from '../scoping/clientScope';
import type { MeshSnapshot } from '../snapshot';
import type { ActiveRoute } from './activeRoutes';
import { destinationPort } from './destinations';
import type { PortRoutes } from './portRoutes';
import type { RoutableService } from './routableService';
import { ruleOf, type Asking, type RouteRule } from './routeRules';
import { gatewayOfClient } from './way/gatewayOfClient';

interface LeadingRoute {
  host: GatewayVirtualHost;
  active: ActiveRoute;
  /** a route of the host that stands before it takes every request */
  unreachable: boolean;
  /** ports of the service that it leads to */
  ports: ReadonlySet<number>;
}

/** HTTP servers of a gateway, those together that share a route table. */
function tablesOf(
  servers: readonly GatewayServer[],
): ReadonlyMap<string, readonly GatewayServer[]> {
  const tables = new Map<string, GatewayServer[]>();
  for (const server of servers) {
    if (server.class === 'http' || server.class === 'https') {
      tables.set(server.routeName, [
        ...(tables.get(server.routeName) ?? []),
        server,
      ]);
    }
  }
  return tables;
}

function portsLedTo(
  active: ActiveRoute,
  service: RoutableService,
  serverPort: number,
): Set<number> {
  const { route, redirect, directResponse } = active.route.value;
  const to =
    redirect === undefined && directResponse === undefined ? route ?? [] : [];
  return new Set(
    to
      .filter(({ destination }) => destination.host === service.hostname)
      .map(({ destination }) =>
        destinationPort(destination, service, serverPort),
      ),
  );
}

function leadingOf(
  host: GatewayVirtualHost,
  service: RoutableService,
  serverPort: number,
): LeadingRoute[] {
  const closing = host.routes.findIndex(({ active }) => active.catchAll);
  return host.routes.flatMap((active, index) => {
    const ports = portsLedTo(active, service, serverPort);
    return ports.size === 0
      ? []
      : [{ host, active, unreachable: closing >= 0 && index > closing, ports }];
  });
}

/** A rule of a gateway holds for one host, which its matches do not say. */
function ruleAtGateway(
  asking: Asking,
  leading: LeadingRoute,
  port: number,
): RouteRule {
  const rule = ruleOf(
    asking,
    leading.active,
    port,
    leading.unreachable ? 'unreachable' : 'active',
  );
  const host = `host is ${leading.host.domains.join(' or ')}`;
  return {
    ...rule,
    matches: rule.matches.map(item => ({
      ...item,
      words:
        item.words === 'every request' ? host : `${host} and ${item.words}`,
    })),
  };
}

/**
 * The rules of a gateway that lead to a service, by the service's ports; `undefined` when the client is no gateway whose
 * pods are known. R5.12, R7.5 – R7.7
 */
export function portRoutesAtGateway(
  snapshot: MeshSnapshot,
  client: Client,
  service: RoutableService,
): PortRoutes[] | undefined {
  const gateway =
    client.proxy === 'gateway' ? gatewayOfClient(snapshot, client) : undefined;
  if (gateway === undefined) {
    return undefined;
  }
  const { servers, proxy, configsOf } = gateway.configuration;
  const asking = { snapshot, client, scope: scopeOf(snapshot, client) };
  const leading = [...tablesOf(servers).values()].flatMap(table =>
    gatewayVirtualHosts(table, proxy, configsOf).flatMap(host =>
      leadingOf(host, service, table[0].port),
    ),
  );
  return service.ports
    .filter(port => port.class !== 'udp')
    .map(port => {
      const rules = leading
        .filter(({ ports }) => ports.has(port.number))
        .map(item => ruleAtGateway(asking, item, port.number));
      return {
        port: port.number,
        name: port.name,
        class: port.class,
        says:
          rules.length === 0
            ? 'No HTTP route of this gateway leads to the port'
            : 'The routes of this gateway that lead to the port',
        rules,
        losers: [],
      };
    });
}
