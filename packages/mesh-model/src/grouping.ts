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

/** Puts an element at the end of its group. */
export function addToGroup<K, V>(
  groups: Map<K, V[]>,
  key: K,
  element: V,
): void {
  const group = groups.get(key);
  if (group === undefined) {
    groups.set(key, [element]);
  } else {
    group.push(element);
  }
}

/** Elements by a key, in their order; keys in the order of their first elements. */
export function groupedBy<K, V>(
  elements: Iterable<V>,
  keyOf: (element: V) => K,
): Map<K, V[]> {
  const groups = new Map<K, V[]>();
  for (const element of elements) {
    addToGroup(groups, keyOf(element), element);
  }
  return groups;
}
