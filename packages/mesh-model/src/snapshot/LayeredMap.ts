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

/** What a map says of its entries, be it one map or several upon each other. */
export type Entries<V> = Pick<ReadonlyMap<string, V>, 'get' | 'has' | 'size'> &
  Iterable<[string, V]>;

/** Where more than one in so many entries is another one, the map is copied. */
const FEW = 8;

/** A map upon another, from which it differs in few entries: making it costs what is different, not what is in it. */
class LayeredMap<V extends object> implements Entries<V> {
  readonly size: number;

  /** @param changes - by key; undefined: the base has an entry, and this map has none */
  constructor(
    readonly base: Entries<V>,
    readonly changes: ReadonlyMap<string, V | undefined>,
  ) {
    let { size } = base;
    for (const [key, value] of changes) {
      size += (value === undefined ? 0 : 1) - (base.has(key) ? 1 : 0);
    }
    this.size = size;
  }

  get(key: string): V | undefined {
    const changed = this.changes.get(key);
    return changed === undefined && !this.changes.has(key)
      ? this.base.get(key)
      : changed;
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  *[Symbol.iterator](): IterableIterator<[string, V]> {
    for (const entry of this.base) {
      if (!this.changes.has(entry[0])) {
        yield entry;
      }
    }
    for (const [key, value] of this.changes) {
      if (value !== undefined) {
        yield [key, value];
      }
    }
  }
}

/**
 * The entries of a map with some of them changed; the map stays as it is.
 *
 * @param changes - by key; undefined: the entry goes away
 */
export function withChanges<V extends object>(
  before: Entries<V>,
  changes: ReadonlyMap<string, V | undefined>,
): Entries<V> {
  const layered =
    before instanceof LayeredMap
      ? new LayeredMap<V>(before.base, new Map([...before.changes, ...changes]))
      : new LayeredMap<V>(before, changes);
  return layered.changes.size * FEW > layered.base.size
    ? new Map(layered)
    : layered;
}
