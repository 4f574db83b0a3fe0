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

import { isHostWithin } from '../identity/hosts';
import { mostSpecificHostMatch } from '../destinations/hostLookup';
import type { ActiveRoute } from './activeRoutes';
import { isHttp, type RoutableService } from './routableService';
import type { RoutingConfig } from './routingConfig';
import { addressedNames, type AddressedNames } from './virtualHostDomains';
import {
  defaultDrafts,
  draftsOf,
  type ListenerInput,
  type ListenerRegistry,
  type VirtualHostDraft,
} from './virtualHostDrafts';

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

/** Is a name, with or without a port, the full name of a service that has a virtual host of its own? */
function isFullName(
  name: string,
  registry: ListenerRegistry,
  routed: ReadonlySet<string>,
): boolean {
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
}

/** Virtual hosts as they are made: what has the name of one before it is none, and no two have the same domain. */
class VirtualHostTable {
  readonly made: VirtualHost[] = [];
  private readonly names = new Set<string>();
  private readonly domains = new Set<string>();

  /** @param yields - must a short name be left to the service that has it as its full name? */
  constructor(private readonly yields: (shortName: string) => boolean) {}

  /** Makes the virtual hosts of a draft, for a listener of one port, or of several (port 0). */
  addDraft(
    draft: VirtualHostDraft,
    { port, clientDomain }: Pick<ListenerInput, 'port' | 'clientDomain'>,
  ): void {
    const withPort = port === 0 ? draft.port : undefined;
    for (const host of draft.hosts) {
      // Where the listener takes several ports, a name without its port counts on port 80 only.
      const full = withPort === undefined || withPort === 80 ? [host] : [];
      this.add(draft, host, { full, short: [] });
    }
    for (const service of draft.services) {
      const domains = addressedNames(service, clientDomain, withPort);
      this.add(draft, service.hostname, domains, service);
    }
  }

  private add(
    { port, config, routes }: VirtualHostDraft,
    host: string,
    domains: AddressedNames,
    service?: RoutableService,
  ): void {
    // istiod writes the hosts of routing configuration in lower case.
    const folded = (text: string) =>
      config === undefined ? text : text.toLowerCase();
    const name = folded(`${host}:${port}`);
    if (this.names.has(name)) {
      return;
    }
    this.names.add(name);
    const kept = this.take(domains);
    if (kept.length > 0) {
      this.made.push({
        name,
        host,
        port,
        domains: kept.map(folded),
        ...(service === undefined ? {} : { service }),
        ...(config === undefined ? {} : { config }),
        routes,
      });
    }
  }

  /** Takes those of the domains that are still free; a short name never overrides a full one. R5.11 */
  private take({ full, short }: AddressedNames): string[] {
    return [...full, ...short.filter(domain => !this.yields(domain))].filter(
      domain => {
        const key = domain.toLowerCase();
        const free = !this.domains.has(key);
        this.domains.add(key);
        return free;
      },
    );
  }
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
  const configured = input.configs.flatMap(config =>
    draftsOf(config, input, registry),
  );
  const routed = new Set(
    configured.flatMap(draft =>
      draft.services.map(service => service.hostname),
    ),
  );
  const table = new VirtualHostTable(name =>
    isFullName(name, registry, routed),
  );
  for (const drafts of [configured, defaultDrafts(candidates, routed)]) {
    for (const draft of drafts) {
      table.addDraft(draft, input);
    }
  }
  return table.made;
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
