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

import type { OpaqueRoute } from '../routing/opaqueRoutes';
import type { RoutingConfig } from '../routing/routingConfig';
import { isHostWithin } from '../identity/hosts';
import { autoPassthroughRoute } from './autoPassthrough';
import type { GatewayServer } from './gatewayServers';
import {
  connectionRoute,
  serverNameChains,
  type ServerNameChain,
} from './serverNameChains';

/** Where a connection to a gateway lands. */
export type GatewayLanding =
  /** nothing listens on the port */
  | { kind: 'no-listener' }
  /** no server takes the TLS server name, or plaintext */
  | { kind: 'refused' }
  /** two servers take the same server name: Envoy rejects the listener */
  | { kind: 'conflict' }
  /** HTTP, in the route table these servers share */
  | { kind: 'http'; servers: readonly [GatewayServer, ...GatewayServer[]] }
  /** passed on without looking at HTTP */
  | { kind: 'opaque'; server: GatewayServer; route: OpaqueRoute };

/** A connection to a gateway. */
export interface GatewayConnection {
  /** the port the gateway's pod listens on */
  port: number;
  tls: boolean;
  /** TLS server name (SNI) */
  serverName: string;
}

function landing(chain: ServerNameChain): GatewayLanding {
  return chain.route === undefined
    ? { kind: 'http', servers: [chain.server] }
    : { kind: 'opaque', server: chain.server, route: chain.route };
}

function bestChain(
  chains: readonly ServerNameChain[],
  serverName: string,
): GatewayLanding {
  const fitting = chains.filter(chain => isHostWithin(serverName, chain.name));
  const longest = Math.max(...fitting.map(chain => chain.name.length));
  const exact = fitting.filter(chain => !chain.name.startsWith('*'));
  const best =
    exact.length > 0
      ? exact
      : fitting.filter(chain => chain.name.length === longest);
  if (best.length === 0) {
    return { kind: 'refused' };
  }
  return new Set(best.map(chain => chain.server)).size > 1
    ? { kind: 'conflict' }
    : landing(best[0]);
}

/**
 * Which server of a gateway takes a connection. R7.5, R7.6, R7.8
 *
 * @param configsOf - configurations visible to the proxy's namespace for a gateway, in Istio's order
 */
export function selectGatewayServer(
  servers: readonly GatewayServer[],
  configsOf: (gateway: string) => readonly RoutingConfig[],
  connection: GatewayConnection,
): GatewayLanding {
  const onPort = servers.filter(
    server => server.listenPort === connection.port,
  );
  const http = onPort.filter(server => server.class === 'http');
  const chains = serverNameChains(onPort, configsOf);
  const between = connection.tls
    ? onPort.flatMap(server => {
        const route = autoPassthroughRoute(server, connection.serverName);
        return route === undefined
          ? []
          : [{ kind: 'opaque' as const, server, route }];
      })
    : [];
  if (between.length > 0) {
    return between[0];
  }
  const opaque = onPort.flatMap(server => {
    const route =
      server.class === 'http' || server.server.tls !== undefined
        ? undefined
        : connectionRoute(server, configsOf);
    return route === undefined
      ? []
      : [{ kind: 'opaque' as const, server, route }];
  });
  const passesBetween = onPort.some(
    ({ server }) => server.tls?.mode === 'AUTO_PASSTHROUGH',
  );
  if (passesBetween && http.length + chains.length + opaque.length === 0) {
    return { kind: 'refused' };
  }
  if (http.length === 0 && chains.length === 0 && opaque.length === 0) {
    return { kind: 'no-listener' };
  }
  if (connection.tls && chains.length > 0) {
    const byName = bestChain(chains, connection.serverName);
    if (byName.kind !== 'refused') {
      return byName;
    }
  }
  const [first, ...others] = http;
  if (first !== undefined && !connection.tls) {
    return { kind: 'http', servers: [first, ...others] };
  }
  return opaque[0] ?? { kind: 'refused' };
}
