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

import type { Client } from '../membership';
import type { HttpMatchRequest, HttpRoute } from '../objects';
import type { ClientScope } from '../scoping/clientScope';
import type { MeshSnapshot } from '../snapshot';
import { provenanceOf, type Provenance } from '../verdict';
import type { ActiveRoute } from './activeRoutes';
import {
  resolveDestination,
  resolvedDestinations,
  type ResolvedDestination,
} from './destinations';
import { headersInWords } from './headerWords';
import { matchInWords } from './matchWords';
import type { RoutableService } from './routableService';
import {
  faultOf,
  mirrorsOf,
  redirectOf,
  rewriteOf,
  timeoutOf,
  type InjectedFault,
  type RouteSetting,
} from './routeActions';
import { retriesOf, retryDefaultsOf, type RetryPolicy } from './retries';

/** One match of a rule, in words and as written. */
export interface RuleMatch {
  words: string;
  match?: HttpMatchRequest;
}

/** One rule of a port as a client has it, in the order of evaluation. */
export interface RouteRule {
  /** name of the route, when it has one */
  name?: string;
  /** alternatives, of which one must hold; a single `every request` when there is none */
  matches: readonly RuleMatch[];
  action: 'route' | 'redirect' | 'direct-response';
  destinations: readonly ResolvedDestination[];
  mirrors: readonly ResolvedDestination[];
  /** in words, when the action is `redirect` */
  redirect?: string;
  /** HTTP status, when the action is `direct-response` */
  status?: number;
  /** in words */
  rewrite?: string;
  /** what it does to headers, one change each */
  headers: readonly string[];
  timeout: RouteSetting<string | undefined>;
  retries: RouteSetting<RetryPolicy>;
  fault?: InjectedFault;
  /** `default`: nobody configured it */
  origin: 'configured' | 'default';
  state: 'active' | 'unreachable';
  /** why it is unreachable */
  says?: string;
  provenance?: Provenance;
}

/** Who asks, of which mesh. */
export interface Asking {
  snapshot: MeshSnapshot;
  client: Client;
  scope: ClientScope;
}

/** Redirect before direct response before route. R5.21 */
function actionOf(route: HttpRoute): RouteRule['action'] {
  if (route.redirect !== undefined) {
    return 'redirect';
  }
  return route.directResponse === undefined ? 'route' : 'direct-response';
}

/** A rule of a configuration as a client has it. */
export function ruleOf(
  asking: Asking,
  active: ActiveRoute,
  port: number,
  state: 'active' | 'unreachable',
): RouteRule {
  const { snapshot, client, scope } = asking;
  const { route, config } = active;
  const { value } = route;
  const matches = active.active.matches.map((index): RuleMatch => {
    const match = value.match?.[index] ?? {};
    return { words: matchInWords(match, config.semantics), match };
  });
  const redirect = redirectOf(value, { port, tls: false });
  const destinations =
    redirect !== undefined || value.directResponse !== undefined
      ? []
      : resolvedDestinations(asking, value.route ?? [], port, config.semantics);
  const rewrite = rewriteOf(value);
  const fault = faultOf(route);
  return {
    ...(value.name === undefined || value.name === ''
      ? {}
      : { name: value.name }),
    matches: matches.length === 0 ? [{ words: 'every request' }] : matches,
    action: actionOf(value),
    destinations,
    mirrors: mirrorsOf(value).map(mirror =>
      resolveDestination(
        snapshot,
        client,
        scope,
        mirror.destination,
        mirror.percent,
        port,
      ),
    ),
    ...(redirect === undefined ? {} : { redirect }),
    ...(value.directResponse === undefined
      ? {}
      : { status: value.directResponse.status }),
    ...(rewrite === undefined ? {} : { rewrite }),
    headers: headersInWords(value),
    timeout: timeoutOf(route),
    retries: retriesOf(route, retryDefaultsOf(snapshot, client.revision)),
    ...(fault === undefined ? {} : { fault }),
    origin: 'configured',
    state,
    ...(state === 'active'
      ? {}
      : { says: 'A rule before it takes every request' }),
    provenance: provenanceOf(
      route.object,
      route.path,
      route.via === undefined
        ? `Rule of ${config.object.kind} ${config.namespace}/${config.name}`
        : `Delegated by ${config.namespace}/${config.name} (${route.via.path})`,
    ),
  };
}

/** The rule that applies when nobody configured one: everything to the service itself. */
export function defaultRule(
  asking: Asking,
  service: RoutableService,
  port: number,
): RouteRule {
  const { snapshot, client, scope } = asking;
  return {
    matches: [{ words: 'every request' }],
    action: 'route',
    destinations: [
      resolveDestination(
        snapshot,
        client,
        scope,
        { host: service.hostname, port: { number: port } },
        100,
        port,
      ),
    ],
    mirrors: [],
    headers: [],
    timeout: timeoutOf(undefined),
    retries: retriesOf(undefined, retryDefaultsOf(snapshot, client.revision)),
    origin: 'default',
    state: 'active',
  };
}
