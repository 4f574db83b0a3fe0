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

import { controlPlaneView } from '../identity';
import type { Client } from '../membership';
import { scopeOf } from '../scoping/clientScope';
import { isHostWithin } from '../identity/hosts';
import type { MeshSnapshot } from '../snapshot';
import { provenanceOf } from '../verdict';
import { longestPrefix } from './addresses';
import { whyNotRouted } from './clientRouting';
import { resolveDestination, resolvedDestinations } from './destinations';
import { opaqueRoutesOf } from './opaqueRoutes';
import {
  isHttp,
  type PortClass,
  type RoutableService,
} from './routableService';
import type { Asking } from './routeRules';
import {
  matchedRoute,
  noRoute,
  routedByRule,
  unknownDestination,
  withDestinations,
  type RoutedRequest,
  type SentRequest,
} from './routedRequest';
import {
  selectedVirtualHost,
  virtualHostsOfListener,
  type AskedListener,
} from './selectedVirtualHost';
import type { VirtualHost } from './virtualHosts';

function routeInVirtualHost(
  asking: Asking,
  request: SentRequest,
  virtualHost: VirtualHost | undefined,
): RoutedRequest {
  const { snapshot, client, scope } = asking;
  if (virtualHost === undefined) {
    return unknownDestination(scope, request, true);
  }
  const known =
    virtualHost.service === undefined ? {} : { service: virtualHost.service };
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
      ...known,
      layer: 'http',
      virtualHost: virtualHost.name,
      destinations: [to],
      clusters: [to.cluster],
    });
  }
  const matched = matchedRoute(virtualHost.routes, {
    ...request,
    authority: request.authority ?? '',
    path: request.path ?? '/',
  });
  return matched === undefined
    ? {
        ...noRoute(virtualHost.name),
        ...known,
        provenance: provenanceOf(
          virtualHost.config.object,
          'spec.http',
          `${virtualHost.config.object.kind} ${virtualHost.config.namespace}/${virtualHost.config.name} owns the host, and none of its rules matches`,
        ),
      }
    : {
        ...routedByRule(asking, virtualHost.name, matched, virtualHost.port),
        ...known,
      };
}

function routeOpaque(
  asking: Asking,
  service: RoutableService,
  request: SentRequest,
): RoutedRequest {
  const { snapshot, client, scope } = asking;
  const portNumber = request.port;
  const port = service.ports.find(item => item.number === portNumber);
  const choice =
    port === undefined
      ? undefined
      : opaqueRoutesOf(snapshot, client, scope, service, port, request);
  if (choice?.kind === 'other-names') {
    // The listener has chains for these names only; what else arrives is not known to it.
    return unknownDestination(scope, request, false);
  }
  const found = choice?.kind === 'route' ? choice.route : undefined;
  const to = found?.route.value.route ?? [
    { destination: { host: service.hostname, port: { number: portNumber } } },
  ];
  const destinations = resolvedDestinations(asking, to, portNumber);
  return withDestinations({
    layer: 'tcp',
    service,
    ...(found === undefined
      ? {}
      : {
          provenance: provenanceOf(
            found.route.object,
            found.route.path,
            found.says,
          ),
        }),
    destinations,
    clusters: destinations.map(item => item.cluster),
  });
}

/** The service whose addresses contain the one asked for most narrowly; the first of several. */
function serviceByAddress(
  services: Iterable<RoutableService>,
  address: string | undefined,
): RoutableService | undefined {
  let best: RoutableService | undefined;
  let longest = -1;
  if (address === undefined) {
    return undefined;
  }
  for (const service of services) {
    // An IPv4 address needs no arithmetic: it is the same text, or inside a block.
    const comparable = service.addresses.filter(
      item => item === address || item.includes('/') || item.includes(':'),
    );
    const length =
      comparable.length === 0 ? -1 : longestPrefix(address, comparable) ?? -1;
    if (length > longest) {
      best = service;
      longest = length;
    }
  }
  return best;
}

/** Addresses of the pods of a headless Service; `undefined` when they are not known, or it is none. */
function podAddresses(
  snapshot: MeshSnapshot,
  { headless, object }: RoutableService,
): readonly string[] | undefined {
  if (!headless || object?.kind !== 'Service') {
    return undefined;
  }
  const { namespace, name } = object.metadata;
  const addresses = snapshot
    .endpointSlicesOf(namespace, name)
    .flatMap(slice => slice.spec.endpoints.flatMap(item => item.addresses));
  return addresses.length === 0 ? undefined : addresses;
}

