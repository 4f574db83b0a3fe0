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

import { meshConfigOf } from '../identity';
import type { Client } from '../membership';
import type { ClientListener } from '../scoping/clientScope';
import type { MeshSnapshot } from '../snapshot';
import { routingIndexOf } from './configsOfMesh';
import { MESH_GATEWAY } from './names';
import type { RoutableService } from './routableService';
import type { RoutingConfig } from './routingConfig';
import {
  consumerFirst,
  positionsIn,
  tablesFor,
  type ConfigTable,
} from './routingIndex';
import { hostnamesMeantBy, serviceNamesOf } from './serviceNames';
import { serviceRegistryOf } from './serviceRegistry';
import type { ListenerRegistry } from './virtualHostDrafts';
import {
  hostOfAuthority,
  onListenerPort,
  selectVirtualHost,
  virtualHostsFrom,
  virtualHostsOf,
  type VirtualHost,
} from './virtualHosts';

/** Who asks, at which listener. */
export interface AskedListener {
  snapshot: MeshSnapshot;
  client: Client;
  listener: ClientListener;
  port: number;
}

/** All virtual hosts of a listener. Takes time with the number of services; `selectedVirtualHost` does not. */
export function virtualHostsOfListener(asked: AskedListener): VirtualHost[] {
  const { listener } = asked;
  return virtualHostsOf({
    ...listenerInput(asked),
    configs: listener.configs(),
    services: listener.services(),
  });
}

function listenerInput({ snapshot, client, listener, port }: AskedListener) {
  return {
    port: listener.httpProxy ? 0 : port,
    client,
    gateways: new Set([MESH_GATEWAY]),
    clientDomain: `${client.namespace}.svc.${
      meshConfigOf(snapshot).clusterDomain
    }`,
  };
}

/** A name and every wildcard that covers it. */
function patternsOver(name: string): string[] {
  const bare = name.startsWith('*') ? name.slice(1) : name;
  return [
    name,
    ...Array.from(
      { length: bare.length + 1 },
      (_, start) => `*${bare.slice(start)}`,
    ),
  ];
}

/** A name without one label after the other: `a.b.c`, `b.c`, `c`. */
function suffixesOf(name: string): string[] {
  const labels = name.split('.');
  return labels.map((_, start) => labels.slice(start).join('.'));
}

/** Hostnames of services one of whose virtual host's domains may take the name. */
function candidateHosts(
  snapshot: MeshSnapshot,
  names: readonly string[],
  clientDomain: string,
): Set<string> | undefined {
  const known = serviceNamesOf(snapshot);
  const { byHost } = serviceRegistryOf(snapshot);
  const found = new Set<string>();
  for (const name of names) {
    const address = name.startsWith('[') ? name.slice(1, -1) : name;
    for (const hostname of known.atAddress(address)) {
      found.add(hostname);
    }
    // A headless service takes names under its own; a service with a wildcard for a host takes what that covers.
    for (const form of [
      address,
      ...suffixesOf(name),
      ...patternsOver(name).slice(1),
    ]) {
      const meant = hostnamesMeantBy(form, clientDomain);
      if (meant === undefined) {
        return undefined;
      }
      for (const hostname of meant) {
        if (byHost.has(hostname)) {
          found.add(hostname);
        }
        for (const concrete of known.behindAlias(hostname)) {
          found.add(concrete);
        }
      }
    }
  }
  return found;
}

/** Position of a configuration in the order in which Istio considers those visible to a namespace. R5.3, R5.4 */
function rankOf(
  tables: readonly ConfigTable[],
  config: RoutingConfig,
  clientNamespace: string,
): readonly [number, number, number] {
  const table = tables.findIndex(item => positionsIn(item).has(config));
  const own =
    config.semantics === 'gateway-api' && config.namespace === clientNamespace;
  const position =
    table < 0 ? undefined : positionsIn(tables[table]).get(config);
  return [table, own ? 0 : 1, position ?? 0];
}

/** The configurations that a listener imports, found by their hosts, each as the part of it that is imported. */
class ImportedConfigs {
  /** A listener may cut a configuration anew whenever it is asked: here it stays the same object. */
  private readonly parts = new Map<RoutingConfig, RoutingConfig>();

  constructor(
    private readonly tables: readonly ConfigTable[],
    private readonly listener: ClientListener,
    private readonly clientNamespace: string,
  ) {}

