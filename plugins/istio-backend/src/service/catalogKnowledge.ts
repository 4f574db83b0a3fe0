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

import type {
  BackstageCredentials,
  LoggerService,
} from '@backstage/backend-plugin-api';
import type { Entity } from '@backstage/catalog-model';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import { messageOf } from '../cluster';
import type { ResolvableCluster } from '../entity';
import {
  type CatalogKnowledge,
  declarationsOf,
  declaredRefs,
  providerRefs,
} from '../views/dependencies';
import type { EntityIndex } from './entityIndex';

/** Fields by which an entity is found in the mesh and related to others. */
const FIELDS = [
  'kind',
  'metadata.name',
  'metadata.namespace',
  'metadata.annotations',
  'relations',
];

interface CatalogAccess {
  catalog: CatalogService;
  entities: EntityIndex;
  logger: LoggerService;
}

async function load(
  catalog: CatalogService,
  entityRefs: string[],
  credentials: BackstageCredentials,
): Promise<Map<string, Entity>> {
  const loaded = new Map<string, Entity>();
  if (entityRefs.length === 0) return loaded;
  const { items } = await catalog.getEntitiesByRefs(
    { entityRefs, fields: FIELDS },
    { credentials },
  );
  items.forEach((entity, index) => {
    if (entity) loaded.set(entityRefs[index], entity);
  });
  return loaded;
}

/**
 * What the catalog says about an entity's calls, and which entity each service and workload is. All of it is asked with
 * the caller's credentials. Without the catalog's answer a view stands with plain names and nothing compared.
 */
export async function catalogKnowledge(
  { catalog, entities, logger }: CatalogAccess,
  entity: Entity,
  clusters: readonly ResolvableCluster[],
  credentials: BackstageCredentials,
): Promise<CatalogKnowledge> {
  const attempt = async <T>(what: string, asked: () => Promise<T>) => {
    try {
      return await asked();
    } catch (error) {
      logger.warn(`${what}: ${messageOf(error)}`);
      return undefined;
    }
  };
  const [names, declarations] = await Promise.all([
    attempt('Neighbours are shown without their entities', () =>
      entities.namesOf(clusters, credentials),
    ),
    attempt('What entities declare is not compared', async () => {
      const own = await load(catalog, declaredRefs(entity), credentials);
      const providers = await load(catalog, providerRefs(own), credentials);
      return declarationsOf(entity, new Map([...own, ...providers]), clusters);
    }),
  ]);
  return {
    services: names?.services ?? new Map(),
    workloads: names?.workloads ?? new Map(),
    declarations,
  };
}
