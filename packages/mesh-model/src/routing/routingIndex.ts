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

import { addToGroup, groupedBy } from '../grouping';
import { allHostMatches } from '../destinations/hostLookup';
import { oncePerObject } from '../snapshot';
import type { RoutingConfig } from './routingConfig';

/** Configurations of one class of visibility, in the order in which Istio considers them, and by host. */
export interface ConfigTable {
  all: RoutingConfig[];
  exact: Map<string, RoutingConfig[]>;
  wildcard: Map<string, RoutingConfig[]>;
  /** A host is not in lower case: a Host header cannot be looked up as it is. */
  mixedCase: boolean;
}

/** Configurations of one gateway (or `mesh`), by who may see them. R5.3 */
export interface VisibilityTables {
  public: ConfigTable;
  /** by own namespace */
  private: Map<string, ConfigTable>;
  /** by namespace they are explicitly exported to */
  exported: Map<string, ConfigTable>;
}

/** Where something comes from that may be imported: written in one of the namespaces, or about one of the hosts. */
export interface Origins {
  namespaces: ReadonlySet<string>;
  /** full names */
  hosts: ReadonlySet<string>;
}

/** All routing configuration of a mesh by gateway name. */
export type RoutingIndex = ReadonlyMap<string, VisibilityTables>;

function emptyTable(): ConfigTable {
  return {
    all: [],
    exact: new Map(),
    wildcard: new Map(),
    mixedCase: false,
  };
}

/** Each name once; most lists have a single one. */
export function distinct(names: readonly string[]): Iterable<string> {
  return names.length > 1 ? new Set(names) : names;
}

/** Where each configuration of a table stands in it. */
export const positionsIn = oncePerObject(
  ({ all }: ConfigTable): ReadonlyMap<RoutingConfig, number> =>
    new Map(all.map((config, position) => [config, position])),
);

/** The configurations of a table by their own namespace. */
const byNamespaceIn = oncePerObject(({ all }: ConfigTable) => {
  return groupedBy(all, ({ namespace }) => namespace);
});

function addTo(table: ConfigTable, config: RoutingConfig): void {
  table.all.push(config);
  for (const host of distinct(config.hosts)) {
    table.mixedCase ||= host !== host.toLowerCase();
    addToGroup(
      host.startsWith('*') ? table.wildcard : table.exact,
      host,
      config,
    );
  }
}

function tableOf(
  tables: Map<string, ConfigTable>,
  namespace: string,
): ConfigTable {
  const table = tables.get(namespace) ?? emptyTable();
  tables.set(namespace, table);
  return table;
}

/** Indexes configurations that are in the universal order. R5.3 */
export function indexRouting(configs: readonly RoutingConfig[]): RoutingIndex {
  const index = new Map<string, VisibilityTables>();
  for (const config of configs) {
    for (const gateway of distinct(config.gateways)) {
      const tables = index.get(gateway) ?? {
        public: emptyTable(),
        private: new Map<string, ConfigTable>(),
        exported: new Map<string, ConfigTable>(),
      };
      index.set(gateway, tables);
      if (config.exportTo.has('*')) {
        addTo(tables.public, config);
        continue;
      }
      if (config.exportTo.has('~')) {
        continue;
      }
      const namespaces = new Set(
        [...config.exportTo].map(namespace =>
          namespace === '.' ? config.namespace : namespace,
        ),
      );
      for (const namespace of namespaces) {
        addTo(
          tableOf(
            namespace === config.namespace ? tables.private : tables.exported,
            namespace,
          ),
          config,
        );
      }
    }
  }
  return index;
}

/** The tables that clients of a namespace see for a gateway, in the order of precedence. R5.3 */
export function tablesFor(
  index: RoutingIndex,
  gateway: string,
  clientNamespace: string,
): readonly ConfigTable[] {
  const tables = index.get(gateway);
  return tables === undefined
    ? []
    : [
        tables.private.get(clientNamespace),
        tables.exported.get(clientNamespace),
        tables.public,
      ].filter((table): table is ConfigTable => table !== undefined);
}

/** Routes of Gateway API from the client's own namespace go before others of their class. R5.4 */
export function consumerFirst(
  configs: readonly RoutingConfig[],
  clientNamespace: string,
): readonly RoutingConfig[] {
  const own = (config: RoutingConfig) =>
    config.semantics === 'gateway-api' && config.namespace === clientNamespace;
  return configs.some(own)
    ? [...configs.filter(own), ...configs.filter(config => !own(config))]
    : configs;
}

/**
 * All configurations that clients of a namespace see for a gateway, in Istio's order. R5.3, R5.4
 *
 * @param from - only those that have one of these origins
 */
export function visibleConfigs(
  index: RoutingIndex,
  gateway: string,
  clientNamespace: string,
  from?: Origins,
): readonly RoutingConfig[] {
  return tablesFor(index, gateway, clientNamespace).flatMap(table =>
    consumerFirst(
      from === undefined ? table.all : withOrigin(table, from),
      clientNamespace,
    ),
  );
}

function withOrigin(table: ConfigTable, from: Origins): RoutingConfig[] {
  const byNamespace = byNamespaceIn(table);
  const configs = new Set([
    ...[...from.namespaces].flatMap(each => byNamespace.get(each) ?? []),
    ...[...from.hosts].flatMap(each => allHostMatches(each, table).flat()),
  ]);
  const positions = positionsIn(table);
  const at = (config: RoutingConfig) => positions.get(config) ?? 0;
  return [...configs].sort((a, b) => at(a) - at(b));
}
