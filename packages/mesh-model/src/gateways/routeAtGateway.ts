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

import type { HttpRoute, RouteDestination } from '../objects';
import type { ActiveRoute } from '../routing/activeRoutes';
import { matchesRequest, type HttpRequest } from '../routing/requestMatch';
import { redirectOf } from '../routing/routeActions';
import type { SourcedRoute } from '../routing/routingConfig';
import { hostOfAuthority, selectVirtualHost } from '../routing/virtualHosts';
import { isHostWithin } from '../identity';
import type { MeshSnapshot } from '../snapshot';
import { provenanceOf, type Provenance } from '../verdict';
import {
  gatewayConfigurationOf,
  type GatewayConfiguration,
} from './gatewayConfiguration';
import { selectGatewayServer } from './gatewayRequest';
import { gatewayVirtualHosts, type GatewayVirtualHost } from './gatewayRoutes';
import {
  gatewayName,
  type GatewayProxy,
  type GatewayServer,
} from './gatewayServers';

/** A request, or a connection, as it arrives at a gateway. */
export interface GatewayRequest extends Partial<HttpRequest> {
  /** of the gateway's Service; of its pods where no Service has it */
  port: number;
  tls?: boolean;
  /** TLS server name; the host of `authority` when absent */
  serverName?: string;
}

/** How a request ends at a gateway. */
export type GatewayOutcome =
  /** it goes on to one of the destinations */
  | 'routed'
  | 'redirected'
  /** the gateway answers itself */
  | 'answered'
  /** nothing listens on the port: connection refused */
  | 'no-listener'
  /** no server takes the TLS server name, or plaintext */
  | 'tls-mismatch'
  /** two servers take the same server name: Envoy rejects the listener */
  | 'conflict'
  /** 404 with the flag NR */
  | 'no-route';

/** Where a gateway sends a request, one of several by weight. */
export interface GatewayDestination {
  /** fully qualified; `''` where the reference cannot be followed, which gives 500 */
  host: string;
  port?: number;
  subset?: string;
  /** relative to the other destinations; 0 means all of it when there is only one */
  weight: number;
}

/** What a gateway does with a request. */
export interface GatewayAnswer {
  outcome: GatewayOutcome;
  /** one sentence */
  says: string;
  /** HTTP status, where the gateway decides it */
  code?: number;
  /** Envoy's response flag, for example `NR` */
  flag?: string;
  /** the port that the pods listen on */
  listenPort: number;
  /** the server that takes the connection */
  server?: Provenance;
  /** `host:port` */
  virtualHost?: string;
  /** the route, or the field that ends the request */
  route?: Provenance;
  destinations: readonly GatewayDestination[];
  /** servers for this port that do not act, each with the reason */
  skipped: readonly Provenance[];
}

type Found = Omit<GatewayAnswer, 'listenPort' | 'skipped' | 'destinations'> & {
  destinations?: readonly GatewayDestination[];
};

function serverFact(server: GatewayServer): Provenance {
  const mode = server.server.tls?.mode;
  return provenanceOf(
    server.object,
    server.path,
    `Listens on port ${server.listenPort} with ${
      server.server.port?.protocol ?? 'an unknown protocol'
    }${mode === undefined ? '' : ` and TLS mode ${mode}`} for ${server.hosts
      .map(host => host.replace(/^\*\//, ''))
      .join(', ')}`,
  );
}

function destinationsOf(
  routes: readonly RouteDestination[] | undefined,
): GatewayDestination[] {
  return (routes ?? []).map(({ destination, weight = 0 }) => ({
    host: destination.host,
    weight,
    ...(destination.port?.number === undefined
      ? {}
      : { port: destination.port.number }),
    ...(destination.subset === undefined ? {} : { subset: destination.subset }),
  }));
}

function routeFact(
  { object, path }: SourcedRoute<unknown>,
  says: string,
): Provenance {
  return provenanceOf(object, path, says);
}

function routed(
  route: SourcedRoute<{ route?: readonly RouteDestination[] }>,
  says: string,
): Found {
  const destinations = destinationsOf(route.value.route);
  const dead = destinations.filter(({ host }) => host === '');
  if (destinations.length > 0 && dead.length === destinations.length) {
    return {
      outcome: 'answered',
      code: 500,
      says: 'No backend of the route can be used: the gateway answers 500',
      route: routeFact(route, 'None of its backends can be used'),
      destinations,
    };
  }
  return {
    outcome: 'routed',
    says,
    route: routeFact(route, says),
    destinations,
  };
}

function redirected(
  route: SourcedRoute<HttpRoute>,
  code: number,
  server: GatewayServer,
  request: GatewayRequest,
): Found {
  const says = `The route redirects: ${redirectOf(route.value, {
    port: server.port,
    tls: request.tls === true,
  })}`;
  return {
    outcome: 'redirected',
    code,
    says,
    route: routeFact(route, says),
  };
}

function answeredDirectly(
  route: SourcedRoute<HttpRoute>,
  status: number,
): Found {
  return {
    outcome: 'answered',
    code: status,
    says: `The gateway answers with ${status} itself`,
    route: routeFact(route, `Answers with ${status}`),
  };
}

