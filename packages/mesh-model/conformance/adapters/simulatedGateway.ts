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

import { selectGatewayServer } from '../../src/gateways/gatewayRequest';
import { gatewayVirtualHosts } from '../../src/gateways/gatewayRoutes';
import {
  gatewayName,
  mergeGatewayServers,
  serves,
  type GatewayProxy,
  type GatewayServer,
  type GatewayServicePort,
} from '../../src/gateways/gatewayServers';
import { ingressConfigs } from '../../src/gateways/ingress';
import { meshConfigOf } from '../../src/identity';
import type { HttpRoute } from '../../src/objects';
import { clusterName } from '../../src/routing/destinations';
import { matchedRoute } from '../../src/routing/routedRequest';
import type { RoutingConfig } from '../../src/routing/routingConfig';
import { indexRouting, visibleConfigs } from '../../src/routing/routingIndex';
import {
  type ServiceRegistry,
  serviceRegistryOf,
} from '../../src/routing/serviceRegistry';
import { selectVirtualHost } from '../../src/routing/virtualHosts';
import { compareByAge, type MeshSnapshot } from '../../src/snapshot';
import { headersOf, type Call, type Result } from './simulatedCall';
import {
  configsOf,
  type RawDocument,
  type SimulatedProxy,
} from './simulatedMesh';

/** Ports of the services that the proxy is an endpoint of; ServiceEntries count in their own namespace only. */
function gatewayServicePorts(
  snapshot: MeshSnapshot,
  proxy: SimulatedProxy,
): GatewayServicePort[] {
  return snapshot.list('ServiceEntry', proxy.namespace).flatMap(entry =>
    !(entry.spec.endpoints ?? []).some(
      ({ address }) =>
        address !== undefined && proxy.ipAddresses.includes(address),
    )
      ? []
      : (entry.spec.hosts ?? []).flatMap(hostname =>
          (entry.spec.ports ?? []).map(port => ({
            hostname,
            port: port.number,
            targetPort: port.targetPort ?? port.number,
            translationDisabled:
              'experimental.istio.io/disable-gateway-port-translation' in
              entry.metadata.labels,
          })),
        ),
  );
}

function serviceNames(raws: readonly RawDocument[]): Map<string, string[]> {
  return new Map(
    raws.flatMap(raw => {
      const names =
        raw.metadata?.annotations?.['internal.istio.io/gateway-service'];
      return raw.kind === 'Gateway' && names !== undefined
        ? [
            [
              `${raw.metadata?.namespace ?? 'default'}/${raw.metadata?.name}`,
              names.split(','),
            ],
          ]
        : [];
    }),
  );
}

function clusterOf(
  route: Pick<HttpRoute, 'route'>,
  port: number,
  registry: ServiceRegistry,
): string {
  const to = route.route?.[0]?.destination;
  if (to === undefined) {
    return '';
  }
  const service = registry.byHost.get(to.host)?.[0];
  const ports = service?.ports ?? [];
  const number =
    to.port?.number ?? (ports.length === 1 ? ports[0].number : port);
  return clusterName(service?.externalName ?? to.host, number, to.subset);
}

function gatewayCall(
  call: Call,
  servers: readonly GatewayServer[],
  proxy: GatewayProxy,
  configsFor: (gateway: string) => readonly RoutingConfig[],
  registry: ServiceRegistry,
): Result {
  const name = call.sni ?? call.hostHeader ?? '';
  const tls = call.tls === 'tls' || call.tls === 'mtls';
  const chosen = selectGatewayServer(servers, configsFor, {
    port: call.port,
    tls,
    serverName: name,
  });
  if (chosen.kind === 'no-listener') {
    return { error: 'ErrNoListener' };
  }
  if (chosen.kind === 'conflict') {
    return { error: 'ErrMultipleFilterChain' };
  }
  const listenerMatched = `0.0.0.0_${call.port}`;
  if (chosen.kind === 'refused') {
    return { error: 'ErrNoFilterChain', listenerMatched };
  }
  if (chosen.kind === 'opaque') {
    return {
      listenerMatched,
      clusterMatched: clusterOf(
        chosen.route.route.value,
        chosen.server.port,
        registry,
      ),
    };
  }
  const [first] = chosen.servers;
  const routeConfigMatched =
    first.class === 'http'
      ? `http.${call.port}`
      : `https.${first.port}.${first.server.port?.name ?? ''}.${
          first.gateway.metadata.name
        }.${first.gateway.metadata.namespace}`;
  const base = { listenerMatched, routeConfigMatched };
  const hosts = gatewayVirtualHosts(chosen.servers, proxy, configsFor);
  if (hosts.length === 0) {
    return {
      ...base,
      error: 'ErrNoRoute',
      virtualHostMatched: `blackhole:${first.port}`,
    };
  }
  const host = selectVirtualHost(hosts, call.hostHeader ?? '');
  if (host === undefined) {
    return { ...base, error: 'ErrNoVirtualHost' };
  }
  const found = { ...base, virtualHostMatched: host.name };
  if (host.redirectsToHttps) {
    return { ...found, error: 'ErrTLSRedirect' };
  }
  const matched = matchedRoute(host.routes, {
    authority: call.hostHeader ?? '',
    path: call.path ?? '/',
    ...(call.method === undefined ? {} : { method: call.method }),
    headers: headersOf(call),
  });
  return matched === undefined
    ? { ...found, error: 'ErrNoRoute' }
    : {
        ...found,
        clusterMatched: clusterOf(
          matched.active.route.value,
          first.port,
          registry,
        ),
      };
}

/** What the ingress gateway of a simulated mesh does with a call. */
export function simulatedGateway(
  snapshot: MeshSnapshot,
  raws: readonly RawDocument[],
  asked: SimulatedProxy,
): (call: Call) => Result {
  const services = serviceNames(raws);
  const proxy: GatewayProxy = {
    namespace: asked.namespace,
    labels: asked.labels,
    servicePorts: gatewayServicePorts(snapshot, asked),
  };
  const ingress = ingressConfigs(
    snapshot.list('Ingress'),
    meshConfigOf(snapshot),
    () => undefined,
  );
  const { servers } = mergeGatewayServers(
    [...snapshot.list('Gateway'), ...ingress.gateways]
      .filter(
        gateway => services.has(gatewayName(gateway)) || serves(proxy, gateway),
      )
      .sort(compareByAge)
      .map(gateway => {
        const named = services.get(gatewayName(gateway));
        return named === undefined ? { gateway } : { gateway, services: named };
      }),
    proxy,
  );
  const index = indexRouting([
    ...ingress.configs,
    ...configsOf(snapshot, raws),
  ]);
  const registry = serviceRegistryOf(snapshot);
  return call =>
    gatewayCall(
      call,
      servers,
      proxy,
      gateway => visibleConfigs(index, gateway, proxy.namespace),
      registry,
    );
}
