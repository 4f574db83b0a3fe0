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

import type { SlimObjectByKind, StringMap } from '../objects';
import { canonicalServiceOf, servicesSelectMachines } from '../identity';
import { ownerOfPod, type MeshSnapshot } from '../snapshot';
import type { ObjectRef } from '../verdict';

type Pod = SlimObjectByKind['Pod'];

/** What owns pods: a Deployment, StatefulSet…, a bare Pod; or a WorkloadEntry (a machine outside the cluster). */
export interface Workload {
  ref: ObjectRef;
  namespace: string;
  name: string;
  /** Labels of its newest pod, or of its pod template when it has no pod. */
  labels: StringMap;
  /** Annotations of the pod template, or of the newest pod. */
  annotations: StringMap;
  serviceAccount: string;
  /** Live pods: terminal ones (Succeeded, Failed) are not part of a workload. R2.14 */
  pods: readonly Pod[];
  canonicalName: string;
  canonicalRevision: string;
  /** Set for machines outside the cluster. R2.13 */
  workloadEntry?: SlimObjectByKind['WorkloadEntry'];
}

const OWNER_KINDS = ['Deployment', 'StatefulSet', 'DaemonSet'] as const;

const GROUPS: ReadonlyMap<string, string> = new Map([
  ['Deployment', 'apps'],
  ['StatefulSet', 'apps'],
  ['DaemonSet', 'apps'],
  ['ReplicaSet', 'apps'],
  ['Job', 'batch'],
  ['CronJob', 'batch'],
  ['Rollout', 'argoproj.io'],
  ['DeploymentConfig', 'apps.openshift.io'],
  ['WorkloadEntry', 'networking.istio.io'],
]);

function refOf(kind: string, namespace: string, name: string): ObjectRef {
  return { group: GROUPS.get(kind) ?? '', kind, namespace, name };
}

function isLive(pod: Pod): boolean {
  return pod.spec.phase !== 'Succeeded' && pod.spec.phase !== 'Failed';
}

function ownerObject(
  snapshot: MeshSnapshot,
  namespace: string,
  kind: string,
  name: string,
):
  | SlimObjectByKind['Deployment' | 'StatefulSet' | 'DaemonSet' | 'ReplicaSet']
  | undefined {
  switch (kind) {
    case 'Deployment':
    case 'StatefulSet':
    case 'DaemonSet':
    case 'ReplicaSet':
      return snapshot.get(kind, namespace, name);
    default:
      return undefined;
  }
}

/**
 * One workload by the kind and name of what owns its pods.
 *
 * @returns `undefined` when there is neither such an owner nor a live pod of it
 */
export function workloadOf(
  snapshot: MeshSnapshot,
  namespace: string,
  kind: string,
  name: string,
): Workload | undefined {
  if (kind === 'WorkloadEntry') {
    const entry = snapshot.get('WorkloadEntry', namespace, name);
    return entry && workloadOfEntry(entry);
  }
  const owner = ownerObject(snapshot, namespace, kind, name);
  const pods = snapshot.podsOfWorkload(namespace, kind, name).filter(isLive);
  const newest = pods.at(-1);
  if (owner === undefined && newest === undefined) {
    return undefined;
  }
  const labels = newest?.metadata.labels ?? owner?.spec.templateLabels ?? {};
  const canonical = canonicalServiceOf(labels, name);
  return {
    ref: refOf(kind, namespace, name),
    namespace,
    name,
    labels,
    annotations:
      owner?.spec.templateAnnotations ?? newest?.metadata.annotations ?? {},
    serviceAccount:
      newest?.spec.serviceAccountName ??
      owner?.spec.serviceAccountName ??
      'default',
    pods,
    canonicalName: canonical.name,
    canonicalRevision: canonical.revision,
  };
}

/** Labels of a WorkloadEntry: those of its spec, overlaid by those of its metadata. R2.13 */
export function labelsOfWorkloadEntry(
  entry: SlimObjectByKind['WorkloadEntry'],
): StringMap {
  return { ...entry.spec.labels, ...entry.metadata.labels };
}

/** A machine outside the cluster as a workload. R1.9, R2.13 */
export function workloadOfEntry(
  entry: SlimObjectByKind['WorkloadEntry'],
): Workload {
  const { namespace, name, annotations } = entry.metadata;
  const labels = labelsOfWorkloadEntry(entry);
  const canonical = canonicalServiceOf(
    labels,
    annotations['istio.io/autoRegistrationGroup'] ??
      labels['service.istio.io/workload-name'] ??
      name,
  );
  return {
    ref: refOf('WorkloadEntry', namespace, name),
    namespace,
    name,
    labels,
    annotations,
    serviceAccount: entry.spec.serviceAccount || 'default',
    pods: [],
    canonicalName: canonical.name,
    canonicalRevision: canonical.revision,
    workloadEntry: entry,
  };
}

