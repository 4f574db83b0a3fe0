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
  selectGatewayServer,
  type GatewayLanding,
} from '../../gateways/gatewayRequest';
import { gatewayVirtualHosts } from '../../gateways/gatewayRoutes';
import {
  forwardedAddress,
  type GatewayTopology,
} from '../../gateways/gatewayTopology';
import type { GatewayConfiguration } from '../../gateways/gatewayConfiguration';
import type { GatewayServer } from '../../gateways/gatewayServers';
import { isHostWithin } from '../../identity/hosts';
import type { Client } from '../../membership';
import { objectRefOf, provenanceOf, type ObjectRef } from '../../verdict';
import { resolvedDestinations } from '../destinations';
import type { OpaqueRoute } from '../opaqueRoutes';
import {
  matchedRoute,
  noRoute,
  routedByRule,
  withDestinations,
  type RoutedRequest,
} from '../routedRequest';
import { hostOfAuthority, selectVirtualHost } from '../virtualHosts';
import { ending, followed, step, type Rest } from './branches';
import { gatewayOfClient, type GatewayOfClient } from './gatewayOfClient';
import type { Hop } from './hop';
import { routedRest } from './routedRest';
import { authorizationAt } from './serverAuthorization';
import type { WayStep } from './way';

/** TLS modes in which the caller may show a certificate, so that it may have an identity. */
const MUTUAL = new Set(['MUTUAL', 'ISTIO_MUTUAL', 'OPTIONAL_MUTUAL']);

/** How a connection comes to a gateway: from outside, or from a proxy of the mesh. */
export interface Arrival {
  tls: boolean;
  serverName: string;
  /** The TLS is not the application's own but was added by the proxy that sends: what is inside it is the request. */
  wrapped: boolean;
  /** who sends, when that is a proxy of the mesh; absent: somebody outside */
  from?: { sender: Client; identified: boolean };
}

function fromOutside({ request }: Hop): Arrival {
  return {
    tls: request.tls,
    serverName: request.sni ?? hostOfAuthority(request.host),
    wrapped: false,
  };
}

function serverFact(server: GatewayServer, says: string) {
  return provenanceOf(server.object, server.path, says);
}

function notTaken(
  landing: Extract<
    GatewayLanding['kind'],
    'no-listener' | 'refused' | 'conflict'
  >,
  hop: Hop,
  { tls, serverName }: Arrival,
  { skipped }: GatewayConfiguration,
): Rest {
  const { port } = hop.request;
  const lost = skipped
    .filter(
      ({ gateway, index }) =>
        gateway.spec.servers?.[index]?.port?.number === port,
    )
    .map(({ object, path, why }) => provenanceOf(object, path, why));
  const words = {
    'no-listener': `The gateway does not listen on port ${port}: the connection is refused`,
    refused: tls
      ? `No server on port ${port} takes the TLS server name ${serverName}: the connection is reset (NR filter_chain_not_found)`
      : `No server on port ${port} takes plaintext: the connection is reset (NR filter_chain_not_found)`,
    conflict: `Two servers on port ${port} take the same TLS server name: Envoy rejects the listener`,
  };
  const says = words[landing];
  return ending([step('listener', 'fail', says, lost, hop.at)], {
    ending: 'failed',
    ...(landing === 'refused'
      ? { flag: 'NR', details: 'filter_chain_not_found' }
      : {}),
    ...(hop.at === undefined ? {} : { at: hop.at }),
    says,
  });
}

/** What the gateway takes for the address of the client. R7.11 */
function addressAt({ request }: Hop, topology: GatewayTopology | undefined) {
  if (topology === undefined || request.protocol !== 'http') {
    return {};
  }
  const { trustedProxies, addressSays, addressBy } = topology;
  const remoteIp = forwardedAddress(request.headers, trustedProxies);
  return {
    ...(remoteIp === undefined ? {} : { remoteIp }),
    addressedBy: {
      says: addressSays,
      ...(addressBy === undefined ? {} : { by: addressBy }),
    },
  };
}

