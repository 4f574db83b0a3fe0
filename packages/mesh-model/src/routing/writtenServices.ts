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

import {
  meshConfigOf,
  protocolOfPort,
  serviceEntryVisibilityOf,
  serviceHostname,
  type MeshConfig,
} from '../identity';
import type { SlimObjectByKind } from '../objects';
import { derivation, mergedByAge, type MeshSnapshot } from '../snapshot';
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
    hostname: serviceHostname(
      service.metadata.name,
      namespace,
      settings.clusterDomain,
    ),
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

/** The services that Services and ServiceEntries define, in the universal order of their objects. R1.1 – R1.3 */
export const writtenServices = derivation(
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
