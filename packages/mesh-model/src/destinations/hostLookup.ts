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

import { type Entries, groupsOf } from '../snapshot';

/** Entries by host pattern, exact ones apart from wildcards. */
export interface HostTable<T> {
  exact: Pick<ReadonlyMap<string, T>, 'get'>;
  wildcard: Pick<ReadonlyMap<string, T>, 'get' | 'size'>;
}

/** Elements of a list by the hosts that they name. */
export interface HostIndex<T> extends HostTable<readonly T[]> {
  list: readonly T[];
  exact: Entries<readonly T[]>;
  wildcard: Entries<readonly T[]>;
}

/** Each name once; most lists have a single one. */
export function distinct(names: readonly string[]): readonly string[] {
  return names.length > 1 ? [...new Set(names)] : names;
}

/** @param before - the index of a list that may differ in few elements, as in {@link groupsOf} */
export function hostIndexOf<T>(
  list: readonly T[],
  hostsOf: (element: T) => readonly string[],
  before?: HostIndex<T>,
): HostIndex<T> {
  const named = (part: 'exact' | 'wildcard') =>
    groupsOf(
      list,
      element =>
        distinct(hostsOf(element)).filter(
          host => host.startsWith('*') === (part === 'wildcard'),
        ),
      before && { list: before.list, byKey: before[part] },
    ).byKey;
  return { list, exact: named('exact'), wildcard: named('wildcard') };
}

/**
 * The entry whose host is the most specific match: the exact one, else the longest wildcard. Takes as many look-ups as
 * the host has characters, however many entries there are. R6.1
 */
export function mostSpecificHostMatch<T>(
  host: string,
  table: HostTable<T>,
): { pattern: string; entry: T } | undefined {
  const exact = table.exact.get(host);
  if (exact !== undefined) {
    return { pattern: host, entry: exact };
  }
  if (table.wildcard.size === 0) {
    return undefined;
  }
  const bare = host.startsWith('*') ? host.slice(1) : host;
  for (let start = 0; start <= bare.length; start += 1) {
    const pattern = `*${bare.slice(start)}`;
    const entry = table.wildcard.get(pattern);
    if (entry !== undefined) {
      return { pattern, entry };
    }
  }
  return undefined;
}

/** All entries whose host pattern covers this host, most specific first. */
export function allHostMatches<T>(host: string, table: HostTable<T>): T[] {
  const found: T[] = [];
  const exact = table.exact.get(host);
  if (exact !== undefined) {
    found.push(exact);
  }
  if (table.wildcard.size > 0) {
    const bare = host.startsWith('*') ? host.slice(1) : host;
    for (let start = 0; start <= bare.length; start += 1) {
      const entry = table.wildcard.get(`*${bare.slice(start)}`);
      if (entry !== undefined) {
        found.push(entry);
      }
    }
  }
  return found;
}
