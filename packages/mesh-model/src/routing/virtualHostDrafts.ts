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

import { hostsMatch, isHostWithin } from '../identity/hosts';
import { activeRoutes, type ActiveRoute } from './activeRoutes';
import type { RouteContext } from './requestMatch';
import { isHttp, type RoutableService } from './routableService';
import type { RoutingConfig } from './routingConfig';

/** What one outbound listener of a client has. */
export interface ListenerInput {
  /** 0 for a socket or an HTTP proxy, which take every port */
  port: number;
  /** in Istio's order */
  configs: readonly RoutingConfig[];
  services: readonly RoutableService[];
  client: { namespace: string; labels: Readonly<Record<string, string>> };
  gateways: ReadonlySet<string>;
  /** `<namespace>.svc.<cluster domain>` */
  clientDomain: string;
}

/** The services of a listener, by host, as virtual hosts are made from them. */
export interface ListenerRegistry {
  /** with only the ports the listener takes; `undefined` when it has none of them */
  get(hostname: string): RoutableService | undefined;
  /** all of them, in the order of the registry */
  entries(): Iterable<readonly [string, RoutableService]>;
  /** the configuration with the most specific host that covers the one of a service */
  bestConfig(hostname: string): RoutingConfig | undefined;
}

/** What wants a virtual host on one port. */
export interface VirtualHostDraft {
  port: number;
  /** absent: the default route of a service */
  config?: RoutingConfig;
  routes: readonly ActiveRoute[];
  /** hosts that stand for themselves */
  hosts: readonly string[];
  services: readonly RoutableService[];
}

type Named = Pick<VirtualHostDraft, 'hosts' | 'services'>;

/**
 * The services that a wildcard of a VirtualService is the most specific host for; `undefined` when it overlaps with none
 * that is known. R5.9
 */
function servicesUnder(
  wildcard: string,
  config: RoutingConfig,
  registry: ListenerRegistry,
): RoutableService[] | undefined {
  const services: RoutableService[] = [];
  let known = false;
  for (const [hostname, service] of registry.entries()) {
    if (hostsMatch(hostname, wildcard)) {
      known = true;
      if (
        isHostWithin(hostname, wildcard) &&
        registry.bestConfig(hostname) === config
      ) {
        services.push(service);
      }
    }
  }
  return known ? services : undefined;
}

/** The services that a host of a VirtualService stands for; `undefined` when it names none that is known. */
function servicesNamed(
  host: string,
  config: RoutingConfig,
  registry: ListenerRegistry,
): readonly RoutableService[] | undefined {
  if (host.startsWith('*')) {
    return servicesUnder(host, config, registry);
  }
  const service = registry.get(host);
  return service && [service];
}

/** Hosts of a VirtualService that name no known service stand for themselves. */
function namedByVirtualService(
  config: RoutingConfig,
  registry: ListenerRegistry,
): Named {
  const hosts: string[] = [];
  const services: RoutableService[] = [];
  for (const host of config.hosts) {
    const named = servicesNamed(host, config, registry);
    if (named === undefined) {
      hosts.push(host);
    }
    for (const service of named ?? []) {
      services.push(service);
    }
  }
  return { hosts, services };
}

/** Routes of Gateway API name services only, and their wildcards stand for themselves. R5.9, R7.24 */
function namedByMeshRoute(
  config: RoutingConfig,
  registry: ListenerRegistry,
  clientNamespace: string,
): Named | undefined {
  const hosts = config.hosts.filter(host => host.startsWith('*'));
  // They act for clients of their own namespace, or on services of it.
  const services = config.hosts
    .flatMap(host => (host.startsWith('*') ? [] : registry.get(host) ?? []))
    .filter(
      ({ namespace }) =>
        namespace === config.namespace || clientNamespace === config.namespace,
    );
  return services.length === 0 && hosts.length === 0
    ? undefined
    : { hosts, services };
}

/** Services by those of their ports that are read as HTTP. */
function byHttpPort(
  services: readonly RoutableService[],
): Map<number, RoutableService[]> {
  const byPort = new Map<number, RoutableService[]>();
  for (const service of services) {
    for (const port of service.ports) {
      if (isHttp(port.class)) {
        byPort.set(port.number, [...(byPort.get(port.number) ?? []), service]);
      }
    }
  }
  return byPort;
}

/** The drafts of a configuration, none when it does not act on the client. R5.8, R5.10 */
export function draftsOf(
  config: RoutingConfig,
  input: Omit<ListenerInput, 'services'>,
  registry: ListenerRegistry,
): VirtualHostDraft[] {
  const context: RouteContext = {
    gateways: input.gateways,
    port: input.port,
    ...input.client,
  };
  const { routes } = activeRoutes(config, context);
  if (routes.length === 0) {
    return [];
  }
  const named =
    config.semantics === 'gateway-api'
      ? namedByMeshRoute(config, registry, input.client.namespace)
      : namedByVirtualService(config, registry);
  if (named === undefined) {
    return [];
  }
  const byPort = byHttpPort(named.services);
  if (byPort.size === 0 && input.port === 80) {
    // A host that no service has gets routes on port 80 only. R5.10
    byPort.set(80, []);
  }
  return [...byPort].map(([port, services]) => ({
    port,
    config,
    routes,
    hosts: named.hosts,
    services,
  }));
}

/** Services that no configuration routes get a default route. R5.8 */
export function defaultDrafts(
  candidates: Iterable<RoutableService>,
  routed: ReadonlySet<string>,
): VirtualHostDraft[] {
  const drafts: VirtualHostDraft[] = [];
  for (const service of candidates) {
    // The concrete service answers to the names of its aliases.
    if (service.externalName === undefined && !routed.has(service.hostname)) {
      for (const port of service.ports) {
        if (isHttp(port.class)) {
          drafts.push({
            port: port.number,
            routes: [],
            hosts: [],
            services: [service],
          });
        }
      }
    }
  }
  return drafts;
}
