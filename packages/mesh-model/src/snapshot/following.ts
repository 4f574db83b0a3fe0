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

import { addToGroup } from '../grouping';
import { type Entries, withChanges } from './LayeredMap';
import { listDifference } from './listDifference';
import type { MeshSnapshot } from './types';

/**
 * Declares what follows from a part of a snapshot, such as a list. It is made again when that part is another one, and
 * may be made from what followed before.
 */
export function following<S extends object, T>(
  sourceOf: (snapshot: MeshSnapshot) => S,
  make: (source: S, before: T | undefined) => T,
): (snapshot: MeshSnapshot) => T {
  const last = new WeakMap<MeshSnapshot, { source: S; value: T }>();
  return snapshot => {
    const source = sourceOf(snapshot);
    const before = last.get(snapshot);
    if (before?.source === source) {
      return before.value;
    }
    const value = make(source, before?.value);
    last.set(snapshot, { source, value });
    return value;
  };
}

/** A list and its elements by key. */
export interface Groups<T> {
  list: readonly T[];
  /** each group in the order of the list; keys in no order */
  byKey: Entries<readonly T[]>;
}

function allGroups<T>(
  list: readonly T[],
  keysOf: (element: T) => Iterable<string>,
): Groups<T> {
  const byKey = new Map<string, T[]>();
  for (const element of list) {
    for (const key of keysOf(element)) {
      addToGroup(byKey, key, element);
    }
  }
  return { list, byKey };
}

/** Where more than one in so many elements is another one, all groups are made anew. */
const FEW = 8;

/** Where each element stands; found when it is first asked for. */
function positionsIn<T>(list: readonly T[]): () => ReadonlyMap<T, number> {
  let positions: Map<T, number> | undefined;
  return () => {
    if (positions === undefined) {
      positions = new Map();
      for (const [index, element] of list.entries()) {
        positions.set(element, index);
      }
    }
    return positions;
  };
}

/** Two parts of a list, each in its order, as one. */
function mergedBy<T>(
  positionsOf: () => ReadonlyMap<T, number>,
  first: readonly T[],
  second: readonly T[],
): readonly T[] {
  if (first.length === 0 || second.length === 0) {
    return first.length === 0 ? second : first;
  }
  const positions = positionsOf();
  const merged: T[] = [];
  const at = (element: T) => positions.get(element) ?? 0;
  let next = 0;
  for (const element of first) {
    for (; next < second.length && at(second[next]) < at(element); next += 1) {
      merged.push(second[next]);
    }
    merged.push(element);
  }
  return merged.concat(second.slice(next));
}

/**
 * The elements of a list by key.
 *
 * @param list - each element once
 * @param keysOf - each key once; the same keys for the same element
 * @param before - the groups of a list that may differ in few elements: only groups that these are in are made anew
 */
export function groupsOf<T>(
  list: readonly T[],
  keysOf: (element: T) => Iterable<string>,
  before?: Groups<T>,
): Groups<T> {
  const different = before && listDifference(before.list, list);
  if (
    before === undefined ||
    different === undefined ||
    (different.gone.length + different.came.length) * FEW > list.length
  ) {
    return allGroups(list, keysOf);
  }
  const { gone, came } = different;
  const changed = new Set([...gone, ...came]);
  const added = allGroups(came, keysOf).byKey;
  const positions = positionsIn(list);
  const changes = new Map<string, readonly T[] | undefined>();
  for (const element of changed) {
    for (const key of keysOf(element)) {
      if (!changes.has(key)) {
        const rest = (before.byKey.get(key) ?? []).filter(
          each => !changed.has(each),
        );
        const group = mergedBy(positions, rest, added.get(key) ?? []);
        changes.set(key, group.length === 0 ? undefined : group);
      }
    }
  }
  return { list, byKey: withChanges(before.byKey, changes) };
}
