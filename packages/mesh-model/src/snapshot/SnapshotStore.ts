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

import type { MeshKind, MeshObject, SlimObjectByKind } from '../objects';
import type { MeshSnapshot, ObjectChange } from './types';
import { compareByAge } from './order';
import { controllerOf, deploymentByHash } from './podOwner';
import { GroupedObjects } from './GroupedObjects';
import {
  KindContents,
  NamespaceChanges,
  NamespaceContents,
} from './KindContents';
import { PodIndex } from './PodIndex';
import { answered, isObserved, noteRead, type Source } from './reading';
import { sameContent } from './sameContent';
import { ServiceIndex } from './ServiceIndex';

const NONE: readonly never[] = Object.freeze([]);

type Pod = SlimObjectByKind['Pod'];
type ReplicaSet = SlimObjectByKind['ReplicaSet'];

/**
 * Holds the objects of one cluster and keeps every index of {@link MeshSnapshot} change by change.
 *
 * Applying a batch costs what the batch changes, not what the cluster holds. An update that changes nothing the model
 * reads keeps the object that is there, and no version grows.
 */
export class SnapshotStore implements MeshSnapshot {
  private current = 0;
  private readonly changes = new Map<string, NamespaceChanges>();
  private readonly kinds = new Map<MeshKind, KindContents<MeshObject>>();
  private readonly pods = new Map<string, PodIndex>();
  private readonly services = new Map<string, ServiceIndex>();
  private readonly slices = new GroupedObjects<
    SlimObjectByKind['EndpointSlice']
  >();
  private readonly podsByController = new GroupedObjects<Pod>();
  private readonly podsByDerivedDeployment = new GroupedObjects<Pod>();
  private readonly replicaSetsByController = new GroupedObjects<ReplicaSet>();

  get version(): number {
    return this.current;
  }

  /** Applies a batch as one version. A batch that changes nothing leaves the version as it is. */
  apply(changes: Iterable<ObjectChange>): void {
    let changed = false;
    for (const change of changes) {
      const did =
        change.type === 'upsert'
          ? this.upsert(change.object)
          : this.delete(change.kind, change.namespace, change.name);
      changed ||= did;
    }
    if (changed) {
      this.current++;
    }
  }

