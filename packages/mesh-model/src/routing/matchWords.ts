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

import type { HttpMatchRequest, StringMatch } from '../objects';
import { isPresenceMatch, isWithoutPattern } from './stringMatch';
import type { RoutingSemantics } from './routingConfig';

function stringWords(what: string, match: StringMatch): string {
  if (isPresenceMatch(match)) {
    return `${what} is present`;
  }
  if (match.exact !== undefined) {
    return `${what} is ${match.exact === '' ? 'empty' : match.exact}`;
  }
  return match.prefix !== undefined
    ? `${what} starts with ${match.prefix}`
    : `${what} matches ${match.regex}`;
}

function pathWords(
  match: HttpMatchRequest,
  semantics: RoutingSemantics,
): string[] {
  if (match.uri === undefined || isWithoutPattern(match.uri)) {
    return [];
  }
  if (isPresenceMatch(match.uri)) {
    return ['path matches *, which is no regular expression'];
  }
  const words =
    semantics === 'gateway-api' && (match.uri.prefix ?? '') !== ''
      ? `path is ${match.uri.prefix} or below`
      : stringWords('path', match.uri);
  return [match.ignoreUriCase ? `${words} (any case)` : words];
}

function mapWords(
  what: string,
  map: Readonly<Record<string, StringMatch>> | undefined,
): string[] {
  return Object.entries(map ?? {}).map(([name, match]) =>
    stringWords(`${what} ${name}`, match),
  );
}

/** One match as a phrase, for example `path starts with /api and header x-user is jason`. */
export function matchInWords(
  match: HttpMatchRequest,
  semantics: RoutingSemantics = 'virtual-service',
): string {
  const labels = Object.entries(match.sourceLabels ?? {}).map(
    ([key, value]) => `${key}=${value}`,
  );
  const gateways = match.gateways ?? [];
  const words = [
    ...pathWords(match, semantics),
    ...(match.method === undefined
      ? []
      : [stringWords('method', match.method)]),
    ...(match.scheme === undefined
      ? []
      : [stringWords('scheme', match.scheme)]),
    ...(match.authority === undefined
      ? []
      : [stringWords('host', match.authority)]),
    ...mapWords('header', match.headers),
    ...mapWords('header', match.withoutHeaders).map(text => `not (${text})`),
    ...mapWords('query parameter', match.queryParams),
    ...((match.port ?? 0) === 0 ? [] : [`port is ${match.port}`]),
    ...(gateways.length === 0 ? [] : [`through ${gateways.join(' or ')}`]),
    ...(labels.length === 0 || gateways.length > 0
      ? []
      : [`caller has labels ${labels.join(', ')}`]),
    ...((match.sourceNamespace ?? '') === '' || gateways.length > 0
      ? []
      : [`caller is in namespace ${match.sourceNamespace}`]),
  ];
  return words.length === 0 ? 'every request' : words.join(' and ');
}