/** What an HTTP route does with the requests that it takes. */
function atRoute(
  route: SourcedRoute<HttpRoute>,
  server: GatewayServer,
  request: GatewayRequest,
): Found {
  const { redirect, directResponse } = route.value;
  if (redirect !== undefined) {
    return redirected(route, redirect.redirectCode || 301, server, request);
  }
  if (directResponse !== undefined) {
    return answeredDirectly(route, directResponse.status);
  }
  const { kind, metadata } = route.object;
  return routed(
    route,
    `${kind} ${metadata.namespace}/${metadata.name} routes it`,
  );
}

/** The request as routes match it, with what is left out filled in. */
function asHttpRequest(request: GatewayRequest): HttpRequest {
  return {
    ...request,
    authority: request.authority ?? '',
    path: request.path ?? '/',
    scheme: request.scheme ?? (request.tls === true ? 'https' : 'http'),
  };
}

function takesRequest(
  { active: { always, matches }, route, config }: ActiveRoute,
  request: HttpRequest,
): boolean {
  return (
    always ||
    matches.some(index =>
      matchesRequest(
        route.value.match?.[index] ?? {},
        request,
        config.semantics,
      ),
    )
  );
}

function atVirtualHost(
  host: GatewayVirtualHost,
  request: GatewayRequest,
  server: GatewayServer,
): Found {
  const base = { server: serverFact(server), virtualHost: host.name };
  if (host.redirectsToHttps) {
    return {
      ...base,
      outcome: 'redirected',
      code: 301,
      says: 'Plaintext requests are redirected to HTTPS (tls.httpsRedirect)',
    };
  }
  const asked = asHttpRequest(request);
  const active = host.routes.find(route => takesRequest(route, asked));
  return active === undefined
    ? {
        ...base,
        outcome: 'no-route',
        code: 404,
        flag: 'NR',
        says: `No route of ${host.name} matches ${asked.path}`,
      }
    : { ...base, ...atRoute(active.route, server, request) };
}

function overHttp(
  servers: readonly [GatewayServer, ...GatewayServer[]],
  request: GatewayRequest,
  { proxy, configsOf }: GatewayConfiguration,
): Found {
  const authority = request.authority ?? '';
  const asked = hostOfAuthority(authority);
  // Only a configuration that names the host can give the virtual host that takes the request.
  const hosts = gatewayVirtualHosts(servers, proxy, gateway =>
    configsOf(gateway).filter(config =>
      config.hosts.some(name => isHostWithin(asked, name.toLowerCase())),
    ),
  );
  const host = selectVirtualHost(hosts, authority);
  if (host !== undefined) {
    const owner = servers.find(({ port }) => host.name.endsWith(`:${port}`));
    return atVirtualHost(host, request, owner ?? servers[0]);
  }
  const unbound = servers.every(
    ({ gateway }) => configsOf(gatewayName(gateway)).length === 0,
  );
  const says = unbound
    ? 'No route is bound to the gateway'
    : `No route bound to the gateway has the host ${asked}`;
  return {
    outcome: 'no-route',
    code: 404,
    flag: 'NR',
    says: `${says}: 404 NR`,
    server: serverFact(servers[0]),
    ...(unbound ? { virtualHost: `blackhole:${servers[0].port}` } : {}),
  };
}

function answered(
  configuration: GatewayConfiguration,
  request: GatewayRequest,
  listenPort: number,
): Found {
  const { servers, configsOf } = configuration;
  const tls = request.tls === true;
  const serverName =
    request.serverName ?? hostOfAuthority(request.authority ?? '');
  const landing = selectGatewayServer(servers, configsOf, {
    port: listenPort,
    tls,
    serverName,
  });
  switch (landing.kind) {
    case 'no-listener':
      return {
        outcome: 'no-listener',
        says: `The gateway does not listen on port ${request.port}: the connection is refused`,
      };
    case 'refused':
      return {
        outcome: 'tls-mismatch',
        flag: 'NR',
        says: tls
          ? `No server on port ${request.port} takes the TLS server name ${serverName}: the connection is reset`
          : `No server on port ${request.port} takes plaintext: the connection is reset`,
      };
    case 'conflict':
      return {
        outcome: 'conflict',
        says: `Two servers on port ${request.port} take the TLS server name ${serverName}: Envoy rejects the listener`,
      };
    case 'opaque':
      return {
        server: serverFact(landing.server),
        ...routed(landing.route.route, landing.route.says),
      };
    default:
      return overHttp(landing.servers, request, configuration);
  }
}

/**
 * What a gateway does with a request: the server that takes it, the virtual host, the route and its destinations, or where
 * it ends and with which code and flag. R7.4 – R7.8, R7.20, R7.21
 *
 * The gateway's own AuthorizationPolicies, and what becomes of the request behind it, are not part of this answer.
 */
export function routeAtGateway(
  snapshot: MeshSnapshot,
  proxy: GatewayProxy,
  request: GatewayRequest,
): GatewayAnswer {
  const configuration = gatewayConfigurationOf(snapshot, proxy);
  const listenPort = configuration.listenPort(request.port);
  return {
    destinations: [],
    ...answered(configuration, request, listenPort),
    listenPort,
    skipped: configuration.skipped
      .filter(
        ({ gateway, index }) =>
          gateway.spec.servers?.[index]?.port?.number === request.port,
      )
      .map(({ object, path, why }) => provenanceOf(object, path, why)),
  };
}
