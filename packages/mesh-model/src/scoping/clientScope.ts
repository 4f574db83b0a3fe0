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

import type { Client } from '../membership';
import type { SlimObjectByKind } from '../objects';
import { controlPlaneView, meshConfigOf, type MeshConfig } from '../identity';
import type { RoutableService } from '../routing/routableService';
import { visibleConfigsOf } from '../routing/configsOfMesh';
import type { Origins } from '../routing/routingIndex';
import { MESH_GATEWAY } from '../routing/names';
import type { RoutingConfig } from '../routing/routingConfig';
import { serviceNamesOf } from '../routing/serviceNames';
import {
  isServiceVisible,
  serviceRegistryOf,
  type ServiceRegistry,
} from '../routing/serviceRegistry';
import { compareByAge, keptPerKey, type MeshSnapshot } from '../snapshot';
import { provenanceOf, type Provenance } from '../verdict';
import { egressHostsByNamespace, type HostsByNamespace } from './egressHosts';
import { addToScope, servicesOfListener } from './scopedServices';
import { chooseSidecar, type SidecarChoice } from './sidecarSelection';
import {
  sidecarScope,
  type EgressListener,
  type SidecarScope,
} from './sidecarScope';
import { importedPart, importsConfig } from './virtualServiceImports';

type Sidecar = SlimObjectByKind['Sidecar'];

/** What happens to destinations a client does not know, and what says so. R8.9 */
export interface OutboundTrafficPolicy {
  mode: MeshConfig['outboundTrafficPolicy'];
  says: string;
  /** Absent when the mesh configuration (or its default) decides. */
  provenance?: Provenance;
}

/** What one outbound listener of a client takes. */
export interface ClientListener {
  /** all it imports, in the order of the registry */
  services(): readonly RoutableService[];
  /** the definitions of one host that it imports */
  servicesOf(hostname: string): readonly RoutableService[];
  /** hostnames of what it imports with this port, and maybe others, in the order of the registry */
  hostnamesOnPort(port: number): Iterable<string>;
  /** of some hostnames those that it imports, in the order of the registry */
  inOrder(hostnames: ReadonlySet<string>): readonly string[];
  /** in Istio's order */
  configs(): readonly RoutingConfig[];
  /** what it takes of a configuration that is visible to the namespace */
  importedPart(config: RoutingConfig): readonly RoutingConfig[];
  httpProxy: boolean;
}

/** What a client sees of the mesh. */
export interface ClientScope {
  choice: SidecarChoice;
  outbound: OutboundTrafficPolicy;
  /** The definition of a host that the client uses; `undefined` when it does not know the host. */
  serviceOf(hostname: string): RoutableService | undefined;
  /** Every service the client knows. */
  services(): readonly RoutableService[];
  /** Every service the client knows that has this port, one after the other as they are asked for. */
  servicesOnPort(port: number): Iterable<RoutableService>;
  /**
   * What the outbound listener of a port has; `undefined` when no egress listener takes the port.
   * Port 0 with `bind` names a socket.
   */
  listener(port: number, bind?: string): ClientListener | undefined;
  /** Does the scope of this port import a configuration that is visible to the namespace? */
  importsConfig(config: RoutingConfig, port: number): boolean;
}

const EVERYTHING: HostsByNamespace = egressHostsByNamespace(['*/*'], '').hosts;

/** Where a Sidecar can import from; `undefined`: from anywhere. R8.4 */
function originsOf(
  sidecar: Sidecar | undefined,
  clientNamespace: string,
): Origins | undefined {
  const egress = sidecar?.spec.egress ?? [];
  const namespaces = new Set<string>();
  const hosts = new Set<string>();
  for (const listener of egress) {
    for (const [namespace, { all }] of egressHostsByNamespace(
      listener.hosts ?? [],
      clientNamespace,
    ).hosts) {
      if (namespace !== '*') {
        namespaces.add(namespace);
      } else if (all.some(host => host.includes('*'))) {
        return undefined;
      } else {
        all.forEach(host => hosts.add(host));
      }
    }
  }
  return egress.length === 0 ? undefined : { namespaces, hosts };
}

