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
  BackendReference,
  RouteDestination,
  SlimObjectByKind,
  TcpRoute,
  TlsRoute,
} from '../../objects';
import type { SourcedRoute } from '../../routing/routingConfig';
import { destinationsOf, isWeightless, type BackendContext } from './backends';
import type { Fault } from './conditions';
import type { ConvertedRules } from './httpRules';
import { routeHostnames } from './routeParents';

type OpaqueRoute = SlimObjectByKind['TLSRoute'] | SlimObjectByKind['TCPRoute'];

/** Connections to no backend end here: a cluster that does not exist. */
const NOWHERE: RouteDestination = {
  destination: {
    host: 'internal.cluster.local',
    subset: 'zero-weight',
    port: { number: 65535 },
  },
};

interface Rules<T> {
  routes: SourcedRoute<T>[];
  fault?: Fault;
}

function convertedRules<T extends TcpRoute | TlsRoute>(
  route: OpaqueRoute,
  context: BackendContext,
  complete: (to: readonly RouteDestination[], active: boolean) => T,
): Rules<T> {
  const routes: SourcedRoute<T>[] = [];
  let fault: Fault | undefined;
  const rules: readonly { backendRefs?: readonly BackendReference[] }[] =
    route.spec.rules ?? [];
  for (const [index, { backendRefs = [] }] of rules.entries()) {
    const source = { object: route, path: `spec.rules[${index}]` };
    if (isWeightless(backendRefs)) {
      routes.push({ value: complete([NOWHERE], false), ...source });
      continue;
    }
    const found = destinationsOf(backendRefs, context, (_, value) => ({
      value,
    }));
    if (found.value === undefined) {
      return { routes: [], fault: found.fault };
    }
    fault = found.fault ?? fault;
    routes.push({ value: complete(found.value, true), ...source });
  }
  return { routes, ...(fault === undefined ? {} : { fault }) };
}

/** The rules of a TCPRoute. R7.23 */
export function convertedTcpRules(
  route: SlimObjectByKind['TCPRoute'],
  context: BackendContext,
): ConvertedRules<TcpRoute> {
  return convertedRules(route, context, to => ({ route: to }));
}

/** The rules of a TLSRoute: connections by server name. R7.23 */
export function convertedTlsRules(
  route: SlimObjectByKind['TLSRoute'],
  context: BackendContext,
): ConvertedRules<TlsRoute> {
  return convertedRules(route, context, (to, active) => ({
    ...(active ? { match: [{ sniHosts: routeHostnames(route) }] } : {}),
    route: to,
  }));
}