/** The service that owns a connection which is not plain HTTP on an HTTP port. R8.10, R5.29 */
function opaqueOwner(
  snapshot: MeshSnapshot,
  services: Iterable<RoutableService>,
  request: SentRequest,
): RoutableService | undefined {
  const asked = request.serverName ?? request.authority ?? '';
  const onPort = [...services].filter(service =>
    service.ports.some(
      port => port.number === request.port && isOpaque(port.class),
    ),
  );
  const classOf = (service: RoutableService) =>
    service.ports.find(port => port.number === request.port)?.class;
  const byAddress = serviceByAddress(onPort, request.address);
  if (byAddress !== undefined) {
    return byAddress;
  }
  const { address } = request;
  // The listeners of a headless Service are at its pods.
  const ofPods = onPort.filter(
    service =>
      address !== undefined &&
      podAddresses(snapshot, service)?.includes(address),
  );
  if (ofPods.length > 0) {
    return ofPods[0];
  }
  const withoutAddress = onPort.filter(
    service =>
      service.addresses.length === 0 &&
      service.externalName === undefined &&
      (address === undefined || podAddresses(snapshot, service) === undefined),
  );
  const byName = withoutAddress.find(
    service =>
      classOf(service) === 'tls' &&
      request.tls === true &&
      isHostWithin(asked, service.hostname),
  );
  return (
    byName ??
    withoutAddress.find(
      service => classOf(service) !== 'tls' || service.headless,
    )
  );
}

/** Can a port's connections be anything else than HTTP? */
function isOpaque(portClass: PortClass | undefined): boolean {
  return portClass !== undefined && portClass !== 'http' && portClass !== 'udp';
}

/**
 * Does a client's listener for every address of a port read HTTP? Services have it opened, the host of a VirtualService
 * alone does not. A port whose protocol is sniffed has a listener at the addresses of its service only, when it has any,
 * and at the pods of a headless one. R5.10, R8.9
 */
function hasHttpListener(
  asked: AskedListener,
  services: Iterable<RoutableService>,
): boolean {
  const { port, listener } = asked;
  for (const service of services) {
    const portClass = service.ports.find(
      ({ number }) => number === port,
    )?.class;
    const sniffed =
      portClass === 'auto' &&
      service.addresses.length === 0 &&
      !service.headless;
    if (portClass === 'http' || sniffed) {
      return true;
    }
  }
  // Routes for a host that no service has make no listener; a Sidecar's proxy for every port is one.
  return listener.httpProxy && virtualHostsOfListener(asked).length > 0;
}

/**
 * Where a client's proxy sends a request: virtual host, rule, destinations; or where it ends early, with Envoy's code
 * and flag. R5.8 – R5.32, R8.9, R8.10
 */
export function routeRequest(
  mesh: MeshSnapshot,
  client: Client,
  request: SentRequest,
): RoutedRequest {
  const snapshot = controlPlaneView(mesh, client.revision);
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
  const services = () => scope.servicesOnPort(request.port);
  const classOf = (service: RoutableService | undefined) =>
    service?.ports.find(port => port.number === request.port)?.class;
  const named =
    request.service === undefined
      ? undefined
      : scope.serviceOf(request.service);
  const addressed =
    classOf(named) === undefined
      ? serviceByAddress(services(), request.address)
      : named;
  const addressClass = classOf(addressed);
  const listener = scope.listener(request.port);
  const http = request.protocol === 'http' && request.tls !== true;
  if (
    http &&
    listener !== undefined &&
    (addressClass === undefined || isHttp(addressClass))
  ) {
    const asked = { snapshot, client, listener, port: request.port };
    if (addressClass === 'auto' && addressed !== undefined) {
      const own = selectedVirtualHost(asked, addressed.hostname);
      if (own?.host === addressed.hostname) {
        return routeInVirtualHost(asking, request, own);
      }
    }
    const selected = selectedVirtualHost(asked, request.authority ?? '');
    // Where the name leads is not known: then it leads to the service that has it.
    const byName =
      selected?.service !== undefined && request.address === undefined;
    if (byName || hasHttpListener(asked, services())) {
      return routeInVirtualHost(asking, request, selected);
    }
  }
  const owner =
    addressed !== undefined && isOpaque(addressClass)
      ? addressed
      : opaqueOwner(snapshot, services(), request);
  return owner === undefined
    ? unknownDestination(scope, request, false)
    : routeOpaque(asking, owner, request);
}
