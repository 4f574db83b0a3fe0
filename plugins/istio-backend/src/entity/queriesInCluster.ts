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
  following,
  groupsOf,
  keptPerObject,
  matchesLabelSelector,
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

/** What a query finds. */
export interface FoundServices {
  /** `namespace/name` */
  keys: readonly string[];
  /** Was it found for want of a label? Then it may change while no label of a Service does. */
  byName: boolean;
}

function foundAsNamed(
  snapshot: MeshSnapshot,
  named: readonly NamedService[],
): FoundServices {
  const services = named.flatMap(each =>
    'host' in each
      ? []
      : snapshot.get('Service', each.namespace, each.name) ?? [],
  );
  return { keys: services.map(keyOf), byName: false };
}

/** A query for an id that no label carries means the Service of that name, in the namespace that it states. */
function foundByLabel(
  snapshot: MeshSnapshot,
  labelled: Groups<Labelled<Service>>,
  query: EntityQuery,
  wanted: WantedByLabel,
): FoundServices {
  const { namespace } = query;
  const found = objectsLabelled(labelled, selectorOf(wanted), namespace);
  return found.length === 0 && wanted.by === 'id' && namespace !== undefined
    ? { keys: foundByName(snapshot, query), byName: true }
    : { keys: found.map(keyOf), byName: false };
}

/** A search for the Services of thousands of entities: it finds those that `resolveEntity` finds. */
export interface ServiceSearch {
  /** What is searched: another object when something else may be found, except by name. */
  readonly within: object;
  find(query: EntityQuery): FoundServices;
}

/** @param byLabel - Does any of the queries ask for labels? Without, labels may change and nothing is searched again. */
export function serviceSearch(
  snapshot: MeshSnapshot,
  byLabel: boolean,
): ServiceSearch {
  const labelled = byLabel ? servicesByLabel(snapshot) : undefined;
  return {
    within: labelled ?? snapshot.list('Service'),
    find: query => {
      const { wanted } = query;
      return wanted.by === 'services'
        ? foundAsNamed(snapshot, wanted.services)
        : foundByLabel(
            snapshot,
            labelled ?? servicesByLabel(snapshot),
            query,
            wanted,
          );
    },
  };
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
  const services = named.flatMap(each =>
    'host' in each
      ? []
      : snapshot.get('Service', each.namespace, each.name) ?? [],
  );
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
