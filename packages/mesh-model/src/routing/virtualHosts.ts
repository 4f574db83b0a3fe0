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
import { mostSpecificHostMatch } from '../destinations/hostLookup';
import { activeRoutes, type ActiveRoute } from './activeRoutes';
import type { RouteContext } from './requestMatch';
import { isHttp, type RoutableService } from './routableService';
import type { RoutingConfig } from './routingConfig';
import { addressedNames, type AddressedNames } from './virtualHostDomains';

/** A virtual host of a client's outbound HTTP listener. */
export interface VirtualHost {
  /** `host:port` */
  name: string;
  host: string;
  port: number;
  domains: readonly string[];
  /** the registry's service, when there is one */
  service?: RoutableService;
  /** the configuration that owns the host; absent: the service's default route */
  config?: RoutingConfig;
  /** empty when the default route applies */
  routes: readonly ActiveRoute[];
}

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

/** A service with only the ports a listener takes; port 0 takes all. `undefined` when none is left. */
export function onListenerPort(
  service: RoutableService,
  listenerPort: number,
): RoutableService | undefined {
  const ports =
    listenerPort === 0
      ? service.ports
      : service.ports.filter(port => port.number === listenerPort);
  return ports.length === 0 ? undefined : { ...service, ports };
}

function registryOf(input: ListenerInput): ListenerRegistry {
  const byHost = new Map<string, RoutableService>();
  for (const service of input.services) {
    const trimmed = byHost.has(service.hostname)
      ? undefined
      : onListenerPort(service, input.port);
    if (trimmed !== undefined) {
      byHost.set(service.hostname, trimmed);
    }
  }
  const exact = new Map<string, RoutingConfig>();
  const wildcard = new Map<string, RoutingConfig>();
  for (const config of input.configs) {
    for (const host of config.hosts) {
      const table = host.startsWith('*') ? wildcard : exact;
      if (!table.has(host)) {
        table.set(host, config);
      }
    }
  }
  return {
    get: hostname => byHost.get(hostname),
    entries: () => byHost,
    bestConfig: hostname =>
      mostSpecificHostMatch(hostname, { exact, wildcard })?.entry,
  };
}

function hostsAndServices(
  config: RoutingConfig,
  registry: ListenerRegistry,
  clientNamespace: string,
): { hosts: string[]; services: RoutableService[] } | undefined {
  const hosts: string[] = [];
  const services: RoutableService[] = [];
  const gatewayApi = config.semantics === 'gateway-api';
  for (const host of config.hosts) {
    if (!host.startsWith('*')) {
      const service = registry.get(host);
      if (service !== undefined) {
        services.push(service);
      } else if (!gatewayApi) {
        // Routes of Gateway API name services only.
        hosts.push(host);
      }
      continue;
    }
    if (gatewayApi) {
      hosts.push(host);
      continue;
    }
    let known = false;
    for (const [hostname, service] of registry.entries()) {
      if (hostsMatch(hostname, host)) {
        known = true;
        if (
          isHostWithin(hostname, host) &&
          registry.bestConfig(hostname) === config
        ) {
          services.push(service);
        }
      }
    }
    if (!known) {
      hosts.push(host);
    }
  }
  if (!gatewayApi) {
    return { hosts, services };
  }
  // Routes of Gateway API act for clients of their own namespace, or on services of it. R7.24
  const allowed = services.filter(
    service =>
      service.namespace === config.namespace ||
      clientNamespace === config.namespace,
  );
  return allowed.length === 0 && hosts.length === 0
    ? undefined
    : { hosts, services: allowed };
}

interface Draft {
  port: number;
  config?: RoutingConfig;
  routes: readonly ActiveRoute[];
  hosts: readonly string[];
  services: readonly RoutableService[];
}

