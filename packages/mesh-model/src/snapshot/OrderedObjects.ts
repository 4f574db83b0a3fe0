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

import type { MeshObject } from '../objects';
import { compareByAge } from './order';

/** With more changes than this since the last read, sorting anew is cheaper than inserting one by one. */
const INSERTIONS_BEFORE_SORT = 32;

/** A set of objects that is read as a list in the universal order. */
export class OrderedObjects<T extends MeshObject> {
  private readonly members = new Set<T>();
  private sorted: T[] | undefined = [];
  private changesSinceRead = 0;
  /** A list that was given away stays as it is: whoever has it can tell by it that something changed. */
  private given = false;

  get size(): number {
    return this.members.size;
  }

  add(object: T): void {
    this.members.add(object);
    const sorted = this.writable();
    if (sorted) {
      sorted.splice(this.positionOf(sorted, object), 0, object);
    }
  }

  remove(object: T): void {
    if (!this.members.delete(object)) {
      return;
    }
    const sorted = this.writable();
    if (sorted) {
      const position = this.positionOf(sorted, object);
      if (sorted[position] === object) {
        sorted.splice(position, 1);
      } else {
        this.sorted = undefined;
      }
    }
  }

  items(): readonly T[] {
    this.changesSinceRead = 0;
    this.sorted ??= [...this.members].sort(compareByAge);
    this.given = true;
    return this.sorted;
  }

  private writable(): T[] | undefined {
    this.changesSinceRead++;
    if (this.changesSinceRead > INSERTIONS_BEFORE_SORT) {
      this.sorted = undefined;
    } else if (this.given) {
      this.sorted = this.sorted?.slice();
    }
    this.given = false;
    return this.sorted;
  }

  /** Index of the first member that is not older than `object`. */
  private positionOf(sorted: readonly T[], object: T): number {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareByAge(sorted[middle], object) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
