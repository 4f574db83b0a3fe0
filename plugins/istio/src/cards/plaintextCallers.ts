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

import type { MtlsCaller } from '@mesh-portal/backstage-plugin-istio-common';

/** A caller by name. Without a proxy it sends no identity, so metrics cannot name it. */
export function nameOfCaller(caller: {
  namespace: string;
  workload: string;
}): string {
  return caller.workload === 'unknown'
    ? 'a caller without proxy'
    : `${caller.namespace}/${caller.workload}`;
}

/** Names of those who sent plaintext, the busiest first, three at most. */
export function plaintextCallers(callers: MtlsCaller[]): string[] {
  const traffic = (caller: MtlsCaller) =>
    (caller.requestsPerSecond ?? 0) + (caller.tcpConnectionsPerSecond ?? 0);
  const names = callers
    .filter(
      caller =>
        caller.mutualTlsShare !== undefined && caller.mutualTlsShare < 1,
    )
    .sort((a, b) => traffic(b) - traffic(a))
    .map(nameOfCaller);
  const unique = [...new Set(names)];
  return unique.length > 3
    ? [...unique.slice(0, 3), `${unique.length - 3} more`]
    : unique;
}
