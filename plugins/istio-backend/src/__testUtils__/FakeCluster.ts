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
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

/** An object as the API gives it. */
export interface RawObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    labels?: object;
    annotations?: object;
    ownerReferences?: object[];
    creationTimestamp?: string;
  };
  spec?: object;
  status?: object;
}

/** What a test may make the server do instead of answering well. Gives true when it answered itself. */
export type Fault = (
  request: IncomingMessage,
  response: ServerResponse,
) => boolean;

interface Watcher {
  path: string;
  response: ServerResponse;
}

function collectionOf(prefix: string, object: RawObject): string {
  const root = object.apiVersion.includes('/') ? 'apis' : 'api';
  const plural = `${object.kind.toLowerCase()}s`
    .replace(/ys$/, 'ies')
    .replace(/sss$/, 'sses');
  return `${prefix}/${root}/${object.apiVersion}/${plural}`;
}

/**
 * A Kubernetes API that lists and watches what a test puts in, pages, resumes, and fails on demand. It is small on
 * purpose: faults of the transport are easier to stage here than in the demo mesh.
 */
export class FakeCluster {
  readonly requests: string[] = [];
  fault: Fault | undefined;
  private readonly collections = new Map<string, Map<string, RawObject>>();
  private readonly watchers = new Set<Watcher>();
  private readonly history: { path: string; version: number; line: string }[] =
    [];
  private version = 100;
  private constructor(
    private readonly server: Server,
    private readonly prefix: string,
  ) {}

  /**
   * @param prefix - of every path, as of a proxy in front of it
   */
  static async start(prefix = ''): Promise<FakeCluster> {
    const server = createServer();
    const cluster = new FakeCluster(server, prefix);
    server.on('request', (request, response) =>
      cluster.answer(request, response),
    );
    await new Promise<void>(resolve => {
      server.listen(0, '127.0.0.1', resolve);
    });
    return cluster;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise(resolve => this.server.close(resolve));
  }

  /** Adds or replaces an object and tells the watchers. */
  put(object: RawObject): void {
    const path = collectionOf(this.prefix, object);
    const objects = this.collections.get(path) ?? new Map();
    this.collections.set(path, objects);
    const key = `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
    const type = objects.has(key) ? 'MODIFIED' : 'ADDED';
    objects.set(key, this.stamped(object));
    this.notify(path, type, objects.get(key) ?? object);
  }

  /** Removes an object and tells the watchers. */
  remove(object: RawObject): void {
    const path = collectionOf(this.prefix, object);
    const key = `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
    this.collections.get(path)?.delete(key);
    this.notify(path, 'DELETED', this.stamped(object));
  }

  /** Removes an object without telling anybody, as when a watch missed it. */
  removeSilently(object: RawObject): void {
    const key = `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
    this.collections.get(collectionOf(this.prefix, object))?.delete(key);
  }

  /** Sends a raw line to the watchers of a collection, for example garbage or an error event. */
  sendLine(path: string, line: string): void {
    for (const watcher of this.watchers) {
      if (watcher.path === path) {
        watcher.response.write(`${line}\n`);
      }
    }
  }

  /** Breaks the connections of all watchers. */
  breakWatches(): void {
    for (const watcher of this.watchers) {
      watcher.response.destroy();
    }
  }

  watching(path: string): boolean {
    return [...this.watchers].some(watcher => watcher.path === path);
  }

  private stamped(object: RawObject): RawObject {
    this.version++;
    return {
      ...object,
      metadata: {
        ...object.metadata,
        ...{ resourceVersion: String(this.version) },
      },
    };
  }

  private notify(path: string, type: string, object: RawObject): void {
    const line = JSON.stringify({ type, object });
    this.history.push({ path, version: this.version, line });
    this.sendLine(path, line);
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    this.requests.push(`${request.method} ${request.url}`);
    if (this.fault?.(request, response)) {
      return;
    }
    const url = new URL(request.url ?? '/', 'http://cluster');
    const namespaced = /^(.*)\/namespaces\/([^/]+)\/([^/]+)$/.exec(
      url.pathname,
    );
    const path = namespaced
      ? `${namespaced[1]}/${namespaced[3]}`
      : url.pathname;
    if (url.searchParams.get('watch') === 'true') {
      this.watch(
        path,
        Number(url.searchParams.get('resourceVersion')),
        response,
      );
      return;
    }
    const all = [...(this.collections.get(path)?.values() ?? [])].filter(
      ({ metadata }) => !namespaced || metadata.namespace === namespaced[2],
    );
    const limit = Number(url.searchParams.get('limit') ?? '500');
    const start = Number(url.searchParams.get('continue') ?? '0');
    const next = start + limit < all.length ? String(start + limit) : undefined;
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({
        kind: 'List',
        metadata: { resourceVersion: String(this.version), continue: next },
        items: all.slice(start, start + limit),
      }),
    );
  }

  private watch(path: string, since: number, response: ServerResponse): void {
    const watcher = { path, response };
    this.watchers.add(watcher);
    response.on('close', () => this.watchers.delete(watcher));
    response.setHeader('content-type', 'application/json');
    response.flushHeaders();
    for (const event of this.history) {
      if (event.path === path && event.version > since) {
        response.write(`${event.line}\n`);
      }
    }
  }
}

/** Answers with a Kubernetes `Status`. */
export function answerStatus(
  response: ServerResponse,
  code: number,
  message: string,
): true {
  response.statusCode = code;
  response.setHeader('content-type', 'application/json');
  response.end(
    JSON.stringify({ kind: 'Status', status: 'Failure', code, message }),
  );
  return true;
}
