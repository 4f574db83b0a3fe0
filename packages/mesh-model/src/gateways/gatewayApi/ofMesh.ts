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

import { MESH_GATEWAY } from '../../routing/names';
import { derivation, type MeshSnapshot } from '../../snapshot';
import type { TranslatedGateway } from './gateways';
import { translateGateways } from './gateways';
import type { InternalGateway } from './internalGateways';
import { mergedRouteConfigs, type MergedRouteConfig } from './mergedRoutes';
import {
  foreignWaypointsOf,
  meshReferences,
  routingReferences,
} from './referencesOfMesh';
import type { References } from './references';
import type { GatewayApiRoute, ListenersOf } from './routeParents';
import { translateRoute, type TranslatedRoute } from './routes';
import { listenerLookup } from './translation';

/** Kinds that listeners are computed from. */
export const GATEWAY_INPUTS = [
  { kind: 'K8sGateway' },
  { kind: 'ListenerSet' },
  { kind: 'GatewayClass' },
  { kind: 'Namespace' },
  { kind: 'ReferenceGrant' },
  { kind: 'ConfigMap' },
] as const;

/** What the translation of one mesh route depends on, beside the route. */
const MESH_ROUTE_SURROUNDINGS = [
  { kind: 'ServiceEntry' },
  { kind: 'ConfigMap' },
] as const;

/** Kinds that routes of the mesh are computed from. */
export const MESH_ROUTE_INPUTS = [
  { kind: 'HTTPRoute' },
  { kind: 'GRPCRoute' },
  { kind: 'TLSRoute' },
  { kind: 'TCPRoute' },
  ...MESH_ROUTE_SURROUNDINGS,
] as const;

function routesOf(snapshot: MeshSnapshot): GatewayApiRoute[] {
  return [
    ...snapshot.list('HTTPRoute'),
    ...snapshot.list('GRPCRoute'),
    ...snapshot.list('TLSRoute'),
    ...snapshot.list('TCPRoute'),
  ];
}

/** The Gateways of Gateway API that Istio serves, with their ListenerSets. R7.12 – R7.14 */
export const translatedGatewaysOf = derivation(
  () => GATEWAY_INPUTS,
  (snapshot): readonly TranslatedGateway[] =>
    translateGateways(
      snapshot.list('K8sGateway'),
      snapshot.list('ListenerSet'),
      // Whether a Service exists has no part in what becomes of a listener.
      routingReferences(snapshot, ''),
    ),
);

const listenersOfMesh = derivation(
  () => GATEWAY_INPUTS,
  snapshot => listenerLookup(translatedGatewaysOf(snapshot)),
);

/** The servers that listeners become, by the host name of the Service whose pods serve them. R7.14 */
export const internalGatewaysByServiceOf = derivation(
  () => GATEWAY_INPUTS,
  (snapshot): ReadonlyMap<string, readonly InternalGateway[]> => {
    const byService = new Map<string, InternalGateway[]>();
    for (const { internal, services } of translatedGatewaysOf(snapshot)) {
      for (const service of services) {
        const same = byService.get(service) ?? [];
        same.push(...internal.filter(({ served }) => served));
        byService.set(service, same);
      }
    }
    return byService;
  },
);

/** Translations of routes that stay right while only other routes change. */
function rememberedTranslations(
  listenersOf: ListenersOf,
  references: References,
): (route: GatewayApiRoute) => TranslatedRoute {
  const known = new WeakMap<GatewayApiRoute, TranslatedRoute>();
  return route => {
    const translated =
      known.get(route) ?? translateRoute(route, listenersOf, references);
    known.set(route, translated);
    return translated;
  };
}

const meshTranslations = derivation(
  () => MESH_ROUTE_SURROUNDINGS,
  (snapshot, foreignWaypoints) =>
    rememberedTranslations(
      () => [],
      routingReferences(snapshot, foreignWaypoints),
    ),
);

const gatewayTranslations = derivation(
  () => [...GATEWAY_INPUTS, ...MESH_ROUTE_SURROUNDINGS],
  snapshot =>
    rememberedTranslations(
      listenersOfMesh(snapshot),
      routingReferences(snapshot, ''),
    ),
);

const meshRouteConfigs = derivation(
  () => MESH_ROUTE_INPUTS,
  (snapshot, foreignWaypoints): readonly MergedRouteConfig[] =>
    mergedRouteConfigs(
      routesOf(snapshot).map(meshTranslations(snapshot, foreignWaypoints)),
    ),
);

/** Routing configuration for clients inside the mesh, from routes whose parents are services. R7.24 */
export function meshRouteConfigsOf(
  snapshot: MeshSnapshot,
): readonly MergedRouteConfig[] {
  return meshRouteConfigs(snapshot, foreignWaypointsOf(snapshot));
}

/** Routing configuration of gateways, from routes whose parents are Gateways and ListenerSets. R7.15 – R7.23 */
export const gatewayRouteConfigsOf = derivation(
  () => [...GATEWAY_INPUTS, ...MESH_ROUTE_INPUTS],
  (snapshot): readonly MergedRouteConfig[] =>
    mergedRouteConfigs(
      routesOf(snapshot).map(gatewayTranslations(snapshot)),
    ).filter(({ gateways }) => !gateways.includes(MESH_GATEWAY)),
);

/** A route as istiod sees it, with what is wrong with its references. R7.15 – R7.24 */
export function translatedRouteOf(
  snapshot: MeshSnapshot,
  route: GatewayApiRoute,
): TranslatedRoute {
  return translateRoute(
    route,
    listenersOfMesh(snapshot),
    meshReferences(snapshot),
  );
}
