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

import type { HttpMatchRequest } from '../objects';
import type { RoutingConfig } from '../routing/routingConfig';
import { hostsMatch, isHostWithin } from '../identity/hosts';
import { isExcluded, type HostsByNamespace } from './egressHosts';

/**
 * Is a configuration in the scope of an egress listener? Its namespace must be importable and one of its hosts must
 * match: in either direction for a VirtualService, as a subset for Gateway API. Excluded only when no host is left.
 * R5.5, R8.5
 */
export function importsConfig(
  config: Pick<RoutingConfig, 'namespace' | 'hosts' | 'semantics'>,
  hosts: HostsByNamespace,
): boolean {
  const matches =
    config.semantics === 'gateway-api'
      ? (host: string, pattern: string) => isHostWithin(host, pattern)
      : hostsMatch;
  const patterns = [
    ...(hosts.get(config.namespace)?.all ?? []),
    ...(hosts.get('*')?.all ?? []),
  ];
  return config.hosts.some(
    host =>
      !isExcluded(hosts, config.namespace, host) &&
      patterns.some(pattern => matches(host, pattern)),
  );
}

/**
 * What a listener takes of a configuration: nothing, the whole VirtualService, or of a Gateway API route the hosts that
 * are imported. R5.5
 */
export function importedPart(
  config: RoutingConfig,
  hosts: HostsByNamespace,
): RoutingConfig[] {
  if (!importsConfig(config, hosts)) {
    return [];
  }
  if (config.semantics === 'virtual-service') {
    return [config];
  }
  const kept = config.hosts.filter(host =>
    importsConfig({ ...config, hosts: [host] }, hosts),
  );
  return [
    kept.length === config.hosts.length ? config : { ...config, hosts: kept },
  ];
}

/** A destination with the ports that are referred to; an empty set stands for all. */
export type DestinationPorts = ReadonlyMap<string, ReadonlySet<number>>;

function servesNamespace(
  match: readonly Pick<HttpMatchRequest, 'sourceNamespace'>[] | undefined,
  clientNamespace: string,
): boolean {
  return (
    match === undefined ||
    match.length === 0 ||
    match.some(
      item =>
        (item.sourceNamespace ?? '') === '' ||
        item.sourceNamespace === clientNamespace,
    )
  );
}

/**
 * Hosts that a configuration sends traffic to, for clients of a namespace. Routes whose matches are all for other
 * namespaces are left out. R8.7
 */
export function destinationsOf(
  config: Pick<RoutingConfig, 'http' | 'tls' | 'tcp'>,
  clientNamespace: string,
): DestinationPorts {
  const ports = new Map<string, Set<number>>();
  const whole = new Set<string>();
  const add = (to: { host: string; port?: { number?: number } }) => {
    const known = ports.get(to.host) ?? new Set<number>();
    ports.set(to.host, known);
    const number = to.port?.number ?? 0;
    if (number === 0) {
      whole.add(to.host);
    } else {
      known.add(number);
    }
  };
  for (const { value } of config.http) {
    if (!servesNamespace(value.match, clientNamespace)) {
      continue;
    }
    for (const route of value.route ?? []) {
      add(route.destination);
    }
    if (value.mirror !== undefined) {
      add(value.mirror);
    }
    for (const mirror of value.mirrors ?? []) {
      add(mirror.destination);
    }
  }
  for (const { value } of [...config.tls, ...config.tcp]) {
    if (servesNamespace(value.match, clientNamespace)) {
      for (const route of value.route ?? []) {
        add(route.destination);
      }
    }
  }
  for (const host of whole) {
    ports.set(host, new Set());
  }
  return ports;
}
