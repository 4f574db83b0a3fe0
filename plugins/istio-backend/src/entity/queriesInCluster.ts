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
import { KUBERNETES_ID_ANNOTATION } from '@mesh-portal/backstage-plugin-istio-common';
import {
  differentElements,
  following,
  groupsOf,
  keptPerObject,
  matchesLabelSelector,
  sameAnswer,
  type Groups,
  type LabelSelector,
  type MeshSnapshot,
} from '@mesh-portal/mesh-model';
import { AnnotationError, type NamedService } from './annotationValues';
import {
  podsOfService,
  uniqueWorkloads,
  workloadsOf,
  type ClusterMatch,
  type Service,
  type ServiceEntry,
} from './clusterMatches';
import { readQuery, type EntityQuery } from './entityQuery';
import {
  objectsLabelled,
  servicesByLabel,
  workloadsByLabel,
  type Labelled,
} from './labelledObjects';
import { matchCluster } from './queryMatches';

type WantedByLabel = Exclude<EntityQuery['wanted'], { by: 'services' }>;

function selectorOf(wanted: WantedByLabel): LabelSelector {
  return wanted.by === 'selector'
    ? wanted.selector
    : { matchLabels: { [KUBERNETES_ID_ANNOTATION]: wanted.id } };
}

function namedServices(
  snapshot: MeshSnapshot,
  named: readonly NamedService[],
): Service[] {
  return named.flatMap(each =>
    'host' in each
      ? []
      : snapshot.get('Service', each.namespace, each.name) ?? [],
  );
}

function keyOf({ metadata: { namespace, name } }: Service): string {
  return `${namespace}/${name}`;
}

/** What is found without a label depends on little: one namespace. */
const foundByName = keptPerObject(
  (snapshot, query: EntityQuery): readonly string[] =>
    matchCluster(
      { name: '', snapshot, complete: true },
      query,
      [],
    ).services.map(keyOf),
);

/** The Services that a query finds, `namespace/name`. */
interface FoundServices {
  keys: readonly string[];
  /** Was it found for want of a label? Then it may change while no label of a Service does. */
  byName: boolean;
}

function findServices(
  snapshot: MeshSnapshot,
  labelled: Groups<Labelled<Service>>,
  query: EntityQuery,
): FoundServices {
  const { wanted, namespace } = query;
  if (wanted.by === 'services') {
    const named = namedServices(snapshot, wanted.services);
    return { keys: named.map(keyOf), byName: false };
  }
  const found = objectsLabelled(labelled, selectorOf(wanted), namespace);
  return found.length === 0 && wanted.by === 'id' && namespace !== undefined
    ? { keys: foundByName(snapshot, query), byName: true }
    : { keys: found.map(keyOf), byName: false };
}

/** Is a Service one that the query finds, if it is there? */
function isMeant(
  { wanted, namespace }: EntityQuery,
  { object: { metadata }, labels }: Labelled<Service>,
): boolean {
  if (wanted.by === 'services') {
    return wanted.services.some(
      each =>
        !('host' in each) &&
        each.name === metadata.name &&
        each.namespace === metadata.namespace,
    );
  }
  const selector = selectorOf(wanted);
  return (
    (namespace === undefined || namespace === metadata.namespace) &&
    labels.some(each => matchesLabelSelector(selector, each))
  );
}

/** What many queries find in one cluster. */
export interface ServicesOfQueries {
  /** what was searched */
  labelled: Groups<Labelled<Service>>;
  /** by query; the same list again when each finds what it found before */
  found: readonly FoundServices[];
}

/** When more Services changed than that, every query is answered anew. */
const FEW = 50;

/**
 * The Services that the queries of thousands of entities find: those that `resolveEntity` finds for each.
 *
 * @param last - what the same queries found in the same cluster before: only those are answered anew that a change
 * concerns
 */
export function servicesOfQueries(
  snapshot: MeshSnapshot,
  queries: readonly EntityQuery[],
  last: ServicesOfQueries | undefined,
): ServicesOfQueries {
  const labelled = servicesByLabel(snapshot);
  const changed = last && differentElements(last.labelled.list, labelled.list);
  const isConcerned = (query: EntityQuery) =>
    changed === undefined ||
    changed.length > FEW ||
    changed.some(each => isMeant(query, each));
  const found = queries.map((query, index) => {
    const before = last?.found[index];
    if (before && !before.byName && !isConcerned(query)) return before;
    const now = findServices(snapshot, labelled, query);
    return before?.keys.join(' ') === now.keys.join(' ') &&
      before.byName === now.byName
      ? before
      : now;
  });
  const same = last && sameAnswer(last.found, found);
  return { labelled, found: same ? last.found : found };
}

const entriesByHost = following(
  snapshot => snapshot.list('ServiceEntry'),
  (entries, before: Groups<ServiceEntry> | undefined) =>
    groupsOf(entries, ({ spec }) => new Set(spec.hosts), before),
);

function matchNamed(
  snapshot: MeshSnapshot,
  named: readonly NamedService[],
): ClusterMatch {
  const services = namedServices(snapshot, named);
  return {
    services,
    serviceEntries: named.flatMap(each => {
      const [entry] =
        'host' in each
          ? entriesByHost(snapshot).byKey.get(each.host) ?? []
          : [];
      return entry && 'host' in each ? [{ entry, host: each.host }] : [];
    }),
    workloads: workloadsOf(
      snapshot,
      services.flatMap(service => podsOfService(snapshot, service)),
    ),
  };
}

/**
 * All that queries find in a cluster: what `resolveEntity` finds, for thousands of entities at once.
 */
export function matchQueries(
  snapshot: MeshSnapshot,
): (query: EntityQuery) => ClusterMatch {
  const services = servicesByLabel(snapshot);
  const workloads = workloadsByLabel(snapshot);
  const matchLabelled = (
    wanted: WantedByLabel,
    namespace: string | undefined,
  ): ClusterMatch => {
    const selector = selectorOf(wanted);
    const found = objectsLabelled(services, selector, namespace);
    const own = found.filter(({ metadata }) =>
      matchesLabelSelector(selector, metadata.labels),
    );
    return {
      services: found,
      serviceEntries: [],
      workloads: uniqueWorkloads([
        ...objectsLabelled(workloads, selector, namespace),
        ...workloadsOf(
          snapshot,
          own.flatMap(service => podsOfService(snapshot, service)),
        ),
      ]),
    };
  };
  return ({ wanted, namespace }) => {
    if (wanted.by === 'services') {
      return matchNamed(snapshot, wanted.services);
    }
    const match = matchLabelled(wanted, namespace);
    return match.services.length + match.workloads.length === 0 &&
      wanted.by === 'id' &&
      namespace !== undefined
      ? matchNamed(snapshot, [{ namespace, name: wanted.id }])
      : match;
  };
}

/** What an entity's annotations ask for; undefined for none, and for those that cannot be read. */
export function queryOf(entity: Entity): EntityQuery | undefined {
  try {
    return readQuery(entity, []);
  } catch (error) {
    if (error instanceof AnnotationError) return undefined;
    throw error;
  }
}
