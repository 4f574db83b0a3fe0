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

import type { MeshKind, MeshObject, SlimObjectByKind } from '../objects';

/** One change of one object, as a watch reports it. */
export type ObjectChange =
  | { type: 'upsert'; object: MeshObject }
  | { type: 'delete'; kind: MeshKind; namespace: string; name: string };

/**
 * What one cluster holds, at a version. A view of a store that changes between turns of the event loop, never
 * within one: a resolver that runs without `await` sees one consistent version.
 *
 * All lists are in the universal order: oldest first, then name, then namespace.
 */
export interface MeshSnapshot {
  /** Grows by one with every applied batch. */
  readonly version: number;

  /** Set when this is what the control plane of one revision sees: the revision; `''` stands for the default one. */
  readonly revision?: string;

  get<K extends MeshKind>(
    kind: K,
    namespace: string,
    name: string,
  ): SlimObjectByKind[K] | undefined;

  /** All objects of a kind, or those of one namespace. */
  list<K extends MeshKind>(
    kind: K,
    namespace?: string,
  ): readonly SlimObjectByKind[K][];

  /**
   * Grows whenever an object of this kind (in this namespace, when given) changes. A derivation may be kept as long
   * as the numbers of everything it read stand still.
   */
  versionOf(kind: MeshKind, namespace?: string): number;

  /** Pods whose labels are a superset of `selector`, in one namespace or in all. An empty selector selects nothing here. */
  podsBySelector(
    namespace: string | undefined,
    selector: Readonly<Record<string, string>>,
  ): readonly SlimObjectByKind['Pod'][];

  /** Services (with a selector) that select this pod's labels, plus selector-less ones whose EndpointSlice names it. R2.15 */
  servicesOfPod(
    pod: SlimObjectByKind['Pod'],
  ): readonly SlimObjectByKind['Service'][];

  /** EndpointSlices of a service, by label `kubernetes.io/service-name`. */
  endpointSlicesOf(
    namespace: string,
    serviceName: string,
  ): readonly SlimObjectByKind['EndpointSlice'][];

  /** Pods controlled, directly or through a ReplicaSet, by this workload. */
  podsOfWorkload(
    namespace: string,
    kind: string,
    name: string,
  ): readonly SlimObjectByKind['Pod'][];
}
