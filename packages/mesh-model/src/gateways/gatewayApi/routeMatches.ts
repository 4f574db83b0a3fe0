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
  GRPCRouteSpec,
  HttpMatchRequest,
  HttpRouteMatch,
  NamedValueMatch,
  StringMatch,
} from '../../objects';

/** A match of a rule of a GRPCRoute. */
export type GrpcRouteMatch = NonNullable<
  NonNullable<GRPCRouteSpec['rules']>[number]['matches']
>[number];

function namedValues(
  list: readonly NamedValueMatch[] | undefined,
): Record<string, StringMatch> {
  return Object.fromEntries(
    (list ?? []).map(({ name, value, type }) => [
      name,
      type === 'RegularExpression' ? { regex: value } : { exact: value },
    ]),
  );
}

function httpPath(path: HttpRouteMatch['path']): StringMatch {
  const value = path?.value ?? '/';
  switch (path?.type) {
    case 'Exact':
      return { exact: value };
    case 'RegularExpression':
      return { regex: value };
    default:
      return { prefix: value === '/' ? value : value.replace(/\/$/, '') };
  }
}

/** A match of an HTTPRoute in Istio's words; a slash at the end of a prefix means nothing. R7.22 */
export function httpMatch(match: HttpRouteMatch): HttpMatchRequest {
  return {
    uri: httpPath(match.path),
    ...(match.method === undefined ? {} : { method: { exact: match.method } }),
    ...((match.headers ?? []).length === 0
      ? {}
      : { headers: namedValues(match.headers) }),
    ...((match.queryParams ?? []).length === 0
      ? {}
      : { queryParams: namedValues(match.queryParams) }),
  };
}

function grpcPath({ method: asked }: GrpcRouteMatch): StringMatch | undefined {
  const service = asked?.service ?? '';
  const method = asked?.method ?? '';
  if (service === '' && method === '') {
    return undefined;
  }
  if (asked?.type === 'RegularExpression' || service === '') {
    return { regex: `/${service || '[^/]+'}/${method || '.+'}` };
  }
  return method === ''
    ? { prefix: `/${service}/` }
    : { exact: `/${service}/${method}` };
}

/** A match of a GRPCRoute as the path that gRPC sends, `/service/method`. R7.23 */
export function grpcMatch(match: GrpcRouteMatch): HttpMatchRequest {
  const uri = grpcPath(match);
  return {
    ...(uri === undefined ? {} : { uri }),
    ...((match.headers ?? []).length === 0
      ? {}
      : { headers: namedValues(match.headers) }),
  };
}
