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

import { isHostWithin } from '../identity/hosts';

/** The hosts that one egress listener imports from one namespace. */
export interface ImportedHosts {
  exact: ReadonlySet<string>;
  /** exact ones and wildcards, in the order written */
  all: readonly string[];
  /** patterns that are excluded, whatever is imported */
  excluded: readonly string[];
}

/** By namespace; `*` holds what is imported from any. */
export type HostsByNamespace = ReadonlyMap<string, ImportedHosts>;

/** An entry of `egress[].hosts` that Istio skips. */
export interface IgnoredEgressHost {
  index: number;
  entry: string;
  why: string;
}

/**
 * Sorts the entries of `egress[].hosts` by namespace: `.` is the client's own, `~ns/host` and `~/host` exclude. R8.4, R8.5
 */
export function egressHostsByNamespace(
  entries: readonly string[],
  clientNamespace: string,
): { hosts: HostsByNamespace; ignored: readonly IgnoredEgressHost[] } {
  const hosts = new Map<
    string,
    { exact: Set<string>; all: string[]; excluded: string[] }
  >();
  const ignored: IgnoredEgressHost[] = [];
  const of = (namespace: string) => {
    const found = hosts.get(namespace) ?? {
      exact: new Set<string>(),
      all: [],
      excluded: [],
    };
    hosts.set(namespace, found);
    return found;
  };
  const named = (namespace: string) =>
    namespace === '.' ? clientNamespace : namespace;
  for (const [index, entry] of entries.entries()) {
    const parts = entry.split('/');
    if (parts.length !== 2) {
      ignored.push({
        index,
        entry,
        why: 'It is not of the form namespace/host; write for example ./* or istio-system/*',
      });
      continue;
    }
    const [namespace, host] = parts;
    if (namespace.startsWith('~')) {
      const from = namespace.slice(1);
      // `~/*` is the documented way to import nothing.
      of(from === '' ? '*' : named(from)).excluded.push(host);
      continue;
    }
    const target = of(named(namespace));
    target.all.push(host);
    if (!host.startsWith('*')) {
      target.exact.add(host);
    }
  }
  return { hosts, ignored };
}

/** Does an egress listener's entry for this namespace, or for any namespace, exclude the host? R8.5 */
export function isExcluded(
  hosts: HostsByNamespace,
  namespace: string,
  host: string,
): boolean {
  return [hosts.get(namespace), hosts.get('*')].some(
    imported =>
      imported !== undefined &&
      imported.excluded.some(pattern => isHostWithin(host, pattern)),
  );
}
