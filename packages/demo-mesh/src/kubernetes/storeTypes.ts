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

import type { KubernetesObject } from './object';

/**
 * Name of a resource as `kubectl` writes it: the plural, then the group unless it is the core group:
 * `pods`, `deployments.apps`, `virtualservices.networking.istio.io`, `gateways.gateway.networking.k8s.io`.
 */
export type ResourceName = string;

/** What happened to one object. */
export type ChangeType = 'ADDED' | 'MODIFIED' | 'DELETED';

/** One change of the store. `object` is the state after the change (for DELETED: the last state). */
export interface ObjectChange {
  readonly type: ChangeType;
  readonly resource: ResourceName;
  readonly object: KubernetesObject;
  /** The state before; absent for ADDED. */
  readonly previous?: KubernetesObject;
  /** The store's resourceVersion that this change made. */
  readonly resourceVersion: number;
}

/** Read side of the object store: what controllers and the traffic model may see. */
export interface ObjectReader {
  /** resourceVersion of the last change, 0 when nothing was ever stored */
  readonly resourceVersion: number;
  /** All objects of a resource, sorted by namespace then name; only those of `namespace` when given. */
  list(resource: ResourceName, namespace?: string): readonly KubernetesObject[];
  /** One object; `namespace` is `''` for cluster-scoped resources. */
  get(
    resource: ResourceName,
    namespace: string,
    name: string,
  ): KubernetesObject | undefined;
  /** Calls the listener after every change, in order. Returns the function that ends this. */
  onChange(listener: (change: ObjectChange) => void): () => void;
}
