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

import {
  projectWithRefusals,
  type KindDefinition,
  type MeshKind,
  type MeshObject,
  type ObjectChange,
} from '@mesh-portal/mesh-model';
import { Backoff, pause } from './Backoff';
import {
  ClusterRequestError,
  type ClusterConnection,
  type ClusterFailure,
  type KindAddress,
  type WatchEvent,
} from './ClusterConnection';
import type { Gate } from './Gate';
import { messageOf } from './messageOf';

/** How one kind (in one namespace) stands. */
export interface KindState {
  /** `pending` until the first list ended, one way or the other */
  phase: 'pending' | 'watching' | 'failing';
  /** the kind was listed completely at least once */
  listed: boolean;
  failure?: ClusterFailure;
  message?: string;
}

/** Where the objects of a kind go. */
export interface KindSink {
  /** These are all there are. */
  replace(objects: readonly MeshObject[]): void;
  apply(changes: readonly ObjectChange[]): void;
  /** The API server was heard of. */
  heard(): void;
}

/** Times that tests shorten. */
export interface SyncTiming {
  /** after a failure, milliseconds: first wait and longest wait */
  retryFirstMs: number;
  retryMaxMs: number;
  /** how often an absent or forbidden kind is tried again, milliseconds */
  probeMs: number;
  watchSeconds: number;
  pageSize: number;
}

export const DEFAULT_TIMING: SyncTiming = {
  retryFirstMs: 500,
  retryMaxMs: 30_000,
  probeMs: 180_000,
  watchSeconds: 270,
  pageSize: 500,
};

/** A relist is due: the resource version is too old to resume from. */
class Expired extends Error {}

/** Kinds that every Kubernetes API serves: their absence means that something else answers. */
function isBuiltIn({ group }: KindDefinition): boolean {
  return (
    !group.includes('.') ||
    (group.endsWith('.k8s.io') && group !== 'gateway.networking.k8s.io')
  );
}

/** A watch that ended sooner than this counts as a failure, lest a server that closes at once be asked in a loop. */
const SHORT_WATCH_MS = 1_000;

/** The part of a raw object that names it. */
interface NamedRaw {
  metadata?: { name?: unknown; namespace?: unknown; resourceVersion?: unknown };
  code?: unknown;
  message?: unknown;
}

/**
 * Keeps one kind of one cluster up to date: list in pages, watch, resume where the watch ended, list again when the
 * version is too old, wait longer after each failure. What was read last stays until something newer is read.
 */
export class KindSync {
  readonly state: KindState = { phase: 'pending', listed: false };
  private readonly backoff: Backoff;
  private version: string;

  constructor(
    private readonly connection: ClusterConnection,
    private readonly kind: KindDefinition & { kind: MeshKind },
    private readonly namespace: string | undefined,
    private readonly sink: KindSink,
    private readonly listGate: Gate,
    private readonly timing: SyncTiming,
  ) {
    this.backoff = new Backoff(timing.retryFirstMs, timing.retryMaxMs);
    this.version = kind.versions[0];
  }

  /** Runs until `signal` aborts. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        const resourceVersion = await this.listGate.run(() =>
          this.list(signal),
        );
        await this.watchFrom(resourceVersion, signal);
      } catch (error) {
        if (error instanceof Expired) {
          // A server that always says "too old" must not be listed in a loop.
          await pause(this.backoff.next(), signal);
        } else if (!signal.aborted) {
          await this.recover(error, signal);
        }
      }
    }
  }

  private get address(): KindAddress {
    return {
      kind: this.kind,
      version: this.version,
      namespace: this.namespace,
    };
  }

  /** Lists all pages at the first version the server has, hands them over in one step. */
  private async list(signal: AbortSignal): Promise<string> {
    const { versions } = this.kind;
    let absent = new ClusterRequestError('absent', 'the kind has no versions');
    for (const version of versions) {
      try {
        this.version = version;
        return await this.listVersion(signal);
      } catch (error) {
        if (
          !(error instanceof ClusterRequestError) ||
          error.failure !== 'absent'
        ) {
          throw error;
        }
        absent = error;
      }
    }
    throw isBuiltIn(this.kind)
      ? new ClusterRequestError(
          'malformed',
          `The server does not know ${this.kind.plural}: it is not a Kubernetes API. Check the address of the cluster`,
        )
      : absent;
  }

