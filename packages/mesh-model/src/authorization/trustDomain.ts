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

const DEFAULT_TRUST_DOMAIN = 'cluster.local';

/** The mesh's trust domain first, then its aliases, without repetition. */
export function trustDomainBundle(
  trustDomain: string,
  aliases: readonly string[],
): readonly string[] {
  return [...new Set([trustDomain, ...aliases])];
}

/** Trust domain of a five-segment principal `<td>/ns/<namespace>/sa/<account>`; `undefined` for any other shape. */
export function trustDomainOf(principal: string): string | undefined {
  const segments = principal.split('/');
  return segments.length === 5 ? segments[0] : undefined;
}

/** The principal with another trust domain; `undefined` when it has not the five segments of a SPIFFE identity. */
export function withTrustDomain(
  trustDomain: string,
  principal: string,
): string | undefined {
  const segments = principal.split('/');
  return segments.length === 5
    ? [trustDomain, ...segments.slice(1)].join('/')
    : undefined;
}

function matchesPrefix(text: string, pattern: string): boolean {
  return pattern.endsWith('*') && text.startsWith(pattern.slice(0, -1));
}

function matchesSuffix(text: string, pattern: string): boolean {
  return pattern.startsWith('*') && text.endsWith(pattern.slice(1));
}

/** Does one of `list` match? Either side may be a pattern: `*`, `*suffix` or `prefix*`. R4.26 */
export function matchesAnyTrustDomain(
  trustDomain: string,
  list: readonly string[],
): boolean {
  return list.some(
    item =>
      item === trustDomain ||
      matchesPrefix(trustDomain, item) ||
      matchesPrefix(item, trustDomain) ||
      matchesSuffix(trustDomain, item) ||
      matchesSuffix(item, trustDomain),
  );
}

/** Does this principal pin a trust domain at all? `*` alone as trust domain does not. */
export function enforcesTrustDomain(principal: string): boolean {
  const trustDomain = trustDomainOf(principal);
  return trustDomain !== undefined && trustDomain !== '*';
}

function expandOne(
  principal: string,
  bundle: readonly string[],
): readonly string[] {
  const trustDomain = trustDomainOf(principal);
  const known =
    trustDomain !== undefined &&
    enforcesTrustDomain(principal) &&
    (trustDomain === DEFAULT_TRUST_DOMAIN ||
      matchesAnyTrustDomain(trustDomain, bundle));
  if (!known) {
    return [principal];
  }
  const expanded: string[] = [];
  for (const domain of bundle) {
    // A wildcard that already covers this domain stands for it.
    const value = matchesSuffix(domain, trustDomain)
      ? principal
      : withTrustDomain(domain, principal);
    if (value !== undefined && !expanded.includes(value)) {
      expanded.push(value);
    }
  }
  return expanded;
}

/**
 * One value per trust domain of the mesh for each principal that names one of them (or literally `cluster.local`);
 * foreign trust domains and other shapes stay as they are. `bundle`: the trust domain, then its aliases. R4.26
 */
export function expandTrustDomainAliases(
  principals: readonly string[],
  bundle: readonly string[],
): readonly string[] {
  return principals.flatMap(principal => expandOne(principal, bundle));
}
