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

import type { KindDefinition } from '@mesh-portal/mesh-model';

/** One page of a list. `continueToken` is absent on the last page. */
export interface ListPage {
  items: readonly unknown[];
  resourceVersion: string;
  continueToken?: string;
}

/** One line of a watch: the object is raw JSON as the API server sent it. */
export interface WatchEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  object: unknown;
}

/** Where to read: a kind of the closed table, at one of its versions, in one namespace or all. */
export interface KindAddress {
  kind: KindDefinition;
  version: string;
  namespace?: string;
}

/**
 * How one cluster is read. There is no way to give a path: only kinds of the closed table, and only `GET`.
 *
 * Failures reject with {@link ClusterRequestError}.
 */
export interface ClusterConnection {
  /** the name the Kubernetes plugin knows the cluster by */
  readonly name: string;
  readonly title?: string;

  list(
    address: KindAddress,
    options: { limit: number; continueToken?: string; signal: AbortSignal },
  ): Promise<ListPage>;

  /** An empty batch when the watch is open, then one batch for what arrived together. Ends when the server ends it. */
  watch(
    address: KindAddress,
    options: {
      resourceVersion: string;
      timeoutSeconds: number;
      signal: AbortSignal;
    },
  ): AsyncIterable<readonly WatchEvent[]>;

  /** `GET` on a Service through the API server's proxy; only for the Prometheus of the configuration. */
  getThroughServiceProxy(
    service: ServiceProxyTarget,
    path: string,
    query: URLSearchParams,
    signal: AbortSignal,
  ): Promise<Response>;
}

/** A port of a Service that the API server forwards to. */
export interface ServiceProxyTarget {
  namespace: string;
  service: string;
  port: string;
}

/** Why the cluster did not answer as asked. */
export type ClusterFailure =
  | 'absent'
  | 'forbidden'
  | 'unauthorized'
  | 'expired'
  | 'throttled'
  | 'unreachable'
  | 'malformed';

const FAILURE_BY_STATUS = new Map<number, ClusterFailure>([
  [401, 'unauthorized'],
  [403, 'forbidden'],
  [404, 'absent'],
  [405, 'absent'],
  [410, 'expired'],
  [429, 'throttled'],
]);

/** A request to a cluster that failed; `failure` says how the synchronisation must go on. */
export class ClusterRequestError extends Error {
  constructor(
    readonly failure: ClusterFailure,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'ClusterRequestError';
  }

  /** Classifies an HTTP status of the API server (or of a gateway before it). */
  static fromStatus(status: number, message: string): ClusterRequestError {
    return new ClusterRequestError(
      FAILURE_BY_STATUS.get(status) ?? 'unreachable',
      message,
    );
  }
}
