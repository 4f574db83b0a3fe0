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

import { isRecord } from '../../objects/shape';
import type {
  HeaderOperations,
  HttpHeaderModifier,
  HttpRedirect,
  HttpRewrite,
  HttpRoute,
  HttpRouteFilter,
} from '../../objects';
import { destinationOf, type BackendContext, type Converted } from './backends';
import type { Fault } from './conditions';
import { corsOf } from './corsPolicies';

/** Holds the text a control character other than the tab? */
function isUnsendable(text: string): boolean {
  return [...text].some(
    character =>
      character !== '\t' && (character < ' ' || character === '\x7f'),
  );
}

/** Why a header modifier cannot be used; `undefined` when it can. */
export function headerModifierProblem(
  modifier: HttpHeaderModifier | undefined,
): string | undefined {
  for (const { name, value } of [
    ...(modifier?.set ?? []),
    ...(modifier?.add ?? []),
  ]) {
    if (isUnsendable(value)) {
      return `InvalidFilter: header ${JSON.stringify(
        name,
      )} has a value that no header can have; remove line breaks and control characters`;
    }
  }
  return undefined;
}

/** Header names are the same in any case, and only the first entry of a name counts. */
function headerMap(list: HttpHeaderModifier['set']): Record<string, string> {
  const map = new Map<string, string>();
  for (const { name, value } of list ?? []) {
    const key = name.toLowerCase();
    if (!map.has(key)) {
      map.set(key, value);
    }
  }
  return Object.fromEntries(map);
}

function operationsOf(modifier: HttpHeaderModifier): HeaderOperations {
  const { set = [], add = [], remove = [] } = modifier;
  return {
    ...(set.length === 0 ? {} : { set: headerMap(set) }),
    ...(add.length === 0 ? {} : { add: headerMap(add) }),
    ...(remove.length === 0 ? {} : { remove }),
  };
}

function unsupported(filter: HttpRouteFilter): { fault: Fault } {
  return {
    fault: {
      reason: 'InvalidFilter',
      message: `Istio does not support the filter ${filter.type}`,
    },
  };
}

/** What a header filter does to requests or responses; `undefined` when the filter is of another kind. */
function headersOf(
  filter: HttpRouteFilter,
): Converted<Pick<HttpRoute, 'headers'>> | undefined {
  const [direction, modifier] =
    filter.type === 'RequestHeaderModifier'
      ? (['request', filter.requestHeaderModifier] as const)
      : (['response', filter.responseHeaderModifier] as const);
  if (
    filter.type !== 'RequestHeaderModifier' &&
    filter.type !== 'ResponseHeaderModifier'
  ) {
    return undefined;
  }
  const problem = headerModifierProblem(modifier);
  if (problem !== undefined) {
    return { fault: { reason: 'InvalidFilter', message: problem } };
  }
  return {
    value:
      modifier === undefined
        ? {}
        : { headers: { [direction]: operationsOf(modifier) } },
  };
}

/** What the filters of one backend do: only headers can be changed there. R7.22 */
export function backendHeaders(
  filters: readonly HttpRouteFilter[],
): Converted<Pick<HttpRoute, 'headers'>> {
  let headers: HttpRoute['headers'];
  for (const filter of filters) {
    const found = headersOf(filter);
    if (found === undefined) {
      return unsupported(filter);
    }
    if (found.value === undefined) {
      return { fault: found.fault };
    }
    headers = { ...headers, ...found.value.headers };
  }
  return { value: headers === undefined ? {} : { headers } };
}

function redirectOf({
  scheme,
  hostname,
  path,
  port,
  statusCode,
}: NonNullable<HttpRouteFilter['requestRedirect']>): HttpRedirect {
  const fullPath = path?.replaceFullPath;
  return {
    ...(statusCode === undefined ? {} : { redirectCode: statusCode }),
    ...(hostname === undefined ? {} : { authority: hostname }),
    ...(scheme === undefined ? {} : { scheme }),
    ...(port === undefined
      ? {
          derivePort:
            scheme === undefined
              ? ('FROM_REQUEST_PORT' as const)
              : ('FROM_PROTOCOL_DEFAULT' as const),
        }
      : { port }),
    ...(path?.type === 'ReplacePrefixMatch'
      ? { prefixRewrite: path.replacePrefixMatch ?? '' }
      : fullPath !== undefined && { uri: fullPath }),
  };
}

function rewriteOf({
  hostname,
  path,
}: NonNullable<HttpRouteFilter['urlRewrite']>): HttpRewrite | undefined {
  const rewrite: HttpRewrite = {
    ...(path?.type === 'ReplacePrefixMatch'
      ? { uri: (path.replacePrefixMatch ?? '').replace(/\/$/, '') || '/' }
      : {}),
    ...(path?.type === 'ReplaceFullPath'
      ? {
          uriRegexRewrite: {
            match: '/.*',
            rewrite: path.replaceFullPath ?? '',
          },
        }
      : {}),
    ...(hostname === undefined ? {} : { authority: hostname }),
  };
  return Object.keys(rewrite).length === 0 ? undefined : rewrite;
}

type Mirror = NonNullable<HttpRoute['mirrors']>[number];

function mirrorOf(
  mirror: NonNullable<HttpRouteFilter['requestMirror']>,
  context: BackendContext,
): Converted<Mirror> {
  const found = destinationOf(mirror.backendRef, context);
  if (found.value === undefined || found.fault !== undefined) {
    return { fault: found.fault };
  }
  const { fraction, percent } = mirror;
  const share =
    fraction === undefined
      ? percent
      : (fraction.numerator * 100) / (fraction.denominator ?? 100);
  return {
    value: {
      destination: found.value,
      ...(share === undefined ? {} : { percentage: { value: share } }),
    },
  };
}

/**
 * What the filters of a rule make of its route. A mirror of an HTTPRoute that cannot be used is left out and reported;
 * any other fault voids the route. R7.22
 */
export function filteredRoute(
  filters: readonly HttpRouteFilter[],
  context: BackendContext,
): Converted<Partial<HttpRoute>> {
  const value: Partial<HttpRoute> = {};
  let mirrorFault: Fault | undefined;
  for (const filter of filters) {
    const headers = headersOf(filter);
    if (headers !== undefined) {
      if (headers.value === undefined) {
        return { fault: headers.fault };
      }
      if (headers.value.headers !== undefined) {
        value.headers = { ...value.headers, ...headers.value.headers };
      }
      continue;
    }
    const http = context.kind === 'HTTPRoute';
    if (filter.type === 'RequestMirror') {
      const mirror =
        filter.requestMirror && mirrorOf(filter.requestMirror, context);
      if (mirror?.value !== undefined) {
        value.mirrors = [...(value.mirrors ?? []), mirror.value];
      } else if (mirror !== undefined && !http) {
        return { fault: mirror.fault };
      } else if (mirror !== undefined) {
        mirrorFault = mirror.fault ?? mirrorFault;
      }
    } else if (http && filter.type === 'RequestRedirect') {
      value.redirect = redirectOf(filter.requestRedirect ?? {});
    } else if (http && filter.type === 'URLRewrite') {
      const rewrite = rewriteOf(filter.urlRewrite ?? {});
      if (rewrite !== undefined) {
        value.rewrite = rewrite;
      }
    } else if (http && filter.type === 'CORS') {
      value.corsPolicy = corsOf(isRecord(filter.cors) ? filter.cors : {});
    } else {
      return unsupported(filter);
    }
  }
  return {
    value,
    ...(mirrorFault === undefined ? {} : { fault: mirrorFault }),
  };
}
