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
  KUBERNETES_NAMESPACE_ANNOTATION,
  type EntityResolution,
  type ResolutionStep,
} from '@mesh-portal/backstage-plugin-istio-common';
import type { LabelSelector, MeshSnapshot } from '@mesh-portal/mesh-model';
import {
  AnnotationError,
  checkedLabelValue,
  checkedNamespace,
  parseIstioServices,
  type NamedService,
} from './annotationValues';
import {
  podsOfService,
  selectPods,
  selectPodsByWorkload,
  selectServices,
  uniqueServices,
  workloadsOf,
  type ClusterMatch,
} from './clusterMatches';
import { LabelSelectorError, parseLabelSelector } from './labelSelector';

/** A cluster to look in. */
export interface ResolvableCluster {
  name: string;
  snapshot: MeshSnapshot;
  /** There is a complete snapshot: that nothing was found in it means something. */
  complete: boolean;
}

/** What to look for, read from the annotations. */
type Wanted =
  | { by: 'services'; services: NamedService[] }
  | { by: 'selector'; selector: LabelSelector; text: string }
  | { by: 'id'; id: string };

interface Query {
  wanted: Wanted;
  namespace?: string;
  cluster?: string;
}

/** The answer: the resolution as it is shown, and the matches per cluster by name. */
export interface ResolvedEntity {
  resolution: EntityResolution;
  matches: ReadonlyMap<string, ClusterMatch>;
}

const plural = (count: number, word: string) =>
  `${count} ${word}${count === 1 ? '' : 's'}`;

function readQuery(entity: Entity, steps: ResolutionStep[]): Query | undefined {
  const annotations = entity.metadata.annotations ?? {};
  const read = (annotation: string): string | undefined => {
    const value = annotations[annotation];
    if (value !== undefined) {
      steps.push({
        step: `annotation ${annotation} read`,
        outcome: 'found',
        detail: value,
      });
    }
    return value;
  };
  const cluster = read(KUBERNETES_CLUSTER_ANNOTATION)?.trim();
  const namespaceText = read(KUBERNETES_NAMESPACE_ANNOTATION);
  const namespace =
    namespaceText === undefined
      ? undefined
      : checkedNamespace(KUBERNETES_NAMESPACE_ANNOTATION, namespaceText);
  const scope = {
    ...(cluster ? { cluster } : {}),
    ...(namespace === undefined ? {} : { namespace }),
  };
  const services = read(ISTIO_SERVICES_ANNOTATION);
  if (services !== undefined) {
    return {
      wanted: {
        by: 'services',
        services: parseIstioServices(ISTIO_SERVICES_ANNOTATION, services),
      },
      ...scope,
    };
  }
  const text = read(KUBERNETES_LABEL_SELECTOR_ANNOTATION);
  if (text !== undefined) {
    return { wanted: readSelector(text), ...scope };
  }
  const id = read(KUBERNETES_ID_ANNOTATION);
  return id === undefined
    ? undefined
    : {
        wanted: {
          by: 'id',
          id: checkedLabelValue(KUBERNETES_ID_ANNOTATION, id),
        },
        ...scope,
      };
}

function readSelector(text: string): Wanted {
  try {
    return { by: 'selector', selector: parseLabelSelector(text), text };
  } catch (error) {
    throw error instanceof LabelSelectorError
      ? new AnnotationError(KUBERNETES_LABEL_SELECTOR_ANNOTATION, error.message)
      : error;
  }
}

function nothing(): ClusterMatch {
  return { services: [], serviceEntries: [], workloads: [] };
}

function matchNamedServices(
  snapshot: MeshSnapshot,
  named: readonly NamedService[],
  where: string,
  steps: ResolutionStep[],
): ClusterMatch {
  const match = nothing();
  for (const wanted of named) {
    if ('host' in wanted) {
      const entry = snapshot
        .list('ServiceEntry')
        .find(({ spec }) => spec.hosts?.includes(wanted.host));
      steps.push({
        step: `ServiceEntry with host ${wanted.host}${where}`,
        outcome: entry ? 'found' : 'nothing',
        detail: entry
          ? `${entry.metadata.namespace}/${entry.metadata.name}`
          : 'no ServiceEntry has this host',
      });
      if (entry) {
        match.serviceEntries.push({ entry, host: wanted.host });
      }
      continue;
    }
    const service = snapshot.get('Service', wanted.namespace, wanted.name);
    steps.push({
      step: `Service ${wanted.namespace}/${wanted.name}${where}`,
      outcome: service ? 'found' : 'nothing',
      detail: service
        ? plural(podsOfService(snapshot, service).length, 'pod')
        : 'there is no such Service',
    });
    if (service) {
      match.services.push(service);
    }
  }
  return {
    ...match,
    workloads: workloadsOf(
      snapshot,
      match.services.flatMap(service => podsOfService(snapshot, service)),
    ),
  };
}

