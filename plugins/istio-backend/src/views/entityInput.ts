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
  TriageService,
} from '@mesh-portal/backstage-plugin-istio-common';
import {
  workloadOf,
  workloadsOfService,
  type MeshSnapshot,
  type Workload,
} from '@mesh-portal/mesh-model';
import type { ClusterMatch, Service } from '../entity';
import { serviceRefOf } from '../entity';
import type { Elsewhere } from './elsewhere';
import type { Observation } from './observation';

/** Names an entity; the owner is of no interest here. */
interface NamedEntity {
  entityRef: string;
}

/** Entities of one cluster by `namespace/name`. */
export interface ClusterEntities {
  services: ReadonlyMap<string, NamedEntity>;
  workloads: ReadonlyMap<string, NamedEntity>;
}

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
  /** what changed for its services; where the view is `triage` */
  triage?: readonly TriageService[];
  /** which entities services and workloads of the cluster are, as far as the user may see; absent: not known */
  entities?: ClusterEntities;
  /** what other clusters have; absent where none is of the same mesh */
  elsewhere?: Elsewhere;
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
      ref: {
        ...serviceRefOf(cluster, service.metadata),
        ...entityOfService(cluster.entities, service.metadata),
      },
    })),
  );
}

/** The workloads of the entity in one cluster, each once: those behind its services and those it names itself. */
export function workloadsOfCluster({
  snapshot,
  match,
}: Pick<ClusterInput, 'snapshot' | 'match'>): Workload[] {
  const all = [
    ...match.services.flatMap(service => workloadsOfService(snapshot, service)),
    ...match.workloads.flatMap(
      ({ namespace, kind, name }) =>
        workloadOf(snapshot, namespace, kind, name) ?? [],
    ),
  ];
  return [
    ...new Map(
      all.map(workload => [
        `${workload.namespace}/${workload.ref.kind}/${workload.name}`,
        workload,
      ]),
    ).values(),
  ];
}

/** The entity of a caller that metrics name, as a part of its description; nothing where there is none to be seen. */
export function entityOfCaller(
  entities: ClusterEntities | undefined,
  { namespace, workload }: { namespace: string; workload: string },
): { entityRef?: string } {
  return refOf(entities?.workloads.get(`${namespace}/${workload}`));
}

/** The entity of a service, as a part of its reference; nothing where there is none to be seen. */
export function entityOfService(
  entities: ClusterEntities | undefined,
  { namespace, name }: { namespace: string; name: string },
): { entityRef?: string } {
  return refOf(entities?.services.get(`${namespace}/${name}`));
}

/** The entity of the service that a host names, whichever kind of service it is. */
export function entityOfHost(
  entities: ClusterEntities | undefined,
  host: string,
): { entityRef?: string } {
  const [name, namespace] = host.split('.');
  return entityOfService(entities, { namespace, name });
}

function refOf(entity: NamedEntity | undefined): { entityRef?: string } {
  return entity === undefined ? {} : { entityRef: entity.entityRef };
}
