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

import type { HeaderOperations, HttpMatchRequest } from '../../objects';
import type { MatchedRoute } from '../routedRequest';
import { replacedByRegex } from '../stringMatch';
import type { TravellingRequest } from './travellingRequest';

/** The path after a rewrite. A regular expression wins; a plain one replaces what was matched. R5.22 */
function rewrittenPath(
  path: string,
  { active, match = {} }: MatchedRoute,
): string {
  const rewrite = active.route.value.rewrite;
  const mark = path.indexOf('?');
  const bare = mark < 0 ? path : path.slice(0, mark);
  const query = mark < 0 ? '' : path.slice(mark);
  const regex = rewrite?.uriRegexRewrite;
  if (regex?.match !== undefined && regex.match !== '') {
    return `${replacedByRegex(regex.match, bare, regex.rewrite ?? '')}${query}`;
  }
  const uri = rewrite?.uri ?? '';
  return uri === ''
    ? path
    : `${replacedPrefix(bare, match, uri, active.config.semantics)}${query}`;
}

function replacedPrefix(
  path: string,
  match: HttpMatchRequest,
  uri: string,
  semantics: MatchedRoute['active']['config']['semantics'],
): string {
  const exact = (match.uri?.exact ?? '') !== '';
  const regex = (match.uri?.regex ?? '') !== '';
  if (exact || regex) {
    return uri;
  }
  const prefix = match.uri?.prefix ?? '/';
  if (semantics === 'virtual-service') {
    return `${uri}${path.slice(prefix.length)}`;
  }
  // Gateway API replaces whole segments, so no slash is doubled or lost.
  const rest = path.slice(prefix.replace(/\/$/, '').length);
  const base = uri.replace(/\/$/, '');
  return `${base}${rest}` === '' ? '/' : `${base}${rest}`;
}

/** A value with Envoy's command operators, for example `%REQ(x-user)%`, is made when the request passes. */
function isComputed(value: string): boolean {
  return /%[A-Z_]+/.test(value.replaceAll('%%', ''));
}

/** What is removed goes first, whatever is set or added: so a header may be replaced by being named in both. R5.27 */
function withOperations(
  headers: TravellingRequest['headers'],
  removed: readonly string[],
  written: readonly HeaderOperations[],
): TravellingRequest['headers'] {
  const computed = written.some(({ add = {}, set = {} }) =>
    [...Object.values(add), ...Object.values(set)].some(isComputed),
  );
  if (headers === undefined || computed) {
    return undefined;
  }
  const next: Record<string, string> = { ...headers };
  for (const name of removed) {
    delete next[name.toLowerCase()];
  }
  for (const { add = {}, set = {} } of written) {
    for (const [name, value] of Object.entries(set)) {
      next[name.toLowerCase()] = value;
    }
    for (const [name, value] of Object.entries(add)) {
      const key = name.toLowerCase();
      next[key] = next[key] === undefined ? value : `${next[key]},${value}`;
    }
  }
  for (const name of Object.keys(next)) {
    if (name.startsWith(':') || name === 'host') {
      delete next[name];
    }
  }
  return next;
}

/** The host that header operations give: what they set, else what they add. R5.27 */
function authorityOf(operations: HeaderOperations | undefined) {
  return [operations?.set, operations?.add]
    .flatMap(written => Object.entries(written ?? {}))
    .find(
      ([name, value]) =>
        value !== '' && [':authority', 'host'].includes(name.toLowerCase()),
    )?.[1];
}

/**
 * A request as a proxy passes it on to one destination of the rule that took it: path and host rewritten, headers set,
 * added and removed. R5.22, R5.27
 *
 * @param position - of the destination among those of the rule that get requests
 */
export function forwardedRequest(
  request: TravellingRequest,
  matched: MatchedRoute,
  position: number,
): TravellingRequest {
  const { value } = matched.active.route;
  const to = value.route ?? [];
  const receiving =
    to.length === 1 ? to : to.filter(item => (item.weight ?? 0) > 0);
  const ofRoute = value.headers?.request;
  const ofDestination = receiving[position]?.headers?.request;
  const { headers: sent, ...rest } = request;
  const levels = [ofRoute, ofDestination].flatMap(level => level ?? []);
  // To a single destination the operations of both levels are one list.
  const headers =
    to.length === 1
      ? withOperations(
          sent,
          levels.flatMap(({ remove = [] }) => remove),
          levels,
        )
      : levels.reduce(
          (written, level) =>
            withOperations(written, level.remove ?? [], [level]),
          sent,
        );
  return {
    ...rest,
    path: rewrittenPath(request.path, matched),
    host:
      (value.rewrite?.authority ?? '') ||
      // A destination gives the host only where the route does not.
      (authorityOf(ofRoute) ?? authorityOf(ofDestination) ?? request.host),
    ...(headers === undefined ? {} : { headers }),
  };
}