/** The services that have one of the origins, in the order of the registry. */
function servicesFrom(
  registry: ServiceRegistry,
  origins: Origins | undefined,
): readonly RoutableService[] {
  if (origins === undefined) {
    return registry.all;
  }
  const { byHost, byNamespace } = registry;
  const services = new Set([
    ...[...origins.namespaces].flatMap(each => byNamespace.get(each) ?? []),
    ...[...origins.hosts].flatMap(each => byHost.get(each) ?? []),
  ]);
  // The sort is stable: what one object defines keeps its order.
  return [...services].sort((a, b) =>
    a.object && b.object ? compareByAge(a.object, b.object) : 0,
  );
}

/** What a Sidecar imports for clients of a namespace, by `<namespace>/<namespace of the Sidecar>/<its name>`. */
const sidecarScopes = keptPerKey((snapshot, key) => {
  const [clientNamespace, sidecarNamespace, name] = key.split('/');
  const sidecar = snapshot.get('Sidecar', sidecarNamespace, name);
  const registry = serviceRegistryOf(snapshot);
  const visible = (service: RoutableService) =>
    isServiceVisible(service, clientNamespace);
  const origins = originsOf(sidecar, clientNamespace);
  return sidecarScope<RoutableService>({
    clientNamespace,
    ...(sidecar === undefined ? {} : { sidecar }),
    services: servicesFrom(registry, origins).filter(visible),
    servicesOfHost: host => (registry.byHost.get(host) ?? []).filter(visible),
    configs: visibleConfigsOf(snapshot, MESH_GATEWAY, clientNamespace, origins),
  });
});

function hasPort(service: RoutableService, number: number): boolean {
  return service.ports.some(port => port.number === number);
}

function outboundPolicy(
  choice: SidecarChoice,
  meshMode: MeshConfig['outboundTrafficPolicy'],
): OutboundTrafficPolicy {
  const own = choice.sidecar?.spec.outboundTrafficPolicy;
  if (choice.sidecar === undefined || own === undefined) {
    return {
      mode: meshMode,
      says: `outboundTrafficPolicy ${meshMode} of the mesh configuration`,
    };
  }
  // The first value of the enumeration is REGISTRY_ONLY: a policy without a mode means that.
  const mode = own.mode ?? 'REGISTRY_ONLY';
  const says = `Sidecar ${choice.sidecar.metadata.namespace}/${choice.sidecar.metadata.name} sets outboundTrafficPolicy ${mode}`;
  return {
    mode,
    says,
    provenance: provenanceOf(
      choice.sidecar,
      'spec.outboundTrafficPolicy.mode',
      says,
    ),
  };
}

/** The egress listener that takes a port: the one declared for it, else the first without a port. R8.6 */
export function listenerForPort<S extends RoutableService>(
  listeners: readonly EgressListener<S>[],
  port: number,
  bind?: string,
): EgressListener<S> | undefined {
  return listeners.find(
    listener =>
      listener.port === undefined ||
      ((listener.port.number ?? 0) === port &&
        (port !== 0 || listener.bind === bind)),
  );
}

/** The Sidecar that acts on a client. R8.1 */
export function sidecarOf(mesh: MeshSnapshot, client: Client): SidecarChoice {
  const snapshot = controlPlaneView(mesh, client.revision);
  const { rootNamespace } = meshConfigOf(snapshot);
  return chooseSidecar(
    client,
    snapshot.list('Sidecar', client.namespace),
    snapshot.list('Sidecar', rootNamespace),
  );
}

/** Of the definitions of one host that a namespace sees, the one that its clients use when no Sidecar acts on them. */
function usedDefinition(
  hostname: string,
  definitions: readonly RoutableService[],
  clientNamespace: string,
): RoutableService | undefined {
  if (definitions.length <= 1) {
    return definitions.at(0);
  }
  const scoped = new Map<string, RoutableService>();
  for (const service of servicesOfListener(
    definitions,
    clientNamespace,
    EVERYTHING,
    undefined,
  )) {
    addToScope(scoped, service);
  }
  return scoped.get(hostname);
}

