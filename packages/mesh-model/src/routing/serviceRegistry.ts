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
import type { SlimObjectByKind } from '../objects';
import {
  AskedTable,
  type ChangedTopics,
  differentElements,
  type Entries,
  following,
  groupsOf,
  isObserved,
  lookUpTable,
  type Groups,
  type LookUp,
  type MeshSnapshot,
} from '../snapshot';
import { meshConfigOf, serviceHostname } from '../identity';
import { inOrderOfDefinition } from './definitionOrder';
import type { RoutableService } from './routableService';
import { writtenServices } from './writtenServices';

/** Every service of the mesh, oldest first, and by hostname. */
export interface ServiceRegistry {
  all: readonly RoutableService[];
  byHost: LookUp<readonly RoutableService[]>;
  byNamespace: LookUp<readonly RoutableService[]>;
}

function concreteHost(
  alias: RoutableService,
  byHost: Entries<readonly RoutableService[]>,
): string | undefined {
  const seen = new Set<string>();
  let host = alias.hostname;
  while (!seen.has(host)) {
    seen.add(host);
    const next = byHost
      .get(host)
      ?.find(service => service.externalName !== undefined)?.externalName;
    if (next === undefined) {
      return host;
    }
    host = next;
  }
  // The aliases point at each other: none of them leads anywhere.
  return undefined;
}

/** The same service with the names under which others lead to it; one of the registry stays the same object. */
const keptAliases = new WeakMap<RoutableService, RoutableService>();

function withAliases(
  service: RoutableService,
  aliases: readonly string[] | undefined,
): RoutableService {
  if (aliases === undefined) {
    return service;
  }
  const kept = keptAliases.get(service);
  if (kept?.aliases.join(' ') === aliases.join(' ')) {
    return kept;
  }
  const aliased = { ...service, aliases };
  keptAliases.set(service, aliased);
  return aliased;
}

/** The names of ExternalName services by the host that they lead to in the end. */
function aliasesOf(
  services: readonly RoutableService[],
): ReadonlyMap<string, readonly string[]> {
  const external = services.filter(
    service => service.externalName !== undefined,
  );
  const named = groupedBy(external, ({ hostname }) => hostname);
  const aliases = new Map<string, string[]>();
  for (const service of external) {
    const concrete = concreteHost(service, named);
    if (concrete !== undefined) {
      addToGroup(aliases, concrete, service.hostname);
    }
  }
  return aliases;
}

/** A registry, and what the next one is built from. */
interface BuiltRegistry extends ServiceRegistry {
  written: Groups<RoutableService>;
  byHost: Entries<readonly RoutableService[]>;
  byNamespace: Entries<readonly RoutableService[]>;
}

/**
 * Builds a registry; aliases of ExternalName services are followed to the concrete service.
 *
 * @param services - in the universal order of their objects
 * @param before - the registry of services of which few may be others
 */
export function registryOf(
  services: readonly RoutableService[],
  before?: BuiltRegistry,
): BuiltRegistry {
  const byHostname = ({ hostname }: RoutableService) => [hostname];
  const written = groupsOf(services, byHostname, before?.written);
  const ordered = inOrderOfDefinition(services, written.byKey);
  const aliases = aliasesOf(ordered);
  const all =
    aliases.size === 0
      ? ordered
      : ordered.map(service =>
          withAliases(service, aliases.get(service.hostname)),
        );
  const last = (byKey: BuiltRegistry['byHost'] | undefined) =>
    before && byKey && { list: before.all, byKey };
  const { byKey: byHost } =
    all === services
      ? written
      : groupsOf(all, byHostname, last(before?.byHost));
  const { byKey: byNamespace } = groupsOf(
    all,
    ({ namespace }) => [namespace],
    last(before?.byNamespace),
  );
  return { all, written, byHost, byNamespace };
}

/** All of it at once: who reads it depends on every service. */
export const wholeRegistry = following(
  writtenServices,
  (services, before: BuiltRegistry | undefined) => registryOf(services, before),
);

/** Under which keys two registries have other services. */
function changedKeys(
  before: ServiceRegistry,
  after: ServiceRegistry,
): ChangedTopics {
  const services = differentElements(before.all, after.all);
  return services === undefined
    ? 'any'
    : new Set(
        services.flatMap(({ hostname, namespace }) => [hostname, namespace]),
      );
}

const askedRegistry = new AskedTable(wholeRegistry, changedKeys);

/** The registry of a snapshot. R1.1 – R1.4 */
export function serviceRegistryOf(snapshot: MeshSnapshot): ServiceRegistry {
  return isObserved()
    ? {
        get all() {
          return wholeRegistry(snapshot).all;
        },
        byHost: lookUpTable(
          snapshot,
          askedRegistry,
          'byHost',
          registry => registry.byHost,
        ),
        byNamespace: lookUpTable(
          snapshot,
          askedRegistry,
          'byNamespace',
          registry => registry.byNamespace,
        ),
      }
    : wholeRegistry(snapshot);
}

function isDefinedBy(
  { object }: RoutableService,
  { kind, metadata }: DefiningObject,
): boolean {
  return (
    object?.kind === kind &&
    object.metadata.name === metadata.name &&
    object.metadata.namespace === metadata.namespace
  );
}

/** What defines a service: all of a ServiceEntry, a Service by its name alone. */
type DefiningObject =
  | SlimObjectByKind['ServiceEntry']
  | {
      kind: 'Service';
      metadata: { name: string; namespace: string };
    };

/** The services that a Service or ServiceEntry defines, one for each of its hosts; none when istiod does not know it. */
export function servicesDefinedBy(
  snapshot: MeshSnapshot,
  object: DefiningObject,
): readonly RoutableService[] {
  const { byHost } = serviceRegistryOf(snapshot);
  const hosts =
    object.kind === 'Service'
      ? [
          serviceHostname(
            object.metadata.name,
            object.metadata.namespace,
            meshConfigOf(snapshot).clusterDomain,
          ),
        ]
      : new Set(object.spec.hosts);
  return [...hosts]
    .flatMap(host => byHost.get(host) ?? [])
    .filter(service => isDefinedBy(service, object));
}

/** Does a client's namespace see a service? `*` wins, then `~`, then names. R1.2 */
export function isServiceVisible(
  service: { namespace: string; exportTo: readonly string[] },
  clientNamespace: string,
): boolean {
  const { exportTo, namespace } = service;
  if (exportTo.includes('*')) {
    return true;
  }
  if (exportTo.includes('~')) {
    return false;
  }
  return (
    exportTo.includes(clientNamespace) ||
    (exportTo.includes('.') && namespace === clientNamespace)
  );
}
