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
  asObject,
  asString,
  asStringMap,
  asArray,
  fieldAt,
  Json,
  KubernetesObject,
} from '../kubernetes/object';
import type { ObjectReader } from '../kubernetes/storeTypes';

/** How a workload takes part in the mesh, read from its pods. */
export type ProxyKind = 'sidecar' | 'ambient' | 'gateway' | 'none';

/** The pods of one Deployment (or the like) as the metrics name them. */
export interface LiveWorkload {
  readonly namespace: string;
  readonly name: string;
  readonly app: string;
  readonly version: string;
  readonly serviceAccount: string;
  readonly labels: { readonly [key: string]: string };
  readonly proxy: ProxyKind;
  readonly pods: readonly string[];
}

/** The workloads with running pods, by `namespace/name`. */
export function liveWorkloads(
  store: ObjectReader,
): ReadonlyMap<string, LiveWorkload> {
  const workloads = new Map<string, LiveWorkload & { pods: string[] }>();
  for (const pod of store.list('pods')) {
    const { namespace = '', name, deletionTimestamp } = pod.metadata;
    const phase = asString(fieldAt(pod.status, 'phase'));
    if (deletionTimestamp || (phase !== 'Running' && phase !== '')) {
      continue;
    }
    const owner = workloadName(pod);
    const key = `${namespace}/${owner}`;
    const known = workloads.get(key);
    if (known) {
      known.pods.push(name);
      continue;
    }
    const labels = pod.metadata.labels ?? {};
    workloads.set(key, {
      namespace,
      name: owner,
      app: labels['service.istio.io/canonical-name'] ?? labels.app ?? owner,
      version:
        labels['service.istio.io/canonical-revision'] ??
        labels.version ??
        'latest',
      serviceAccount:
        asString(fieldAt(pod.spec, 'serviceAccountName')) || 'default',
      labels,
      proxy: proxyOf(store, pod),
      pods: [name],
    });
  }
  return workloads;
}

function workloadName(pod: KubernetesObject): string {
  const [owner] = pod.metadata.ownerReferences ?? [];
  if (!owner) {
    return pod.metadata.name;
  }
  return owner.kind === 'ReplicaSet'
    ? owner.name.replace(/-[^-]+$/, '')
    : owner.name;
}

function proxyOf(store: ObjectReader, pod: KubernetesObject): ProxyKind {
  const containers = [
    ...asArray(fieldAt(pod.spec, 'containers')),
    ...asArray(fieldAt(pod.spec, 'initContainers')),
  ].map(container => asString(fieldAt(container, 'name')));
  const labels = pod.metadata.labels ?? {};
  if (containers.includes('istio-proxy')) {
    return 'gateway.networking.k8s.io/gateway-name' in labels ||
      'istio' in labels ||
      containers.length === 1
      ? 'gateway'
      : 'sidecar';
  }
  const namespace = store.get('namespaces', '', pod.metadata.namespace ?? '');
  const mode =
    labels['istio.io/dataplane-mode'] ??
    namespace?.metadata.labels?.['istio.io/dataplane-mode'];
  return mode === 'ambient' ? 'ambient' : 'none';
}

/** Do these labels carry every pair of the selector? An absent selector matches nothing of a Service. */
export function selects(
  selector: Json,
  labels: { readonly [key: string]: string },
): boolean {
  const pairs = Object.entries(asStringMap(selector));
  return pairs.every(([name, value]) => labels[name] === value);
}

/** The workloads behind a Service. */
export function workloadsOf(
  store: ObjectReader,
  workloads: ReadonlyMap<string, LiveWorkload>,
  namespace: string,
  service: string,
): LiveWorkload[] {
  const found = store.get('services', namespace, service);
  const selector = asObject(fieldAt(found?.spec, 'selector'));
  if (Object.keys(selector).length === 0) {
    return [];
  }
  return [...workloads.values()].filter(
    workload =>
      workload.namespace === namespace && selects(selector, workload.labels),
  );
}
