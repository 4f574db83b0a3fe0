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
  resourceName,
  type KubernetesObject,
  type ObjectChange,
  type ObjectStore,
  type ObjectWriter,
  type ResourceTable,
} from '../kubernetes';
import { Cluster } from './Cluster';
import { GATEWAYS, GatewayController } from './GatewayController';
import { ServiceController } from './ServiceController';
import { WorkloadController } from './WorkloadController';

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
  private readonly cluster: Cluster;
  private readonly workloads: WorkloadController;
  private readonly services: ServiceController;
  private readonly gateways: GatewayController;
  private unsubscribe: () => void = () => undefined;

  constructor(private readonly options: ControllerOptions) {
    const { store, writer, resources, now } = options;
    this.cluster = new Cluster(store, writer, resources);
    this.workloads = new WorkloadController(this.cluster, now, 0);
    this.services = new ServiceController(this.cluster);
    this.gateways = new GatewayController(this.cluster);
  }

  /** Begins to react to changes. Until `settle` is called, pods start at once. */
  start(): void {
    this.workloads.podStartMs = 0;
    this.unsubscribe = this.cluster.store.onChange(change =>
      this.react(change),
    );
  }

  /** From now on new pods take a moment to start. */
  settle(): void {
    this.workloads.podStartMs = this.options.podStartMs ?? STORED_DELAY_MS;
  }

  stop(): void {
    this.unsubscribe();
    this.workloads.stop();
  }

  private react(change: ObjectChange): void {
    const { resource, object, type } = change;
    if (type === 'DELETED') {
      this.collectGarbage(object);
    }
    if (resource === 'namespaces') {
      this.reconcileNamespace(object, type === 'DELETED');
    } else if (this.workloads.owns(resource) && type !== 'DELETED') {
      this.workloads.reconcileOwner(resource, object);
    } else if (resource === 'pods') {
      this.reconcilePod(change);
    } else if (resource === 'services' && type !== 'DELETED') {
      this.services.reconcileService(object);
    } else if (resource === GATEWAYS && type !== 'DELETED') {
      this.gateways.reconcileGateway(object);
    }
  }

  private reconcilePod(change: ObjectChange): void {
    const { store } = this.cluster;
    const { namespace = '' } = change.object.metadata;
    this.workloads.reconcilePod(change);
    for (const service of store.list('services', namespace)) {
      this.services.updateSlice(service);
    }
    for (const gateway of store.list(GATEWAYS, namespace)) {
      this.gateways.updateGatewayStatus(gateway);
    }
  }

  private reconcileNamespace(
    namespace: KubernetesObject,
    deleted: boolean,
  ): void {
    const { store, writer, resources } = this.cluster;
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
      writer.create(this.cluster.definition('serviceaccounts'), name, {
        metadata: { name: 'default' },
      });
    }
  }

  /** Deletes what the deleted object owned. */
  private collectGarbage(owner: KubernetesObject): void {
    const { store, resources } = this.cluster;
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
