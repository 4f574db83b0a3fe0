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

import type { Entity } from '@backstage/catalog-model';
import {
  ISTIO_SERVICES_ANNOTATION,
  KUBERNETES_CLUSTER_ANNOTATION,
  KUBERNETES_ID_ANNOTATION,
  KUBERNETES_LABEL_SELECTOR_ANNOTATION,
  type EntityResolution,
  type ResolutionStep,
} from '@mesh-portal/backstage-plugin-istio-common';
import { meshConfigOf, serviceHostname } from '@mesh-portal/mesh-model';
import { AnnotationError } from './annotationValues';
import type { ClusterMatch } from './clusterMatches';
import { readQuery, remedyFor, type EntityQuery } from './entityQuery';
import { matchCluster, type ResolvableCluster } from './queryMatches';

/** The answer: the resolution as it is shown, and the matches per cluster by name. */
export interface ResolvedEntity {
  resolution: EntityResolution;
  matches: ReadonlyMap<string, ClusterMatch>;
}

const NO_RESOLUTION: ReadonlyMap<string, ClusterMatch> = new Map();

/**
 * Which services and workloads an entity is (design §5): the annotation of this plugin first, then the annotations of
 * the Kubernetes plugin. Every step is told, and when nothing is found what to write where.
 *
 * @param clusters - all clusters that have a snapshot
 * @param absence - why there are no clusters, when there are none
 */
export function resolveEntity(
  entity: Entity,
  clusters: readonly ResolvableCluster[],
  absence: string | undefined,
): ResolvedEntity {
  const steps: ResolutionStep[] = [];
  let query: EntityQuery | undefined;
  try {
    query = readQuery(entity, steps);
  } catch (error) {
    if (!(error instanceof AnnotationError)) {
      throw error;
    }
    steps.push({
      step: `annotation ${error.annotation} checked`,
      outcome: 'failed',
      detail: error.message,
    });
    return unresolved('invalid-annotation', steps, error.message);
  }
  if (query === undefined) {
    steps.push({
      step: 'annotations of the entity read',
      outcome: 'nothing',
      detail: `none of ${ISTIO_SERVICES_ANNOTATION}, ${KUBERNETES_LABEL_SELECTOR_ANNOTATION}, ${KUBERNETES_ID_ANNOTATION}`,
    });
    return unresolved(
      'unannotated',
      steps,
      `Write the annotation ${KUBERNETES_ID_ANNOTATION} (and the same label on the Service and Deployment), or ${ISTIO_SERVICES_ANNOTATION}: namespace/name`,
    );
  }
  return resolveQuery(query, clusters, absence, steps);
}

function resolveQuery(
  query: EntityQuery,
  clusters: readonly ResolvableCluster[],
  absence: string | undefined,
  steps: ResolutionStep[],
): ResolvedEntity {
  const candidates = clusters.filter(
    ({ name }) => query.cluster === undefined || name === query.cluster,
  );
  if (clusters.length === 0) {
    const detail = absence ?? 'there is no cluster';
    steps.push({ step: 'clusters', outcome: 'failed', detail });
    return unresolved('unknown', steps, detail);
  }
  if (candidates.length === 0) {
    const known = clusters.map(({ name }) => name).join(', ');
    const remedy = `Annotation ${KUBERNETES_CLUSTER_ANNOTATION} names the cluster '${query.cluster}', which is not among the clusters that are read: ${known}`;
    steps.push({
      step: `cluster ${query.cluster}`,
      outcome: 'failed',
      detail: remedy,
    });
    return unresolved('invalid-annotation', steps, remedy);
  }
  const matches = new Map<string, ClusterMatch>();
  for (const cluster of candidates) {
    const match = matchCluster(cluster, query, steps);
    if (
      match.services.length +
        match.serviceEntries.length +
        match.workloads.length >
      0
    ) {
      matches.set(cluster.name, match);
    }
  }
  if (matches.size > 0) {
    return { resolution: resolved(matches, clusters, steps), matches };
  }
  const incomplete = candidates.filter(({ complete }) => !complete);
  return incomplete.length > 0
    ? unresolved(
        'unknown',
        steps,
        `Cluster ${incomplete
          .map(({ name }) => name)
          .join(
            ', ',
          )} is not completely read yet, so that nothing was found means nothing`,
      )
    : unresolved('no-match', steps, remedyFor(query));
}

function unresolved(
  state: EntityResolution['state'],
  steps: ResolutionStep[],
  remedy: string,
): ResolvedEntity {
  return {
    resolution: { state, steps, services: [], workloads: [], remedy },
    matches: NO_RESOLUTION,
  };
}

function resolved(
  matches: ReadonlyMap<string, ClusterMatch>,
  clusters: readonly ResolvableCluster[],
  steps: ResolutionStep[],
): EntityResolution {
  const resolution: EntityResolution = {
    state: 'resolved',
    steps,
    services: [],
    workloads: [],
  };
  for (const cluster of clusters) {
    for (const { metadata } of matches.get(cluster.name)?.services ?? []) {
      resolution.services.push(serviceRefOf(cluster, metadata));
    }
  }
  for (const [cluster, match] of matches) {
    for (const { entry, host } of match.serviceEntries) {
      resolution.services.push({
        cluster,
        namespace: entry.metadata.namespace,
        name: host,
        host,
      });
    }
    for (const workload of match.workloads) {
      resolution.workloads.push({ cluster, ...workload });
    }
  }
  return resolution;
}

/** The reference of a Kubernetes Service in an answer; its host has the domain of its cluster. R1.1 */
export function serviceRefOf(
  cluster: Pick<ResolvableCluster, 'name' | 'snapshot'>,
  { namespace, name }: { namespace: string; name: string },
) {
  const { clusterDomain } = meshConfigOf(cluster.snapshot);
  return {
    cluster: cluster.name,
    namespace,
    name,
    host: serviceHostname(name, namespace, clusterDomain),
  };
}
