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
  KUBERNETES_ID_ANNOTATION,
  KUBERNETES_NAMESPACE_ANNOTATION,
  type ResolutionStep,
} from '@mesh-portal/backstage-plugin-istio-common';
import type { LabelSelector, MeshSnapshot } from '@mesh-portal/mesh-model';
import type { NamedService } from './annotationValues';
import {
  podsOfService,
  selectPods,
  selectPodsByWorkload,
  selectServices,
  uniqueServices,
  workloadsOf,
  type ClusterMatch,
} from './clusterMatches';
import type { EntityQuery } from './entityQuery';

/** A cluster to look in. */
export interface ResolvableCluster {
  name: string;
  snapshot: MeshSnapshot;
  /** There is a complete snapshot: that nothing was found in it means something. */
  complete: boolean;
}

const plural = (count: number, word: string) =>
  `${count} ${word}${count === 1 ? '' : 's'}`;

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
  query: EntityQuery,
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

/** What the query finds in one cluster; every step is added. */
export function matchCluster(
  cluster: ResolvableCluster,
  query: EntityQuery,
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
