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

import { meshConfigOf } from '../identity';
import type { SlimObjectByKind } from '../objects';
import { resolveShortName } from '../routing/names';
import { serviceRegistryOf } from '../routing/serviceRegistry';
import {
  following,
  groupsOf,
  oncePerObject,
  type Groups,
  type MeshSnapshot,
} from '../snapshot';
import { provenanceOf, type Provenance } from '../verdict';

const NAMING = ['VirtualService', 'DestinationRule'] as const;

type Naming = SlimObjectByKind[(typeof NAMING)[number]];

/** A host in an object that is not a full name. */
interface PartialName {
  object: Naming;
  path: string;
  written: string;
  /** what it is looked up by: the name, for `name.namespace.svc` without the end */
  foundBy: string;
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

/** The hosts of an object that are not full names: names without a dot, and `name.namespace` and `name.namespace.svc`. */
const partialNamesIn = oncePerObject((object: Naming) =>
  hostsOf(object).flatMap(([path, written]): PartialName[] => {
    const [, bare] = INCOMPLETE.exec(written) ?? [];
    const short = !written.includes('.') && !written.includes('*');
    return bare === undefined && !short
      ? []
      : [{ object, path, written, foundBy: bare ?? written }];
  }),
);

/** The VirtualServices, or the DestinationRules, by their hosts that are not full names. R5.1 */
function namedIncompletely<K extends (typeof NAMING)[number]>(kind: K) {
  return following(
    snapshot => snapshot.list(kind),
    (objects, before: Groups<SlimObjectByKind[K]> | undefined) =>
      groupsOf(
        objects,
        object => new Set(partialNamesIn(object).map(({ foundBy }) => foundBy)),
        before,
      ),
  );
}

const INDEXES = NAMING.map(kind => namedIncompletely(kind));

/** Hosts that are not full names by what is left of them: a name, or `name.namespace`. */
function partialNames(snapshot: MeshSnapshot, foundBy: string): PartialName[] {
  return INDEXES.flatMap(index => {
    const objects: readonly Naming[] = index(snapshot).byKey.get(foundBy) ?? [];
    return objects.flatMap(object =>
      partialNamesIn(object).filter(name => name.foundBy === foundBy),
    );
  });
}

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
  const { clusterDomain } = meshConfigOf(snapshot);
  const { byHost } = serviceRegistryOf(snapshot);
  const found: MisnamedHost[] = [];
  for (const { object, path, written } of partialNames(
    snapshot,
    service.name,
  )) {
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
  for (const { object, path, written } of partialNames(snapshot, bare)) {
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
