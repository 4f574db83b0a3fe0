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

import type { HttpRoute } from '../objects';
import {
  activeMatches,
  isCatchAllMatch,
  type ActiveMatches,
  type RouteContext,
} from './requestMatch';
import type { RoutingConfig, SourcedRoute } from './routingConfig';

/** An `http` route as one proxy has it. */
export interface ActiveRoute {
  route: SourcedRoute<HttpRoute>;
  /** position in the configuration that owns the host */
  index: number;
  active: ActiveMatches;
  config: RoutingConfig;
}

/**
 * The routes of a configuration that a proxy has, up to and with the first that takes everything. An empty list means
 * that the configuration does not act on this proxy at all. R5.8, R5.14
 */
export function activeRoutes(
  config: RoutingConfig,
  context: RouteContext,
): { routes: ActiveRoute[]; unreachable: ActiveRoute[] } {
  const routes: ActiveRoute[] = [];
  const unreachable: ActiveRoute[] = [];
  let closed = false;
  for (const [index, route] of config.http.entries()) {
    const active = activeMatches(route.value, context);
    if (active === undefined) {
      continue;
    }
    (closed ? unreachable : routes).push({ route, index, active, config });
    closed ||= active.catchAll;
  }
  return { routes, unreachable };
}

function withMatches(
  route: ActiveRoute,
  matches: readonly number[],
  catchAll: boolean,
): ActiveRoute[] {
  return matches.length === 0
    ? []
    : [{ ...route, active: { matches, always: false, catchAll } }];
}

/** A route without its matches that take everything, and with those only. */
function split(route: ActiveRoute): {
  specific: ActiveRoute[];
  everything: ActiveRoute[];
} {
  const { active } = route;
  if (!active.catchAll) {
    return { specific: [route], everything: [] };
  }
  const takesAll = (index: number) =>
    isCatchAllMatch(route.route.value.match?.[index] ?? {});
  const all = active.matches.filter(takesAll);
  return active.always || all.length === active.matches.length
    ? { specific: [], everything: [route] }
    : {
        specific: withMatches(
          route,
          active.matches.filter(index => !takesAll(index)),
          false,
        ),
        everything: withMatches(route, all, true),
      };
}

/** Routes of several configurations for one host: the matches that take everything go last, in their order. R5.12 */
export function catchAllLast(routes: readonly ActiveRoute[]): ActiveRoute[] {
  const parts = routes.map(split);
  return [
    ...parts.flatMap(({ specific }) => specific),
    ...parts.flatMap(({ everything }) => everything),
  ];
}
