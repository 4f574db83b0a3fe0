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

import { distinct } from '../destinations/hostLookup';
import {
  following,
  groupsOf,
  oncePerObject,
  type Groups,
  type MeshSnapshot,
} from '../snapshot';
import type { RoutableService } from './routableService';
import { wholeRegistry, type ServiceRegistry } from './serviceRegistry';

/** Under which names and addresses the services of a mesh are found. All values are hostnames of the registry. */
export interface ServiceNames {
  /** position of a hostname in the registry */
  order(): ReadonlyMap<string, number>;
  /** by virtual address, as written */
  atAddress(address: string): readonly string[];
  /** by the hostname of an ExternalName service that leads there */
  behindAlias(alias: string): readonly string[];
  /** those that have a port of this number, in the order of the registry */
  onPort(port: number): readonly string[];
  /** Is a hostname not in lower case? Then a Host header cannot be looked up as it is. */
  mixedCase(): boolean;
}

function servicesBy(keysOf: (service: RoutableService) => Iterable<string>) {
  return following(
    snapshot => wholeRegistry(snapshot).all,
    (services, before: Groups<RoutableService> | undefined) =>
      groupsOf(services, keysOf, before),
  );
}

const byAddress = servicesBy(({ addresses }) => distinct(addresses));
const byAlias = servicesBy(({ aliases }) => distinct(aliases));
const byMixedCase = servicesBy(({ hostname }) =>
  hostname === hostname.toLowerCase() ? [] : [hostname],
);

function hostnamesAt({ byKey }: Groups<RoutableService>, key: string) {
  return distinct((byKey.get(key) ?? []).map(({ hostname }) => hostname));
}

const orderOf = oncePerObject(
  ({ all }: ServiceRegistry): ReadonlyMap<string, number> => {
    const order = new Map<string, number>();
    for (const { hostname } of all) {
      if (!order.has(hostname)) {
        order.set(hostname, order.size);
      }
    }
    return order;
  },
);

function hostnamesOnPort({ all, byHost }: ServiceRegistry, wanted: number) {
  const hostnames: string[] = [];
  for (const service of all) {
    const definitions = byHost.get(service.hostname) ?? [];
    if (
      definitions[0] === service &&
      definitions.some(({ ports }) =>
        ports.some(({ number }) => number === wanted),
      )
    ) {
      hostnames.push(service.hostname);
    }
  }
  return hostnames;
}

const onPortOf = oncePerObject((registry: ServiceRegistry) => {
  const known = new Map<number, readonly string[]>();
  return (port: number) => {
    const hostnames = known.get(port) ?? hostnamesOnPort(registry, port);
    known.set(port, hostnames);
    return hostnames;
  };
});

/** The names of the services of a snapshot; what is asked for is kept until a service changes. */
export function serviceNamesOf(snapshot: MeshSnapshot): ServiceNames {
  return {
    order: () => orderOf(wholeRegistry(snapshot)),
    atAddress: address => hostnamesAt(byAddress(snapshot), address),
    behindAlias: alias => hostnamesAt(byAlias(snapshot), alias),
    onPort: port => onPortOf(wholeRegistry(snapshot))(port),
    mixedCase: () => byMixedCase(snapshot).byKey.size > 0,
  };
}

const KUBERNETES_DOMAIN = '.svc.';

/**
 * The hostnames that a name in a Host header may stand for, for a client whose DNS search domain is `clientDomain`
 * (`<namespace>.svc.<cluster domain>`): itself and what it is the short form of. The inverse of R5.11.
 *
 * `undefined` when the search domain is none of Kubernetes.
 */
export function hostnamesMeantBy(
  name: string,
  clientDomain: string,
): string[] | undefined {
  const at = clientDomain.indexOf(KUBERNETES_DOMAIN);
  if (at < 0) {
    return undefined;
  }
  const suffix = clientDomain.slice(at);
  const domain = suffix.slice(KUBERNETES_DOMAIN.length);
  const parts = name.split('.');
  const names = [name];
  if (name.endsWith('.')) {
    names.push(name.slice(0, -1));
  }
  if (parts.length === 1) {
    names.push(`${name}.${clientDomain}`);
  } else if (parts.length === 2) {
    names.push(`${name}${suffix}`);
  } else if (parts.length === 3 && parts[2] === 'svc') {
    names.push(`${name}.${domain}`);
  }
  return names;
}
