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

import { hostWithin } from '../scoping/egressHosts';
import { mostSpecificHostMatch } from '../destinations/hostLookup';
import { activeRoutes, type ActiveRoute } from './activeRoutes';
import type { RouteContext } from './requestMatch';
import { isHttp, type RoutableService } from './routableService';
import type { RoutingConfig } from './routingConfig';
import { namesWithPort, virtualHostDomains } from './virtualHostDomains';

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

interface Registry {
  byHost: ReadonlyMap<string, RoutableService>;
  /** host of a service → the configuration with the most specific matching host */
  bestConfig: ReadonlyMap<string, RoutingConfig>;
}

function registryOf(input: ListenerInput): Registry {
  const byHost = new Map<string, RoutableService>();
  for (const service of input.services) {
    const ports =
      input.port === 0
        ? service.ports
        : service.ports.filter(port => port.number === input.port);
    if (ports.length > 0 && !byHost.has(service.hostname)) {
      byHost.set(service.hostname, { ...service, ports });
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
  const bestConfig = new Map<string, RoutingConfig>();
  for (const host of byHost.keys()) {
    const best = mostSpecificHostMatch(host, { exact, wildcard });
    if (best !== undefined) {
      bestConfig.set(host, best.entry);
    }
  }
  return { byHost, bestConfig };
}

function hostsAndServices(
  config: RoutingConfig,
  registry: Registry,
  clientNamespace: string,
): { hosts: string[]; services: RoutableService[] } | undefined {
  const hosts: string[] = [];
  const services: RoutableService[] = [];
  const gatewayApi = config.semantics === 'gateway-api';
  for (const host of config.hosts) {
    if (!host.startsWith('*')) {
      const service = registry.byHost.get(host);
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
    for (const [hostname, service] of registry.byHost) {
      if (hostWithin(hostname, host)) {
        known = true;
        if (registry.bestConfig.get(hostname) === config) {
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
  input: ListenerInput,
  registry: Registry,
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

/** The virtual hosts of one outbound HTTP listener of a client, without the one for unknown destinations. R5.8 – R5.11 */
export function virtualHostsOf(input: ListenerInput): VirtualHost[] {
  const registry = registryOf(input);
  const drafts = input.configs.flatMap(config =>
    draftsOf(config, input, registry),
  );
  const routed = new Set(
    drafts.flatMap(draft => draft.services.map(service => service.hostname)),
  );
  for (const service of registry.byHost.values()) {
    if (!routed.has(service.hostname)) {
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
  const fullNames = new Set<string>();
  for (const hostname of registry.byHost.keys()) {
    fullNames.add(hostname).add(`${hostname}.`);
  }
  const names = new Set<string>();
  const taken = new Set<string>();
  const result: VirtualHost[] = [];
  const free = (domains: readonly string[], own: ReadonlySet<string>) =>
    domains.filter(domain => {
      const key = domain.toLowerCase();
      if (taken.has(key) || (fullNames.has(domain) && !own.has(domain))) {
        return false;
      }
      taken.add(key);
      return true;
    });
  const add = (
    draft: Draft,
    host: string,
    domains: readonly string[],
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
    const kept = free(domains, new Set([host, `${host}.`]));
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
      add(draft, host, namesWithPort([host], withPort));
    }
    for (const service of draft.services) {
      add(
        draft,
        service.hostname,
        virtualHostDomains(service, input.clientDomain, withPort),
        service,
      );
    }
  }
  return result;
}

/** Of virtual hosts, the one a Host header selects: exact, else the longest `*.suffix`, else `*`. The port is ignored. */
export function selectVirtualHost<V extends { domains: readonly string[] }>(
  hosts: readonly V[],
  authority: string,
): V | undefined {
  const plain = authority.startsWith('[')
    ? authority.replace(/\]:\d+$/, ']')
    : authority.replace(/:\d+$/, '');
  const asked = plain.toLowerCase();
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
        hostWithin(asked, pattern)
      ) {
        best = host;
        bestLength = pattern.length;
      }
    }
  }
  return best;
}
