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

import type { HttpMatchRequest } from '../../objects';

function pathRank(match: HttpMatchRequest): number {
  if ((match.uri?.exact ?? '') !== '') {
    return 3;
  }
  if ((match.uri?.prefix ?? '') !== '') {
    return 2;
  }
  return (match.uri?.regex ?? '') !== '' ? 1 : 0;
}

function pathLength(match: HttpMatchRequest): number {
  const { exact, prefix, regex } = match.uri ?? {};
  return (exact || prefix || regex || '').length;
}

function rank(match: HttpMatchRequest): number[] {
  return [
    pathRank(match),
    pathLength(match),
    match.method === undefined ? 0 : 1,
    Object.keys(match.headers ?? {}).length,
    Object.keys(match.queryParams ?? {}).length,
  ];
}

/**
 * Order of Gateway API routes: exact path before prefix before regular expression, longer path, with method, more
 * headers, more query parameters; without any match last. Equal ones keep their order (age, name, index). R7.20
 */
export function compareGatewayApiRoutes(
  a: { match?: readonly HttpMatchRequest[] },
  b: { match?: readonly HttpMatchRequest[] },
): number {
  const left = a.match?.[0];
  const right = b.match?.[0];
  if (left === undefined || right === undefined) {
    return Number(left === undefined) - Number(right === undefined);
  }
  const ranks = rank(right);
  return (
    rank(left)
      .map((value, index) => ranks[index] - value)
      .find(difference => difference !== 0) ?? 0
  );
}
