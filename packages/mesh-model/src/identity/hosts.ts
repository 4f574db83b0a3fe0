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

/** The host name of a Kubernetes Service. R1.1 */
export function serviceHostname(
  name: string,
  namespace: string,
  clusterDomain = 'cluster.local',
): string {
  return `${name}.${namespace}.svc.${clusterDomain}`;
}

function isWildcard(host: string): boolean {
  return host.startsWith('*');
}

/** Do two host names, either of which may begin with `*`, have a name in common? */
export function hostsMatch(a: string, b: string): boolean {
  if (isWildcard(a) && isWildcard(b)) {
    const [short, long] = a.length < b.length ? [a, b] : [b, a];
    return long.slice(1).endsWith(short.slice(1));
  }
  if (isWildcard(a)) {
    return b.endsWith(a.slice(1));
  }
  if (isWildcard(b)) {
    return a.endsWith(b.slice(1));
  }
  return a === b;
}

/** Is every name of `inner` a name of `outer`? Either may begin with `*`. */
export function isHostWithin(inner: string, outer: string): boolean {
  if (isWildcard(outer)) {
    return isWildcard(inner)
      ? inner.slice(1).endsWith(outer.slice(1))
      : inner.endsWith(outer.slice(1));
  }
  return inner === outer;
}

/** The narrower name of every overlapping pair of two lists, without repetitions. */
export function intersectHosts(
  a: readonly string[],
  b: readonly string[],
): string[] {
  const found = new Set<string>();
  for (const left of a) {
    for (const right of b) {
      if (isHostWithin(left, right)) {
        found.add(left);
      } else if (isHostWithin(right, left)) {
        found.add(right);
      }
    }
  }
  return [...found];
}

/** Order of host names: exact before wildcard, longer before shorter, then by the alphabet; two empty ones stay. */
export function isMoreSpecificHost(a: string, b: string): boolean {
  if (a === '' && b === '') {
    return true;
  }
  if (isWildcard(a) !== isWildcard(b)) {
    return a !== '' && (b === '' || isWildcard(b));
  }
  if (a.length !== b.length) {
    return a.length > b.length;
  }
  return a < b;
}

/** From a list of `namespace/host` (or `*` `/host`, or plain hosts), the hosts that concern one namespace. */
export function hostsForNamespace(
  hosts: readonly string[],
  namespace: string,
): string[] {
  const found: string[] = [];
  for (const entry of hosts) {
    const slash = entry.indexOf('/');
    const scope = slash < 0 ? '*' : entry.slice(0, slash);
    if (scope === '*' || scope === namespace) {
      found.push(entry.slice(slash + 1));
    }
  }
  return found;
}

/** Is a `scope/host` name (scope: `.`, `*` or a namespace; none means everywhere) of concern to a namespace? */
export function isScopedHostVisible(
  scopedHost: string,
  namespace: string,
): boolean {
  const slash = scopedHost.indexOf('/');
  const scope = slash < 0 ? '*' : scopedHost.slice(0, slash);
  const fqdn = scopedHost.slice(slash + 1);
  return (
    scope === '*' ||
    scope === namespace ||
    (scope === '.' && fqdn.startsWith('*')) ||
    (scope === '.' && fqdn.split('.')[1] === namespace)
  );
}

/** The namespaces that the annotation `networking.istio.io/exportTo` names; `.` stands for the object's own. R1.2 */
export function namespacesOfExportTo(
  annotation: string | undefined,
  ownNamespace: string,
): string[] {
  const entries = (annotation ?? '').split(',').map(entry => entry.trim());
  const named = entries.filter(entry => entry !== '');
  return named.length === 0
    ? ['*']
    : named.map(entry => (entry === '.' ? ownNamespace : entry));
}
