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

import { oncePerObject, type MeshSnapshot } from '../snapshot';
import { wholeRegistry, type ServiceRegistry } from './serviceRegistry';

/** Under which names and addresses the services of a mesh are found. All values are hostnames of the registry. */
export interface ServiceNames {
  /** position of a hostname in the registry */
  order: ReadonlyMap<string, number>;
  /** by virtual address, as written */
  byAddress: ReadonlyMap<string, readonly string[]>;
  /** by the hostname of an ExternalName service that leads there */
  byAlias: ReadonlyMap<string, readonly string[]>;
  /** those that have a port of this number, in the order of the registry */
  onPort(port: number): readonly string[];
  /** A hostname is not in lower case: a Host header cannot be looked up as it is. */
  mixedCase: boolean;
}

function addOnce<K>(table: Map<K, string[]>, key: K, hostname: string): void {
  const known = table.get(key);
  if (known === undefined) {
    table.set(key, [hostname]);
  } else if (!known.includes(hostname)) {
    known.push(hostname);
  }
}

function orderOf({ byHost }: ServiceRegistry): Map<string, number> {
  return new Map(
    Array.from(byHost.keys(), (hostname, index) => [hostname, index]),
  );
}

function namedBy(
  { all }: ServiceRegistry,
  names: 'addresses' | 'aliases',
): Map<string, string[]> {
  const table = new Map<string, string[]>();
  for (const service of all) {
    for (const name of service[names]) {
      addOnce(table, name, service.hostname);
    }
  }
  return table;
}

function hostnamesOnPort({ byHost }: ServiceRegistry, wanted: number) {
  const hostnames: string[] = [];
  for (const [hostname, services] of byHost) {
    if (
      services.some(({ ports }) =>
        ports.some(({ number }) => number === wanted),
      )
    ) {
      hostnames.push(hostname);
    }
  }
  return hostnames;
}

/** Each table is made when it is first asked for. */
class RegistryNames implements ServiceNames {
  private ordered: ServiceNames['order'] | undefined;
  private addressed: ServiceNames['byAddress'] | undefined;
  private aliased: ServiceNames['byAlias'] | undefined;
  private readonly ported = new Map<number, readonly string[]>();
  private mixed: boolean | undefined;

  constructor(private readonly registry: ServiceRegistry) {}

  get order() {
    this.ordered ??= orderOf(this.registry);
    return this.ordered;
  }

  get byAddress() {
    this.addressed ??= namedBy(this.registry, 'addresses');
    return this.addressed;
  }

  get byAlias() {
    this.aliased ??= namedBy(this.registry, 'aliases');
    return this.aliased;
  }

  onPort(port: number): readonly string[] {
    const hostnames =
      this.ported.get(port) ?? hostnamesOnPort(this.registry, port);
    this.ported.set(port, hostnames);
    return hostnames;
  }

  get mixedCase() {
    this.mixed ??= this.registry.all.some(
      ({ hostname }) => hostname !== hostname.toLowerCase(),
    );
    return this.mixed;
  }
}

const namesOf = oncePerObject(
  (registry: ServiceRegistry): ServiceNames => new RegistryNames(registry),
);

/** The names of the services of a snapshot, kept until a service changes. */
export function serviceNamesOf(snapshot: MeshSnapshot): ServiceNames {
  return namesOf(wholeRegistry(snapshot));
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
