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

import {
  type Entity,
  parseEntityRef,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import {
  type ClusterMatch,
  type ResolvableCluster,
  resolveEntity,
} from '../../entity';

/** What stands behind a name in `dependsOn`. */
export interface DeclaredTarget {
  /** normalized: `component:default/ratings` */
  entityRef: string;
  /** as it stands in the entity's file */
  written: string;
  /** what it is in the clusters, by cluster; empty where it is nothing that a mesh sees */
  matches: ReadonlyMap<string, ClusterMatch>;
  /** why there are no matches */
  reason: string | undefined;
}

/** What the catalog says about who calls whom. */
export interface Declarations {
  /** the entity asked about */
  entityRef: string;
  dependsOn: readonly DeclaredTarget[];
  /** entities whose APIs the entity consumes: calling them is declared too */
  consumed: ReadonlySet<string>;
  /** entities that declare to call this one, by dependsOn or by consuming one of its APIs */
  declaredCallers: ReadonlySet<string>;
}

/** Entities by normalized reference, as far as the user may see them. */
export type LoadedEntities = ReadonlyMap<string, Entity>;

/** References of the relations of a kind, each once. */
export function relationsOf(entity: Entity, type: string): string[] {
  return [
    ...new Set(
      (entity.relations ?? [])
        .filter(relation => relation.type === type)
        .map(({ targetRef }) => targetRef),
    ),
  ];
}

/** How a reference is written under `spec.dependsOn`; as normalized where it is not found there. */
function writtenAs(entity: Entity, entityRef: string): string {
  const written = entity.spec?.dependsOn;
  const found = (Array.isArray(written) ? written : []).find(each => {
    if (typeof each !== 'string') return false;
    try {
      const ref = parseEntityRef(each, {
        defaultKind: 'component',
        defaultNamespace: entity.metadata.namespace,
      });
      return stringifyEntityRef(ref) === entityRef;
    } catch {
      return false;
    }
  });
  return typeof found === 'string' ? found : entityRef;
}

const NONE: ReadonlyMap<string, ClusterMatch> = new Map();

function providersOf(loaded: LoadedEntities, api: Entity): Entity[] {
  return relationsOf(api, 'apiProvidedBy').flatMap(
    ref => loaded.get(ref) ?? [],
  );
}

function targetOf(
  entity: Entity,
  entityRef: string,
  loaded: LoadedEntities,
  clusters: readonly ResolvableCluster[],
): DeclaredTarget {
  const base = { entityRef, written: writtenAs(entity, entityRef) };
  const target = loaded.get(entityRef);
  if (!target) {
    return {
      ...base,
      matches: NONE,
      reason: 'There is no such entity, or you may not see it',
    };
  }
  const isApi = target.kind.toLocaleLowerCase('en-US') === 'api';
  const candidates = isApi ? providersOf(loaded, target) : [target];
  const matches = new Map<string, ClusterMatch>();
  let reason = isApi
    ? 'No component that you may see provides this API'
    : undefined;
  for (const candidate of candidates) {
    const { resolution, matches: found } = resolveEntity(
      candidate,
      clusters,
      undefined,
    );
    if (found.size === 0) {
      reason = `It is nothing that a mesh sees: ${
        resolution.state === 'unannotated'
          ? 'no annotation says which services it is'
          : resolution.remedy ?? 'its annotations match nothing'
      }`;
    }
    for (const [cluster, match] of found) {
      const before = matches.get(cluster);
      matches.set(
        cluster,
        before
          ? {
              services: [...before.services, ...match.services],
              serviceEntries: [
                ...before.serviceEntries,
                ...match.serviceEntries,
              ],
              workloads: [...before.workloads, ...match.workloads],
            }
          : match,
      );
    }
  }
  return { ...base, matches, reason: matches.size > 0 ? undefined : reason };
}

/** References that must be loaded before {@link declarationsOf} can tell: first the entity's own relations. */
export function declaredRefs(entity: Entity): string[] {
  return [
    ...new Set([
      ...relationsOf(entity, 'dependsOn'),
      ...relationsOf(entity, 'consumesApi'),
      ...relationsOf(entity, 'providesApi'),
    ]),
  ];
}

/** Then the providers of the APIs among them. */
export function providerRefs(loaded: LoadedEntities): string[] {
  return [
    ...new Set(
      [...loaded.values()].flatMap(each => relationsOf(each, 'apiProvidedBy')),
    ),
  ].filter(ref => !loaded.has(ref));
}

/** Reads what the catalog declares about the entity's calls. Only what the user may see stands behind a name. */
export function declarationsOf(
  entity: Entity,
  loaded: LoadedEntities,
  clusters: readonly ResolvableCluster[],
): Declarations {
  const apis = (type: string) =>
    relationsOf(entity, type).flatMap(ref => loaded.get(ref) ?? []);
  return {
    entityRef: stringifyEntityRef(entity),
    dependsOn: relationsOf(entity, 'dependsOn').map(ref =>
      targetOf(entity, ref, loaded, clusters),
    ),
    consumed: new Set(
      apis('consumesApi').flatMap(api => relationsOf(api, 'apiProvidedBy')),
    ),
    declaredCallers: new Set([
      ...relationsOf(entity, 'dependencyOf'),
      ...apis('providesApi').flatMap(api => relationsOf(api, 'apiConsumedBy')),
    ]),
  };
}