function draftsOf(
  config: RoutingConfig,
  input: Omit<ListenerInput, 'services'>,
  registry: ListenerRegistry,
): Draft[] {
  const context: RouteContext = {
    gateways: input.gateways,
    port: input.port,
    ...input.client,
  };
  const { routes } = activeRoutes(config, context);
  if (routes.length === 0) {
    return [];
  }
  const named = hostsAndServices(config, registry, input.client.namespace);
  if (named === undefined) {
    return [];
  }
  const byPort = new Map<number, RoutableService[]>();
  for (const service of named.services) {
    for (const port of service.ports) {
      if (isHttp(port.class)) {
        byPort.set(port.number, [...(byPort.get(port.number) ?? []), service]);
      }
    }
  }
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

/**
 * Virtual hosts from configurations, in Istio's order, and from services that get a default route unless a configuration
 * routes them. R5.8 – R5.11
 *
 * @param candidates - the services, in the order of the registry
 */
export function virtualHostsFrom(
  input: Omit<ListenerInput, 'services'>,
  registry: ListenerRegistry,
  candidates: Iterable<RoutableService>,
): VirtualHost[] {
  const drafts = input.configs.flatMap(config =>
    draftsOf(config, input, registry),
  );
  const routed = new Set(
    drafts.flatMap(draft => draft.services.map(service => service.hostname)),
  );
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
  const isFullName = (name: string) => {
    const [, hostname, port] = /^(.*?)(?::(\d+))?$/.exec(name) ?? [];
    const service = registry.get(hostname);
    return (
      service !== undefined &&
      (service.externalName === undefined || routed.has(hostname)) &&
      service.ports.some(
        item =>
          isHttp(item.class) &&
          (port === undefined || item.number === Number(port)),
      )
    );
  };
  const names = new Set<string>();
  const taken = new Set<string>();
  const result: VirtualHost[] = [];
  const free = (domains: AddressedNames) =>
    [
      ...domains.full,
      ...domains.short.filter(domain => !isFullName(domain)),
    ].filter(domain => {
      const key = domain.toLowerCase();
      return taken.has(key) ? false : taken.add(key).has(key);
    });
  const add = (
    draft: Draft,
    host: string,
    domains: AddressedNames,
    service?: RoutableService,
  ) => {
    // istiod writes the hosts of routing configuration in lower case.
    const folded = (text: string) =>
      draft.config === undefined ? text : text.toLowerCase();
    const name = folded(`${host}:${draft.port}`);
    if (names.has(name)) {
      return;
    }
    names.add(name);
    const kept = free(domains);
    if (kept.length > 0) {
      result.push({
        name,
        host,
        port: draft.port,
        domains: kept.map(folded),
        ...(service === undefined ? {} : { service }),
        ...(draft.config === undefined ? {} : { config: draft.config }),
        routes: draft.routes,
      });
    }
  };
  for (const draft of drafts) {
    const withPort = input.port === 0 ? draft.port : undefined;
    for (const host of draft.hosts) {
      // Where the listener takes several ports, a name without its port counts on port 80 only.
      const full = withPort === undefined || withPort === 80 ? [host] : [];
      add(draft, host, { full, short: [] });
    }
    for (const service of draft.services) {
      add(
        draft,
        service.hostname,
        addressedNames(service, input.clientDomain, withPort),
        service,
      );
    }
  }
  return result;
}

/** The virtual hosts of one outbound HTTP listener of a client, without the one for unknown destinations. R5.8 – R5.11 */
export function virtualHostsOf(input: ListenerInput): VirtualHost[] {
  const registry = registryOf(input);
  return virtualHostsFrom(
    input,
    registry,
    Array.from(registry.entries(), ([, service]) => service),
  );
}

/** A Host header without its port, in lower case. */
export function hostOfAuthority(authority: string): string {
  const plain = authority.startsWith('[')
    ? authority.replace(/\]:\d+$/, ']')
    : authority.replace(/:\d+$/, '');
  return plain.toLowerCase();
}

/** Of virtual hosts, the one a Host header selects: exact, else the longest `*.suffix`, else `*`. The port is ignored. */
export function selectVirtualHost<V extends { domains: readonly string[] }>(
  hosts: readonly V[],
  authority: string,
): V | undefined {
  const asked = hostOfAuthority(authority);
  let best: V | undefined;
  let bestLength = -1;
  for (const host of hosts) {
    for (const domain of host.domains) {
      const pattern = domain.toLowerCase();
      if (pattern === asked || pattern === authority.toLowerCase()) {
        return host;
      }
      if (
        pattern.startsWith('*') &&
        pattern.length > bestLength &&
        isHostWithin(asked, pattern)
      ) {
        best = host;
        bestLength = pattern.length;
      }
    }
  }
  return best;
}
