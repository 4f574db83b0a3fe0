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

import { groupedBy } from '../grouping';
import {
  allHostMatches,
  distinct,
  hostIndexOf,
  type HostIndex,
} from '../destinations/hostLookup';
import {
  groupsOf,
  oncePerObject,
  type Entries,
  type Groups,
} from '../snapshot';
import type { RoutingConfig } from './routingConfig';

/** Configurations of one gateway and one class of visibility, in the order in which Istio considers them, and by host. */
export interface ConfigTable extends HostIndex<RoutingConfig> {
  /** by hosts that are not in lower case: a Host header cannot be looked up as it is */
  mixedCase: Entries<readonly RoutingConfig[]>;
}

/** Where something comes from that may be imported: written in one of the namespaces, or about one of the hosts. */
export interface Origins {
  namespaces: ReadonlySet<string>;
  /** full names */
  hosts: ReadonlySet<string>;
}

/** All routing configuration of a mesh by gateway, and by who may see it. R5.3 */
export interface RoutingIndex extends Groups<RoutingConfig> {
  tables: ReadonlyMap<string, ConfigTable>;
}

type Visibility = 'private' | 'exported' | 'public';

function tableKey(
  gateway: string,
  visibility: Visibility,
  namespace = '',
): string {
  return `${gateway} ${visibility} ${namespace}`;
}

/** In which tables a configuration is. */
function tableKeysOf(config: RoutingConfig): readonly string[] {
  const { namespace: own, exportTo } = config;
  const gateways = distinct(config.gateways);
  if (exportTo.has('*')) {
    return gateways.map(gateway => tableKey(gateway, 'public'));
  }
  if (exportTo.has('~')) {
    return [];
  }
  const namespaces = new Set(
    Array.from(exportTo, namespace => (namespace === '.' ? own : namespace)),
  );
  return gateways.flatMap(gateway =>
    Array.from(namespaces, namespace =>
      tableKey(gateway, namespace === own ? 'private' : 'exported', namespace),
    ),
  );
}

const hostsOf = ({ hosts }: RoutingConfig) => hosts;

const mixedCaseHostsOf = ({ hosts }: RoutingConfig) =>
  distinct(hosts).filter(host => host !== host.toLowerCase());

function configTable(
  list: readonly RoutingConfig[],
  before: ConfigTable | undefined,
): ConfigTable {
  return {
    ...hostIndexOf(list, hostsOf, before),
    mixedCase: groupsOf(
      list,
      mixedCaseHostsOf,
      before && { list: before.list, byKey: before.mixedCase },
    ).byKey,
  };
}

/**
 * Indexes configurations that are in the universal order. R5.3
 *
 * @param before - the index of configurations of which few may be others
 */
export function indexRouting(
  configs: readonly RoutingConfig[],
  before?: RoutingIndex,
): RoutingIndex {
  const groups = groupsOf(configs, tableKeysOf, before);
  const tables = new Map<string, ConfigTable>();
  for (const [key, list] of groups.byKey) {
    const known = before?.tables.get(key);
    tables.set(key, known?.list === list ? known : configTable(list, known));
  }
  return { ...groups, tables };
}

/** The tables that clients of a namespace see for a gateway, in the order of precedence. R5.3 */
export function tablesFor(
  index: RoutingIndex,
  gateway: string,
  clientNamespace: string,
): readonly ConfigTable[] {
  return [
    index.tables.get(tableKey(gateway, 'private', clientNamespace)),
    index.tables.get(tableKey(gateway, 'exported', clientNamespace)),
    index.tables.get(tableKey(gateway, 'public')),
  ].filter((table): table is ConfigTable => table !== undefined);
}

/** Where each configuration of a table stands in it. */
export const positionsIn = oncePerObject(
  ({ list }: ConfigTable): ReadonlyMap<RoutingConfig, number> =>
    new Map(list.map((config, position) => [config, position])),
);

/** The configurations of a table by their own namespace. */
const byNamespaceIn = oncePerObject(({ list }: ConfigTable) =>
  groupedBy(list, ({ namespace }) => namespace),
);

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
      from === undefined ? table.list : withOrigin(table, from),
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
