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
  fieldAt,
  type JsonObject,
  type KubernetesObject,
  type ObjectChange,
} from '../kubernetes';
import type { Cluster } from './Cluster';
import { dataPlaneOf, proxyImage, servedRevisions } from './injection';
import { buildPod, isPodReady, startedStatus, wantedReplicas } from './pods';

const OWNERS = [
  'deployments.apps',
  'replicasets.apps',
  'statefulsets.apps',
  'daemonsets.apps',
];

/** Makes the pods that workloads ask for, starts them, and tells their owners how many are ready. */
export class WorkloadController {
  private readonly timers = new Set<ReturnType<typeof setTimeout>>();
  private podAddresses = 0;

  /** @param podStartMs - how long a new pod is Pending; 0 makes it ready at once */
  constructor(
    private readonly cluster: Cluster,
    private readonly now: () => number,
    public podStartMs: number,
  ) {}

  /** True of the resources that own pods. */
  owns(resource: string): boolean {
    return OWNERS.includes(resource);
  }

  stop(): void {
    for (const timer of this.timers) {
      clearTimeout(timer);
    }
  }

  private owned(
    resource: string,
    owner: KubernetesObject,
  ): readonly KubernetesObject[] {
    return this.cluster.store
      .list(resource, owner.metadata.namespace)
      .filter(object =>
        object.metadata.ownerReferences?.some(
          reference => reference.uid === owner.metadata.uid,
        ),
      );
  }

  reconcileOwner(resource: string, changed: KubernetesObject): void {
    const { store } = this.cluster;
    const { namespace = '', name } = changed.metadata;
    const owner = store.get(resource, namespace, name);
    if (!owner) {
      return;
    }
    if (resource === 'deployments.apps') {
      this.reconcileDeployment(owner);
      return;
    }
    const pods = this.owned('pods', owner);
    const wanted =
      resource === 'daemonsets.apps'
        ? store.list('nodes').length
        : wantedReplicas(owner);
    for (const surplus of pods.slice(wanted)) {
      store.remove('pods', namespace, surplus.metadata.name);
    }
    const taken = new Set(pods.map(pod => pod.metadata.name));
    for (
      let missing = pods.length, ordinal = 0;
      missing < wanted;
      ordinal += 1
    ) {
      const podName =
        resource === 'statefulsets.apps'
          ? `${name}-${ordinal}`
          : `${name}-${this.cluster.writer.suffix(
              `${namespace}/${name}/${ordinal}`,
              5,
            )}`;
      if (!taken.has(podName)) {
        this.createPod(owner, podName, ordinal);
        missing += 1;
      }
    }
    this.updateOwnerStatus(resource, owner);
  }

  private createPod(
    owner: KubernetesObject,
    name: string,
    ordinal: number,
  ): void {
    const { store, writer } = this.cluster;
    const namespace = owner.metadata.namespace ?? '';
    const template = asObject(fieldAt(owner, 'spec', 'template'));
    const labels = asObject(fieldAt(template, 'metadata', 'labels')) as {
      [key: string]: string;
    };
    const plane = dataPlaneOf(
      store.get('namespaces', '', namespace)?.metadata.labels ?? {},
      labels,
      asObject(template.spec),
      servedRevisions(
        store.list(
          'mutatingwebhookconfigurations.admissionregistration.k8s.io',
        ),
      ),
    );
    const nodes = store.list('nodes');
    const node =
      nodes[ordinal % Math.max(1, nodes.length)]?.metadata.name ?? '';
    const image = proxyImage(
      store.list('deployments.apps'),
      plane.proxy === 'sidecar' ? plane.revision : 'default',
    );
    writer.create(
      this.cluster.definition('pods'),
      namespace,
      buildPod(owner, name, plane, image, node),
    );
  }

