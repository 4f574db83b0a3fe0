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
  type DerivationInput,
  type MeshSnapshot,
  versionSum,
} from '@mesh-portal/mesh-model';
import type { Service } from '../entity';

/** What was computed for one Service, and what it was read from. */
export interface Computed<T> {
  value: T;
  /** namespaces whose objects it read, the Service's own left out */
  namespaces?: readonly string[];
}

interface Kept<T> extends Computed<T> {
  objects: readonly object[];
  snapshot: MeshSnapshot;
  versions: number;
}

/** What an answer about a Service of a namespace depends on, when it read objects of other namespaces too. */
export type InputsOf = (
  namespace: string,
  others: readonly string[],
) => readonly DerivationInput[];

const NONE: readonly never[] = [];

function same(a: readonly object[], b: readonly object[]): boolean {
  return (
    a.length === b.length && a.every((object, index) => object === b[index])
  );
}

/**
 * Declares what is kept per Service until something it read changes. It hangs on the object itself, which a changed
 * Service replaces. What changed is asked once for the same namespaces and version of the snapshot.
 *
 * @param objectsOf - objects that are looked up instead of counting changes of their kind in the whole mesh
 */
export function keptPerService<T>(
  inputsOf: InputsOf,
  compute: (snapshot: MeshSnapshot, service: Service) => Computed<T>,
  objectsOf: (
    snapshot: MeshSnapshot,
    service: Service,
  ) => readonly object[] = () => NONE,
): (snapshot: MeshSnapshot, service: Service) => T {
  const kept = new WeakMap<Service, Kept<T>>();
  const sums = new WeakMap<
    MeshSnapshot,
    { version: number; byNamespaces: Map<string, number> }
  >();
  const versionsOf = (
    snapshot: MeshSnapshot,
    namespace: string,
    others: readonly string[],
  ) => {
    let known = sums.get(snapshot);
    if (known?.version !== snapshot.version) {
      known = { version: snapshot.version, byNamespaces: new Map() };
      sums.set(snapshot, known);
    }
    const key =
      others.length === 0 ? namespace : `${namespace} ${others.join(' ')}`;
    let sum = known.byNamespaces.get(key);
    if (sum === undefined) {
      sum = versionSum(snapshot, inputsOf(namespace, others));
      known.byNamespaces.set(key, sum);
    }
    return sum;
  };
  return (snapshot, service) => {
    const { namespace } = service.metadata;
    const known = kept.get(service);
    if (known?.snapshot === snapshot) {
      const { namespaces = NONE, objects } = known;
      if (
        known.versions === versionsOf(snapshot, namespace, namespaces) &&
        same(objects, objectsOf(snapshot, service))
      ) {
        return known.value;
      }
    }
    const computed = compute(snapshot, service);
    kept.set(service, {
      ...computed,
      objects: objectsOf(snapshot, service),
      snapshot,
      versions: versionsOf(snapshot, namespace, computed.namespaces ?? NONE),
    });
    return computed.value;
  };
}
