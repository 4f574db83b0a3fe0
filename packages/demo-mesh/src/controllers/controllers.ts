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
  asArray,
  asObject,
  asString,
  fieldAt,
  resourceName,
  type JsonObject,
  type KubernetesObject,
  type ObjectChange,
  type ObjectStore,
  type ObjectWriter,
  type ResourceDefinition,
  type ResourceTable,
} from '../kubernetes';
import { gatewayObjects, gatewayStatus, isManagedGateway } from './gateways';
import { dataPlaneOf, proxyImage, servedRevisions } from './injection';
import { buildPod, isPodReady, startedStatus, wantedReplicas } from './pods';
import { defaultedServiceSpec, endpointSliceOf } from './services';

const OWNERS = [
  'deployments.apps',
  'replicasets.apps',
  'statefulsets.apps',
  'daemonsets.apps',
];
const GATEWAYS = 'gateways.gateway.networking.k8s.io';
const STORED_DELAY_MS = 300;

/** What the controllers need. */
export interface ControllerOptions {
  readonly store: ObjectStore;
  readonly writer: ObjectWriter;
  readonly resources: ResourceTable;
  readonly now: () => number;
  /** how long a new pod is Pending, milliseconds; 0 makes it ready at once */
  readonly podStartMs?: number;
}

/** The cluster's controllers: they react to every change until stopped. */
export class Controllers {
  private readonly timers = new Set<ReturnType<typeof setTimeout>>();
  private unsubscribe: () => void = () => undefined;
  private podAddresses = 0;
  private serviceAddresses = 0;
  private podStartMs: number;

  constructor(private readonly options: ControllerOptions) {
    this.podStartMs = options.podStartMs ?? STORED_DELAY_MS;
  }

  /** Begins to react to changes. Until `settle` is called, pods start at once. */
  start(): void {
    this.podStartMs = 0;
    this.unsubscribe = this.options.store.onChange(change =>
      this.react(change),
    );
  }

  /** From now on new pods take a moment to start. */
  settle(): void {
    this.podStartMs = this.options.podStartMs ?? STORED_DELAY_MS;
  }

  stop(): void {
    this.unsubscribe();
    for (const timer of this.timers) {
      clearTimeout(timer);
    }
  }

  private definition(name: string): ResourceDefinition {
    const found = this.options.resources.named(name);
    if (!found) {
      throw new Error(`the demo cluster has no resource "${name}"`);
    }
    return found;
  }

  private react(change: ObjectChange): void {
    const { resource, object, type } = change;
    if (type === 'DELETED') {
      this.collectGarbage(object);
    }
    if (resource === 'namespaces') {
      this.reconcileNamespace(object, type === 'DELETED');
    } else if (OWNERS.includes(resource) && type !== 'DELETED') {
      this.reconcileOwner(resource, object);
    } else if (resource === 'pods') {
      this.reconcilePod(change);
    } else if (resource === 'services' && type !== 'DELETED') {
      this.reconcileService(object);
    } else if (resource === GATEWAYS && type !== 'DELETED') {
      this.reconcileGateway(object);
    }
  }

  private reconcileNamespace(
    namespace: KubernetesObject,
    deleted: boolean,
  ): void {
    const { store, writer, resources } = this.options;
    const { name } = namespace.metadata;
    if (deleted) {
      for (const definition of resources.all.filter(
        entry => entry.namespaced,
      )) {
        for (const object of store.list(resourceName(definition), name)) {
          store.remove(resourceName(definition), name, object.metadata.name);
        }
      }
      return;
    }
    if (!namespace.status && store.get('namespaces', '', name)) {
      store.put('namespaces', {
        ...namespace,
        metadata: {
          ...namespace.metadata,
          labels: {
            ...namespace.metadata.labels,
            'kubernetes.io/metadata.name': name,
          },
        },
        status: { phase: 'Active' },
      });
    }
    if (!store.get('serviceaccounts', name, 'default')) {
      writer.create(this.definition('serviceaccounts'), name, {
        metadata: { name: 'default' },
      });
    }
  }

  private owned(
    resource: string,
    owner: KubernetesObject,
  ): readonly KubernetesObject[] {
    return this.options.store
      .list(resource, owner.metadata.namespace)
      .filter(object =>
        object.metadata.ownerReferences?.some(
          reference => reference.uid === owner.metadata.uid,
        ),
      );
  }

