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

import { addToGroup } from '../grouping';
import { meshConfigOf } from '../identity';
import type { SlimObjectByKind } from '../objects';
import { resolveShortName } from '../routing/names';
import { serviceRegistryOf } from '../routing/serviceRegistry';
import { derivation, oncePerObject, type MeshSnapshot } from '../snapshot';
import { provenanceOf, type Provenance } from '../verdict';

const NAMING = ['VirtualService', 'DestinationRule'] as const;

type Naming = SlimObjectByKind[(typeof NAMING)[number]];

/** A host in an object that is not a full name. */
interface PartialName {
  object: Naming;
  path: string;
  written: string;
}

interface PartialNames {
  /** names without a dot */
  short: ReadonlyMap<string, readonly PartialName[]>;
  /** `name.namespace` and `name.namespace.svc` by `name.namespace` */
  incomplete: ReadonlyMap<string, readonly PartialName[]>;
}

const INCOMPLETE = /^([^.*]+\.[^.*]+)(\.svc)?$/;

function hostsOf(object: Naming): [path: string, host: string][] {
  if (object.kind === 'DestinationRule') {
    return [['spec.host', object.spec.host]];
  }
  return (object.spec.hosts ?? []).map((host, index) => [
    `spec.hosts[${index}]`,
    host,
  ]);
}

interface FoundBy {
  table: keyof PartialNames;
  key: string;
  name: PartialName;
}

/** The hosts of an object that are not full names, each with what it is found by. */
const partialNamesIn = oncePerObject((object: Naming) =>
  hostsOf(object).flatMap(([path, written]): FoundBy[] => {
    const name: PartialName = { object, path, written };
    const [, bare] = INCOMPLETE.exec(written) ?? [];
    if (bare !== undefined) {
      return [{ name, table: 'incomplete', key: bare }];
    }
    return written.includes('.') || written.includes('*')
      ? []
      : [{ name, table: 'short', key: written }];
  }),
);

/** Every host of the VirtualServices, or of the DestinationRules, that is not a full name. R5.1 */
const partialNamesOf = derivation(
  kind => [{ kind: kind as Naming['kind'] }],
  (snapshot, kind): PartialNames => {
    const tables = {
      short: new Map<string, PartialName[]>(),
      incomplete: new Map<string, PartialName[]>(),
    };
    for (const object of snapshot.list(kind as Naming['kind'])) {
      for (const { name, table, key } of partialNamesIn(object)) {
        addToGroup(tables[table], key, name);
      }
    }
    return tables;
  },
);

/** An object whose host looks like a service's and is not. */
export interface MisnamedHost {
  cause: 'host-of-other-namespace' | 'host-not-complete';
  object: Naming;
  provenance: Provenance;
}

/**
 * VirtualServices and DestinationRules whose host looks like a service's name and means something else: a short name is
 * completed with the namespace of the object that holds it, and a name with a dot is not completed at all (R5.1). A
 * DestinationRule for a host that no service has does nothing (R6.17).
 */
export function misnamedHostsOf(
  snapshot: MeshSnapshot,
  service: { namespace: string; name: string },
): MisnamedHost[] {
  const tables = NAMING.map(kind => partialNamesOf(snapshot, kind));
  const named = (table: keyof PartialNames, key: string) =>
    tables.flatMap(names => names[table].get(key) ?? []);
  const { clusterDomain } = meshConfigOf(snapshot);
  const { byHost } = serviceRegistryOf(snapshot);
  const found: MisnamedHost[] = [];
  for (const { object, path, written } of named('short', service.name)) {
    const { namespace } = object.metadata;
    const meant = resolveShortName(written, namespace, clusterDomain);
    if (namespace !== service.namespace && !byHost.has(meant)) {
      found.push({
        cause: 'host-of-other-namespace',
        object,
        provenance: provenanceOf(
          object,
          path,
          `${written} is completed with the namespace of the object, so it means ${meant}, and there is no such service.`,
        ),
      });
    }
  }
  const bare = `${service.name}.${service.namespace}`;
  for (const { object, path, written } of named('incomplete', bare)) {
    if (!byHost.has(written)) {
      found.push({
        cause: 'host-not-complete',
        object,
        provenance: provenanceOf(
          object,
          path,
          `${written} is taken as it stands, because only names without a dot are completed, and there is no such service.`,
        ),
      });
    }
  }
  return found;
}
