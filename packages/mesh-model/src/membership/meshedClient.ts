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

import { resolveRevision } from '../identity';
import type { MeshSnapshot } from '../snapshot';
import { captureWishOf } from './captureWish';
import { defaultClient, type Client } from './client';
import { injectionOf } from './injection';

/**
 * What a new workload of a namespace that takes part in the mesh would be as a caller: behind a sidecar of the revision that
 * injects there, else captured by ztunnel where that is asked for. A namespace that asks for neither is answered for as if
 * it had sidecars. R2.4, R2.7, R2.9
 */
export function meshedClientOf(
  snapshot: MeshSnapshot,
  namespace: string,
): Client {
  const client = defaultClient(namespace);
  const pod = { namespace, labels: {}, annotations: {}, hostNetwork: false };
  const { injected, servedBy, revision } = injectionOf(snapshot, pod);
  if (!injected) {
    return captureWishOf(snapshot, pod).captured
      ? { ...client, proxy: 'ambient' }
      : client;
  }
  // Without webhooks to be seen, `default` only says that the namespace asks for some injector.
  const named = revision === 'default' ? undefined : revision;
  const serving =
    servedBy ??
    (named === undefined ? undefined : resolveRevision(snapshot, named));
  return serving === undefined ? client : { ...client, revision: serving };
}
