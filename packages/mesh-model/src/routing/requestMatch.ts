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

import type { HttpMatchRequest, HttpRoute, StringMap } from '../objects';
import { isSubset } from '../snapshot';
import {
  isPresenceMatch,
  isWithoutPattern,
  matchesString,
} from './stringMatch';
import type { RoutingSemantics } from './routingConfig';

/** The proxy at which a route is evaluated. */
export interface RouteContext {
  /** `mesh` for sidecars, else the names of the gateways the proxy serves with the server in question */
  gateways: ReadonlySet<string>;
  /** port of the service, or of the gateway's server */
  port: number;
  namespace: string;
  labels: StringMap;
}

/** A request as far as routing looks at it. */
export interface HttpRequest {
  /** Host header, with or without port */
  authority: string;
  path: string;
  method?: string;
  scheme?: string;
  /** by lower-case name */
  headers?: StringMap;
}

/**
 * Can this match concern a proxy at all? `port` must be the listener's. `gateways`, when given, alone decides; otherwise
 * `sourceLabels` and `sourceNamespace` do. R5.15
 */
export function concernsProxy(
  match: Pick<
    HttpMatchRequest,
    'port' | 'gateways' | 'sourceLabels' | 'sourceNamespace'
  >,
  context: RouteContext,
): boolean {
  if ((match.port ?? 0) !== 0 && match.port !== context.port) {
    return false;
  }
  const gateways = match.gateways ?? [];
  if (gateways.length > 0) {
    return gateways.some(gateway => context.gateways.has(gateway));
  }
  return (
    isSubset(match.sourceLabels ?? {}, context.labels) &&
    ((match.sourceNamespace ?? '') === '' ||
      match.sourceNamespace === context.namespace)
  );
}

function matchesPath(
  match: HttpMatchRequest,
  path: string,
  semantics: RoutingSemantics,
): boolean {
  if (match.uri === undefined || isWithoutPattern(match.uri)) {
    return true;
  }
  if (isPresenceMatch(match.uri)) {
    // `*` alone is no regular expression: for headers it stands for presence, a path it does not match.
    return false;
  }
  const prefix = match.uri.prefix ?? '';
  if (semantics === 'gateway-api' && prefix !== '') {
    const bare = prefix.endsWith('/') ? prefix.slice(0, -1) : prefix;
    return path === bare || path.startsWith(`${bare}/`);
  }
  return matchesString(match.uri, path, match.ignoreUriCase ?? false);
}

function headerOf(request: HttpRequest, name: string): string | undefined {
  switch (name) {
    case ':authority':
    case 'host':
      return request.authority;
    case ':path':
      return request.path;
    case ':method':
      return request.method ?? 'GET';
    case ':scheme':
      return request.scheme ?? 'http';
    default:
      return request.headers?.[name];
  }
}

/** Does a request satisfy every field of a match? R5.14, R5.16 */
export function matchesRequest(
  match: HttpMatchRequest,
  request: HttpRequest,
  semantics: RoutingSemantics,
): boolean {
  const mark = request.path.indexOf('?');
  const path = mark < 0 ? request.path : request.path.slice(0, mark);
  const query = new URLSearchParams(
    mark < 0 ? '' : request.path.slice(mark + 1),
  );
  return (
    matchesPath(match, path, semantics) &&
    (match.method === undefined ||
      matchesString(match.method, request.method ?? 'GET')) &&
    (match.scheme === undefined ||
      matchesString(match.scheme, request.scheme ?? 'http')) &&
    (match.authority === undefined ||
      matchesString(match.authority, request.authority)) &&
    Object.entries(match.headers ?? {}).every(([name, expected]) => {
      const value = headerOf(request, name.toLowerCase());
      return value !== undefined && matchesString(expected, value);
    }) &&
    Object.entries(match.withoutHeaders ?? {}).every(([name, unwanted]) => {
      const value = headerOf(request, name.toLowerCase());
      // A header that is missing counts as empty, unless the condition is on its presence. R5.16
      return value === undefined && isPresenceMatch(unwanted)
        ? true
        : !matchesString(unwanted, value ?? '');
    }) &&
    Object.entries(match.queryParams ?? {}).every(([name, expected]) => {
      const value = query.get(name);
      return value !== null && matchesString(expected, value);
    })
  );
}

/** Does this match take every request? Then what stands after its route is unreachable. R5.14 */
export function isCatchAllMatch(match: HttpMatchRequest): boolean {
  const uri = match.uri;
  const anyPath =
    uri === undefined ||
    isWithoutPattern(uri) ||
    uri.prefix === '/' ||
    uri.regex === '.*';
  const none = (map: object | undefined) =>
    map === undefined || Object.keys(map).length === 0;
  return (
    anyPath &&
    match.method === undefined &&
    match.authority === undefined &&
    match.scheme === undefined &&
    none(match.headers) &&
    none(match.withoutHeaders) &&
    none(match.queryParams)
  );
}

/** A route as one proxy has it: only the matches that concern it. */
export interface ActiveMatches {
  /** indexes in `route.match`; empty and `always` when the route has none */
  matches: readonly number[];
  always: boolean;
  catchAll: boolean;
}

/** What of a route is left for a proxy, or `undefined` when none of its matches concerns it. R5.8, R5.15 */
export function activeMatches(
  route: Pick<HttpRoute, 'match'>,
  context: RouteContext,
): ActiveMatches | undefined {
  const match = route.match ?? [];
  if (match.length === 0) {
    return { matches: [], always: true, catchAll: true };
  }
  const concerning = match.flatMap((item, index) =>
    concernsProxy(item, context) ? [index] : [],
  );
  if (concerning.length === 0) {
    return undefined;
  }
  const closing = concerning.findIndex(index => isCatchAllMatch(match[index]));
  return {
    // What stands after a match that takes everything is not sent to proxies.
    matches: closing < 0 ? concerning : concerning.slice(0, closing + 1),
    always: false,
    catchAll: closing >= 0,
  };
}
