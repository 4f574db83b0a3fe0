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

import type { StringMap } from '../objects';
import { isHostWithin } from '../identity/hosts';
import {
  isExcluded,
  type HostsByNamespace,
  type ImportedHosts,
} from './egressHosts';

/** What scoping reads of a service; the service registry's entries have it. */
export interface ScopeService {
  hostname: string;
  namespace: string;
  registry: 'Kubernetes' | 'External';
  ports: readonly { number: number }[];
  resolution: string;
  exportTo: readonly string[];
  /** of the object; absent: none */
  labels?: StringMap;
  /** what selects its endpoints; absent: nothing does */
  selector?: StringMap;
  /** hostnames of ExternalName services that point here */
  aliases: readonly string[];
}

/** The port of an egress listener, when it restricts what is imported. R8.6 */
export interface ListenerPort {
  number?: number;
  protocol?: string;
}

/** The port number that services must have to be imported by a listener, if it asks for one. R8.6 */
export function requiredPort(
  port: ListenerPort | undefined,
): number | undefined {
  const number = port?.number ?? 0;
  return number === 0 || port?.protocol?.toUpperCase() === 'HTTP_PROXY'
    ? undefined
    : number;
}

/** The service with only the ports asked for, or `undefined` when none is left. */
export function trimmedTo<S extends ScopeService>(
  service: S,
  wanted: (port: number) => boolean,
): S | undefined {
  const ports = service.ports.filter(port => wanted(port.number));
  if (ports.length === 0) {
    return undefined;
  }
  return ports.length === service.ports.length
    ? service
    : { ...service, ports };
}

function imports(hosts: ImportedHosts | undefined, hostname: string): boolean {
  return (
    hosts !== undefined &&
    (hosts.exact.has(hostname) ||
      hosts.all.some(pattern => isHostWithin(hostname, pattern)))
  );
}

/** The service with only the aliases that are imported as well. */
function withAliases<S extends ScopeService>(
  service: S,
  hosts: ImportedHosts,
): S {
  const { aliases } = service;
  const kept = aliases.filter(alias => imports(hosts, alias));
  return kept.length === aliases.length
    ? service
    : { ...service, aliases: kept };
}

/**
 * The services that one egress listener imports explicitly: namespace fits, hostname lies within the pattern, not
 * excluded, trimmed to the listener's port. Of a hostname that comes from several namespaces, the client's own wins,
 * else the Kubernetes Service, else the first. R8.4, R1.4
 *
 * `services` are those exported to the client's namespace, oldest first.
 */
export function servicesOfListener<S extends ScopeService>(
  services: readonly S[],
  clientNamespace: string,
  hosts: HostsByNamespace,
  port: ListenerPort | undefined,
): S[] {
  const wanted = requiredPort(port);
  const imported: S[] = [];
  for (const service of services) {
    // What is written for the namespace decides before what is written for any.
    const importing = [hosts.get(service.namespace), hosts.get('*')].find(
      item => imports(item, service.hostname),
    );
    if (
      importing === undefined ||
      isExcluded(hosts, service.namespace, service.hostname)
    ) {
      continue;
    }
    const trimmed =
      wanted === undefined
        ? service
        : trimmedTo(service, number => number === wanted);
    if (trimmed !== undefined) {
      imported.push(withAliases(trimmed, importing));
    }
  }
  const chosen = new Map<string, S>();
  for (const service of imported) {
    const current = chosen.get(service.hostname);
    if (
      current === undefined ||
      (current.namespace !== clientNamespace &&
        (service.namespace === clientNamespace ||
          (current.registry !== 'Kubernetes' &&
            service.registry === 'Kubernetes')))
    ) {
      chosen.set(service.hostname, service);
    }
  }
  return imported.filter(
    service => chosen.get(service.hostname)?.namespace === service.namespace,
  );
}

function sameMap(a: StringMap = {}, b: StringMap = {}): boolean {
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every(key => a[key] === b[key])
  );
}

/** Do two definitions of one host differ in nothing but their ports? R1.5 */
function canMerge(a: ScopeService, b: ScopeService): boolean {
  const left = [...a.exportTo].sort().join(',');
  const right = [...b.exportTo].sort().join(',');
  return (
    a.namespace === b.namespace &&
    a.resolution === b.resolution &&
    left === right &&
    sameMap(a.labels, b.labels) &&
    sameMap(a.selector, b.selector)
  );
}

/**
 * Adds a service to those a client knows. One hostname is one service: a Kubernetes Service replaces a ServiceEntry,
 * definitions of one namespace that agree merge their ports, anything else leaves the first. R1.4, R1.5
 */
export function addToScope<S extends ScopeService>(
  known: Map<string, S>,
  service: S,
): void {
  const existing = known.get(service.hostname);
  if (existing === undefined) {
    known.set(service.hostname, service);
    return;
  }
  if (existing.registry !== service.registry) {
    if (service.registry === 'Kubernetes') {
      known.set(service.hostname, service);
    }
    return;
  }
  if (!canMerge(existing, service)) {
    return;
  }
  const numbers = new Set(existing.ports.map(port => port.number));
  const added = service.ports.filter(port => !numbers.has(port.number));
  if (added.length > 0) {
    known.set(service.hostname, {
      ...existing,
      ports: [...existing.ports, ...added],
    });
  }
}
