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
  derivation,
  keptPerObject,
  type MeshSnapshot,
  type SlimObjectByKind,
} from '@mesh-portal/mesh-model';

/**
 * Declares an answer about the Services, or the Pods, of each namespace. The list of a namespace stays the same one until
 * something that it was computed from changes, so that who goes on from there need not look at each of its elements.
 */
export function keptByNamespace<K extends 'Service' | 'Pod', T>(
  kind: K,
  answer: (
    snapshot: MeshSnapshot,
    objects: readonly SlimObjectByKind[K][],
  ) => readonly T[],
): (snapshot: MeshSnapshot) => (readonly T[])[] {
  const firstOfNamespaces = derivation(
    () => [{ kind }],
    (snapshot): readonly SlimObjectByKind[K][] => {
      const first = new Map<string, SlimObjectByKind[K]>();
      for (const object of snapshot.list(kind)) {
        const { namespace } = object.metadata;
        if (!first.has(namespace)) first.set(namespace, object);
      }
      return [...first.values()];
    },
  );
  // It hangs on the first object of the namespace, and is gone when the namespace is.
  const besides = keptPerObject(
    (snapshot, { metadata: { namespace } }: SlimObjectByKind[K]) =>
      answer(snapshot, snapshot.list(kind, namespace)),
  );
  return snapshot =>
    firstOfNamespaces(snapshot).map(first => besides(snapshot, first));
}