  /**
   * Makes `objects` all there is of a kind, as after a new list, in one version: objects that are not listed go away,
   * objects with the same content stay as they are.
   */
  replaceKind<K extends MeshKind>(
    kind: K,
    objects: readonly SlimObjectByKind[K][],
  ): void {
    const listed = new Set(
      objects.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`),
    );
    const changes: ObjectChange[] = [];
    for (const { metadata } of this.list(kind)) {
      const { namespace, name } = metadata;
      if (!listed.has(`${namespace}/${name}`)) {
        changes.push({ type: 'delete', kind, namespace, name });
      }
    }
    for (const object of objects) {
      changes.push({ type: 'upsert', object });
    }
    this.apply(changes);
  }

  get<K extends MeshKind>(
    kind: K,
    namespace: string,
    name: string,
  ): SlimObjectByKind[K] | undefined {
    return answered(
      this,
      () => `${kind} ${namespace}/${name}`,
      () => [this.sourceOf(kind, namespace)],
      () => this.contentsOf(kind)?.get(namespace, name),
    );
  }

  list<K extends MeshKind>(
    kind: K,
    namespace?: string,
  ): readonly SlimObjectByKind[K][] {
    this.note(kind, namespace);
    return this.contentsOf(kind)?.items(namespace) ?? NONE;
  }

  versionOf(kind: MeshKind, namespace?: string): number {
    this.note(kind, namespace);
    const contents = this.kinds.get(kind);
    return (
      (namespace === undefined
        ? contents?.version
        : contents?.namespaces.get(namespace)?.version) ?? 0
    );
  }

  podsBySelector(
    namespace: string | undefined,
    selector: Readonly<Record<string, string>>,
  ): readonly Pod[] {
    return answered<readonly Pod[]>(
      this,
      () =>
        `pods of ${namespace ?? '*'} ${Object.entries(selector)
          .sort()
          .join(' ')}`,
      () => [this.sourceOf('Pod', namespace)],
      () =>
        namespace === undefined
          ? this.selectEverywhere(selector)
          : this.pods.get(namespace)?.select(selector) ?? NONE,
    );
  }

  private selectEverywhere(
    selector: Readonly<Record<string, string>>,
  ): readonly Pod[] {
    return Array.from(this.pods.values(), pods => pods.select(selector))
      .flat()
      .sort(compareByAge);
  }

  servicesOfPod(pod: Pod): readonly SlimObjectByKind['Service'][] {
    const { namespace, name, labels } = pod.metadata;
    this.note('Service', namespace);
    const index = this.services.get(namespace);
    if (index === undefined) {
      return NONE;
    }
    const found = index
      .selecting(labels)
      .filter(service => service.spec.type !== 'ExternalName');
    for (const service of index.withoutSelector) {
      const slices = this.endpointSlicesOf(namespace, service.metadata.name);
      if (
        slices.some(({ spec }) => spec.endpoints.some(e => e.podName === name))
      ) {
        found.push(service);
      }
    }
    return found.sort(compareByAge);
  }

  endpointSlicesOf(
    namespace: string,
    serviceName: string,
  ): readonly SlimObjectByKind['EndpointSlice'][] {
    const key = `${namespace}/${serviceName}`;
    return answered(
      this,
      () => `slices of ${key}`,
      () => [this.sourceOf('EndpointSlice', namespace)],
      () => this.slices.get(key),
    );
  }

  podsOfWorkload(
    namespace: string,
    kind: string,
    name: string,
  ): readonly Pod[] {
    return answered(
      this,
      () => `pods of ${kind} ${namespace}/${name}`,
      () => [
        this.sourceOf('Pod', namespace),
        this.sourceOf('ReplicaSet', namespace),
      ],
      () => this.findPodsOfWorkload(namespace, kind, name),
    );
  }

  private findPodsOfWorkload(
    namespace: string,
    kind: string,
    name: string,
  ): readonly Pod[] {
    if (kind === 'Pod') {
      const pod = this.get('Pod', namespace, name);
      return pod ? [pod] : NONE;
    }
    const key = `${namespace}/${kind}/${name}`;
    const found = new Set(this.podsByController.get(key));
    for (const replicaSet of this.replicaSetsByController.get(key)) {
      const owned = `${namespace}/ReplicaSet/${replicaSet.metadata.name}`;
      for (const pod of this.podsByController.get(owned)) {
        found.add(pod);
      }
    }
    for (const pod of this.podsByDerivedDeployment.get(key)) {
      const owner = controllerOf(pod.spec.owners);
      if (owner && !this.get('ReplicaSet', namespace, owner.name)) {
        found.add(pod);
      }
    }
    return [...found].sort(compareByAge);
  }

  private sourceOf(kind: MeshKind, namespace: string | undefined): Source {
    return namespace === undefined
      ? this.kindContents(kind)
      : this.namespaceContents(kind, namespace);
  }

  private note(kind: MeshKind, namespace: string | undefined): void {
    if (isObserved()) {
      noteRead(this.sourceOf(kind, namespace));
    }
  }

  private contentsOf<K extends MeshKind>(
    kind: K,
  ): KindContents<SlimObjectByKind[K]> | undefined {
    // Every object is filed under its own kind, so the contents of a kind hold nothing else.
    return this.kinds.get(kind) as
      | KindContents<SlimObjectByKind[K]>
      | undefined;
  }

  private upsert(object: MeshObject): boolean {
    const { kind, metadata } = object;
    const contents = this.namespaceContents(kind, metadata.namespace);
    const before = contents.get(metadata.name);
    if (before) {
      if (sameContent(before, object)) {
        return false;
      }
      this.kindContents(kind).remove(before, contents);
      this.index(before, 'remove');
    }
    this.kindContents(kind).add(object, contents);
    this.index(object, 'add');
    return true;
  }

  private delete(kind: MeshKind, namespace: string, name: string): boolean {
    const object = this.contentsOf(kind)?.get(namespace, name);
    if (object === undefined) {
      return false;
    }
    const contents = this.namespaceContents(kind, namespace);
    this.kindContents(kind).remove(object, contents);
    this.index(object, 'remove');
    return true;
  }

  private index(object: MeshObject, change: 'add' | 'remove'): void {
    const { namespace } = object.metadata;
    switch (object.kind) {
      case 'Pod':
        changeIndex(this.pods, PodIndex, change, object);
        this.indexPodOwner(object, change);
        break;
      case 'Service':
        changeIndex(this.services, ServiceIndex, change, object);
        break;
      case 'EndpointSlice':
        if (object.spec.serviceName !== '') {
          this.slices[change](
            `${namespace}/${object.spec.serviceName}`,
            object,
          );
        }
        break;
      case 'ReplicaSet': {
        const owner = controllerOf(object.spec.owners);
        if (owner) {
          this.replicaSetsByController[change](
            `${namespace}/${owner.kind}/${owner.name}`,
            object,
          );
        }
        break;
      }
      default:
    }
  }

  private indexPodOwner(pod: Pod, change: 'add' | 'remove'): void {
    const owner = controllerOf(pod.spec.owners);
    if (owner === undefined) {
      return;
    }
    const { namespace } = pod.metadata;
    this.podsByController[change](
      `${namespace}/${owner.kind}/${owner.name}`,
      pod,
    );
    const deployment =
      owner.kind === 'ReplicaSet'
        ? deploymentByHash(owner.name, pod)
        : undefined;
    if (deployment !== undefined) {
      this.podsByDerivedDeployment[change](
        `${namespace}/Deployment/${deployment}`,
        pod,
      );
    }
  }

  private kindContents(kind: MeshKind): KindContents<MeshObject> {
    return indexOf(this.kinds, kind, () => new KindContents<MeshObject>());
  }

  private namespaceContents(
    kind: MeshKind,
    namespace: string,
  ): NamespaceContents<MeshObject> {
    return indexOf(
      this.kindContents(kind).namespaces,
      namespace,
      () =>
        new NamespaceContents<MeshObject>(
          namespace === ''
            ? undefined
            : indexOf(this.changes, namespace, () => new NamespaceChanges()),
        ),
    );
  }
}

function indexOf<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = create();
    map.set(key, value);
  }
  return value;
}

interface NamespaceIndex<T> {
  readonly isEmpty: boolean;
  add(object: T): void;
  remove(object: T): void;
}

/** Changes the index of the object's namespace, which is there as long as it holds something. */
function changeIndex<T extends MeshObject, I extends NamespaceIndex<T>>(
  indexes: Map<string, I>,
  Index: new () => I,
  change: 'add' | 'remove',
  object: T,
): void {
  const { namespace } = object.metadata;
  const index = indexOf(indexes, namespace, () => new Index());
  index[change](object);
  if (index.isEmpty) {
    indexes.delete(namespace);
  }
}

/** A snapshot of exactly these objects. */
export function snapshotOf(objects: Iterable<MeshObject>): SnapshotStore {
  const store = new SnapshotStore();
  store.apply(
    Array.from(objects, object => ({ type: 'upsert' as const, object })),
  );
  return store;
}
