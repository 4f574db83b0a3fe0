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
import { scopeOf, type ClientScope } from '../scoping/clientScope';
import { hostWithin } from '../scoping/egressHosts';
import type { MeshSnapshot } from '../snapshot';
import type { Provenance } from '../verdict';
import { longestPrefix } from './addresses';
import { whyNotRouted } from './clientRouting';
import type { ActiveRoute } from './activeRoutes';
import {
  clusterName,
  resolveDestination,
  sharesOf,
  type ResolvedDestination,
} from './destinations';
import { meshConfigOf } from '../identity';
import { MESH_GATEWAY } from './names';
import { opaqueRoutesOf } from './opaqueRoutes';
import { matchesRequest, type HttpRequest } from './requestMatch';
import { isHttp, type RoutableService } from './routableService';
import { ruleOf, type Asking, type RouteRule } from './routeRules';
import {
  selectVirtualHost,
  virtualHostsOf,
  type VirtualHost,
} from './virtualHosts';

/** A request, or a connection, as a client sends it. */
export interface SentRequest extends Partial<HttpRequest> {
  port: number;
  /** what the bytes are once TLS is off */
  protocol: 'http' | 'tcp';
  /** the client's application speaks TLS itself */
  tls?: boolean;
  /** server name of that TLS */
  serverName?: string;
  /** IP address the name was resolved to, when known */
  address?: string;
}

/** How a request ends at the client's proxy. */
export type RequestOutcome =
  | 'routed'
  | 'redirected'
  | 'answered'
  | 'no-route'
  | 'unknown-destination'
  | 'passthrough'
  | 'blocked'
  /** the client has no sidecar that would apply routes of the mesh */
  | 'not-routed';

/** The one way a request takes. */
export interface RoutedRequest {
  outcome: RequestOutcome;
  /** one sentence; Envoy's response code and flag where it ends early */
  says: string;
  code?: number;
  /** Envoy's response flag, for example `NR` */
  flag?: string;
  /** `host:port`, `allow_any` or `block_all`; absent for opaque connections */
  virtualHost?: string;
  /** position among the rules of the configuration that owns the host */
  ruleIndex?: number;
  rule?: RouteRule;
  destinations: readonly ResolvedDestination[];
  /** Envoy clusters that may be chosen */
  clusters: readonly string[];
  provenance?: Provenance;
}

const PASSTHROUGH = 'PassthroughCluster';
const BLACK_HOLE = 'BlackHoleCluster';

function unknownDestination(
  scope: ClientScope,
  request: SentRequest,
  http: boolean,
): RoutedRequest {
  const provenance =
    scope.outbound.provenance === undefined
      ? {}
      : { provenance: scope.outbound.provenance };
  if (scope.outbound.mode === 'REGISTRY_ONLY') {
    return {
      outcome: 'blocked',
      ...(http ? { code: 502, virtualHost: 'block_all' } : { flag: 'UH' }),
      says: `The client does not know this destination, and unknown ones are refused (${scope.outbound.says})`,
      destinations: [],
      clusters: http ? [] : [BLACK_HOLE],
      ...provenance,
    };
  }
  const dynamic = http && scope.outbound.mode === 'ALLOW_ANY_DYNAMIC_DNS';
  return {
    outcome: 'passthrough',
    ...(http ? { virtualHost: 'allow_any' } : {}),
    says: `The client does not know this destination on port ${request.port}: bytes pass through untouched (${scope.outbound.says})`,
    destinations: [],
    clusters: [dynamic ? 'AllowAnyDynamicDNSCluster' : PASSTHROUGH],
    ...provenance,
  };
}

