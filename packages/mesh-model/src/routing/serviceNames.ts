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

import { derivation, type MeshSnapshot } from '../snapshot';
import { serviceRegistryOf } from './serviceRegistry';

/** Under which names and addresses the services of a mesh are found. All values are hostnames of the registry. */
export interface ServiceNames {
  /** position of a hostname in the registry */
  order: ReadonlyMap<string, number>;
  /** by virtual address, as written */
  byAddress: ReadonlyMap<string, readonly string[]>;
  /** by the hostname of an ExternalName service that leads there */
  byAlias: ReadonlyMap<string, readonly string[]>;
  /** by port number, in the order of the registry */
  byPort: ReadonlyMap<number, readonly string[]>;
  /** A hostname is not in lower case: a Host header cannot be looked up as it is. */
  mixedCase: boolean;
}

function add<K>(map: Map<K, Set<string>>, key: K, hostname: string): void {
  const known = map.get(key);
  if (known === undefined) {
    map.set(key, new Set([hostname]));
  } else {
    known.add(hostname);
  }
}

function asLists<K>(map: Map<K, Set<string>>): ReadonlyMap<K, string[]> {
  return new Map(Array.from(map, ([key, hosts]) => [key, [...hosts]]));
}

/** The names of the services of a snapshot, kept until a service changes. */
export const serviceNamesOf: (snapshot: MeshSnapshot) => ServiceNames =
  derivation(
    () => [
      { kind: 'Service' },
      { kind: 'ServiceEntry' },
      { kind: 'ConfigMap' },
    ],
    snapshot => {
      const registry = serviceRegistryOf(snapshot);
      const byAddress = new Map<string, Set<string>>();
      const byAlias = new Map<string, Set<string>>();
      const byPort = new Map<number, Set<string>>();
      const order = new Map<string, number>();
      let mixedCase = false;
      for (const service of registry.all) {
        const { hostname } = service;
        if (!order.has(hostname)) {
          order.set(hostname, order.size);
        }
        mixedCase ||= hostname !== hostname.toLowerCase();
        for (const address of service.addresses) {
          add(byAddress, address, hostname);
        }
        for (const alias of service.aliases) {
          add(byAlias, alias, hostname);
        }
      }
      // By host and not by age, so that every list is in the order of the registry's hosts.
      for (const [hostname, services] of registry.byHost) {
        for (const service of services) {
          for (const port of service.ports) {
            add(byPort, port.number, hostname);
          }
        }
      }
      return {
        order,
        byAddress: asLists(byAddress),
        byAlias: asLists(byAlias),
        byPort: asLists(byPort),
        mixedCase,
      };
    },
  );

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
