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

import type { EnvoyConfigPatch } from '../objects';

/** The parts of a proxy's configuration that a patch may change. R8.26 */
export type PatchArea =
  | 'routes'
  | 'clusters'
  | 'listeners'
  | 'filters'
  | 'authorization'
  | 'tls'
  | 'rate-limit'
  | 'bootstrap';

const AUTHORIZATION =
  /rbac|ext_authz|jwt_authn|RBAC|ExtAuthz|JwtAuthentication/;
const RATE_LIMIT = /ratelimit|rate_limit|RateLimit/;

const BY_TARGET: Readonly<Record<string, readonly PatchArea[]>> = {
  LISTENER: ['listeners'],
  LISTENER_FILTER: ['listeners'],
  FILTER_CHAIN: ['listeners'],
  NETWORK_FILTER: ['filters'],
  HTTP_FILTER: ['filters'],
  EXTENSION_CONFIG: ['filters'],
  ROUTE_CONFIGURATION: ['routes'],
  VIRTUAL_HOST: ['routes'],
  HTTP_ROUTE: ['routes'],
  CLUSTER: ['clusters'],
  BOOTSTRAP: ['bootstrap'],
};

/** Operations that change or take away what the match finds; the others only stand beside it. */
const CHANGING = new Set([
  'MERGE',
  'REMOVE',
  'REPLACE',
  'MERGE_AND_REPLACE_LIST',
]);

/** Operations after which something else stands where istiod put a listener, chain or cluster. */
const REPLACING = new Set(['ADD', 'REMOVE', 'REPLACE']);

function matchedNames(patch: EnvoyConfigPatch): readonly string[] {
  const { listener, waypoint } = patch.match ?? {};
  return [
    listener?.filterChain?.filter?.name,
    listener?.filterChain?.filter?.subFilter?.name,
    waypoint?.filter?.name,
    waypoint?.filter?.subFilter?.name,
  ].filter(name => name !== undefined);
}

/**
 * What a patch touches, by where it applies and by the names and types it carries. A listener or filter chain that is
 * added, replaced or removed has not the TLS settings and authorization filters that istiod puts there.
 */
export function areasOfPatch(patch: EnvoyConfigPatch): readonly PatchArea[] {
  const { applyTo = '' } = patch;
  const { operation = '', value } = patch.patch ?? {};
  const areas = new Set<PatchArea>(BY_TARGET[applyTo] ?? []);
  const named = [
    ...(value?.names ?? []),
    ...(value?.types ?? []),
    ...(CHANGING.has(operation) ? matchedNames(patch) : []),
  ];
  if (named.some(name => AUTHORIZATION.test(name))) {
    areas.add('authorization');
  }
  if (named.some(name => RATE_LIMIT.test(name))) {
    areas.add('rate-limit');
  }
  if (value?.transportSocket === true) {
    areas.add('tls');
  }
  const carrier = applyTo === 'LISTENER' || applyTo === 'FILTER_CHAIN';
  if (carrier && REPLACING.has(operation)) {
    areas.add('tls');
    areas.add('authorization');
  }
  if (applyTo === 'CLUSTER' && REPLACING.has(operation)) {
    areas.add('tls');
  }
  return [...areas];
}
