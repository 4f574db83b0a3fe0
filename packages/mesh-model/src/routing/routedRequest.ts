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

import type { HttpMatchRequest } from '../objects';
import type { ClientScope } from '../scoping/clientScope';
import type { Provenance } from '../verdict';
import type { ActiveRoute } from './activeRoutes';
import type { ResolvedDestination } from './destinations';
import { matchesRequest, type HttpRequest } from './requestMatch';
import type { RoutableService } from './routableService';
import { ruleOf, type Asking, type RouteRule } from './routeRules';

/** A request, or a connection, as a client sends it. */
export interface SentRequest extends Partial<HttpRequest> {
  port: number;
  /** what the bytes are once TLS is off */
  protocol: 'http' | 'tcp';
  /** the client's application speaks TLS itself */
  tls?: boolean;
  /** server name of that TLS */
  serverName?: string;
  /** IP address the name was resolved to, when known */
  address?: string;
  /** hostname of the service whose own address (for a headless one, a pod's) the connection goes to, when known */
  service?: string;
}

/** How a request ends at the client's proxy. */
export type RequestOutcome =
  | 'routed'
  | 'redirected'
  | 'answered'
  | 'no-route'
  | 'unknown-destination'
  | 'passthrough'
  | 'blocked'
  /** the client has no sidecar that would apply routes of the mesh */
  | 'not-routed';

/** The one way a request takes. */
export interface RoutedRequest {
  outcome: RequestOutcome;
  /** one sentence; Envoy's response code and flag where it ends early */
  says: string;
  code?: number;
  /** Envoy's response flag, for example `NR` */
  flag?: string;
  /** `host:port`, `allow_any` or `block_all`; absent for opaque connections */
  virtualHost?: string;
  /** position among the rules of the configuration that owns the host */
  ruleIndex?: number;
  rule?: RouteRule;
  destinations: readonly ResolvedDestination[];
  /** Envoy clusters that may be chosen */
  clusters: readonly string[];
  provenance?: Provenance;
  /** Absent when nothing was routed. `tcp`: the proxy looks at connections only. */
  layer?: 'http' | 'tcp';
  /** the service whose name or address the request has, when the client knows it */
  service?: RoutableService;
  /** the `http` route that took the request */
  matched?: MatchedRoute;
}

/** The first `http` route that takes a request, and which of its matches did; no match when it has none. */
export interface MatchedRoute {
  active: ActiveRoute;
  match?: HttpMatchRequest;
}

/** Of routes in order, the first that takes a request. R5.14 */
export function matchedRoute(
  routes: readonly ActiveRoute[],
  request: HttpRequest,
): MatchedRoute | undefined {
  for (const active of routes) {
    if (active.active.always) {
      return { active };
    }
    for (const index of active.active.matches) {
      const match = active.route.value.match?.[index] ?? {};
      if (matchesRequest(match, request, active.config.semantics)) {
        return { active, match };
      }
    }
  }
  return undefined;
}

const PASSTHROUGH = 'PassthroughCluster';
const BLACK_HOLE = 'BlackHoleCluster';

/** What a client does with a destination it does not know. R8.9 */
export function unknownDestination(
  scope: ClientScope,
  request: SentRequest,
  http: boolean,
): RoutedRequest {
  const provenance =
    scope.outbound.provenance === undefined
      ? {}
      : { provenance: scope.outbound.provenance };
  if (scope.outbound.mode === 'REGISTRY_ONLY') {
    return {
      outcome: 'blocked',
      layer: http ? 'http' : 'tcp',
      ...(http ? { code: 502, virtualHost: 'block_all' } : { flag: 'UH' }),
      says: `The client does not know this destination, and unknown ones are refused (${scope.outbound.says})`,
      destinations: [],
      clusters: http ? [] : [BLACK_HOLE],
      ...provenance,
    };
  }
  const dynamic = http && scope.outbound.mode === 'ALLOW_ANY_DYNAMIC_DNS';
  return {
    outcome: 'passthrough',
    layer: http ? 'http' : 'tcp',
    ...(http ? { virtualHost: 'allow_any' } : {}),
    says: `The client does not know this destination on port ${request.port}: bytes pass through untouched (${scope.outbound.says})`,
    destinations: [],
    clusters: [dynamic ? 'AllowAnyDynamicDNSCluster' : PASSTHROUGH],
    ...provenance,
  };
}

/** What a request gets from the rule that takes it. R5.21 */
export function routedByRule(
  asking: Asking,
  virtualHost: string,
  matched: MatchedRoute,
  port: number,
): RoutedRequest {
  const { active } = matched;
  const rule = ruleOf(asking, active, port, 'active');
  const base = {
    layer: 'http' as const,
    virtualHost,
    ruleIndex: active.index,
    rule,
    matched,
    destinations: rule.destinations,
    clusters: rule.destinations.map(to => to.cluster),
    ...(rule.provenance === undefined ? {} : { provenance: rule.provenance }),
  };
  if (rule.redirect !== undefined) {
    return { ...base, outcome: 'redirected', says: rule.redirect };
  }
  if (rule.status !== undefined) {
    return {
      ...base,
      outcome: 'answered',
      code: rule.status,
      says: `The proxy answers with ${rule.status} itself`,
    };
  }
  return withDestinations(base);
}

/** What a request gets that no rule of a configuration takes. R5.17 */
export function noRoute(virtualHost: string): RoutedRequest {
  return {
    outcome: 'no-route',
    layer: 'http',
    code: 404,
    flag: 'NR',
    virtualHost,
    says: 'No rule matches, and a configuration that owns the host has no fallback',
    destinations: [],
    clusters: [],
  };
}

/** A route with its destinations: it fails where none of them can be reached. */
export function withDestinations(
  base: Omit<RoutedRequest, 'outcome' | 'says'>,
): RoutedRequest {
  const failing = base.destinations.filter(to => to.state !== 'ok');
  if (
    base.destinations.length > 0 &&
    failing.length === base.destinations.length
  ) {
    const [first] = failing;
    return {
      ...base,
      outcome: 'unknown-destination',
      ...(first.state === 'invalid-backend'
        ? { code: 500 }
        : {
            code: 503,
            flag: first.state === 'no-endpoints' ? 'UH' : 'NC',
          }),
      says: first.says ?? 'The destination cannot be reached',
    };
  }
  return {
    ...base,
    outcome: 'routed',
    says:
      failing.length === 0
        ? 'Routed'
        : `Routed, but ${failing
            .map(to => `${Math.round(to.percent)} %: ${to.says ?? to.state}`)
            .join('; ')}`,
  };
}