function finished(
  asking: Asking,
  virtualHost: VirtualHost,
  active: ActiveRoute,
  port: number,
): RoutedRequest {
  const rule = ruleOf(asking, active, port, 'active');
  const base = {
    virtualHost: virtualHost.name,
    ruleIndex: active.index,
    rule,
    destinations: rule.destinations,
    clusters: rule.destinations.map(to => to.cluster),
    ...(rule.provenance === undefined ? {} : { provenance: rule.provenance }),
  };
  if (rule.redirect !== undefined) {
    return { ...base, outcome: 'redirected', says: rule.redirect };
  }
  if (rule.status !== undefined) {
    return {
      ...base,
      outcome: 'answered',
      code: rule.status,
      says: `The proxy answers with ${rule.status} itself`,
    };
  }
  return withDestinations(base);
}

function withDestinations(
  base: Omit<RoutedRequest, 'outcome' | 'says'>,
): RoutedRequest {
  const failing = base.destinations.filter(to => to.state !== 'ok');
  if (
    base.destinations.length > 0 &&
    failing.length === base.destinations.length
  ) {
    const [first] = failing;
    return {
      ...base,
      outcome: 'unknown-destination',
      ...(first.state === 'invalid-backend'
        ? { code: 500 }
        : {
            code: 503,
            flag: first.state === 'no-endpoints' ? 'UH' : 'NC',
          }),
      says: first.says ?? 'The destination cannot be reached',
    };
  }
  return {
    ...base,
    outcome: 'routed',
    says:
      failing.length === 0
        ? 'Routed'
        : `Routed, but ${failing
            .map(to => `${Math.round(to.percent)} %: ${to.says ?? to.state}`)
            .join('; ')}`,
  };
}

/** The virtual hosts of a client's listener on a port. */
export function virtualHostsOnPort(
  snapshot: MeshSnapshot,
  client: Client,
  port: number,
  bind?: string,
): VirtualHost[] {
  const scope = scopeOf(snapshot, client);
  const listener = scope.listener(port, bind);
  if (listener === undefined) {
    return [];
  }
  return virtualHostsOf({
    port: listener.httpProxy ? 0 : port,
    configs: listener.configs,
    services: listener.services,
    client,
    gateways: new Set([MESH_GATEWAY]),
    clientDomain: `${client.namespace}.svc.${
      meshConfigOf(snapshot).clusterDomain
    }`,
  });
}

function routeHttp(
  asking: Asking,
  request: SentRequest,
  hosts: readonly VirtualHost[],
  only: VirtualHost | undefined,
): RoutedRequest {
  const { snapshot, client, scope } = asking;
  const authority = request.authority ?? '';
  const virtualHost = only ?? selectVirtualHost(hosts, authority);
  if (virtualHost === undefined) {
    return unknownDestination(scope, request, true);
  }
  if (virtualHost.config === undefined) {
    const host = virtualHost.service?.hostname ?? virtualHost.host;
    const to = resolveDestination(
      snapshot,
      client,
      scope,
      { host, port: { number: virtualHost.port } },
      100,
      virtualHost.port,
    );
    return withDestinations({
      virtualHost: virtualHost.name,
      destinations: [to],
      clusters: [to.cluster],
    });
  }
  const { semantics } = virtualHost.config;
  const asked: HttpRequest = {
    ...request,
    authority,
    path: request.path ?? '/',
  };
  const active = virtualHost.routes.find(
    route =>
      route.active.always ||
      route.active.matches.some(index =>
        matchesRequest(
          route.route.value.match?.[index] ?? {},
          asked,
          semantics,
        ),
      ),
  );
  return active === undefined
    ? {
        outcome: 'no-route',
        code: 404,
        flag: 'NR',
        virtualHost: virtualHost.name,
        says: 'No rule matches, and a configuration that owns the host has no fallback',
        destinations: [],
        clusters: [],
      }
    : finished(asking, virtualHost, active, virtualHost.port);
}

