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

import type { ObjectMeta } from '../objects';

interface WithMetadata {
  metadata: Pick<ObjectMeta, 'name' | 'namespace' | 'createdAt'>;
}

function compareStrings(a: string, b: string): number {
  if (a === b) {
    return 0;
  }
  return a < b ? -1 : 1;
}

/** The universal order: oldest first, then name, then namespace (semantics: "Universal ordering"). */
export function compareByAge(a: WithMetadata, b: WithMetadata): number {
  const left = a.metadata;
  const right = b.metadata;
  return (
    left.createdAt - right.createdAt ||
    compareStrings(left.name, right.name) ||
    compareStrings(left.namespace, right.namespace)
  );
}

/** Two lists that are in the universal order as one; what is equal in it comes from the first list first. */
export function mergedByAge<A extends WithMetadata, B extends WithMetadata>(
  first: readonly A[],
  second: readonly B[],
): (A | B)[] {
  const merged: (A | B)[] = [];
  let at = 0;
  for (const item of first) {
    while (at < second.length && compareByAge(second[at], item) < 0) {
      merged.push(second[at]);
      at += 1;
    }
    merged.push(item);
  }
  return merged.concat(second.slice(at));
}
