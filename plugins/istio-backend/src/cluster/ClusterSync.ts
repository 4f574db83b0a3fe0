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

import { setMaxListeners } from 'node:events';
import {
  KINDS,
  SnapshotStore,
  type MeshKind,
  type MeshObject,
  type MeshSnapshot,
  type ObjectChange,
  type SlimObjectByKind,
} from '@mesh-portal/mesh-model';
import type { ClusterStatus } from '@mesh-portal/backstage-plugin-istio-common';
import { ChangeLog, type SeenChange } from './ChangeLog';
import type { ClusterConnection } from './ClusterConnection';
import { clusterStatus } from './clusterStatus';
import { Gate } from './Gate';
import {
  DEFAULT_TIMING,
  KindSync,
  type KindSink,
  type SyncTiming,
} from './KindSync';

/** How many kinds are listed at a time: bounds the memory of the first synchronisation. */
const PARALLEL_LISTS = 4;

/** One kind, or one namespace of it, with its synchronisation. */
export interface KindEntry {
  kind: MeshKind;
  namespace?: string;
  sync: KindSync;
}

export interface ClusterSyncOptions {
  connection: ClusterConnection;
  /** The namespaces whose ConfigMaps named `istio*` are read. */
  configMapNamespaces: readonly string[];
  timing?: Partial<SyncTiming>;
  now?: () => number;
}

/**
 * Keeps the snapshot of one cluster warm. Reading the snapshot never asks the cluster; the last good one keeps
 * serving while the cluster cannot be reached.
 */
export class ClusterSync {
  private readonly store = new SnapshotStore();
  private readonly stopping = new AbortController();
  private readonly entries: KindEntry[];
  private readonly now: () => number;
  private readonly changeLog: ChangeLog;
  private readonly startedAt: number;
  private heardAt: number | undefined;
  private running: Promise<void>[] = [];

  constructor(private readonly options: ClusterSyncOptions) {
    this.now = options.now ?? Date.now;
    this.changeLog = new ChangeLog(this.now);
    this.startedAt = this.now();
    const timing = { ...DEFAULT_TIMING, ...options.timing };
    const gate = new Gate(PARALLEL_LISTS);
    this.entries = KINDS.flatMap(definition =>
      this.scopesOf(definition.kind).map(namespace => ({
        kind: definition.kind,
        namespace,
        sync: new KindSync(
          options.connection,
          definition,
          namespace,
          this.sinkOf(definition.kind, namespace),
          gate,
          timing,
        ),
      })),
    );
  }

  get connection(): ClusterConnection {
    return this.options.connection;
  }

  get name(): string {
    return this.options.connection.name;
  }

  get snapshot(): MeshSnapshot {
    return this.store;
  }

  /** What this process saw change, and since when it looks (epoch milliseconds). */
  get changes(): { since: number; seen: readonly SeenChange[] } {
    return { since: this.startedAt, seen: this.changeLog.latest() };
  }

  /** Begins to read; does not wait. */
  start(): void {
    // Every kind listens several times; that is no leak.
    setMaxListeners(0, this.stopping.signal);
    this.running = this.entries.map(({ sync }) =>
      sync.run(this.stopping.signal),
    );
  }

  /** Ends all watches and waits for them. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.running);
  }

  /** How the cluster stands: a fact of every answer that was made from it. */
  status(): ClusterStatus {
    return clusterStatus({
      name: this.name,
      title: this.options.connection.title,
      entries: this.entries,
      ageSeconds:
        this.heardAt === undefined
          ? undefined
          : Math.max(0, (this.now() - this.heardAt) / 1000),
      snapshot: this.store,
    });
  }

  private scopesOf(kind: MeshKind): readonly (string | undefined)[] {
    return kind === 'ConfigMap'
      ? [...new Set(this.options.configMapNamespaces)]
      : [undefined];
  }

  private sinkOf(kind: MeshKind, namespace: string | undefined): KindSink {
    return {
      heard: () => {
        this.heardAt = this.now();
      },
      replace: objects => this.replace(kind, namespace, objects),
      apply: changes => {
        const read = changes.filter(isRead);
        this.changeLog.note(this.store, read);
        this.store.apply(read);
      },
    };
  }

  private replace(
    kind: MeshKind,
    namespace: string | undefined,
    objects: readonly MeshObject[],
  ): void {
    const read = objects.filter(object =>
      isRead({ type: 'upsert', object }),
    ) as SlimObjectByKind[MeshKind][];
    if (namespace === undefined) {
      this.store.replaceKind(kind, read);
      return;
    }
    const names = new Set(read.map(({ metadata }) => metadata.name));
    const gone = this.store
      .list(kind, namespace)
      .filter(({ metadata }) => !names.has(metadata.name));
    this.store.apply([
      ...gone.map(({ metadata }) => ({
        type: 'delete' as const,
        kind,
        namespace,
        name: metadata.name,
      })),
      ...read.map(object => ({ type: 'upsert' as const, object })),
    ]);
  }
}

/** Of ConfigMaps only those of Istio are kept. */
function isRead(change: ObjectChange): boolean {
  return (
    change.type === 'delete' ||
    change.object.kind !== 'ConfigMap' ||
    change.object.metadata.name.startsWith('istio')
  );
}
