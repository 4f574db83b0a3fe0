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
  ClusterStatus,
  EntityResolution,
  ServiceRef,
  SloService,
} from '@mesh-portal/backstage-plugin-istio-common';
import type { MeshSnapshot } from '@mesh-portal/mesh-model';
import type { ClusterMatch, Service } from '../entity';
import { serviceRefOf } from '../entity';
import type { Observation } from './observation';

/** What an entity is in one cluster, with the snapshot to answer from. */
export interface ClusterInput {
  name: string;
  snapshot: MeshSnapshot;
  status: ClusterStatus;
  match: ClusterMatch;
  /** what was observed of the entity's services there */
  observation: Observation;
  /** objectives of its services, by `namespace/name`; where the view shows them */
  slos?: ReadonlyMap<string, SloService>;
  /** entities of workloads of the cluster that the user may see, by `namespace/name`; where the view names them */
  entities?: ReadonlyMap<string, string>;
}

/** What the views of one entity are made from. */
export interface EntityInput {
  resolution: EntityResolution;
  clusters: readonly ClusterInput[];
}

/** One Kubernetes Service of the entity. */
export interface ServiceInput {
  cluster: ClusterInput;
  service: Service;
  ref: ServiceRef;
}

/** All Kubernetes Services of the entity, cluster by cluster. */
export function servicesOf(input: EntityInput): ServiceInput[] {
  return input.clusters.flatMap(cluster =>
    cluster.match.services.map(service => ({
      cluster,
      service,
      ref: serviceRefOf(
        cluster.name,
        service.metadata.namespace,
        service.metadata.name,
      ),
    })),
  );
}

/** The entity of a caller that metrics name, as a part of its description; nothing where there is none to be seen. */
export function entityOfCaller(
  entities: ReadonlyMap<string, string> | undefined,
  { namespace, workload }: { namespace: string; workload: string },
): { entityRef?: string } {
  const entityRef = entities?.get(`${namespace}/${workload}`);
  return entityRef === undefined ? {} : { entityRef };
}