/** The policies of the gateway itself, before it routes. */
function gatewayPolicies(
  hop: Hop,
  { configuration, annotations, topology }: GatewayOfClient,
  server: GatewayServer,
  protocol: 'http' | 'tcp',
  { from }: Arrival,
) {
  const target = {
    proxy: 'gateway' as const,
    namespace: configuration.proxy.namespace,
    labels: configuration.proxy.labels,
  };
  const revision =
    hop.sender.revision === undefined ? {} : { revision: hop.sender.revision };
  hop.passed.add({ target, ...revision, annotations, versions: [] }, [
    'authorization',
  ]);
  const mutual = MUTUAL.has(server.server.tls?.mode ?? '');
  const unknown = mutual ? ('not known' as const) : false;
  const asked = from === undefined ? hop : { ...hop, sender: from.sender };
  return authorizationAt(asked, {
    target,
    port: server.listenPort,
    identified: from === undefined ? unknown : from.identified && mutual,
    protocol,
    ...(hop.at === undefined ? {} : { at: hop.at }),
    ...revision,
    ...addressAt(hop, topology),
  });
}

function asking(hop: Hop) {
  return { snapshot: hop.snapshot, client: hop.sender, scope: hop.scope };
}

/** A header that only exists once a token is verified: whether it matches is not known here. */
function waitsForClaims(
  hop: Hop,
  host: { routes: readonly { route: { value: object } }[] },
): boolean {
  return (
    hop.request.token !== 'none' &&
    host.routes.some(({ route }) =>
      JSON.stringify(route.value).includes('@request.auth.claims'),
    )
  );
}

function httpRest(
  hop: Hop,
  configuration: GatewayConfiguration,
  servers: readonly [GatewayServer, ...GatewayServer[]],
  arrival: Arrival,
): Rest {
  const { at, request } = hop;
  const here = at === undefined ? {} : { at };
  const [first] = servers;
  const hosts = gatewayVirtualHosts(
    servers,
    configuration.proxy,
    configuration.configsOf,
  );
  const host = selectVirtualHost(hosts, request.host);
  if (host === undefined) {
    const says = `No route of the gateway has the host ${hostOfAuthority(
      request.host,
    )}`;
    return ending([step('virtual-host', 'fail', says, [], at)], {
      ending: 'failed',
      code: 404,
      flag: 'NR',
      details: 'route_not_found',
      ...here,
      says: `${says}. The caller gets 404 NR`,
    });
  }
  if (host.redirectsToHttps) {
    const says = 'Plaintext requests are redirected to HTTPS';
    return ending(
      [step('redirect', 'pass', says, [serverFact(first, says)], at)],
      { ending: 'answered', code: 301, ...here, says },
    );
  }
  if (waitsForClaims(hop, host)) {
    const says =
      'Routes of the host look at claims of a token, which is not known';
    return ending([step('rule', 'unknown', says, [], at)], {
      ending: 'unknown',
      ...here,
      says,
    });
  }
  const matched = matchedRoute(host.routes, {
    authority: request.host,
    path: request.path,
    method: request.method,
    scheme: arrival.tls ? 'https' : 'http',
    ...(request.headers === undefined ? {} : { headers: request.headers }),
  });
  // Behind the gateway the TLS that came to it is off.
  const { sni, ...plain } = request;
  const next: Hop = arrival.wrapped
    ? hop
    : { ...hop, request: { ...plain, tls: false } };
  return routedRest(
    next,
    matched === undefined
      ? noRoute(host.name)
      : routedByRule(asking(next), host.name, matched, first.port),
  );
}

