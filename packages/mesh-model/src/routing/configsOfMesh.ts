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

import type { SlimObjectByKind } from '../objects';
import {
  MESH_ROUTE_INPUTS,
  meshRouteConfigsOf,
} from '../gateways/gatewayApi/ofMesh';
import { foreignWaypointsOf } from '../gateways/gatewayApi/referencesOfMesh';
import { changedHosts } from '../destinations/changedHosts';
import {
  allHostMatches,
  hostIndexOf,
  mostSpecificHostMatch,
  type HostIndex,
} from '../destinations/hostLookup';
import {
  AskedTable,
  compareByAge,
  derivation,
  following,
  type MeshSnapshot,
} from '../snapshot';
import { meshConfigOf } from '../identity';
import { hostsMatch } from '../identity/hosts';
import {
  consumerFirst,
  indexRouting,
  positionsIn,
  tablesFor,
  visibleConfigs,
  type ConfigTable,
  type Origins,
  type RoutingIndex,
} from './routingIndex';
import type { RoutingConfig } from './routingConfig';
import {
  isDelegate,
  routingConfigOfVirtualService,
  type VirtualServiceSettings,
} from './virtualServiceConfig';

interface KeptConfig {
  settings: string;
  config: RoutingConfig;
}

/** Objects never change, so a configuration without delegates is computed once per object. */
const keptConfigs = new WeakMap<
  SlimObjectByKind['VirtualService'],
  KeptConfig
>();

function configOf(
  snapshot: MeshSnapshot,
  virtualService: SlimObjectByKind['VirtualService'],
  settings: VirtualServiceSettings,
  stamp: string,
): RoutingConfig {
  const kept = keptConfigs.get(virtualService);
  if (kept !== undefined && kept.settings === stamp) {
    return kept.config;
  }
  const config = routingConfigOfVirtualService(
    virtualService,
    (namespace, name) => snapshot.get('VirtualService', namespace, name),
    settings,
  );
  const delegates = (virtualService.spec.http ?? []).some(
    route => route.delegate !== undefined,
  );
  if (!delegates) {
    keptConfigs.set(virtualService, { settings: stamp, config });
  }
  return config;
}

/** Every root VirtualService of the mesh as routing configuration, in the universal order. */
export const virtualServiceConfigsOf = derivation(
  () => [{ kind: 'VirtualService' }, { kind: 'ConfigMap' }],
  (snapshot): readonly RoutingConfig[] => {
    const { clusterDomain, defaultVirtualServiceExportTo: defaultExportTo } =
      meshConfigOf(snapshot);
    const settings = { clusterDomain, defaultExportTo };
    const stamp = `${clusterDomain} ${defaultExportTo.join(',')}`;
    return snapshot
      .list('VirtualService')
      .filter(virtualService => !isDelegate(virtualService))
      .map(virtualService =>
        configOf(snapshot, virtualService, settings, stamp),
      );
  },
);

const ROUTING_INPUTS = [
  { kind: 'VirtualService' },
  ...MESH_ROUTE_INPUTS,
] as const;

const routingConfigs = derivation(
  () => ROUTING_INPUTS,
  (snapshot): readonly RoutingConfig[] => {
    const configs = virtualServiceConfigsOf(snapshot);
    const routes = meshRouteConfigsOf(snapshot);
    return routes.length === 0
      ? configs
      : [...configs, ...routes].sort((a, b) =>
          compareByAge(a.object, b.object),
        );
  },
);

/** VirtualServices and mesh routes of Gateway API, in the universal order. */
function routingConfigsOf(snapshot: MeshSnapshot): readonly RoutingConfig[] {
  return routingConfigs(snapshot, foreignWaypointsOf(snapshot));
}

interface RoutingTables {
  /** by gateway, visibility and host */
  index: RoutingIndex;
  /** by host, whoever may see it */
  named: HostIndex<RoutingConfig>;
}

const hostsOf = ({ hosts }: RoutingConfig) => hosts;

const routingTables = following(
  routingConfigsOf,
  (configs, before: RoutingTables | undefined): RoutingTables => ({
    index: indexRouting(configs, before?.index),
    named: hostIndexOf(configs, hostsOf, before?.named),
  }),
);

/** The routing configuration of the mesh, by gateway, visibility and host. */
export function routingIndexOf(snapshot: MeshSnapshot): RoutingIndex {
  return routingTables(snapshot).index;
}

