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

import type {
  HeaderOperations,
  HttpHeaderModifier,
  HttpRoute,
  HttpRouteFilter,
} from '../objects';

const UNSENDABLE = /[\0\r\n]/;

/** Why a header modifier cannot be used; `undefined` when it can. */
export function headerModifierProblem(
  modifier: HttpHeaderModifier | undefined,
): string | undefined {
  for (const { name, value } of [
    ...(modifier?.set ?? []),
    ...(modifier?.add ?? []),
  ]) {
    if (name === '' || UNSENDABLE.test(name) || UNSENDABLE.test(value)) {
      return `InvalidFilter: header ${JSON.stringify(
        name,
      )} has a name or value that no header can have; remove line breaks`;
    }
  }
  return undefined;
}

function operationsOf(modifier: HttpHeaderModifier): HeaderOperations {
  const map = (list: HttpHeaderModifier['set']) =>
    Object.fromEntries((list ?? []).map(({ name, value }) => [name, value]));
  return {
    set: map(modifier.set),
    add: map(modifier.add),
    remove: modifier.remove ?? [],
  };
}

/** What filters make of a route, or why they make it invalid. R7.22 */
export function appliedFilters(
  filters: readonly HttpRouteFilter[],
  hostOf: (backend: { name: string; namespace?: string }) => string,
): { route: Partial<HttpRoute>; problem?: string } {
  const route: Partial<HttpRoute> = {};
  for (const filter of filters) {
    const problem =
      headerModifierProblem(filter.requestHeaderModifier) ??
      headerModifierProblem(filter.responseHeaderModifier);
    if (problem !== undefined) {
      return { route, problem };
    }
    switch (filter.type) {
      case 'RequestHeaderModifier':
        route.headers = {
          ...route.headers,
          request: operationsOf(filter.requestHeaderModifier ?? {}),
        };
        break;
      case 'ResponseHeaderModifier':
        route.headers = {
          ...route.headers,
          response: operationsOf(filter.responseHeaderModifier ?? {}),
        };
        break;
      case 'RequestRedirect': {
        const to = filter.requestRedirect ?? {};
        const uri = to.path?.replaceFullPath ?? to.path?.replacePrefixMatch;
        route.redirect = {
          redirectCode: to.statusCode ?? 302,
          ...(to.scheme === undefined ? {} : { scheme: to.scheme }),
          ...(to.hostname === undefined ? {} : { authority: to.hostname }),
          ...(to.port === undefined ? {} : { port: to.port }),
          ...(uri === undefined ? {} : { uri }),
        };
        break;
      }
      case 'URLRewrite': {
        const to = filter.urlRewrite ?? {};
        const uri = to.path?.replaceFullPath ?? to.path?.replacePrefixMatch;
        route.rewrite = {
          ...(to.hostname === undefined ? {} : { authority: to.hostname }),
          ...(uri === undefined ? {} : { uri }),
        };
        break;
      }
      case 'RequestMirror': {
        const mirror = filter.requestMirror;
        if (mirror !== undefined) {
          const { fraction } = mirror;
          route.mirrors = [
            ...(route.mirrors ?? []),
            {
              destination: {
                host: hostOf(mirror.backendRef),
                ...(mirror.backendRef.port === undefined
                  ? {}
                  : { port: { number: mirror.backendRef.port } }),
              },
              percentage: {
                value:
                  fraction === undefined
                    ? mirror.percent ?? 100
                    : (fraction.numerator * 100) /
                      (fraction.denominator ?? 100),
              },
            },
          ];
        }
        break;
      }
      case 'CORS':
        break;
      default:
        return {
          route,
          problem: `InvalidFilter: Istio does not support the filter ${filter.type}`,
        };
    }
  }
  return { route };
}
