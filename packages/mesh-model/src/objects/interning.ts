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

import type { StringMap } from './types';

/** How many distinct values a pool keeps before it starts anew; sharing suffers then, correctness never does. */
const POOL_LIMIT = 250_000;

const strings = new Map<string, string>();
const stringMaps = new Map<string, StringMap>();
const arrays = new Map<string, readonly unknown[]>();

/** The map that every object without labels (selector, annotations…) shares. */
export const EMPTY_MAP: StringMap = Object.freeze({});

/** The array that every object without the list shares. */
export const EMPTY_LIST: readonly never[] = Object.freeze([]);

function pooled<V>(pool: Map<string, V>, key: string, value: V): V {
  const known = pool.get(key);
  if (known !== undefined) {
    return known;
  }
  if (pool.size >= POOL_LIMIT) {
    pool.clear();
  }
  pool.set(key, value);
  return value;
}

/** One instance for equal strings. */
export function internString(value: string): string {
  return pooled(strings, value, value);
}

/** One instance for equal maps, whatever the order of their keys. Keys of the result are sorted. */
export function internMap(
  entries: readonly (readonly [string, string])[],
): StringMap {
  if (entries.length === 0) {
    return EMPTY_MAP;
  }
  const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : Number(a > b)));
  const key = sorted.map(([k, v]) => `${k}\u0000${v}`).join('\u0001');
  const known = stringMaps.get(key);
  if (known !== undefined) {
    return known;
  }
  const map: Record<string, string> = {};
  for (const [k, v] of sorted) {
    map[internString(k)] = internString(v);
  }
  return pooled(stringMaps, key, Object.freeze(map));
}

/** One instance for arrays with equal JSON. The items must be plain data that nobody mutates. */
export function internArray<T>(items: readonly T[]): readonly T[] {
  if (items.length === 0) {
    return EMPTY_LIST;
  }
  const key = JSON.stringify(items);
  const known = arrays.get(key) as readonly T[] | undefined;
  return known ?? (pooled(arrays, key, items) as readonly T[]);
}
