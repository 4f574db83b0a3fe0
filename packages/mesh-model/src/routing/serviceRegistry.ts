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
  derivation,
  differentElements,
  type Entries,
  following,
  groupsOf,
  isObserved,
  lookUpTable,
  type Groups,
  type LookUp,
  mergedByAge,
  type MeshSnapshot,
} from '../snapshot';
import {
  meshConfigOf,
  protocolOfPort,
  serviceEntryVisibilityOf,
  type MeshConfig,
} from '../identity';
import { inOrderOfDefinition } from './definitionOrder';
import { PORT_CLASSES, type RoutableService } from './routableService';

type Service = SlimObjectByKind['Service'];
type ServiceEntry = SlimObjectByKind['ServiceEntry'];

function resolutionOf(headless: boolean, alias: boolean): string {
  if (alias) {
    return 'ALIAS';
  }
  return headless ? 'PASSTHROUGH' : 'CLIENT_SIDE';
}

function virtualAddresses(spec: Service['spec']): readonly string[] {
  return spec.clusterIPs.length > 0
    ? spec.clusterIPs
    : [spec.clusterIP].filter(address => address !== '');
}

interface KeptService {
  settings: MeshConfig;
  service: RoutableService;
}

/** Objects never change: the registry holds the same service as long as the object is the same. */
const keptServices = new WeakMap<Service, KeptService>();

function serviceOf(object: Service, settings: MeshConfig): RoutableService {
  const kept = keptServices.get(object);
  if (kept?.settings === settings) {
    return kept.service;
  }
  const service = routableService(object, settings);
  keptServices.set(object, { settings, service });
  return service;
}

function serviceHostname(
  { name, namespace }: Pick<Service['metadata'], 'name' | 'namespace'>,
  { clusterDomain }: MeshConfig,
): string {
  return `${name}.${namespace}.svc.${clusterDomain}`;
}

function routableService(
  service: Service,
  settings: MeshConfig,
): RoutableService {
  const { namespace, annotations } = service.metadata;
  const exportTo = (annotations['networking.istio.io/exportTo'] ?? '')
    .split(',')
    .map(item => item.trim())
    .filter(item => item !== '');
  const { spec } = service;
  const headless = spec.clusterIP === 'None';
  const alias = spec.type === 'ExternalName';
  return {
    hostname: serviceHostname(service.metadata, settings),
    namespace,
    registry: 'Kubernetes',
    ports: spec.ports.map(port => ({
      number: port.port,
      name: port.name,
      class: PORT_CLASSES[protocolOfPort(port)],
    })),
    resolution: resolutionOf(headless, alias),
    exportTo: exportTo.length > 0 ? exportTo : settings.defaultServiceExportTo,
    addresses: headless ? [] : virtualAddresses(spec),
    aliases: [],
    headless,
    ...(alias ? { externalName: spec.externalName } : {}),
    meshExternal: alias,
    object: service,
  };
}

/** What proxies see of a ServiceEntry's `exportTo`: `serviceEntryVisibility` narrows it when it applies to sidecars. R1.14 */
function exportToOfEntry(
  snapshot: MeshSnapshot,
  { metadata, spec }: ServiceEntry,
  settings: MeshConfig,
): readonly string[] {
  const written = spec.exportTo ?? [];
  const exportTo =
    written.length > 0 ? written : settings.defaultServiceExportTo;
  if (!settings.serviceEntryVisibility?.applyToSidecars) {
    return exportTo;
  }
  const { namespace } = metadata;
  const labels = snapshot.get('Namespace', '', namespace)?.metadata.labels;
  return narrowedExportTo(
    exportTo,
    namespace,
    serviceEntryVisibilityOf(settings, labels ?? {}),
  );
}

interface KeptEntry {
  settings: MeshConfig;
  exportTo: string;
  services: readonly RoutableService[];
}

const keptEntries = new WeakMap<ServiceEntry, KeptEntry>();

function servicesOfEntry(
  snapshot: MeshSnapshot,
  entry: ServiceEntry,
  settings: MeshConfig,
): readonly RoutableService[] {
  const visible = exportToOfEntry(snapshot, entry, settings);
  const exportTo = visible.join(' ');
  const kept = keptEntries.get(entry);
  if (kept?.settings === settings && kept.exportTo === exportTo) {
    return kept.services;
  }
  const services = routableServices(entry, visible);
  keptEntries.set(entry, { settings, exportTo, services });
  return services;
}

function routableServices(
  entry: ServiceEntry,
  exportTo: readonly string[],
): RoutableService[] {
  const { spec } = entry;
  return (spec.hosts ?? []).map(hostname => ({
    hostname,
    namespace: entry.metadata.namespace,
    registry: 'External',
    ports: (spec.ports ?? []).map(port => ({
      number: port.number,
      name: port.name ?? '',
      class: PORT_CLASSES[protocolOfPort({ name: port.protocol ?? '' })],
    })),
    resolution: spec.resolution ?? 'NONE',
    exportTo,
    addresses: spec.addresses ?? [],
    aliases: [],
    headless: false,
    meshExternal: spec.location !== 'MESH_INTERNAL',
    labels: entry.metadata.labels,
    ...(spec.workloadSelector === undefined
      ? {}
      : { selector: spec.workloadSelector.labels ?? {} }),
    object: entry,
  }));
}

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

const writtenServices = derivation(
  () => [
    { kind: 'Service' },
    { kind: 'ServiceEntry' },
    { kind: 'ConfigMap' },
    // Their labels decide only where the mesh configuration has a serviceEntryVisibility.
    { kind: 'Namespace' },
  ],
  (snapshot): readonly RoutableService[] => {
    const settings = meshConfigOf(snapshot);
    const services: RoutableService[] = [];
    for (const object of mergedByAge(
      snapshot.list('Service'),
      snapshot.list('ServiceEntry'),
    )) {
      if (object.kind === 'Service') {
        services.push(serviceOf(object, settings));
      } else {
        services.push(...servicesOfEntry(snapshot, object, settings));
      }
    }
    return services;
  },
);

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
  | ServiceEntry
  | {
      kind: 'Service';
      metadata: Pick<Service['metadata'], 'name' | 'namespace'>;
    };

/** The services that a Service or ServiceEntry defines, one for each of its hosts; none when istiod does not know it. */
export function servicesDefinedBy(
  snapshot: MeshSnapshot,
  object: DefiningObject,
): readonly RoutableService[] {
  const { byHost } = serviceRegistryOf(snapshot);
  const hosts =
    object.kind === 'Service'
      ? [serviceHostname(object.metadata, meshConfigOf(snapshot))]
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

/** What the mesh's `serviceEntryVisibility` leaves of an `exportTo`; it only ever narrows. R1.14 */
export function narrowedExportTo(
  exportTo: readonly string[],
  namespace: string,
  visibility: 'PUBLIC' | 'NAMESPACE' | 'NONE',
): readonly string[] {
  if (visibility === 'PUBLIC') {
    return exportTo;
  }
  const reachesOwn =
    visibility === 'NAMESPACE' &&
    exportTo.some(item => item === '*' || item === '.' || item === namespace);
  return reachesOwn ? ['.'] : ['~'];
}