  private reconcileDeployment(deployment: KubernetesObject): void {
    const { store, writer } = this.cluster;
    const { namespace = '', name } = deployment.metadata;
    const template = asObject(fieldAt(deployment, 'spec', 'template'));
    const hash = writer.suffix(JSON.stringify(template), 10);
    const current = `${name}-${hash}`;
    const before = this.owned('replicasets.apps', deployment);
    for (const old of before) {
      if (old.metadata.name !== current && wantedReplicas(old) > 0) {
        store.put('replicasets.apps', {
          ...old,
          spec: { ...asObject(old.spec), replicas: 0 },
        });
      }
    }
    const set = store.get('replicasets.apps', namespace, current);
    const replicas = wantedReplicas(deployment);
    if (!set) {
      const metadata = asObject(template.metadata);
      const labels = {
        ...asObject(metadata.labels),
        'pod-template-hash': hash,
      };
      writer.create(this.cluster.definition('replicasets.apps'), namespace, {
        metadata: {
          name: current,
          labels,
          ownerReferences: [
            {
              apiVersion: 'apps/v1',
              kind: 'Deployment',
              name,
              uid: deployment.metadata.uid ?? '',
              controller: true,
              blockOwnerDeletion: true,
            },
          ],
          ...(this.podStartMs === 0 && before.length === 0
            ? {
                creationTimestamp:
                  asString(metadata.creationTimestamp) ||
                  deployment.metadata.creationTimestamp,
              }
            : {}),
        },
        spec: {
          replicas,
          selector: { matchLabels: labels },
          template: { ...template, metadata: { ...metadata, labels } },
        },
      });
    } else if (wantedReplicas(set) !== replicas) {
      store.put('replicasets.apps', {
        ...set,
        spec: { ...asObject(set.spec), replicas },
      });
    }
    this.updateOwnerStatus('deployments.apps', deployment);
  }

  private updateOwnerStatus(resource: string, owner: KubernetesObject): void {
    const { store } = this.cluster;
    const { namespace = '', name } = owner.metadata;
    const latest = store.get(resource, namespace, name);
    if (!latest) {
      return;
    }
    const pods =
      resource === 'deployments.apps'
        ? this.owned('replicasets.apps', latest).flatMap(set =>
            this.owned('pods', set),
          )
        : this.owned('pods', latest);
    const ready = pods.filter(isPodReady).length;
    const status: JsonObject =
      resource === 'daemonsets.apps'
        ? {
            desiredNumberScheduled: pods.length,
            currentNumberScheduled: pods.length,
            updatedNumberScheduled: pods.length,
            numberReady: ready,
            numberAvailable: ready,
            numberMisscheduled: 0,
          }
        : {
            observedGeneration: latest.metadata.generation,
            replicas: pods.length,
            updatedReplicas: pods.length,
            readyReplicas: ready,
            availableReplicas: ready,
          };
    if (JSON.stringify(status) !== JSON.stringify(latest.status)) {
      store.put(resource, { ...latest, status });
    }
  }

  reconcilePod(change: ObjectChange): void {
    const { store } = this.cluster;
    const { namespace = '', name } = change.object.metadata;
    if (
      change.type === 'ADDED' &&
      fieldAt(change.object, 'status', 'podIP') === undefined
    ) {
      this.later(() => this.startPod(namespace, name));
    }
    for (const reference of change.object.metadata.ownerReferences ?? []) {
      const resource = OWNERS.find(
        entry => this.cluster.definition(entry).kind === reference.kind,
      );
      const owner = resource && store.get(resource, namespace, reference.name);
      if (resource && owner) {
        this.reconcileOwner(resource, owner);
        for (const parent of owner.metadata.ownerReferences ?? []) {
          const deployment = store.get(
            'deployments.apps',
            namespace,
            parent.name,
          );
          if (deployment) {
            this.updateOwnerStatus('deployments.apps', deployment);
          }
        }
      }
    }
  }

  private startPod(namespace: string, name: string): void {
    const { store } = this.cluster;
    const pod = store.get('pods', namespace, name);
    if (!pod) {
      return;
    }
    this.podAddresses += 1;
    const n = this.podAddresses;
    const ip = `10.244.${Math.floor(n / 250) % 256}.${(n % 250) + 2}`;
    const at = new Date(this.now()).toISOString().replace(/\.\d+Z$/, 'Z');
    store.put('pods', {
      ...pod,
      status: startedStatus(pod, ip, '192.168.10.11', at),
    });
  }

  private later(action: () => void): void {
    if (this.podStartMs === 0) {
      action();
      return;
    }
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      action();
    }, this.podStartMs);
    this.timers.add(timer);
  }
}