/** Of servers that share a route table, the one that names the host most closely; the first, where none does. R7.5 */
function serverOfHost(
  servers: readonly [GatewayServer, ...GatewayServer[]],
  authority: string,
): GatewayServer {
  const host = hostOfAuthority(authority);
  const named = servers.flatMap(server =>
    server.hosts
      .map(entry => entry.slice(entry.indexOf('/') + 1))
      .filter(pattern => isHostWithin(host, pattern))
      .map(pattern => ({ server, pattern })),
  );
  const [closest] = named.sort((a, b) => b.pattern.length - a.pattern.length);
  return closest?.server ?? servers[0];
}

function opaqueRouted(
  hop: Hop,
  route: OpaqueRoute,
  port: number,
): RoutedRequest {
  const destinations = resolvedDestinations(
    asking(hop),
    route.route.value.route ?? [],
    port,
    route.config.semantics,
  );
  return withDestinations({
    layer: 'tcp',
    provenance: provenanceOf(route.route.object, route.route.path, route.says),
    destinations,
    clusters: destinations.map(item => item.cluster),
  });
}

/** What applications learn of the certificate that a client shows. R7.11 */
function certificateWords(
  { server }: GatewayServer,
  topology: GatewayTopology | undefined,
): string {
  return topology !== undefined && MUTUAL.has(server.tls?.mode ?? '')
    ? `; header x-forwarded-client-cert: ${topology.clientCertificate}`
    : '';
}

function listenerStep(
  server: GatewayServer,
  topology: GatewayTopology | undefined,
  at: ObjectRef | undefined,
): WayStep {
  const { port, object } = server;
  const mode = server.server.tls?.mode;
  const { namespace, name } = object.metadata;
  const says = `Server ${port} of ${
    objectRefOf(object).kind
  } ${namespace}/${name} takes it${
    mode === undefined ? '' : ` (TLS ${mode})`
  }${certificateWords(server, topology)}`;
  return step(
    'listener',
    'pass',
    says,
    [serverFact(server, says), topology?.certificateBy],
    at,
  );
}

/**
 * The way of a request that arrives at a gateway: listener, policies of the gateway, virtual host, rule, service (R7.3 –
 * R7.8). From there on the gateway’s pod is the client: its namespace decides what it sees (R7.10), its TLS settings and
 * identity act towards the service (R7.26).
 *
 * @param hop - with the gateway as the sender
 */
export function gatewayWay(hop: Hop, arrival = fromOutside(hop)): Rest {
  const gateway = gatewayOfClient(hop.snapshot, hop.sender);
  if (gateway === undefined) {
    const says =
      'The pods of the gateway cannot be told, so what it listens on is not known';
    return ending([step('listener', 'unknown', says)], {
      ending: 'unknown',
      says,
    });
  }
  const { request } = hop;
  const { configuration } = gateway;
  const port = configuration.listenPort(request.port);
  const landing = selectGatewayServer(
    configuration.servers,
    configuration.configsOf,
    { port, tls: arrival.tls, serverName: arrival.serverName },
  );
  if (landing.kind !== 'http' && landing.kind !== 'opaque') {
    return notTaken(landing.kind, hop, arrival, configuration);
  }
  const server =
    landing.kind === 'http'
      ? serverOfHost(landing.servers, request.host)
      : landing.server;
  const here: Hop = { ...hop, at: objectRefOf(server.object) };
  const passage = gatewayPolicies(
    here,
    gateway,
    server,
    landing.kind === 'http' ? 'http' : 'tcp',
    arrival,
  );
  const steps = [listenerStep(server, gateway.topology, here.at), passage.step];
  if (passage.stopped !== undefined) {
    return followed(steps, passage.stopped);
  }
  const encrypted = hop.encrypted && arrival.tls;
  return followed(
    steps,
    landing.kind === 'http'
      ? httpRest(
          { ...here, encrypted },
          configuration,
          landing.servers,
          arrival,
        )
      : routedRest(
          { ...here, encrypted },
          opaqueRouted(here, landing.route, server.port),
        ),
  );
}
