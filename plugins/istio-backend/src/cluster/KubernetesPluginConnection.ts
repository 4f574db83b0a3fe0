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

import type {
  AuthService,
  DiscoveryService,
} from '@backstage/backend-plugin-api';
import {
  ClusterRequestError,
  type ClusterConnection,
  type KindAddress,
  type ListPage,
  type ServiceProxyTarget,
  type WatchEvent,
} from './ClusterConnection';
import { bodyChunks, bodyText } from './bodyChunks';
import { deadline } from './deadline';
import { kindPath, serviceProxyPath } from './kindPath';
import { messageOf } from './messageOf';
import { watchEvents } from './watchStream';

const CLUSTER_HEADER = 'Backstage-Kubernetes-Cluster';

/** How long one page of a list may take, milliseconds. */
const LIST_TIMEOUT_MS = 60_000;

/** How much longer than asked for a watch may stay open before it counts as dead, milliseconds. */
const WATCH_GRACE_MS = 30_000;

/** The error of a response that is not OK, told apart by who answered: the API server or the Kubernetes plugin. */
async function failureOf(response: Response): Promise<ClusterRequestError> {
  const { status, statusText } = response;
  const text = (await response.text().catch(() => '')).slice(0, 2000);
  const fallback = `HTTP ${status} ${statusText}`.trim();
  try {
    const body = JSON.parse(text);
    if (typeof body?.error?.message === 'string') {
      return pluginFailure(status, body.error.message);
    }
    const message = typeof body?.message === 'string' ? body.message : '';
    return ClusterRequestError.fromStatus(status, message || fallback);
  } catch {
    // Not JSON: the API server's plain 404, a gateway or a login page. The status says enough.
    return ClusterRequestError.fromStatus(status, fallback);
  }
}

/** The Kubernetes plugin refuses or fails: that says nothing about any kind of the cluster. */
function pluginFailure(status: number, message: string): ClusterRequestError {
  if (status === 401 || status === 403) {
    return new ClusterRequestError(
      'unauthorized',
      `The Kubernetes plugin refused: ${message}`,
    );
  }
  return new ClusterRequestError('unreachable', message);
}

function readPage(body: unknown): ListPage {
  if (typeof body !== 'object' || body === null || !('items' in body)) {
    throw new ClusterRequestError(
      'malformed',
      'The API server answered a list with something that is not a list',
    );
  }
  const { items, metadata } = body as {
    items: unknown;
    metadata?: { resourceVersion?: unknown; continue?: unknown };
  };
  const token = metadata?.continue;
  return {
    items: Array.isArray(items) ? items : [],
    resourceVersion:
      typeof metadata?.resourceVersion === 'string'
        ? metadata.resourceVersion
        : '',
    ...(typeof token === 'string' && token !== ''
      ? { continueToken: token }
      : {}),
  };
}

/**
 * Reads a cluster through the Kubernetes plugin, so that every authentication strategy and cluster locator it knows
 * works here. It is called with this plugin's own credentials; what a user may see is decided before.
 */
export class KubernetesPluginConnection implements ClusterConnection {
  constructor(
    readonly name: string,
    readonly title: string | undefined,
    private readonly discovery: DiscoveryService,
    private readonly auth: AuthService,
  ) {}

  async list(
    address: KindAddress,
    options: { limit: number; continueToken?: string; signal: AbortSignal },
  ): Promise<ListPage> {
    const query = new URLSearchParams({ limit: String(options.limit) });
    if (options.continueToken !== undefined) {
      query.set('continue', options.continueToken);
    }
    const { signal, release } = deadline(options.signal, LIST_TIMEOUT_MS);
    try {
      const response = await this.get(kindPath(address), query, signal);
      return readPage(JSON.parse(await bodyText(response, signal)));
    } catch (error) {
      throw error instanceof SyntaxError
        ? new ClusterRequestError(
            'malformed',
            'The API server answered a list with something that is not JSON',
            { cause: error },
          )
        : this.asRequestError(error);
    } finally {
      release();
    }
  }

  async *watch(
    address: KindAddress,
    options: {
      resourceVersion: string;
      timeoutSeconds: number;
      signal: AbortSignal;
    },
  ): AsyncGenerator<readonly WatchEvent[]> {
    const query = new URLSearchParams({
      watch: 'true',
      allowWatchBookmarks: 'true',
      resourceVersion: options.resourceVersion,
      timeoutSeconds: String(options.timeoutSeconds),
    });
    const { signal, release } = deadline(
      options.signal,
      options.timeoutSeconds * 1000 + WATCH_GRACE_MS,
    );
    try {
      const response = await this.get(kindPath(address), query, signal);
      // The watch is open: that is news even while nothing changes.
      yield [];
      if (response.body !== null) {
        yield* watchEvents(bodyChunks(response.body, signal));
      }
    } catch (error) {
      throw this.asRequestError(error);
    } finally {
      release();
    }
  }

  async getThroughServiceProxy(
    service: ServiceProxyTarget,
    path: string,
    query: URLSearchParams,
    signal: AbortSignal,
  ): Promise<Response> {
    return this.request(`${serviceProxyPath(service)}${path}`, query, signal);
  }

  private async get(
    path: string,
    query: URLSearchParams,
    signal: AbortSignal,
  ): Promise<Response> {
    const response = await this.request(path, query, signal);
    if (!response.ok) {
      throw await failureOf(response);
    }
    return response;
  }

  private async request(
    path: string,
    query: URLSearchParams,
    signal: AbortSignal,
  ): Promise<Response> {
    try {
      const [baseUrl, { token }] = await Promise.all([
        this.discovery.getBaseUrl('kubernetes'),
        this.auth.getPluginRequestToken({
          onBehalfOf: await this.auth.getOwnServiceCredentials(),
          targetPluginId: 'kubernetes',
        }),
      ]);
      return await fetch(`${baseUrl}/proxy${path}?${query}`, {
        headers: {
          Authorization: `Bearer ${token}`,
          [CLUSTER_HEADER]: this.name,
          Accept: 'application/json',
          // The portal's HTTP server compresses answers, and would hold events of a watch back until a block is full.
          'Accept-Encoding': 'identity',
        },
        redirect: 'error',
        signal,
      });
    } catch (error) {
      throw this.asRequestError(error);
    }
  }

  private asRequestError(error: unknown): ClusterRequestError {
    return error instanceof ClusterRequestError
      ? error
      : new ClusterRequestError('unreachable', messageOf(error), {
          cause: error,
        });
  }
}