/** Is a pattern more specific than another: exact before wildcard, else the longer? */
function isMoreSpecific(pattern: string, than: string): boolean {
  const wildcard = pattern.startsWith('*');
  return wildcard === than.startsWith('*')
    ? pattern.length > than.length
    : !wildcard;
}

const askedTables = new AskedTable(routingTables, (before, after) =>
  changedHosts(before.named.list, after.named.list, hostsOf),
);

/**
 * Asks the index, and notes that the configurations found were read, not the whole index.
 *
 * @param host - a configuration that names neither it nor a wildcard does not matter; undefined: any may
 */
function askedOfIndex<T>(
  snapshot: MeshSnapshot,
  host: string | undefined,
  question: () => string,
  ask: (index: RoutingIndex) => T,
): T {
  return askedTables.ask(snapshot, host, question, ({ index }) => ask(index));
}

/**
 * All configurations that clients of a namespace see for a gateway, in Istio's order. R5.3, R5.4
 *
 * @param from - only those that have one of these origins
 */
export function visibleConfigsOf(
  snapshot: MeshSnapshot,
  gateway: string,
  clientNamespace: string,
  from?: Origins,
): readonly RoutingConfig[] {
  return askedOfIndex(
    snapshot,
    undefined,
    () => {
      const where =
        from === undefined
          ? ''
          : ` in ${[...from.namespaces].join(' ')} of ${[...from.hosts].join(
              ' ',
            )}`;
      return `seen by ${clientNamespace} at ${gateway}${where}`;
    },
    index => visibleConfigs(index, gateway, clientNamespace, from),
  );
}

/**
 * The configurations for a host that clients of a namespace see for a gateway, in Istio's order: those with the most
 * specific pattern among all that they see. R5.3, R5.8
 */
export function configsForHost(
  snapshot: MeshSnapshot,
  gateway: string,
  clientNamespace: string,
  host: string,
): { pattern: string; configs: readonly RoutingConfig[] } | undefined {
  const match = askedOfIndex(
    snapshot,
    host,
    () => `pattern of ${host} for ${clientNamespace} at ${gateway}`,
    index => {
      let best: string | undefined;
      for (const table of tablesFor(index, gateway, clientNamespace)) {
        const pattern = mostSpecificHostMatch(host, table)?.pattern;
        if (
          pattern !== undefined &&
          (best === undefined || isMoreSpecific(pattern, best))
        ) {
          best = pattern;
        }
      }
      return best;
    },
  );
  if (match === undefined) {
    return undefined;
  }
  const configs = askedOfIndex(
    snapshot,
    match,
    () => `with ${match} for ${clientNamespace} at ${gateway}`,
    index =>
      tablesFor(index, gateway, clientNamespace).flatMap(table =>
        consumerFirst(
          (match.startsWith('*') ? table.wildcard : table.exact).get(match) ??
            [],
          clientNamespace,
        ),
      ),
  );
  return { pattern: match, configs };
}

/** The configurations of a table with a host that overlaps with this one, in its order. */
function configsOverlapping(
  table: ConfigTable,
  host: string,
): readonly RoutingConfig[] {
  if (host.startsWith('*')) {
    return table.list.filter(config =>
      config.hosts.some(name => hostsMatch(name, host)),
    );
  }
  const positions = positionsIn(table);
  const position = (config: RoutingConfig) => positions.get(config) ?? 0;
  return [...new Set(allHostMatches(host, table).flat())].sort(
    (a, b) => position(a) - position(b),
  );
}

/** Every configuration with a host that overlaps with this one, in Istio's order: how `tls` and `tcp` routes are found. R5.3, R5.29 */
export function configsForHostByClass(
  snapshot: MeshSnapshot,
  gateway: string,
  clientNamespace: string,
  host: string,
): readonly RoutingConfig[] {
  return askedOfIndex(
    snapshot,
    host.startsWith('*') ? undefined : host,
    () => `by class of ${host} for ${clientNamespace} at ${gateway}`,
    index =>
      tablesFor(index, gateway, clientNamespace).flatMap(table =>
        consumerFirst(configsOverlapping(table, host), clientNamespace),
      ),
  );
}

/**
 * Every VirtualService and mesh route that names a host or a wildcard that covers it, whoever may see it, most specific
 * name first.
 */
export function routingConfigsNaming(
  snapshot: MeshSnapshot,
  host: string,
): readonly RoutingConfig[] {
  return askedTables.ask(
    snapshot,
    host,
    () => `naming ${host}`,
    ({ named }) => {
      const found = allHostMatches(host, named);
      return found.length === 1 ? found[0] : [...new Set(found.flat())];
    },
  );
}