  private reconcileOwner(resource: string, changed: KubernetesObject): void {
    const { store } = this.options;
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
          : `${name}-${this.options.writer.suffix(
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
    const { store, writer } = this.options;
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
      this.definition('pods'),
      namespace,
      buildPod(owner, name, plane, image, node),
    );
  }

  private reconcileDeployment(deployment: KubernetesObject): void {
    const { store, writer } = this.options;
    const { namespace = '', name } = deployment.metadata;
    const template = asObject(fieldAt(deployment, 'spec', 'template'));
    const hash = writer.suffix(JSON.stringify(template), 10);
    const current = `${name}-${hash}`;
    for (const old of this.owned('replicasets.apps', deployment)) {
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
      writer.create(this.definition('replicasets.apps'), namespace, {
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
          ...(this.podStartMs === 0
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
    const { store } = this.options;
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

  private reconcilePod(change: ObjectChange): void {
    const { store } = this.options;
    const { namespace = '', name } = change.object.metadata;
    if (
      change.type === 'ADDED' &&
      fieldAt(change.object, 'status', 'podIP') === undefined
    ) {
      this.later(() => this.startPod(namespace, name));
    }
    for (const reference of change.object.metadata.ownerReferences ?? []) {
      const resource = OWNERS.find(
        entry => this.definition(entry).kind === reference.kind,
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
    for (const service of store.list('services', namespace)) {
      this.updateSlice(service);
    }
    for (const gateway of store.list(GATEWAYS, namespace)) {
      this.updateGatewayStatus(gateway);
    }
  }

  private startPod(namespace: string, name: string): void {
    const { store, now } = this.options;
    const pod = store.get('pods', namespace, name);
    if (!pod) {
      return;
    }
    this.podAddresses += 1;
    const n = this.podAddresses;
    const ip = `10.244.${Math.floor(n / 250) % 256}.${(n % 250) + 2}`;
    const at = new Date(now()).toISOString().replace(/\.\d+Z$/, 'Z');
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

  private reconcileService(service: KubernetesObject): void {
    const { store } = this.options;
    const spec = defaultedServiceSpec(service, () => {
      this.serviceAddresses += 1;
      return `10.96.${Math.floor(this.serviceAddresses / 250)}.${
        (this.serviceAddresses % 250) + 2
      }`;
    });
    if (spec) {
      store.put('services', { ...service, spec });
      return;
    }
    if (
      fieldAt(service, 'spec', 'type') === 'LoadBalancer' &&
      !fieldAt(service, 'status', 'loadBalancer', 'ingress')
    ) {
      const ip = `203.0.113.${
        (Number(asString(fieldAt(service, 'spec', 'clusterIP')).split('.')[3]) %
          250) +
        2
      }`;
      store.put('services', {
        ...service,
        status: { loadBalancer: { ingress: [{ ip }] } },
      });
      return;
    }
    this.updateSlice(service);
  }

  private updateSlice(service: KubernetesObject): void {
    const { store, writer } = this.options;
    const { namespace = '', name } = service.metadata;
    const slice = endpointSliceOf(service, store.list('pods', namespace));
    if (!slice) {
      return;
    }
    const resource = 'endpointslices.discovery.k8s.io';
    const existing = store.get(resource, namespace, `${name}-slice`);
    if (!existing) {
      writer.create(this.definition(resource), namespace, slice);
    } else if (
      JSON.stringify([existing.endpoints, existing.ports]) !==
      JSON.stringify([slice.endpoints, slice.ports])
    ) {
      store.put(resource, {
        ...existing,
        endpoints: slice.endpoints,
        ports: slice.ports,
      });
    }
  }

  private reconcileGateway(gateway: KubernetesObject): void {
    const { store, writer } = this.options;
    const { namespace = '' } = gateway.metadata;
    if (!isManagedGateway(gateway)) {
      return;
    }
    for (const { resource, object } of gatewayObjects(gateway)) {
      const name = asString(fieldAt(object, 'metadata', 'name'));
      if (!store.get(resource, namespace, name)) {
        writer.create(this.definition(resource), namespace, object);
      }
    }
    this.updateGatewayStatus(gateway);
  }

  private updateGatewayStatus(changed: KubernetesObject): void {
    const { store } = this.options;
    const { namespace = '', name } = changed.metadata;
    const gateway = store.get(GATEWAYS, namespace, name);
    if (!gateway || !isManagedGateway(gateway)) {
      return;
    }
    const pods = store
      .list('pods', namespace)
      .filter(
        pod =>
          pod.metadata.labels?.['gateway.networking.k8s.io/gateway-name'] ===
          name,
      );
    const status = gatewayStatus(
      gateway,
      pods.some(isPodReady),
      asArray(fieldAt(gateway, 'spec', 'listeners')),
    );
    if (JSON.stringify(status) !== JSON.stringify(gateway.status)) {
      store.put(GATEWAYS, { ...gateway, status });
    }
  }

  /** Deletes what the deleted object owned. */
  private collectGarbage(owner: KubernetesObject): void {
    const { store, resources } = this.options;
    const { namespace = '', uid } = owner.metadata;
    if (uid === undefined || owner.kind === 'Pod') {
      return;
    }
    for (const definition of resources.all.filter(entry => entry.namespaced)) {
      const resource = resourceName(definition);
      for (const object of store.list(resource, namespace)) {
        if (
          object.metadata.ownerReferences?.some(
            reference => reference.uid === uid,
          )
        ) {
          store.remove(resource, namespace, object.metadata.name);
        }
      }
    }
  }
}
