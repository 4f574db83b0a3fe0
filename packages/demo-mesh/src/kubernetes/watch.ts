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

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { JsonObject, KubernetesObject } from './object';
import type { ResourceDefinition } from './resourceDefinition';
import { apiVersionOf, resourceName } from './resources';
import { gone } from './statusError';
import type { ObjectStore } from './store';
import type { ChangeType, ObjectChange } from './storeTypes';

const BOOKMARK_INTERVAL_MS = 15_000;
const DEFAULT_TIMEOUT_S = 1_800;

/** One watch request. */
export interface WatchRequest {
  readonly store: ObjectStore;
  readonly definition: ResourceDefinition;
  readonly version: string;
  readonly selected: (object: KubernetesObject) => boolean;
  readonly encode: (object: KubernetesObject) => JsonObject;
  readonly query: URLSearchParams;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** The event a watcher with this selection sees; an object that enters or leaves the selection is added or deleted. */
function visibleEvent(
  change: ObjectChange,
  selected: (object: KubernetesObject) => boolean,
): ChangeType | undefined {
  const before = change.previous !== undefined && selected(change.previous);
  const after = change.type !== 'DELETED' && selected(change.object);
  if (before && after) {
    return 'MODIFIED';
  }
  if (after) {
    return 'ADDED';
  }
  return before ? 'DELETED' : undefined;
}

/**
 * Streams changes as JSON lines until the client leaves or `timeoutSeconds` pass. A resourceVersion from before the
 * history begins gets one ERROR event with a 410 Status, as Kubernetes answers.
 */
export function serveWatch(watch: WatchRequest): void {
  const {
    store,
    definition,
    version,
    selected,
    encode,
    query,
    request,
    response,
  } = watch;
  const resource = resourceName(definition);
  const from = query.get('resourceVersion') ?? '';
  const bookmarks = ['true', '1'].includes(
    query.get('allowWatchBookmarks') ?? '',
  );
  response.writeHead(200, {
    'content-type': 'application/json',
    'cache-control': 'no-cache, private',
  });
  response.flushHeaders();
  const send = (type: string, object: JsonObject) => {
    response.write(`${JSON.stringify({ type, object })}\n`);
  };
  const bookmark = (annotations?: JsonObject) =>
    send('BOOKMARK', {
      kind: definition.kind,
      apiVersion: apiVersionOf(definition.group, version),
      metadata: {
        resourceVersion: String(store.resourceVersion),
        creationTimestamp: null,
        ...(annotations ? { annotations } : {}),
      },
    });
  const deliver = (change: ObjectChange) => {
    const type =
      change.resource === resource ? visibleEvent(change, selected) : undefined;
    if (type) {
      send(type, encode(change.object));
    }
  };
  const initial = query.get('sendInitialEvents') === 'true';
  if (initial || from === '' || from === '0') {
    for (const object of store.list(resource).filter(selected)) {
      send('ADDED', encode(object));
    }
    if (initial && bookmarks) {
      bookmark({ 'k8s.io/initial-events-end': 'true' });
    }
  } else {
    const missed = store.changesSince(resource, Number(from));
    if (!missed) {
      send(
        'ERROR',
        gone(
          `too old resource version: ${from} (${store.resourceVersion})`,
        ).toStatus(),
      );
      response.end();
      return;
    }
    for (const change of missed) {
      deliver(change);
    }
  }
  const unsubscribe = store.onChange(deliver);
  const ticker = bookmarks
    ? setInterval(() => bookmark(), BOOKMARK_INTERVAL_MS)
    : undefined;
  const seconds = Number(query.get('timeoutSeconds') ?? 0) || DEFAULT_TIMEOUT_S;
  const timeout = setTimeout(() => response.end(), seconds * 1000);
  const close = () => {
    unsubscribe();
    clearInterval(ticker);
    clearTimeout(timeout);
  };
  request.on('close', close);
  response.on('close', close);
}