function matchSelector(
  snapshot: MeshSnapshot,
  selector: LabelSelector,
  query: Query,
  label: string,
  steps: ResolutionStep[],
): ClusterMatch {
  const { namespace } = query;
  const pods = [
    ...new Set([
      ...selectPods(snapshot, selector, namespace),
      ...selectPodsByWorkload(snapshot, selector, namespace),
    ]),
  ];
  const labelled = selectServices(snapshot, selector, namespace);
  const ofPods = uniqueServices(
    pods.flatMap(pod => snapshot.servicesOfPod(pod)),
  );
  const services = uniqueServices([...labelled, ...ofPods]);
  steps.push(
    {
      step: label,
      outcome: pods.length + labelled.length > 0 ? 'found' : 'nothing',
      detail: `${plural(pods.length, 'pod')}, ${plural(
        labelled.length,
        'service',
      )} with the label`,
    },
    {
      step: 'services of these pods',
      outcome: services.length > 0 ? 'found' : 'nothing',
      detail:
        services.length > 0
          ? services
              .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)
              .join(', ')
          : 'no Service selects them',
    },
  );
  const behind = labelled.flatMap(service => podsOfService(snapshot, service));
  return {
    services,
    serviceEntries: [],
    workloads: workloadsOf(snapshot, [...pods, ...behind]),
  };
}

/** The service of the same name, only in the namespace that the entity names. */
function matchName(
  snapshot: MeshSnapshot,
  id: string,
  namespace: string | undefined,
  where: string,
  steps: ResolutionStep[],
): ClusterMatch {
  if (namespace === undefined) {
    steps.push({
      step: `Service named ${id}${where}`,
      outcome: 'skipped',
      detail: `only tried when ${KUBERNETES_NAMESPACE_ANNOTATION} names a namespace`,
    });
    return nothing();
  }
  return matchNamedServices(snapshot, [{ namespace, name: id }], where, steps);
}

function matchCluster(
  cluster: ResolvableCluster,
  query: Query,
  steps: ResolutionStep[],
): ClusterMatch {
  const { snapshot } = cluster;
  const { wanted, namespace } = query;
  const where = ` in cluster ${cluster.name}`;
  const scope =
    namespace === undefined ? where : ` in namespace ${namespace}${where}`;
  switch (wanted.by) {
    case 'services':
      return matchNamedServices(snapshot, wanted.services, where, steps);
    case 'selector':
      return matchSelector(
        snapshot,
        wanted.selector,
        query,
        `label selector ${wanted.text}${scope}`,
        steps,
      );
    default: {
      const selector = {
        matchLabels: { [KUBERNETES_ID_ANNOTATION]: wanted.id },
      };
      const label = `label ${KUBERNETES_ID_ANNOTATION}=${wanted.id}${scope}`;
      const byLabel = matchSelector(snapshot, selector, query, label, steps);
      return byLabel.services.length + byLabel.workloads.length > 0
        ? byLabel
        : matchName(snapshot, wanted.id, namespace, where, steps);
    }
  }
}

function remedyFor(query: Query): string {
  const { wanted, namespace } = query;
  switch (wanted.by) {
    case 'services':
      return `Correct ${ISTIO_SERVICES_ANNOTATION}: it must name Services that exist, as namespace/name`;
    case 'selector':
      return `Correct ${KUBERNETES_LABEL_SELECTOR_ANNOTATION}: kubectl get pods,services -l '${
        wanted.text
      }'${
        namespace === undefined ? ' -A' : ` -n ${namespace}`
      } must list something`;
    default:
      return `Set the label ${KUBERNETES_ID_ANNOTATION}: ${wanted.id} on the Service and on the pod template of the Deployment, or write ${ISTIO_SERVICES_ANNOTATION}: namespace/name on the entity`;
  }
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
  let query: Query | undefined;
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
  query: Query,
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
    return { resolution: resolved(matches, steps), matches };
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
  steps: ResolutionStep[],
): EntityResolution {
  const resolution: EntityResolution = {
    state: 'resolved',
    steps,
    services: [],
    workloads: [],
  };
  for (const [cluster, match] of matches) {
    for (const { metadata } of match.services) {
      resolution.services.push(
        serviceRefOf(cluster, metadata.namespace, metadata.name),
      );
    }
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

/** The reference of a Kubernetes Service in an answer. */
export function serviceRefOf(cluster: string, namespace: string, name: string) {
  return {
    cluster,
    namespace,
    name,
    host: `${name}.${namespace}.svc.cluster.local`,
  };
}