  /** The configuration with the most specific host that covers a name. */
  mostSpecificFor(name: string): RoutingConfig | undefined {
    for (const pattern of patternsOver(name)) {
      for (const config of this.visibleWith(pattern)) {
        const part = this.partWith(pattern, config);
        if (part !== undefined) {
          return part;
        }
      }
    }
    return undefined;
  }

  /** Those that have one of the hosts, in Istio's order. */
  withHosts(patterns: ReadonlySet<string>): RoutingConfig[] {
    const configs = new Set(
      [...patterns].flatMap(pattern =>
        this.visibleWith(pattern).filter(
          config => this.partWith(pattern, config) !== undefined,
        ),
      ),
    );
    return [...configs]
      .sort((a, b) => this.compareRanks(a, b))
      .flatMap(config => this.parts.get(config) ?? []);
  }

  /** Configurations with this host that the namespace sees, imported or not. */
  private visibleWith(pattern: string): readonly RoutingConfig[] {
    return this.tables.flatMap(table =>
      consumerFirst(
        (pattern.startsWith('*') ? table.wildcard : table.exact).get(pattern) ??
          [],
        this.clientNamespace,
      ),
    );
  }

  /** What is imported of a configuration, if this host is. */
  private partWith(
    pattern: string,
    config: RoutingConfig,
  ): RoutingConfig | undefined {
    const part = this.listener
      .importedPart(config)
      .find(({ hosts }) => hosts.includes(pattern));
    if (part === undefined) {
      return undefined;
    }
    const kept = this.parts.get(config) ?? part;
    this.parts.set(config, kept);
    return kept;
  }

  private compareRanks(a: RoutingConfig, b: RoutingConfig): number {
    const left = rankOf(this.tables, a, this.clientNamespace);
    const right = rankOf(this.tables, b, this.clientNamespace);
    return left[0] - right[0] || left[1] - right[1] || left[2] - right[2];
  }
}

/** The definition of a host that a listener takes on its port. */
function serviceOnPort(
  { listener, port }: AskedListener,
  hostname: string,
): RoutableService | undefined {
  for (const service of listener.servicesOf(hostname)) {
    const trimmed = onListenerPort(service, port);
    if (trimmed !== undefined) {
      return trimmed;
    }
  }
  return undefined;
}

/** The services of a listener, each looked up when it is asked for. */
function registryOf(
  asked: AskedListener,
  configs: ImportedConfigs,
): ListenerRegistry {
  const { listener, port } = asked;
  return {
    get: hostname => serviceOnPort(asked, hostname),
    *entries() {
      for (const hostname of listener.hostnamesOnPort(port)) {
        const service = serviceOnPort(asked, hostname);
        if (service !== undefined) {
          yield [hostname, service];
        }
      }
    },
    bestConfig: hostname => configs.mostSpecificFor(hostname),
  };
}

/** Can a Host header be looked up as it is? Not where names are not in lower case, nor at a proxy for every port. */
function isLookUpPossible(
  { snapshot, listener }: AskedListener,
  tables: readonly ConfigTable[],
): boolean {
  return (
    !serviceNamesOf(snapshot).mixedCase() &&
    !listener.httpProxy &&
    tables.every(table => table.mixedCase.size === 0)
  );
}

/**
 * The virtual host that a Host header selects at a client's listener: the same one that `selectVirtualHost` finds among
 * all of them, built from only the services and configurations that the name can lead to. Of its `domains` only the one
 * asked for is settled. R5.8 – R5.11
 */
export function selectedVirtualHost(
  asked: AskedListener,
  authority: string,
): VirtualHost | undefined {
  const { snapshot, client, listener } = asked;
  const tables = tablesFor(
    routingIndexOf(snapshot),
    MESH_GATEWAY,
    client.namespace,
  );
  const input = listenerInput(asked);
  const names = [
    ...new Set([hostOfAuthority(authority), authority.toLowerCase()]),
  ];
  const hosts = isLookUpPossible(asked, tables)
    ? candidateHosts(snapshot, names, input.clientDomain)
    : undefined;
  if (hosts === undefined) {
    return selectVirtualHost(virtualHostsOfListener(asked), authority);
  }
  const imported = new ImportedConfigs(tables, listener, client.namespace);
  const patterns = new Set([...names, ...hosts].flatMap(patternsOver));
  const virtualHosts = virtualHostsFrom(
    { ...input, configs: imported.withHosts(patterns) },
    registryOf(asked, imported),
    listener
      .inOrder(hosts)
      .flatMap(hostname => serviceOnPort(asked, hostname) ?? []),
  );
  return selectVirtualHost(virtualHosts, authority);
}
