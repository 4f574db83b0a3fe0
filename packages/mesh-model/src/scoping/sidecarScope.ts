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
import type { SlimObjectByKind } from '../objects';
import type { RoutingConfig } from '../routing/routingConfig';
import {
  egressHostsByNamespace,
  type HostsByNamespace,
  type IgnoredEgressHost,
} from './egressHosts';
import {
  addToScope,
  requiredPort,
  servicesOfListener,
  trimmedTo,
  type ListenerPort,
  type ScopeService,
} from './scopedServices';
import { destinationsOf, importedPart } from './virtualServiceImports';

type Sidecar = SlimObjectByKind['Sidecar'];

/** One egress listener of a Sidecar (or the built-in one that imports everything). */
export interface EgressListener<S extends ScopeService> {
  /** index in `spec.egress`; absent for the built-in one */
  index?: number;
  port?: ListenerPort;
  bind?: string;
  hosts: HostsByNamespace;
  ignoredHosts: readonly IgnoredEgressHost[];
  /** what the listener imports explicitly, by hostname */
  services: ReadonlyMap<string, readonly S[]>;
  /** the configurations it imports, in Istio's order */
  configs: readonly RoutingConfig[];
}

/** What a client knows of the mesh. */
export interface SidecarScope<S extends ScopeService> {
  sidecar?: Sidecar;
  listeners: readonly EgressListener<S>[];
  /** by hostname: the one definition that this client uses */
  services: ReadonlyMap<string, S>;
}

/** Everything that may be in scope of the clients of a namespace. */
export interface ScopeInput<S extends ScopeService> {
  clientNamespace: string;
  sidecar?: Sidecar;
  /** exported to the namespace, oldest first */
  services: readonly S[];
  /** definitions of one hostname, exported to the namespace, oldest first */
  servicesOfHost: (hostname: string) => readonly S[];
  /** visible to the namespace for the gateway `mesh`, in Istio's order */
  configs: readonly RoutingConfig[];
}

function grouped<S extends ScopeService>(
  services: readonly S[],
): Map<string, S[]> {
  return groupedBy(services, ({ hostname }) => hostname);
}

function implicitService<S extends ScopeService>(
  candidates: readonly S[],
  clientNamespace: string,
): S | undefined {
  // At most one definition of a namespace counts: the Kubernetes Service, else the oldest. R1.4
  const own = candidates.filter(
    service => service.namespace === clientNamespace,
  );
  const eligible = own.length > 0 ? own : candidates;
  return (
    eligible.find(service => service.registry === 'Kubernetes') ?? eligible[0]
  );
}

/** A listener's own imports and, after those of all listeners before it, what its VirtualServices lead to. R8.7 */
function addListener<S extends ScopeService>(
  known: Map<string, S>,
  listener: EgressListener<S>,
  input: ScopeInput<S>,
): void {
  for (const services of listener.services.values()) {
    for (const service of services) {
      addToScope(known, service);
    }
  }
  if (listener.index === undefined) {
    // The built-in listener imports everything: nothing is left to be implied.
    return;
  }
  const wantedPort = requiredPort(listener.port);
  for (const config of listener.configs) {
    for (const [host, ports] of destinationsOf(config, input.clientNamespace)) {
      const service = implicitService(
        input.servicesOfHost(host),
        input.clientNamespace,
      );
      if (service === undefined) {
        continue;
      }
      const everyPort =
        wantedPort === undefined &&
        (ports.size === 0 || service.ports.length === 0);
      const trimmed = everyPort
        ? service
        : trimmedTo(service, number =>
            wantedPort === undefined
              ? ports.has(number)
              : number === wantedPort,
          );
      if (trimmed !== undefined) {
        addToScope(known, trimmed);
      }
    }
  }
}

/** Computes what the clients of a namespace see under a Sidecar, or without one. R8.4 – R8.7 */
export function sidecarScope<S extends ScopeService>(
  input: ScopeInput<S>,
): SidecarScope<S> {
  const { sidecar, clientNamespace } = input;
  const written = sidecar?.spec.egress ?? [];
  const egress: readonly NonNullable<Sidecar['spec']['egress']>[number][] =
    written.length === 0 ? [{ hosts: ['*/*'] }] : written;
  const known = new Map<string, S>();
  const listeners = egress.map((listener, index): EgressListener<S> => {
    const { hosts, ignored } = egressHostsByNamespace(
      listener.hosts ?? [],
      clientNamespace,
    );
    return {
      ...(written.length === 0 ? {} : { index }),
      ...(listener.port === undefined ? {} : { port: listener.port }),
      ...(listener.bind === undefined ? {} : { bind: listener.bind }),
      hosts,
      ignoredHosts: ignored,
      services: grouped(
        servicesOfListener(
          input.services,
          clientNamespace,
          hosts,
          listener.port,
        ),
      ),
      configs: input.configs.flatMap(config => importedPart(config, hosts)),
    };
  });
  for (const listener of listeners) {
    addListener(known, listener, input);
  }
  return {
    ...(sidecar === undefined ? {} : { sidecar }),
    listeners,
    services: known,
  };
}
