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
  ServiceRef,
  TriageChange,
} from '@mesh-portal/backstage-plugin-istio-common';
import type { MeshKind, MeshObject, Workload } from '@mesh-portal/mesh-model';

/** Whose trouble it is. */
export interface ChangeTarget {
  service: ServiceRef;
  workloads: readonly Workload[];
  rootNamespace: string;
}

/** How close an object that is gone was to the service, as far as its name tells. */
export function relationOfAbsent(
  { service, rootNamespace, workloads }: ChangeTarget,
  kind: MeshKind,
  namespace: string,
  name: string,
): TriageChange['relation'] {
  if (workloads.some(each => each.ref.kind === kind && each.name === name)) {
    return 'workload';
  }
  if (namespace === service.namespace) {
    return name === service.name ? 'acts-on-service' : 'same-namespace';
  }
  return namespace === rootNamespace ? 'mesh-wide' : 'same-namespace';
}

/** How close an object is to the service. An object that names its host or selects its pods acts on it. */
export function relationOf(
  question: ChangeTarget,
  object: MeshObject,
): TriageChange['relation'] {
  const { service, workloads, rootNamespace } = question;
  const { kind, metadata, spec } = object;
  const { namespace, name } = metadata;
  const isItsWorkload = workloads.some(
    each =>
      each.ref.kind === kind &&
      each.namespace === namespace &&
      each.name === name,
  );
  if (isItsWorkload) return 'workload';
  const isItself =
    kind === 'Service' &&
    namespace === service.namespace &&
    name === service.name;
  const hosts = namesOf(service, namespace);
  if (
    isItself ||
    mentions(spec, hosts) ||
    selects(spec, workloads, namespace)
  ) {
    return 'acts-on-service';
  }
  return namespace === rootNamespace ? 'mesh-wide' : 'same-namespace';
}

/** How objects of a namespace may name the service. */
function namesOf(service: ServiceRef, namespace: string): ReadonlySet<string> {
  const { name, namespace: own, host } = service;
  return new Set([
    ...(namespace === own ? [name] : []),
    `${name}.${own}`,
    `${name}.${own}.svc`,
    host,
  ]);
}

function mentions(value: unknown, names: ReadonlySet<string>): boolean {
  if (typeof value === 'string') return names.has(value);
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).some(each => mentions(each, names))
  );
}

function selects(
  spec: object,
  workloads: readonly Workload[],
  namespace: string,
): boolean {
  const selector = 'selector' in spec ? spec.selector : undefined;
  if (typeof selector !== 'object' || selector === null) return false;
  const labels = Object.entries(
    'matchLabels' in selector ? selector.matchLabels ?? {} : selector,
  );
  return (
    labels.length > 0 &&
    workloads.some(
      workload =>
        workload.namespace === namespace &&
        labels.every(([key, value]) => workload.labels[key] === value),
    )
  );
}
