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

import { parseDuration } from '../../identity';
import type {
  HttpMatchRequest,
  HttpRetry,
  HttpRoute,
  HttpRouteRule,
  SlimObjectByKind,
} from '../../objects';
import type { SourcedRoute } from '../../routing/routingConfig';
import {
  destinationsOf,
  isWeightless,
  type BackendContext,
  type Converted,
} from './backends';
import { joinedFaults, type Fault } from './conditions';
import { backendHeaders, filteredRoute } from './routeFilters';
import { grpcMatch, httpMatch } from './routeMatches';

type HttpLikeRoute =
  | SlimObjectByKind['HTTPRoute']
  | SlimObjectByKind['GRPCRoute'];

/** The rules of a route as Istio's routes; none when a rule is void. */
export interface ConvertedRules<T> {
  routes: SourcedRoute<T>[];
  /** what is wrong; with routes it concerns some backends only */
  fault?: Fault;
}

const RETRIED = [
  'connect-failure',
  'refused-stream',
  'unavailable',
  'cancelled',
];
const DEFAULT_ATTEMPTS = 2;
const NO_BACKEND_STATUS = 500;

function isSet(duration: string | undefined): duration is string {
  return duration !== undefined && parseDuration(duration) !== 0;
}

function retriesOf({ retry, timeouts }: HttpRouteRule): HttpRetry | undefined {
  if (retry === undefined) {
    return undefined;
  }
  const attempts = retry.attempts ?? DEFAULT_ATTEMPTS;
  return {
    attempts,
    ...(attempts === 0
      ? {}
      : { retryOn: [...RETRIED, ...(retry.codes ?? [])].join(',') }),
    ...(retry.backoff === undefined ? {} : { backoff: retry.backoff }),
    ...(isSet(timeouts?.backendRequest)
      ? { perTryTimeout: timeouts?.backendRequest }
      : {}),
  };
}

function timeoutOf({ retry, timeouts }: HttpRouteRule): string | undefined {
  if (retry === undefined && isSet(timeouts?.backendRequest)) {
    return timeouts?.backendRequest;
  }
  return isSet(timeouts?.request) ? timeouts?.request : undefined;
}

function actionOf(
  rule: HttpRouteRule,
  filtered: Partial<HttpRoute>,
  context: BackendContext,
): Converted<Pick<HttpRoute, 'route' | 'directResponse'>> {
  if (isWeightless(rule.backendRefs) && filtered.redirect === undefined) {
    return { value: { directResponse: { status: NO_BACKEND_STATUS } } };
  }
  if (rule.backendRefs === undefined) {
    return { value: {} };
  }
  const found = destinationsOf(
    rule.backendRefs,
    context,
    (backend, destination) => {
      const headers = backendHeaders(backend.filters ?? []);
      return headers.value === undefined
        ? { fault: headers.fault }
        : { value: { ...destination, ...headers.value } };
    },
  );
  return found.value === undefined
    ? { fault: found.fault }
    : {
        value: { route: found.value },
        ...(found.fault === undefined ? {} : { fault: found.fault }),
      };
}

function convertedRule(
  rule: HttpRouteRule,
  name: string,
  context: BackendContext,
): Converted<HttpRoute> {
  const filtered = filteredRoute(rule.filters ?? [], context);
  if (filtered.value === undefined) {
    return { fault: filtered.fault };
  }
  const action = actionOf(rule, filtered.value, context);
  if (action.value === undefined) {
    return { fault: action.fault };
  }
  const retries = retriesOf(rule);
  const timeout = timeoutOf(rule);
  const fault = joinedFaults(action.fault, filtered.fault);
  return {
    value: {
      name,
      ...filtered.value,
      ...action.value,
      ...(timeout === undefined ? {} : { timeout }),
      ...(retries === undefined ? {} : { retries }),
    },
    ...(fault === undefined ? {} : { fault }),
  };
}

function rulesOf(
  route: HttpLikeRoute,
): { rule: HttpRouteRule; matches: HttpMatchRequest[] }[] {
  return route.kind === 'HTTPRoute'
    ? (route.spec.rules ?? []).map(rule => ({
        rule,
        matches: (rule.matches ?? []).map(httpMatch),
      }))
    : (route.spec.rules ?? []).map(({ matches, ...rule }) => ({
        rule,
        matches: (matches ?? []).map(grpcMatch),
      }));
}

/** The rules of an HTTPRoute or GRPCRoute, one route for each of their matches. R7.18, R7.22, R7.23 */
export function convertedHttpRules(
  route: HttpLikeRoute,
  context: BackendContext,
): ConvertedRules<HttpRoute> {
  const { namespace, name } = route.metadata;
  const routes: SourcedRoute<HttpRoute>[] = [];
  let fault: Fault | undefined;
  for (const [index, { rule, matches }] of rulesOf(route).entries()) {
    const converted = convertedRule(
      rule,
      rule.name ?? `${namespace}.${name}.${index}`,
      context,
    );
    const { value } = converted;
    if (value === undefined) {
      return { routes: [], fault: converted.fault };
    }
    fault = converted.fault ?? fault;
    const source = { object: route, path: `spec.rules[${index}]` };
    if (matches.length === 0) {
      routes.push({ value, ...source });
    }
    for (const match of matches) {
      routes.push({
        value: { ...value, match: [match] },
        ...source,
      });
    }
  }
  return { routes, ...(fault === undefined ? {} : { fault }) };
}
