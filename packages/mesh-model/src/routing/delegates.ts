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

import type { HttpMatchRequest, HttpRoute, StringMatch } from '../objects';

function pattern(
  match: StringMatch,
): { kind: keyof StringMatch; text: string } | undefined {
  for (const kind of ['exact', 'prefix', 'regex'] as const) {
    const text = match[kind];
    if (text !== undefined && text !== '') {
      return { kind, text };
    }
  }
  return undefined;
}

function stringMatchConflict(
  root: StringMatch | undefined,
  leaf: StringMatch | undefined,
): boolean {
  if (root === undefined || leaf === undefined) {
    return false;
  }
  const outer = pattern(root);
  const inner = pattern(leaf);
  if (
    // Both are written, so even a condition without a text is held against the other. R5.7
    outer === undefined ||
    inner === undefined ||
    outer.kind === 'regex' ||
    inner.kind === 'regex'
  ) {
    return true;
  }
  if (outer.kind === 'exact') {
    return inner.kind !== 'exact' || inner.text !== outer.text;
  }
  return !inner.text.startsWith(outer.text);
}

function mapsConflict(
  root: Readonly<Record<string, StringMatch>> | undefined,
  leaf: Readonly<Record<string, StringMatch>> | undefined,
): boolean {
  return Object.entries(leaf ?? {}).some(([name, match]) =>
    stringMatchConflict(root?.[name], match),
  );
}

/** Can no request satisfy both? Then the delegate's match is not a refinement of the root's. R5.7 */
export function matchesConflict(
  root: HttpMatchRequest,
  leaf: HttpMatchRequest,
): boolean {
  const ports = [root.port ?? 0, leaf.port ?? 0];
  const rootGateways = new Set(root.gateways ?? []);
  const leafGateways = leaf.gateways ?? [];
  return (
    stringMatchConflict(root.uri, leaf.uri) ||
    stringMatchConflict(root.scheme, leaf.scheme) ||
    stringMatchConflict(root.method, leaf.method) ||
    stringMatchConflict(root.authority, leaf.authority) ||
    mapsConflict(root.headers, leaf.headers) ||
    mapsConflict(root.withoutHeaders, leaf.withoutHeaders) ||
    mapsConflict(root.queryParams, leaf.queryParams) ||
    (root.ignoreUriCase ?? false) !== (leaf.ignoreUriCase ?? false) ||
    (ports[0] !== 0 && ports[1] !== 0 && ports[0] !== ports[1]) ||
    ((root.sourceNamespace ?? '') !== '' &&
      root.sourceNamespace !== leaf.sourceNamespace) ||
    Object.entries(leaf.sourceLabels ?? {}).some(
      ([key, value]) => (root.sourceLabels?.[key] ?? value) !== value,
    ) ||
    (rootGateways.size > 0 &&
      leafGateways.some(gateway => !rootGateways.has(gateway)))
  );
}

function joinedName(
  root: string | undefined,
  leaf: string | undefined,
): string | undefined {
  const names = [root, leaf].filter(
    (name): name is string => name !== undefined && name !== '',
  );
  return names.length === 0 ? undefined : names.join('-');
}

function withoutUndefined<T extends object>(value: T): T {
  const copy = { ...value };
  for (const key of Object.keys(copy) as (keyof T)[]) {
    if (copy[key] === undefined) {
      delete copy[key];
    }
  }
  return copy;
}

function mergedMaps<T>(
  root: Readonly<Record<string, T>> | undefined,
  leaf: Readonly<Record<string, T>> | undefined,
): Readonly<Record<string, T>> | undefined {
  return root === undefined && leaf === undefined
    ? undefined
    : { ...root, ...leaf };
}

function mergedMatch(
  root: HttpMatchRequest,
  leaf: HttpMatchRequest,
): HttpMatchRequest {
  return withoutUndefined<HttpMatchRequest>({
    ...root,
    ...leaf,
    name: joinedName(root.name, leaf.name),
    port: leaf.port || root.port,
    headers: mergedMaps(root.headers, leaf.headers),
    withoutHeaders: mergedMaps(root.withoutHeaders, leaf.withoutHeaders),
    queryParams: mergedMaps(root.queryParams, leaf.queryParams),
    sourceLabels: mergedMaps(root.sourceLabels, leaf.sourceLabels),
    gateways: (leaf.gateways ?? []).length > 0 ? leaf.gateways : root.gateways,
  });
}

/**
 * The matches of a delegate's route under its root's: every compatible pair, or `undefined` when one of the delegate's
 * matches fits no match of the root. R5.7
 */
export function mergeMatches(
  root: readonly HttpMatchRequest[],
  leaf: readonly HttpMatchRequest[],
): readonly HttpMatchRequest[] | undefined {
  if (root.length === 0) {
    return leaf;
  }
  if (leaf.length === 0) {
    return root;
  }
  const merged: HttpMatchRequest[] = [];
  for (const inner of leaf) {
    const compatible = root.filter(outer => !matchesConflict(outer, inner));
    if (compatible.length === 0) {
      return undefined;
    }
    merged.push(...compatible.map(outer => mergedMatch(outer, inner)));
  }
  return merged;
}

/** A delegate's route as it acts under the root's route, or `undefined` when their matches exclude each other. R5.7 */
export function mergeDelegateRoute(
  root: HttpRoute,
  leaf: HttpRoute,
): HttpRoute | undefined {
  const match = mergeMatches(root.match ?? [], leaf.match ?? []);
  if (match === undefined) {
    return undefined;
  }
  return withoutUndefined<HttpRoute>({
    ...leaf,
    name: joinedName(root.name, leaf.name),
    match: match.length === 0 ? undefined : match,
    rewrite: leaf.rewrite ?? root.rewrite,
    directResponse: leaf.directResponse ?? root.directResponse,
    timeout: leaf.timeout ?? root.timeout,
    retries: leaf.retries ?? root.retries,
    fault: leaf.fault ?? root.fault,
    mirror: leaf.mirror ?? root.mirror,
    mirrorPercent: leaf.mirrorPercent ?? root.mirrorPercent,
    mirrorPercentage: leaf.mirrorPercentage ?? root.mirrorPercentage,
    mirrors: leaf.mirrors ?? root.mirrors,
    corsPolicy: leaf.corsPolicy ?? root.corsPolicy,
    headers: leaf.headers ?? root.headers,
  });
}