function routeOpaque(
  asking: Asking,
  service: RoutableService,
  portNumber: number,
  serverName: string | undefined,
): RoutedRequest {
  const { snapshot, client, scope } = asking;
  const port = service.ports.find(item => item.number === portNumber);
  const found =
    port === undefined
      ? undefined
      : opaqueRoutesOf(snapshot, client, scope, service, port, serverName);
  const to = found?.route.value.route ?? [
    { destination: { host: service.hostname, port: { number: portNumber } } },
  ];
  const shares = sharesOf(to.map(item => item.weight));
  const destinations = to.flatMap((item, index) =>
    shares[index] === 0
      ? []
      : [
          resolveDestination(
            snapshot,
            client,
            scope,
            item.destination,
            shares[index],
            portNumber,
          ),
        ],
  );
  return withDestinations({
    destinations,
    clusters: destinations.map(item =>
      clusterName(item.host, item.port, item.subset),
    ),
  });
}

/** The service whose addresses contain the one asked for most narrowly; the first of several. */
function serviceByAddress(
  services: readonly RoutableService[],
  address: string | undefined,
): RoutableService | undefined {
  let best: RoutableService | undefined;
  let longest = -1;
  for (const service of address === undefined ? [] : services) {
    const length = longestPrefix(address ?? '', service.addresses) ?? -1;
    if (length > longest) {
      best = service;
      longest = length;
    }
  }
  return best;
}

/** The service that owns a connection which is not plain HTTP on an HTTP port. R8.10, R5.29 */
function opaqueOwner(
  services: readonly RoutableService[],
  request: SentRequest,
): RoutableService | undefined {
  const asked = request.serverName ?? request.authority ?? '';
  const onPort = services.filter(service =>
    service.ports.some(
      port =>
        port.number === request.port &&
        port.class !== 'http' &&
        port.class !== 'udp',
    ),
  );
  const classOf = (service: RoutableService) =>
    service.ports.find(port => port.number === request.port)?.class;
  const byAddress = serviceByAddress(onPort, request.address);
  if (byAddress !== undefined) {
    return byAddress;
  }
  const withoutAddress = onPort.filter(
    service =>
      service.addresses.length === 0 && service.externalName === undefined,
  );
  const byName = withoutAddress.find(
    service =>
      classOf(service) === 'tls' &&
      request.tls === true &&
      hostWithin(asked, service.hostname),
  );
  return (
    byName ??
    withoutAddress.find(
      service => classOf(service) !== 'tls' || service.headless,
    )
  );
}

/**
 * The one way a request of a client takes: virtual host, rule, destinations; or where it ends early, with Envoy's code
 * and flag. R5.8 – R5.32, R8.9, R8.10
 */
export function routeRequest(
  snapshot: MeshSnapshot,
  client: Client,
  request: SentRequest,
): RoutedRequest {
  const notRouted = whyNotRouted(client);
  if (notRouted !== undefined) {
    return {
      outcome: 'not-routed',
      says: notRouted,
      destinations: [],
      clusters: [],
    };
  }
  const scope = scopeOf(snapshot, client);
  const asking = { snapshot, client, scope };
  const services = scope
    .services()
    .filter(service =>
      service.ports.some(port => port.number === request.port),
    );
  const classes = new Set(
    services.flatMap(service =>
      service.ports
        .filter(port => port.number === request.port)
        .map(port => port.class),
    ),
  );
  const http = request.protocol === 'http' && request.tls !== true;
  const byAddress = serviceByAddress(services, request.address);
  const addressClass = byAddress?.ports.find(
    port => port.number === request.port,
  )?.class;
  if (http && (addressClass === undefined || isHttp(addressClass))) {
    const hosts = virtualHostsOnPort(snapshot, client, request.port);
    if (addressClass === 'auto' && byAddress !== undefined) {
      const own = hosts.find(
        host => host.service === byAddress || host.host === byAddress.hostname,
      );
      if (own !== undefined) {
        return routeHttp(asking, request, hosts, own);
      }
    }
    if (classes.has('http') || classes.has('auto') || hosts.length > 0) {
      return routeHttp(asking, request, hosts, undefined);
    }
  }
  const owner = opaqueOwner(services, request);
  return owner === undefined
    ? unknownDestination(scope, request, false)
    : routeOpaque(asking, owner, request.port, request.serverName);
}
