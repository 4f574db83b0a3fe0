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

/** Why a listener cannot stand beside an earlier one of the same Gateway. */
export type ListenerConflict = 'HostnameConflict' | 'ProtocolConflict';

type Comparable = Pick<K8sListener, 'port' | 'protocol' | 'hostname'>;

const CONNECTION_PROTOCOLS = new Set(['TCP', 'UDP']);
const NAMED_PROTOCOLS = new Set(['HTTP', 'HTTPS', 'TLS']);

function hostOf(listener: Comparable): string {
  return (listener.hostname ?? '') || '*';
}

function conflictOf(
  listener: Comparable,
  earlier: Comparable,
): ListenerConflict | undefined {
  if (listener.port !== earlier.port) {
    return undefined;
  }
  const connections =
    CONNECTION_PROTOCOLS.has(listener.protocol) ||
    CONNECTION_PROTOCOLS.has(earlier.protocol);
  const named =
    NAMED_PROTOCOLS.has(listener.protocol) ||
    NAMED_PROTOCOLS.has(earlier.protocol);
  if (connections) {
    const both =
      CONNECTION_PROTOCOLS.has(listener.protocol) &&
      CONNECTION_PROTOCOLS.has(earlier.protocol);
    return both || named ? 'ProtocolConflict' : undefined;
  }
  const same =
    NAMED_PROTOCOLS.has(listener.protocol) &&
    NAMED_PROTOCOLS.has(earlier.protocol)
      ? hostOf(listener) === hostOf(earlier)
      : listener.protocol === earlier.protocol;
  if (!same) {
    return undefined;
  }
  return listener.protocol === earlier.protocol
    ? 'HostnameConflict'
    : 'ProtocolConflict';
}

/**
 * Which listeners lose against an earlier one on the same port. A listener that lost does not block others. The Gateway's
 * own listeners come first, then those of its ListenerSets, oldest first. R7.14
 *
 * @returns one entry a listener, `undefined` where it stands
 */
export function listenerConflicts(
  listeners: readonly Comparable[],
): (ListenerConflict | undefined)[] {
  const accepted: Comparable[] = [];
  return listeners.map(listener => {
    for (const earlier of accepted) {
      const conflict = conflictOf(listener, earlier);
      if (conflict !== undefined) {
        return conflict;
      }
    }
    accepted.push(listener);
    return undefined;
  });
}
