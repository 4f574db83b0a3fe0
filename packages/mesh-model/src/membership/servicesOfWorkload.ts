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

import { serviceEntriesSelectPods, servicesSelectMachines } from '../identity';
import type { SlimObjectByKind, StringMap } from '../objects';
import { compareByAge, isSubset, type MeshSnapshot } from '../snapshot';
import {
  labelsOfWorkloadEntry,
  workloadOfEntry,
  workloadOfPod,
  type Workload,
} from './workload';

type Service = SlimObjectByKind['Service'];
type ServiceEntry = SlimObjectByKind['ServiceEntry'];

/** An empty selector of a Service or ServiceEntry selects nothing. */
function selects(selector: StringMap, labels: StringMap): boolean {
  return Object.keys(selector).length > 0 && isSubset(selector, labels);
}

/** The workloads that a ServiceEntry selects by labels: pods and machines of its namespace. R2.15, R8.12 */
export function workloadsOfServiceEntry(
  snapshot: MeshSnapshot,
  { metadata, spec }: ServiceEntry,
): Workload[] {
  const { namespace } = metadata;
  const labels = spec.workloadSelector?.labels ?? {};
  if (Object.keys(labels).length === 0) {
    return [];
  }
  const found = new Map<string, Workload>();
  const pods = serviceEntriesSelectPods(snapshot)
    ? snapshot.podsBySelector(namespace, labels)
    : [];
  for (const pod of pods) {
    if (pod.spec.phase !== 'Succeeded' && pod.spec.phase !== 'Failed') {
      const workload = workloadOfPod(snapshot, pod);
      found.set(`${workload.ref.kind}/${workload.name}`, workload);
    }
  }
  for (const entry of snapshot.list('WorkloadEntry', namespace)) {
    if (isSubset(labels, labelsOfWorkloadEntry(entry))) {
      found.set(`WorkloadEntry/${entry.metadata.name}`, workloadOfEntry(entry));
    }
  }
  return [...found.values()];
}

/**
 * The services of a workload: Services that select it (a machine too), Services without a selector whose EndpointSlices
 * name its pods, and ServiceEntries that select it; all of its namespace, oldest first. R2.15, R8.16
 */
export function servicesOfWorkload(
  snapshot: MeshSnapshot,
  workload: Workload,
): readonly (Service | ServiceEntry)[] {
  const { namespace, labels } = workload;
  const found = new Set<Service | ServiceEntry>(
    workload.pods.flatMap(pod => snapshot.servicesOfPod(pod)),
  );
  const byServices =
    workload.workloadEntry === undefined || servicesSelectMachines(snapshot)
      ? snapshot.list('Service', namespace)
      : [];
  for (const service of byServices) {
    if (
      service.spec.type !== 'ExternalName' &&
      selects(service.spec.selector, labels)
    ) {
      found.add(service);
    }
  }
  const byEntries =
    workload.workloadEntry !== undefined || serviceEntriesSelectPods(snapshot)
      ? snapshot.list('ServiceEntry', namespace)
      : [];
  for (const entry of byEntries) {
    if (selects(entry.spec.workloadSelector?.labels ?? {}, labels)) {
      found.add(entry);
    }
  }
  return [...found].sort(compareByAge);
}
