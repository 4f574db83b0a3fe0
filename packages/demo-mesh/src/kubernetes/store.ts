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

import type { KubernetesObject } from './object';
import type {
  ChangeType,
  ObjectChange,
  ObjectReader,
  ResourceName,
} from './storeTypes';

const DEFAULT_HISTORY = 5_000;

function keyOf(namespace: string, name: string): string {
  // A slash sorts before every character that is legal in names, so keys sort by namespace, then name.
  return `${namespace}/${name}`;
}

function compareKeys(a: string, b: string): number {
  if (a === b) {
    return 0;
  }
  return a < b ? -1 : 1;
}

/** A resource's objects in key order. A snapshot is never changed, so a paged list can hold on to it. */
class Shelf {
  private readonly objects = new Map<string, KubernetesObject>();
  private sorted: readonly KubernetesObject[] | undefined;

  get(key: string): KubernetesObject | undefined {
    return this.objects.get(key);
  }

  set(key: string, object: KubernetesObject): void {
    this.objects.set(key, object);
    this.sorted = undefined;
  }

  delete(key: string): void {
    this.objects.delete(key);
    this.sorted = undefined;
  }

  snapshot(): readonly KubernetesObject[] {
    this.sorted ??= [...this.objects.entries()]
      .sort(([a], [b]) => compareKeys(a, b))
      .map(([, object]) => object);
    return this.sorted;
  }
}

/**
 * The cluster's objects: one resourceVersion for all of them, and a bounded history of changes from which watches
 * resume.
 */
export class ObjectStore implements ObjectReader {
  private readonly shelves = new Map<ResourceName, Shelf>();
  private readonly listeners = new Set<(change: ObjectChange) => void>();
  private readonly pending: ObjectChange[] = [];
  private delivering = false;
  private history: ObjectChange[] = [];
  private version = 0;
  private forgotten = 0;

  /** @param historyLimit - how many changes are kept for watches that resume */
  constructor(private readonly historyLimit = DEFAULT_HISTORY) {}

  get resourceVersion(): number {
    return this.version;
  }

  list(
    resource: ResourceName,
    namespace?: string,
  ): readonly KubernetesObject[] {
    const all = this.shelves.get(resource)?.snapshot() ?? [];
    return namespace
      ? all.filter(object => object.metadata.namespace === namespace)
      : all;
  }

  get(
    resource: ResourceName,
    namespace: string,
    name: string,
  ): KubernetesObject | undefined {
    return this.shelves.get(resource)?.get(keyOf(namespace, name));
  }

  onChange(listener: (change: ObjectChange) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Stores an object, new or changed, under a new resourceVersion. Returns what was stored. */
  put(resource: ResourceName, object: KubernetesObject): KubernetesObject {
    const { namespace = '', name } = object.metadata;
    const key = keyOf(namespace, name);
    let shelf = this.shelves.get(resource);
    if (!shelf) {
      shelf = new Shelf();
      this.shelves.set(resource, shelf);
    }
    const previous = shelf.get(key);
    const stored = this.stamped(object);
    shelf.set(key, stored);
    this.record(previous ? 'MODIFIED' : 'ADDED', resource, stored, previous);
    return stored;
  }

  /** Removes an object. Returns its last state, `undefined` when there was none. */
  remove(
    resource: ResourceName,
    namespace: string,
    name: string,
  ): KubernetesObject | undefined {
    const key = keyOf(namespace, name);
    const shelf = this.shelves.get(resource);
    const previous = shelf?.get(key);
    if (!shelf || !previous) {
      return undefined;
    }
    shelf.delete(key);
    const last = this.stamped(previous);
    this.record('DELETED', resource, last, previous);
    return last;
  }

  /**
   * The changes of a resource after a resourceVersion, oldest first; `undefined` when the history no longer reaches
   * back that far (the API server answers 410 Gone).
   */
  changesSince(
    resource: ResourceName,
    resourceVersion: number,
  ): readonly ObjectChange[] | undefined {
    if (resourceVersion < this.forgotten) {
      return undefined;
    }
    return this.history.filter(
      change =>
        change.resource === resource &&
        change.resourceVersion > resourceVersion,
    );
  }

  /** Forgets the history of changes, as etcd's compaction does: watches that resume from before get 410. */
  compact(): void {
    this.history = [];
    this.forgotten = this.version;
  }

  private stamped(object: KubernetesObject): KubernetesObject {
    this.version += 1;
    return {
      ...object,
      metadata: { ...object.metadata, resourceVersion: String(this.version) },
    };
  }

  private record(
    type: ChangeType,
    resource: ResourceName,
    object: KubernetesObject,
    previous: KubernetesObject | undefined,
  ): void {
    const change: ObjectChange = {
      type,
      resource,
      object,
      resourceVersion: this.version,
      ...(previous ? { previous } : {}),
    };
    this.history.push(change);
    if (this.history.length > this.historyLimit * 1.25) {
      const kept = this.history.slice(-this.historyLimit);
      this.forgotten = kept[0].resourceVersion - 1;
      this.history = kept;
    }
    this.pending.push(change);
    this.deliver();
  }

  /** A listener may write to the store: its changes are delivered after the current one, so order holds. */
  private deliver(): void {
    if (this.delivering) {
      return;
    }
    this.delivering = true;
    try {
      for (
        let change = this.pending.shift();
        change;
        change = this.pending.shift()
      ) {
        for (const listener of [...this.listeners]) {
          listener(change);
        }
      }
    } finally {
      this.delivering = false;
    }
  }
}