/** The built-in listener of clients on which no Sidecar acts: it takes every port and imports everything. */
function builtInListener(
  snapshot: MeshSnapshot,
  clientNamespace: string,
  { services, serviceOf }: Pick<ClientScope, 'services' | 'serviceOf'>,
): ClientListener {
  return {
    services,
    servicesOf: hostname => {
      const service = serviceOf(hostname);
      return service === undefined ? [] : [service];
    },
    hostnamesOnPort: port => serviceNamesOf(snapshot).onPort(port),
    inOrder: hostnames => {
      if (hostnames.size <= 1) {
        return [...hostnames];
      }
      const order = serviceNamesOf(snapshot).order();
      return [...hostnames].sort(
        (a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0),
      );
    },
    configs: () => visibleConfigsOf(snapshot, MESH_GATEWAY, clientNamespace),
    importedPart: config => [config],
    httpProxy: false,
  };
}

/** What a client sees on which no Sidecar acts: everything that is exported to its namespace. */
function exportedScope(
  snapshot: MeshSnapshot,
  clientNamespace: string,
  choice: SidecarChoice,
  outbound: OutboundTrafficPolicy,
): ClientScope {
  const registry = serviceRegistryOf(snapshot);
  const visible = (service: RoutableService) =>
    isServiceVisible(service, clientNamespace);
  const scope: ClientScope = {
    choice,
    outbound,
    serviceOf: hostname =>
      usedDefinition(
        hostname,
        (registry.byHost.get(hostname) ?? []).filter(visible),
        clientNamespace,
      ),
    services: () =>
      [...serviceNamesOf(snapshot).order().keys()].flatMap(
        host => scope.serviceOf(host) ?? [],
      ),
    *servicesOnPort(port) {
      for (const host of serviceNamesOf(snapshot).onPort(port)) {
        const service = scope.serviceOf(host);
        if (service !== undefined && hasPort(service, port)) {
          yield service;
        }
      }
    },
    listener: () => builtInListener(snapshot, clientNamespace, scope),
    importsConfig: () => true,
  };
  return scope;
}

/** What an egress listener of a Sidecar takes. R8.4 – R8.6 */
function egressClientListener(
  listener: EgressListener<RoutableService>,
): ClientListener {
  return {
    services: () => [...listener.services.values()].flatMap(same => [...same]),
    servicesOf: hostname => listener.services.get(hostname) ?? [],
    hostnamesOnPort: () => listener.services.keys(),
    inOrder: hostnames =>
      [...listener.services.keys()].filter(hostname => hostnames.has(hostname)),
    configs: () => listener.configs,
    importedPart: config => importedPart(config, listener.hosts),
    httpProxy: listener.port?.protocol?.toUpperCase() === 'HTTP_PROXY',
  };
}

/** What a client sees through the Sidecar that acts on it: what its egress listeners import. */
function importedScope(
  { services, listeners }: SidecarScope<RoutableService>,
  choice: SidecarChoice,
  outbound: OutboundTrafficPolicy,
): ClientScope {
  return {
    choice,
    outbound,
    serviceOf: hostname => services.get(hostname),
    services: () => [...services.values()],
    *servicesOnPort(port) {
      for (const service of services.values()) {
        if (hasPort(service, port)) {
          yield service;
        }
      }
    },
    listener: (port, bind) => {
      const listener = listenerForPort(listeners, port, bind);
      return listener && egressClientListener(listener);
    },
    importsConfig: (config, port) => {
      const listener = listenerForPort(listeners, port);
      return listener !== undefined && importsConfig(config, listener.hosts);
    },
  };
}

/** What a client sees: its Sidecar, else everything exported to its namespace. R8.1 – R8.9 */
export function scopeOf(mesh: MeshSnapshot, client: Client): ClientScope {
  const snapshot = controlPlaneView(mesh, client.revision);
  const { namespace } = client;
  const choice = sidecarOf(snapshot, client);
  const outbound = outboundPolicy(
    choice,
    meshConfigOf(snapshot).outboundTrafficPolicy,
  );
  if (choice.sidecar === undefined) {
    return exportedScope(snapshot, namespace, choice, outbound);
  }
  const { metadata } = choice.sidecar;
  const imported = sidecarScopes(
    snapshot,
    `${namespace}/${metadata.namespace}/${metadata.name}`,
  );
  return importedScope(imported, choice, outbound);
}
