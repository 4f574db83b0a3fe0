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

/** Objects of the whole mesh that an answer was read from, looked up instead of counting changes of their kinds. */
export interface ReadObjects {
  /** the same object as long as none of them can have changed */
  source: (snapshot: MeshSnapshot) => object;
  of: (snapshot: MeshSnapshot, service: Service) => readonly object[];
}

interface Kept<T> extends Computed<T> {
  /** version of the snapshot at which it was last found to hold */
  heldAt: number;
  source: object;
  objects: readonly object[];
  /** names the inputs */
  key: string;
  snapshot: MeshSnapshot;
  versions: number;
}

/** What an answer about a Service of a namespace depends on, when it read objects of other namespaces too. */
export type InputsOf = (
  namespace: string,
  others: readonly string[],
) => readonly DerivationInput[];

const NONE: readonly never[] = [];

const NO_OBJECTS: ReadObjects = { source: () => NONE, of: () => NONE };

function same(a: readonly object[], b: readonly object[]): boolean {
  return (
    a.length === b.length && a.every((object, index) => object === b[index])
  );
}

/**
 * Declares what is kept per Service until something it read changes. It hangs on the object itself, which a changed
 * Service replaces. What changed is asked once for the same namespaces and version of the snapshot.
 *
 */
export function keptPerService<T>(
  inputsOf: InputsOf,
  compute: (snapshot: MeshSnapshot, service: Service) => Computed<T>,
  read: ReadObjects = NO_OBJECTS,
): (snapshot: MeshSnapshot, service: Service) => T {
  const kept = new WeakMap<Service, Kept<T>>();
  const sums = new WeakMap<
    MeshSnapshot,
    { version: number; byNamespaces: Map<string, number>; source: object }
  >();
  const atVersion = (snapshot: MeshSnapshot) => {
    let known = sums.get(snapshot);
    if (known?.version !== snapshot.version) {
      known = {
        version: snapshot.version,
        byNamespaces: new Map(),
        source: read.source(snapshot),
      };
      sums.set(snapshot, known);
    }
    return known;
  };
  const versionsOf = (
    snapshot: MeshSnapshot,
    namespace: string,
    others: readonly string[],
    key: string,
  ) => {
    const known = atVersion(snapshot);
    let sum = known.byNamespaces.get(key);
    if (sum === undefined) {
      sum = versionSum(snapshot, inputsOf(namespace, others));
      known.byNamespaces.set(key, sum);
    }
    return sum;
  };
  const holds = (entry: Kept<T>, snapshot: MeshSnapshot, service: Service) => {
    const { namespace } = service.metadata;
    if (
      entry.versions !==
      versionsOf(snapshot, namespace, entry.namespaces ?? NONE, entry.key)
    ) {
      return false;
    }
    const { source } = atVersion(snapshot);
    if (source === entry.source) {
      return true;
    }
    entry.source = source;
    return same(entry.objects, read.of(snapshot, service));
  };
  return (snapshot, service) => {
    const known = kept.get(service);
    if (known?.snapshot === snapshot) {
      if (known.heldAt === snapshot.version) {
        return known.value;
      }
      if (holds(known, snapshot, service)) {
        known.heldAt = snapshot.version;
        return known.value;
      }
    }
    const computed = compute(snapshot, service);
    const { namespace } = service.metadata;
    const others = computed.namespaces ?? NONE;
    const key = [namespace, ...others].join(', ');
    kept.set(service, {
      ...computed,
      key,
      snapshot,
      heldAt: snapshot.version,
      source: atVersion(snapshot).source,
      objects: read.of(snapshot, service),
      versions: versionsOf(snapshot, namespace, others, key),
    });
    return computed.value;
  };
}
