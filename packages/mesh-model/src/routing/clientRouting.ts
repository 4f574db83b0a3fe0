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

import type { Client } from '../membership';

/**
 * Why routes for the mesh do not act at this client; `undefined` when its own sidecar applies them. What is not known
 * here is said, never assumed.
 */
export function whyNotRouted(client: Client): string | undefined {
  switch (client.proxy) {
    case 'sidecar':
    case 'native-sidecar':
    case 'vm':
      return undefined;
    case 'ambient':
    case 'ztunnel':
      return 'The client is in ambient mode: ztunnel routes no HTTP and applies no VirtualService, and no waypoint of the service stands in between';
    case 'waypoint':
      return 'A waypoint applies routes only for services that are bound to it, and this one is not';
    case 'gateway':
      return 'A gateway applies the routes bound to its own listeners, not those of the mesh: see the exposure of the service';
    default:
      return 'The client has no proxy of the mesh: nothing routes its requests, Kubernetes balances its connections over the ready pods';
  }
}
