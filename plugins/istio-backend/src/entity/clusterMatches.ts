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
  matchesLabelSelector,
  ownerOfPod,
  type LabelSelector,
  type MeshSnapshot,
  type SlimObjectByKind,
} from '@mesh-portal/mesh-model';

export type Pod = SlimObjectByKind['Pod'];
export type Service = SlimObjectByKind['Service'];
export type ServiceEntry = SlimObjectByKind['ServiceEntry'];

/** A workload: what owns pods. */
export interface Workload {
  namespace: string;
  kind: string;
  name: string;
}

/** What an entity is in one cluster. */
export interface ClusterMatch {
  services: Service[];
  serviceEntries: { entry: ServiceEntry; host: string }[];
  workloads: Workload[];
}

/** The workload that owns a pod. */
export function workloadOf(snapshot: MeshSnapshot, pod: Pod): Workload {
  const { namespace } = pod.metadata;
  const controller = pod.spec.owners.find(owner => owner.controller);
  const replicaSet =
    controller?.kind === 'ReplicaSet'
      ? snapshot.get('ReplicaSet', namespace, controller.name)
      : undefined;
  return { namespace, ...ownerOfPod(pod, replicaSet) };
}

/** Each workload of the pods once, in the order of the pods. */
export function workloadsOf(
  snapshot: MeshSnapshot,
  pods: readonly Pod[],
): Workload[] {
  return uniqueWorkloads(pods.map(pod => workloadOf(snapshot, pod)));
}

/** Each workload once. */
export function uniqueWorkloads(workloads: readonly Workload[]): Workload[] {
  return [
    ...new Map(
      workloads.map(workload => [
        `${workload.namespace}/${workload.kind}/${workload.name}`,
        workload,
      ]),
    ).values(),
  ];
}

/** The pods behind a service: those it selects, or those its EndpointSlices name. */
export function podsOfService(
  snapshot: MeshSnapshot,
  service: Service,
): readonly Pod[] {
  const { namespace, name } = service.metadata;
  if (Object.keys(service.spec.selector).length > 0) {
    return snapshot.podsBySelector(namespace, service.spec.selector);
  }
  const names = new Set(
    snapshot
      .endpointSlicesOf(namespace, name)
      .flatMap(slice => slice.spec.endpoints.map(({ podName }) => podName)),
  );
  return [...names].flatMap(podName => {
    const pod =
      podName === undefined
        ? undefined
        : snapshot.get('Pod', namespace, podName);
    return pod ? [pod] : [];
  });
}

/** The labels that a selector demands by equality; `undefined` when it demands anything else. */
export function equalities(
  selector: LabelSelector,
): Record<string, string> | undefined {
  const labels: Record<string, string> = { ...selector.matchLabels };
  for (const { key, operator, values } of selector.matchExpressions ?? []) {
    if (operator !== 'In' || values?.length !== 1) {
      return undefined;
    }
    labels[key] = values[0];
  }
  return labels;
}

/** Pods with these labels, in one namespace or all. */
export function selectPods(
  snapshot: MeshSnapshot,
  selector: LabelSelector,
  namespace: string | undefined,
): readonly Pod[] {
  const labels = equalities(selector);
  if (labels === undefined) {
    return snapshot
      .list('Pod', namespace)
      .filter(({ metadata }) =>
        matchesLabelSelector(selector, metadata.labels),
      );
  }
  return snapshot.podsBySelector(namespace, labels);
}

/** Services whose own labels match, in one namespace or all. */
export function selectServices(
  snapshot: MeshSnapshot,
  selector: LabelSelector,
  namespace: string | undefined,
): Service[] {
  return snapshot
    .list('Service', namespace)
    .filter(({ metadata }) => matchesLabelSelector(selector, metadata.labels));
}

const WORKLOAD_KINDS = ['Deployment', 'StatefulSet', 'DaemonSet'] as const;

/** Pods of the workloads whose own labels match, in one namespace or all. */
export function selectPodsByWorkload(
  snapshot: MeshSnapshot,
  selector: LabelSelector,
  namespace: string | undefined,
): Pod[] {
  return WORKLOAD_KINDS.flatMap(kind =>
    snapshot
      .list(kind, namespace)
      .filter(({ metadata }) => matchesLabelSelector(selector, metadata.labels))
      .flatMap(({ metadata }) =>
        snapshot.podsOfWorkload(metadata.namespace, kind, metadata.name),
      ),
  );
}

/** Each service once. */
export function uniqueServices(services: readonly Service[]): Service[] {
  return [
    ...new Map(
      services.map(service => [
        `${service.metadata.namespace}/${service.metadata.name}`,
        service,
      ]),
    ).values(),
  ];
}
