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

import type { SlimObjectByKind } from '../../objects';
import { MESH_GATEWAY } from '../../routing/names';
import { derivation, type MeshSnapshot } from '../../snapshot';
import type { TranslatedGateway } from './gateways';
import { translateGateway, translateGateways } from './gateways';
import type { ListenerSet } from './listenerSets';
import type { InternalGateway } from './internalGateways';
import { mergedRouteConfigs, type MergedRouteConfig } from './mergedRoutes';
import {
  foreignWaypointsOf,
  meshReferences,
  routingReferences,
} from './referencesOfMesh';
import { listenersOfParents, type GatewayApiRoute } from './routeParents';
import { translateRoute, type TranslatedRoute } from './routes';
import { listenerLookup } from './translation';

/** What the translation of one Gateway depends on, beside the Gateway and its ListenerSets. */
const GATEWAY_SURROUNDINGS = [
  { kind: 'GatewayClass' },
  { kind: 'Namespace' },
  { kind: 'ReferenceGrant' },
  { kind: 'ConfigMap' },
] as const;

/** Kinds that listeners are computed from. */
export const GATEWAY_INPUTS = [
  { kind: 'K8sGateway' },
  { kind: 'ListenerSet' },
  ...GATEWAY_SURROUNDINGS,
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

/** Kinds that routes of gateways are computed from. */
export const GATEWAY_ROUTE_INPUTS = [
  ...GATEWAY_INPUTS,
  ...MESH_ROUTE_INPUTS,
] as const;

function routesOf(snapshot: MeshSnapshot): GatewayApiRoute[] {
  return [
    ...snapshot.list('HTTPRoute'),
    ...snapshot.list('GRPCRoute'),
    ...snapshot.list('TLSRoute'),
    ...snapshot.list('TCPRoute'),
  ];
}

function sameItems<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}

/**
 * Computes something of an object and of what surrounds it, and keeps it while both are the same objects: when one of the
 * mesh changes, the others are not computed again.
 */
function remembered<O extends object, I, T>(
  compute: (object: O, surroundings: readonly I[]) => T,
): (object: O, surroundings: readonly I[]) => T {
  const known = new WeakMap<O, { surroundings: readonly I[]; value: T }>();
  return (object, surroundings) => {
    const kept = known.get(object);
    if (kept !== undefined && sameItems(kept.surroundings, surroundings)) {
      return kept.value;
    }
    const value = compute(object, surroundings);
    known.set(object, { surroundings, value });
    return value;
  };
}

const rememberedGateways = derivation(
  () => GATEWAY_SURROUNDINGS,
  snapshot => {
    // Whether a Service exists has no part in what becomes of a listener.
    const references = routingReferences(snapshot, '');
    return remembered(
      (gateway: SlimObjectByKind['K8sGateway'], sets: readonly ListenerSet[]) =>
        translateGateway(gateway, sets, references),
    );
  },
);

/** The Gateways of Gateway API that Istio serves, with their ListenerSets. R7.12 – R7.14 */
export const translatedGatewaysOf = derivation(
  () => GATEWAY_INPUTS,
  (snapshot): readonly TranslatedGateway[] =>
    translateGateways(
      snapshot.list('K8sGateway'),
      snapshot.list('ListenerSet'),
      rememberedGateways(snapshot),
    ),
);

const listenersOfMesh = derivation(
  () => GATEWAY_INPUTS,
  snapshot =>
    listenerLookup(
      translatedGatewaysOf(snapshot).flatMap(({ internal }) => internal),
    ),
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

const rememberedMeshRoutes = derivation(
  () => MESH_ROUTE_SURROUNDINGS,
  (snapshot, foreignWaypoints) => {
    const references = routingReferences(snapshot, foreignWaypoints);
    return remembered((route: GatewayApiRoute) =>
      translateRoute(route, () => [], references),
    );
  },
);

const rememberedGatewayRoutes = derivation(
  () => [...MESH_ROUTE_SURROUNDINGS, { kind: 'ReferenceGrant' }],
  snapshot => {
    const references = routingReferences(snapshot, '');
    return remembered(
      (route: GatewayApiRoute, listeners: readonly InternalGateway[]) =>
        translateRoute(route, listenerLookup(listeners), references),
    );
  },
);

const meshRouteConfigs = derivation(
  () => MESH_ROUTE_INPUTS,
  (snapshot, foreignWaypoints): readonly MergedRouteConfig[] => {
    const translated = rememberedMeshRoutes(snapshot, foreignWaypoints);
    return mergedRouteConfigs(
      routesOf(snapshot).map(route => translated(route, [])),
    );
  },
);

/** Routing configuration for clients inside the mesh, from routes whose parents are services. R7.24 */
export function meshRouteConfigsOf(
  snapshot: MeshSnapshot,
): readonly MergedRouteConfig[] {
  return meshRouteConfigs(snapshot, foreignWaypointsOf(snapshot));
}

/** Routes as gateways have them: whether their backends exist has no part in it. R7.15 – R7.23 */
export const gatewayRoutesOf = derivation(
  () => GATEWAY_ROUTE_INPUTS,
  (snapshot): readonly TranslatedRoute[] => {
    const translated = rememberedGatewayRoutes(snapshot);
    const listenersOf = listenersOfMesh(snapshot);
    return routesOf(snapshot).map(route =>
      translated(route, listenersOfParents(route, listenersOf)),
    );
  },
);

/** Routing configuration of gateways, from routes whose parents are Gateways and ListenerSets. R7.15 – R7.23 */
export const gatewayRouteConfigsOf = derivation(
  () => GATEWAY_ROUTE_INPUTS,
  (snapshot): readonly MergedRouteConfig[] =>
    mergedRouteConfigs(gatewayRoutesOf(snapshot)).filter(
      ({ gateways }) => !gateways.includes(MESH_GATEWAY),
    ),
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
