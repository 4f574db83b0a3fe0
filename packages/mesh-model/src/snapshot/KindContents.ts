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
import { OrderedObjects } from './OrderedObjects';
import type { Source } from './reading';

const NONE: readonly never[] = Object.freeze([]);

/** How often something of a namespace changed, whatever its kind. */
export class NamespaceChanges implements Source {
  readonly gates: readonly Source[] = [this];
  count = 0;

  stampAt(): number {
    return this.count;
  }
}

/** The objects of a kind in one namespace; when there are none, hardly more than the number of changes. */
export class NamespaceContents<T extends MeshObject> implements Source {
  readonly gates: readonly Source[];
  version = 0;
  private byName: Map<string, T> | undefined;
  private ordered: OrderedObjects<T> | undefined;

  /** @param changes - of the namespace; objects of the cluster change too often to share a gate */
  constructor(readonly changes: NamespaceChanges | undefined) {
    this.gates = [changes ?? this];
  }

  stampAt(): number {
    return this.version;
  }

  get(name: string): T | undefined {
    return this.byName?.get(name);
  }

  /** All objects, in the universal order. */
  items(): readonly T[] {
    return this.ordered?.items() ?? NONE;
  }

  add(object: T): void {
    this.byName ??= new Map();
    this.ordered ??= new OrderedObjects();
    this.byName.set(object.metadata.name, object);
    this.ordered.add(object);
  }

  remove(object: T): void {
    this.byName?.delete(object.metadata.name);
    this.ordered?.remove(object);
    if (this.byName?.size === 0) {
      this.byName = undefined;
      this.ordered = undefined;
    }
  }
}

/** All objects of a kind. */
export class KindContents<T extends MeshObject> implements Source {
  readonly namespaces = new Map<string, NamespaceContents<T>>();
  readonly gates: readonly Source[] = [this];
  version = 0;
  private readonly ordered = new OrderedObjects<T>();

  stampAt(): number {
    return this.version;
  }

  get(namespace: string, name: string): T | undefined {
    return this.namespaces.get(namespace)?.get(name);
  }

  /** All objects, of one namespace or of all, in the universal order. */
  items(namespace: string | undefined): readonly T[] {
    return namespace === undefined
      ? this.ordered.items()
      : this.namespaces.get(namespace)?.items() ?? NONE;
  }

  /** @param contents - of the object's namespace */
  add(object: T, contents: NamespaceContents<T>): void {
    contents.add(object);
    this.ordered.add(object);
    this.countChange(contents);
  }

  /** @param contents - of the object's namespace */
  remove(object: T, contents: NamespaceContents<T>): void {
    contents.remove(object);
    this.ordered.remove(object);
    this.countChange(contents);
  }

  private countChange(contents: NamespaceContents<T>): void {
    this.version++;
    contents.version++;
    if (contents.changes) {
      contents.changes.count++;
    }
  }
}
