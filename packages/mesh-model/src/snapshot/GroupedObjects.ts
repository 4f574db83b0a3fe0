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

const NONE: readonly never[] = Object.freeze([]);

/** Objects by a key, kept change by change; each group is read in the universal order. */
export class GroupedObjects<T extends MeshObject> {
  private readonly groups = new Map<string, T | T[]>();

  add(key: string, object: T): void {
    const group = this.groups.get(key);
    if (group === undefined) {
      this.groups.set(key, object);
    } else if (Array.isArray(group)) {
      this.groups.set(key, [...group, object].sort(compareByAge));
    } else {
      this.groups.set(key, [group, object].sort(compareByAge));
    }
  }

  remove(key: string, object: T): void {
    const group = this.groups.get(key);
    if (group === object) {
      this.groups.delete(key);
    } else if (Array.isArray(group)) {
      const rest = group.filter(member => member !== object);
      if (rest.length === 1) {
        this.groups.set(key, rest[0]);
      } else {
        this.groups.set(key, rest);
      }
    }
  }

  get(key: string): readonly T[] {
    const group = this.groups.get(key);
    if (group === undefined) {
      return NONE;
    }
    return Array.isArray(group) ? group : [group];
  }
}
