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
  following,
  groupsOf,
  matchesLabelSelector,
  sameAnswer,
  type Groups,
  type LabelSelector,
  type MeshSnapshot,
} from '@mesh-portal/mesh-model';
import {
  equalities,
  podsOfService,
  workloadOf,
  type Pod,
  type Service,
  type Workload,
} from './clusterMatches';
import { keptByNamespace } from './keptByNamespace';

type Labels = Readonly<Record<string, string>>;

/** An object and all labels that an entity may mean it by. */
export interface Labelled<T> {
  object: T;
  namespace: string;
  labels: readonly Labels[];
  /** `key=value` of all of them */
  pairs: readonly string[];
}

function pairsOf(labels: Labels): string[] {
  return Object.entries(labels).map(([key, value]) => `${key}=${value}`);
}

/** The last one again for the same object with the same labels. */
function labelled<T>(
  object: T,
  namespace: string,
  labels: ReadonlySet<Labels>,
  last: Labelled<T> | undefined,
): Labelled<T> {
  const distinct = [...labels];
  return last && sameAnswer(last.labels, distinct)
    ? last
    : {
        object,
        namespace,
        labels: distinct,
        pairs: [...new Set(distinct.flatMap(pairsOf))],
      };
}

const LABELLED_WORKLOADS = ['Deployment', 'StatefulSet', 'DaemonSet'] as const;

function labelsOfWorkload(
  snapshot: MeshSnapshot,
  { namespace, kind, name }: Workload,
): Labels[] {
  const known = LABELLED_WORKLOADS.find(each => each === kind);
  const workload = known && snapshot.get(known, namespace, name);
  return workload ? [workload.metadata.labels] : [];
}

function labelsBehind(snapshot: MeshSnapshot, service: Service): Labels[] {
  return service.spec.type === 'ExternalName'
    ? []
    : podsOfService(snapshot, service).flatMap(pod => [
        pod.metadata.labels,
        ...labelsOfWorkload(snapshot, workloadOf(snapshot, pod)),
      ]);
}

const lastOfService = new WeakMap<Service, Labelled<Service>>();

function labelledService(
  snapshot: MeshSnapshot,
  service: Service,
): Labelled<Service> {
  const { namespace, labels } = service.metadata;
  const now = labelled(
    service,
    namespace,
    new Set([labels, ...labelsBehind(snapshot, service)]),
    lastOfService.get(service),
  );
  lastOfService.set(service, now);
  return now;
}

function labelledWorkloads(
  snapshot: MeshSnapshot,
  pods: readonly Pod[],
): Labelled<Workload>[] {
  const found = new Map<string, { workload: Workload; labels: Set<Labels> }>();
  for (const pod of pods) {
    const workload = workloadOf(snapshot, pod);
    const key = `${workload.kind}/${workload.name}`;
    const known = found.get(key) ?? {
      workload,
      labels: new Set(labelsOfWorkload(snapshot, workload)),
    };
    known.labels.add(pod.metadata.labels);
    found.set(key, known);
  }
  return Array.from(found.values(), ({ workload, labels }) =>
    labelled(workload, workload.namespace, labels, undefined),
  );
}

function byLabel<T>(
  byNamespace: (snapshot: MeshSnapshot) => (readonly Labelled<T>[])[],
) {
  const all = following(
    byNamespace,
    (namespaces, before: readonly Labelled<T>[] | undefined) => {
      const now = namespaces.flat();
      return before && sameAnswer(before, now) ? before : now;
    },
  );
  return following(all, (objects, before: Groups<Labelled<T>> | undefined) =>
    groupsOf(objects, ({ pairs }) => pairs, before),
  );
}

/**
 * The Services of a cluster by the labels that an entity may mean them by: their own, those of their pods, and those of
 * the workloads of these. The same object until one of them changes.
 */
export const servicesByLabel = byLabel(
  keptByNamespace('Service', (snapshot, services) =>
    services.map(service => labelledService(snapshot, service)),
  ),
);

/** The workloads that have pods by their own labels and those of their pods. */
export const workloadsByLabel = byLabel(
  keptByNamespace('Pod', labelledWorkloads),
);

/** The objects with labels that a selector matches, in one namespace or all. */
export function objectsLabelled<T>(
  { list, byKey }: Groups<Labelled<T>>,
  selector: LabelSelector,
  namespace: string | undefined,
): T[] {
  const wanted = pairsOf(equalities(selector) ?? {});
  return wanted
    .map(pair => byKey.get(pair) ?? [])
    .reduce((a, b) => (a.length <= b.length ? a : b), list)
    .filter(
      each =>
        (namespace === undefined || each.namespace === namespace) &&
        each.labels.some(labels => matchesLabelSelector(selector, labels)),
    )
    .map(({ object }) => object);
}
