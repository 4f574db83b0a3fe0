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
import { sidecarScope, type EgressListener } from './sidecarScope';
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

const sidecarListeners = keptPerKey((snapshot, key) => {
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

/** What a client sees: its Sidecar, else everything exported to its namespace. R8.1 – R8.9 */
export function scopeOf(mesh: MeshSnapshot, client: Client): ClientScope {
  const snapshot = controlPlaneView(mesh, client.revision);
  const choice = sidecarOf(snapshot, client);
  const outbound = outboundPolicy(
    choice,
    meshConfigOf(snapshot).outboundTrafficPolicy,
  );
  const registry = serviceRegistryOf(snapshot);
  const visible = (service: RoutableService) =>
    isServiceVisible(service, client.namespace);
  if (choice.sidecar === undefined) {
    const serviceOf = (hostname: string) => {
      const known = (registry.byHost.get(hostname) ?? []).filter(visible);
      if (known.length <= 1) {
        return known.at(0);
      }
      const scoped = new Map<string, RoutableService>();
      for (const service of servicesOfListener(
        known,
        client.namespace,
        EVERYTHING,
        undefined,
      )) {
        addToScope(scoped, service);
      }
      return scoped.get(hostname);
    };
    const services = () =>
      [...serviceNamesOf(snapshot).order().keys()].flatMap(
        host => serviceOf(host) ?? [],
      );
    return {
      choice,
      outbound,
      serviceOf,
      services,
      *servicesOnPort(port) {
        for (const host of serviceNamesOf(snapshot).onPort(port)) {
          const service = serviceOf(host);
          if (service !== undefined && hasPort(service, port)) {
            yield service;
          }
        }
      },
      listener: () => ({
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
        configs: () =>
          visibleConfigsOf(snapshot, MESH_GATEWAY, client.namespace),
        importedPart: config => [config],
        httpProxy: false,
      }),
      importsConfig: () => true,
    };
  }
  const { metadata } = choice.sidecar;
  const scope = sidecarListeners(
    snapshot,
    `${client.namespace}/${metadata.namespace}/${metadata.name}`,
  );
  return {
    choice,
    outbound,
    serviceOf: hostname => scope.services.get(hostname),
    services: () => [...scope.services.values()],
    *servicesOnPort(port) {
      for (const service of scope.services.values()) {
        if (hasPort(service, port)) {
          yield service;
        }
      }
    },
    listener: (port, bind) => {
      const listener = listenerForPort(scope.listeners, port, bind);
      return listener === undefined
        ? undefined
        : {
            services: () =>
              [...listener.services.values()].flatMap(same => [...same]),
            servicesOf: hostname => listener.services.get(hostname) ?? [],
            hostnamesOnPort: () => listener.services.keys(),
            inOrder: hostnames =>
              [...listener.services.keys()].filter(hostname =>
                hostnames.has(hostname),
              ),
            configs: () => listener.configs,
            importedPart: config => importedPart(config, listener.hosts),
            httpProxy: listener.port?.protocol?.toUpperCase() === 'HTTP_PROXY',
          };
    },
    importsConfig: (config, port) => {
      const listener = listenerForPort(scope.listeners, port);
      return listener !== undefined && importsConfig(config, listener.hosts);
    },
  };
}
