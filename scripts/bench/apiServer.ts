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

import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import {
  largeMesh,
  scaled,
  TARGET_SIZE,
} from '../../packages/mesh-model/bench/largeMesh';

// Serves a generated mesh the way the Kubernetes plugin does: its list of clusters, and lists and watches below /proxy.
// A process of its own, so that its memory and CPU do not count for the back end that is measured. Prints its address; a
// line on standard input, `/api/v1/pods` for example, changes a label of the last object of that collection and sends
// the event to its watches.

const PAGE_TYPE = { 'content-type': 'application/json' };

interface Collection {
  apiVersion: string;
  items: string[];
}

const PLURALS: Readonly<Record<string, string>> = {
  AuthorizationPolicy: 'authorizationpolicies',
  ServiceEntry: 'serviceentries',
};

function collectionPath(apiVersion: string, kind: string): string {
  const plural = PLURALS[kind] ?? `${kind.toLowerCase()}s`;
  return `${
    apiVersion.includes('/') ? '/apis' : '/api'
  }/${apiVersion}/${plural}`;
}

const collections = new Map<string, Collection>();
for (const object of largeMesh(scaled(TARGET_SIZE, Number(process.argv[2])))) {
  const path = collectionPath(object.apiVersion, object.kind);
  const collection = collections.get(path) ?? {
    apiVersion: object.apiVersion,
    items: [],
  };
  collections.set(path, collection);
  collection.items.push(JSON.stringify(object));
}

const watches = new Map<string, Set<ServerResponse>>();
const VERSION = '1000000';

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://bench');
  if (url.pathname === '/clusters') {
    response.writeHead(200, PAGE_TYPE);
    response.end(
      JSON.stringify({
        items: [{ name: 'bench', authProvider: 'serviceAccount' }],
      }),
    );
    return;
  }
  const namespace = /\/namespaces\/([^/]+)\//.exec(url.pathname)?.[1];
  const path = url.pathname
    .replace(/^\/proxy/, '')
    .replace(/\/namespaces\/[^/]+\//, '/');
  const collection = collections.get(path);
  if (url.searchParams.get('watch')) {
    response.writeHead(200, PAGE_TYPE);
    response.flushHeaders();
    const open = watches.get(path) ?? new Set();
    watches.set(path, open);
    open.add(response);
    response.on('close', () => open.delete(response));
    return;
  }
  const all = (collection?.items ?? []).filter(
    item => !namespace || item.includes(`"namespace":"${namespace}"`),
  );
  const start = Number(url.searchParams.get('continue') ?? 0);
  const limit = Number(url.searchParams.get('limit') ?? all.length);
  const next = start + limit < all.length ? String(start + limit) : undefined;
  response.writeHead(200, PAGE_TYPE);
  response.end(
    `{"kind":"List","apiVersion":"v1","metadata":{"resourceVersion":"${VERSION}"${
      next ? `,"continue":"${next}"` : ''
    }},"items":[${all.slice(start, start + limit).join(',')}]}`,
  );
});

let changes = 0;
createInterface(process.stdin).on('line', path => {
  const last = JSON.parse(collections.get(path)?.items.at(-1) ?? '{}');
  changes += 1;
  last.metadata.labels = { ...last.metadata.labels, changed: `${changes}` };
  last.metadata.resourceVersion = String(Number(VERSION) + changes);
  const line = `${JSON.stringify({ type: 'MODIFIED', object: last })}\n`;
  for (const response of watches.get(path) ?? []) response.write(line);
});
process.stdin.on('end', () => process.exit(0));

server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  const bytes = [...collections.values()]
    .flatMap(({ items }) => items)
    .reduce((sum, item) => sum + item.length, 0);
  console.log(JSON.stringify({ url: `http://127.0.0.1:${port}`, bytes }));
});