/** The workload a pod belongs to: its Deployment, StatefulSet, DaemonSet, Job… or the pod itself. */
export function workloadOfPod(snapshot: MeshSnapshot, pod: Pod): Workload {
  const { namespace, name, labels, annotations } = pod.metadata;
  const direct = pod.spec.owners.find(
    owner => owner.controller && owner.kind === 'ReplicaSet',
  );
  const replicaSet =
    direct && snapshot.get('ReplicaSet', namespace, direct.name);
  const owner = ownerOfPod(pod, replicaSet);
  const found = workloadOf(snapshot, namespace, owner.kind, owner.name);
  if (found) {
    return found;
  }
  const canonical = canonicalServiceOf(labels, owner.name || name);
  return {
    ref: refOf(owner.kind, namespace, owner.name),
    namespace,
    name: owner.name,
    labels,
    annotations,
    serviceAccount: pod.spec.serviceAccountName,
    pods: [pod],
    canonicalName: canonical.name,
    canonicalRevision: canonical.revision,
  };
}

function uniqueWorkloads(workloads: Iterable<Workload>): Workload[] {
  const found = new Map<string, Workload>();
  for (const workload of workloads) {
    const key = `${workload.namespace}/${workload.ref.kind}/${workload.name}`;
    if (!found.has(key)) {
      found.set(key, workload);
    }
  }
  return [...found.values()];
}

/** The workloads that own these pods, each once; pods that have ended own none. */
export function workloadsOfPods(
  snapshot: MeshSnapshot,
  pods: readonly Pod[],
): Workload[] {
  const found = new Map<string, Workload>();
  for (const pod of pods) {
    if (!isLive(pod)) {
      continue;
    }
    const direct = pod.spec.owners.find(
      owner => owner.controller && owner.kind === 'ReplicaSet',
    );
    const { namespace } = pod.metadata;
    const owner = ownerOfPod(
      pod,
      direct && snapshot.get('ReplicaSet', namespace, direct.name),
    );
    const key = `${namespace}/${owner.kind}/${owner.name}`;
    if (!found.has(key)) {
      found.set(key, workloadOfPod(snapshot, pod));
    }
  }
  return [...found.values()];
}

/** All workloads of a namespace, or of the mesh: owners (also those scaled to zero), bare pods, and machines. */
export function workloadsOf(
  snapshot: MeshSnapshot,
  namespace?: string,
): Workload[] {
  const owners = OWNER_KINDS.flatMap(kind =>
    snapshot
      .list(kind, namespace)
      .flatMap(
        ({ metadata }) =>
          workloadOf(snapshot, metadata.namespace, kind, metadata.name) ?? [],
      ),
  );
  return uniqueWorkloads([
    ...owners,
    ...workloadsOfPods(snapshot, snapshot.list('Pod', namespace)),
    ...snapshot.list('WorkloadEntry', namespace).map(workloadOfEntry),
  ]);
}

function podsNamedBySlices(
  snapshot: MeshSnapshot,
  service: SlimObjectByKind['Service'],
): Pod[] {
  const { namespace, name } = service.metadata;
  const names = new Set<string>();
  for (const { spec } of snapshot.endpointSlicesOf(namespace, name)) {
    for (const { podName } of spec.endpoints) {
      if (podName !== undefined) {
        names.add(podName);
      }
    }
  }
  return [...names].flatMap(
    podName => snapshot.get('Pod', namespace, podName) ?? [],
  );
}

/**
 * The workloads behind a Kubernetes Service: pods its selector matches (or its EndpointSlices name, when it has no
 * selector), machines its selector matches, and owners scaled to zero whose template it matches. R2.15
 */
export function workloadsOfService(
  snapshot: MeshSnapshot,
  service: SlimObjectByKind['Service'],
): Workload[] {
  const { namespace } = service.metadata;
  const { selector, type } = service.spec;
  if (type === 'ExternalName') {
    return [];
  }
  if (Object.keys(selector).length === 0) {
    return workloadsOfPods(snapshot, podsNamedBySlices(snapshot, service));
  }
  const matches = (labels: StringMap) =>
    Object.entries(selector).every(([key, value]) => labels[key] === value);
  const idleOwners = OWNER_KINDS.flatMap(kind =>
    snapshot
      .list(kind, namespace)
      .filter(
        ({ metadata, spec }) =>
          matches(spec.templateLabels) &&
          snapshot.podsOfWorkload(namespace, kind, metadata.name).length === 0,
      )
      .flatMap(
        ({ metadata }) =>
          workloadOf(snapshot, namespace, kind, metadata.name) ?? [],
      ),
  );
  return uniqueWorkloads([
    ...workloadsOfPods(snapshot, snapshot.podsBySelector(namespace, selector)),
    ...idleOwners,
    ...(servicesSelectMachines(snapshot)
      ? snapshot
          .list('WorkloadEntry', namespace)
          .map(workloadOfEntry)
          .filter(({ labels }) => matches(labels))
      : []),
  ]);
}
