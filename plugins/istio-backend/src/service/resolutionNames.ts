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

import type { EntityResolution } from '@mesh-portal/backstage-plugin-istio-common';
import type { ClusterEntities } from '../views/entityInput';
import type { EntityNames } from './entityIndex';

const NONE: ClusterEntities = { services: new Map(), workloads: new Map() };

/** The entities of the services and workloads of one cluster. */
export function entitiesOfCluster(
  { services, workloads }: EntityNames,
  cluster: string,
): ClusterEntities {
  return {
    services: services.get(cluster) ?? NONE.services,
    workloads: workloads.get(cluster) ?? NONE.workloads,
  };
}

/** The resolution with the entity each service belongs to, where the user may see one. */
export function withEntities(
  resolution: EntityResolution,
  names: EntityNames | undefined,
): EntityResolution {
  return {
    ...resolution,
    services: resolution.services.map(service => {
      const found = names?.services
        .get(service.cluster)
        ?.get(`${service.namespace}/${service.name}`);
      return found ? { ...service, entityRef: found.entityRef } : service;
    }),
  };
}
