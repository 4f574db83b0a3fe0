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

import type { K8sListener } from '../../objects';
import { GATEWAY_API } from './references';

/** A kind of route, as a listener's status names it. */
export interface RouteKind {
  group: string;
  kind: string;
}

const KINDS_OF_PROTOCOL: Readonly<Record<string, readonly string[]>> = {
  HTTP: ['HTTPRoute', 'GRPCRoute'],
  HTTPS: ['HTTPRoute', 'GRPCRoute'],
  TCP: ['TCPRoute'],
};

function possibleKinds({ protocol, tls }: K8sListener): readonly string[] {
  if (protocol === 'TLS') {
    return tls?.mode === 'Terminate' ? ['TLSRoute', 'TCPRoute'] : ['TLSRoute'];
  }
  return Object.hasOwn(KINDS_OF_PROTOCOL, protocol)
    ? KINDS_OF_PROTOCOL[protocol]
    : [];
}

/** Which kinds of routes may attach to a listener, and whether all the kinds it names are possible. R7.15, R7.23 */
export function supportedRouteKinds(listener: K8sListener): {
  kinds: readonly RouteKind[];
  valid: boolean;
} {
  const possible = possibleKinds(listener).map(kind => ({
    group: GATEWAY_API,
    kind,
  }));
  const asked = listener.allowedRoutes?.kinds ?? [];
  if (asked.length === 0) {
    return { kinds: possible, valid: true };
  }
  const kinds = possible.filter(supported =>
    asked.some(
      item =>
        item.kind === supported.kind &&
        (item.group ?? GATEWAY_API) === supported.group,
    ),
  );
  return { kinds, valid: kinds.length === asked.length };
}