  private async listVersion(signal: AbortSignal): Promise<string> {
    const objects: MeshObject[] = [];
    let continueToken: string | undefined;
    let resourceVersion = '';
    do {
      const page = await this.connection.list(this.address, {
        limit: this.timing.pageSize,
        continueToken,
        signal,
      });
      this.sink.heard();
      for (const item of page.items) {
        const object = projectWithRefusals(item, this.kind.kind);
        if (object) {
          objects.push(object);
        }
      }
      continueToken = page.continueToken;
      resourceVersion = page.resourceVersion;
    } while (continueToken !== undefined && !signal.aborted);
    signal.throwIfAborted();
    this.sink.replace(objects);
    this.state.listed = true;
    this.state.phase = 'watching';
    delete this.state.failure;
    delete this.state.message;
    this.backoff.reset();
    return resourceVersion;
  }

  /** Watches and resumes until the version is too old or the kind cannot be read any more. */
  private async watchFrom(
    listedVersion: string,
    signal: AbortSignal,
  ): Promise<void> {
    let resourceVersion = listedVersion;
    while (!signal.aborted) {
      const startedAt = Date.now();
      let received = false;
      try {
        const batches = this.connection.watch(this.address, {
          resourceVersion,
          timeoutSeconds: this.timing.watchSeconds,
          signal,
        });
        for await (const events of batches) {
          received ||= events.length > 0;
          this.heal();
          resourceVersion = this.applyEvents(events) ?? resourceVersion;
        }
        if (!received && Date.now() - startedAt < SHORT_WATCH_MS) {
          await pause(this.timing.retryFirstMs, signal);
        }
      } catch (error) {
        await this.resumeOrThrow(error, signal);
      }
    }
  }

  private heal(): void {
    this.sink.heard();
    this.backoff.reset();
    this.state.phase = 'watching';
    delete this.state.failure;
    delete this.state.message;
  }

  /** A broken connection resumes where it was; everything else starts over. */
  private async resumeOrThrow(
    error: unknown,
    signal: AbortSignal,
  ): Promise<void> {
    if (signal.aborted) {
      return;
    }
    if (error instanceof ClusterRequestError) {
      if (error.failure === 'expired') {
        throw new Expired();
      }
      if (error.failure === 'unreachable' || error.failure === 'throttled') {
        this.fail(error);
        await pause(this.backoff.next(), signal);
        return;
      }
    }
    throw error;
  }

  /** Applies one batch; gives the version to resume from. */
  private applyEvents(events: readonly WatchEvent[]): string | undefined {
    const changes: ObjectChange[] = [];
    let resourceVersion: string | undefined;
    for (const event of events) {
      if (event.type === 'ERROR') {
        this.sink.apply(changes);
        throwErrorEvent(event.object);
      }
      const raw = event.object as NamedRaw;
      const seen = raw?.metadata?.resourceVersion;
      if (typeof seen === 'string' && seen !== '') {
        resourceVersion = seen;
      }
      if (event.type !== 'BOOKMARK') {
        changes.push(...this.changeOf(event.type === 'DELETED', event.object));
      }
    }
    this.sink.apply(changes);
    return resourceVersion;
  }

  /** An object that cannot be read any more (it lost what makes it one) is gone for the model. */
  private changeOf(deleted: boolean, raw: unknown): ObjectChange[] {
    const object = deleted
      ? undefined
      : projectWithRefusals(raw, this.kind.kind);
    if (object) {
      return [{ type: 'upsert', object }];
    }
    const { name, namespace } = (raw as NamedRaw | null)?.metadata ?? {};
    if (typeof name !== 'string') {
      return [];
    }
    return [
      {
        type: 'delete',
        kind: this.kind.kind,
        namespace: typeof namespace === 'string' ? namespace : '',
        name,
      },
    ];
  }

  private fail(error: unknown): void {
    this.state.phase = 'failing';
    this.state.failure =
      error instanceof ClusterRequestError ? error.failure : 'malformed';
    this.state.message = messageOf(error);
  }

  private async recover(error: unknown, signal: AbortSignal): Promise<void> {
    this.fail(error);
    const { failure } = this.state;
    if (failure === 'absent') {
      // The server answered that the kind does not exist, so no object of it does.
      this.sink.heard();
      this.sink.replace([]);
    }
    const wait =
      failure === 'absent' || failure === 'forbidden'
        ? this.timing.probeMs
        : this.backoff.next();
    await pause(wait, signal);
  }
}

function throwErrorEvent(status: unknown): never {
  const { code, message } = (status ?? {}) as NamedRaw;
  const text = typeof message === 'string' ? message : 'the watch failed';
  throw ClusterRequestError.fromStatus(
    typeof code === 'number' ? code : 500,
    text,
  );
}
