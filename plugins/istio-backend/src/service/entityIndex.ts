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

import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import { stringifyEntityRef, type Entity } from '@backstage/catalog-model';
import { CATALOG_FILTER_EXISTS } from '@backstage/catalog-client';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import { ISTIO_ENTITY_ANNOTATIONS } from '@mesh-portal/backstage-plugin-istio-common';
import {
  queryOf,
  matchQueries,
  servicesOfQueries,
  type EntityQuery,
  type ResolvableCluster,
  type ServicesOfQueries,
} from '../entity';
import { entitySlo, type SloDefaults } from '../slo';
import type { ServiceOwner } from '../views/meshServicesView';

/** Entities of one caller are asked for again after this long, milliseconds. */
const FRESH_MS = 30_000;
/** Entities and their owners by cluster name, then by `namespace/name`. */
type OwnersByName = Map<string, Map<string, ServiceOwner>>;

/** Which entity a service or a workload is. */
export interface EntityNames {
  services: OwnersByName;
  workloads: OwnersByName;
}

/** An entity, and what it asks for. */
interface Owner {
  query: EntityQuery;
  owner: ServiceOwner;
}

interface Kept {
  at: number;
  entities: Promise<Entity[]>;
  names?: Promise<EntityNames>;
  /** of each cluster by its name; as long as nothing changes that decides them, the same ones */
  owners?: Promise<
    (cluster: ResolvableCluster) => ReadonlyMap<string, ServiceOwner>
  >;
}

/** Callers whose entities are kept. */
const MAX_CALLERS = 200;

/**
 * Which services belong to which entities, as far as a caller may see them: the catalog is asked with the caller's own
 * credentials, so its permissions hold by themselves.
 */
export class EntityIndex {
  readonly #catalog: CatalogService;
  readonly #now: () => number;
  readonly #entities = new Map<string, Kept>();

  constructor(options: { catalog: CatalogService; now?: () => number }) {
    this.#catalog = options.catalog;
    this.#now = options.now ?? Date.now;
  }

  /** Every entity with an annotation that the mesh can be asked by, as far as the caller may see it. */
  entitiesOf(credentials: BackstageCredentials): Promise<Entity[]> {
    return this.#keptFor(credentials).entities;
  }

  /**
   * Owners by cluster name, then by `namespace/name` of the service. The first entity that names a service has it.
   *
   * @param defaults - objectives of entities that state none
   */
  async ownersOf(
    clusters: readonly ResolvableCluster[],
    credentials: BackstageCredentials,
    defaults: SloDefaults,
  ): Promise<ReadonlyMap<string, ReadonlyMap<string, ServiceOwner>>> {
    const kept = this.#keptFor(credentials);
    kept.owners ??= kept.entities.then(entities =>
      ownersByCluster(
        entities.flatMap((entity): Owner[] => {
          const query = queryOf(entity);
          const slo = entitySlo(entity, defaults);
          return query ? [{ query, owner: { ...ownerOf(entity), slo } }] : [];
        }),
      ),
    );
    const ownersIn = await kept.owners;
    return new Map(clusters.map(cluster => [cluster.name, ownersIn(cluster)]));
  }

  /** Entities and owners of services (by their hosts those of ServiceEntries) and workloads. Kept as long as the
   * caller's entities: a pod that came since may wait for its name. */
  namesOf(
    clusters: readonly ResolvableCluster[],
    credentials: BackstageCredentials,
  ): Promise<EntityNames> {
    const kept = this.#keptFor(credentials);
    kept.names ??= kept.entities.then(entities =>
      entityNames(entities, clusters),
    );
    return kept.names;
  }

  #keptFor(credentials: BackstageCredentials): Kept {
    const caller = JSON.stringify(credentials.principal);
    // In the order in which they were asked for: the first are the oldest.
    for (const [oldest, { at }] of this.#entities) {
      const fresh = this.#now() - at < FRESH_MS;
      if (fresh && this.#entities.size <= MAX_CALLERS) break;
      this.#entities.delete(oldest);
    }
    const before = this.#entities.get(caller);
    if (before) return before;
    const kept: Kept = { at: this.#now(), entities: this.#load(credentials) };
    this.#entities.set(caller, kept);
    kept.entities.catch(() => this.#entities.delete(caller));
    return kept;
  }

  async #load(credentials: BackstageCredentials): Promise<Entity[]> {
    const { items } = await this.#catalog.getEntities(
      {
        filter: ISTIO_ENTITY_ANNOTATIONS.map(annotation => ({
          kind: 'Component',
          [`metadata.annotations.${annotation}`]: CATALOG_FILTER_EXISTS,
        })),
        fields: [
          'kind',
          'metadata.name',
          'metadata.namespace',
          'metadata.annotations',
          'metadata.labels',
          'spec.owner',
          'spec.lifecycle',
          'relations',
        ],
      },
      { credentials },
    );
    return items;
  }
}

/** The owners of the services of each cluster that is asked for: the same ones until one of them is another. */
function ownersByCluster(
  entities: readonly Owner[],
): (cluster: ResolvableCluster) => ReadonlyMap<string, ServiceOwner> {
  const kept = new Map<
    string,
    { services: ServicesOfQueries; owners: ReadonlyMap<string, ServiceOwner> }
  >();
  return ({ name, snapshot }) => {
    const here = entities.filter(
      ({ query }) => (query.cluster ?? name) === name,
    );
    const last = kept.get(name);
    const services = servicesOfQueries(
      snapshot,
      here.map(({ query }) => query),
      last?.services,
    );
    if (last?.services.found === services.found) {
      kept.set(name, { services, owners: last.owners });
      return last.owners;
    }
    const owners = new Map<string, ServiceOwner>();
    for (const [index, { owner }] of here.entries()) {
      for (const key of services.found[index].keys) {
        if (!owners.has(key)) owners.set(key, owner);
      }
    }
    kept.set(name, { services, owners });
    return owners;
  };
}

/** The first entity that names a service or workload has it. */
function entityNames(
  entities: readonly Entity[],
  clusters: readonly ResolvableCluster[],
): EntityNames {
  const names: EntityNames = { services: new Map(), workloads: new Map() };
  const searches = clusters.map(({ name, snapshot }) => ({
    cluster: name,
    match: matchQueries(snapshot),
  }));
  for (const entity of entities) {
    const owner = ownerOf(entity);
    const query = queryOf(entity);
    for (const { cluster, match: matchIn } of searches) {
      if (!query || (query.cluster ?? cluster) !== cluster) continue;
      const match = matchIn(query);
      const add = (to: OwnersByName, namespace: string, name: string) => {
        const ofCluster = to.get(cluster) ?? new Map<string, ServiceOwner>();
        to.set(cluster, ofCluster);
        const key = `${namespace}/${name}`;
        if (!ofCluster.has(key)) ofCluster.set(key, owner);
      };
      for (const { metadata } of match.services) {
        add(names.services, metadata.namespace, metadata.name);
      }
      for (const { entry, host } of match.serviceEntries) {
        add(names.services, entry.metadata.namespace, host);
      }
      for (const { namespace, name } of match.workloads) {
        add(names.workloads, namespace, name);
      }
    }
  }
  return names;
}

function ownerOf(entity: Entity): ServiceOwner {
  const relation = entity.relations?.find(({ type }) => type === 'ownedBy');
  return {
    entityRef: stringifyEntityRef(entity),
    ...(relation && { owner: relation.targetRef }),
  };
}
