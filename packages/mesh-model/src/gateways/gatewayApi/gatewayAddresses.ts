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

import type { Fault } from './conditions';

/** What is known of a Service that a Gateway binds to. */
export interface BoundService {
  /** port of the Service → the ports its endpoints take it on; empty when none is ready */
  endpointPorts: ReadonlyMap<number, readonly number[]>;
  clusterIPs: readonly string[];
  externalAddresses: readonly string[];
  type: string;
  /** created by Istio for the Gateway: endpoints that are missing will come */
  managed: boolean;
}

/** Looks up the Services of a host name; by namespace. */
export type BoundServices = (
  hostname: string,
) => ReadonlyMap<string, BoundService>;

/** Where a Gateway can be reached. */
export interface GatewayAddresses {
  /** `host:port` inside the cluster */
  internal: readonly string[];
  clusterIPs: readonly string[];
  external: readonly string[];
  /** host names of load balancers that have no address yet */
  pending: readonly string[];
  warnings: readonly string[];
  /** the addresses can serve the ports once their endpoints are there */
  usable: boolean;
}

interface Found {
  internal: Set<string>;
  clusterIPs: Set<string>;
  external: Set<string>;
  pending: Set<string>;
  warnings: string[];
  usable: boolean;
}

function addPort(
  found: Found,
  hostname: string,
  service: BoundService,
  port: number,
): void {
  const known = service.endpointPorts.get(port);
  if (known !== undefined && known.length > 0) {
    found.internal.add(`${hostname}:${port}`);
    service.clusterIPs.forEach(address => found.clusterIPs.add(address));
    service.externalAddresses.forEach(address => found.external.add(address));
    if (
      service.externalAddresses.length === 0 &&
      service.type === 'LoadBalancer' &&
      !found.pending.has(hostname)
    ) {
      found.pending.add(hostname);
      found.warnings.push(`${hostname} has no external address yet`);
    }
    return;
  }
  const ready = [...service.endpointPorts].filter(
    ([, targets]) => targets.length > 0,
  );
  if (ready.length === 0) {
    found.warnings.push(`${hostname} has no ready endpoint`);
    return;
  }
  const meant = ready
    .filter(([, targets]) => targets.includes(port))
    .map(([servicePort]) => String(servicePort))
    .sort();
  if (meant.length > 0) {
    found.usable = false;
    found.warnings.push(
      `${hostname} has no port ${port}; that is a port of its pods, and ${meant.join(
        ' or ',
      )} is meant`,
    );
  } else if (!service.managed || known === undefined) {
    found.usable = false;
    found.warnings.push(
      `${hostname} has no port ${port} with a ready endpoint`,
    );
  }
}

/** Where the Services of a Gateway can be reached on the ports of its servers. R7.16 */
export function gatewayAddresses(
  namespace: string,
  hostnames: readonly string[],
  ports: readonly number[],
  servicesOf: BoundServices,
): GatewayAddresses {
  const found: Found = {
    internal: new Set(),
    clusterIPs: new Set(),
    external: new Set(),
    pending: new Set(),
    warnings: [],
    usable: true,
  };
  for (const hostname of hostnames) {
    const services = servicesOf(hostname);
    const service = services.get(namespace);
    if (service === undefined) {
      const elsewhere = [...services.keys()].sort();
      found.usable = false;
      found.warnings.push(
        elsewhere.length === 0
          ? `${hostname} does not exist`
          : `${hostname} is not of namespace ${namespace} but of ${elsewhere.join(
              ', ',
            )}`,
      );
      continue;
    }
    for (const port of new Set(ports)) {
      addPort(found, hostname, service, port);
    }
  }
  return {
    internal: [...found.internal].sort(),
    clusterIPs: [...found.clusterIPs].sort(),
    external: [...found.external].sort(),
    pending: [...found.pending].sort(),
    warnings: found.warnings.sort(),
    usable: found.usable,
  };
}

function joined(names: readonly string[]): string {
  return names.length < 3
    ? names.join(' and ')
    : `${names.slice(0, -1).join(', ')}, and ${names[names.length - 1]}`;
}

/** The message of `Programmed`, and why a Gateway is not. R7.16 */
export function programming(
  addresses: GatewayAddresses,
  hostnames: readonly string[],
): { message: string; fault?: Fault } {
  const { internal, warnings, usable } = addresses;
  const message =
    internal.length === 0
      ? 'A proxy serves it'
      : `It is served at ${joined(internal)}`;
  if (hostnames.length === 0) {
    return {
      message,
      fault: {
        reason: 'UnsupportedAddress',
        message: 'None of its addresses is a host name',
      },
    };
  }
  if (warnings.length === 0) {
    return { message };
  }
  const why = warnings.join('; ');
  return {
    message,
    fault: {
      reason: usable ? 'AddressNotAssigned' : 'AddressNotUsable',
      message:
        internal.length === 0
          ? why
          : `It is served at ${joined(internal)}, but ${why}`,
    },
  };
}
