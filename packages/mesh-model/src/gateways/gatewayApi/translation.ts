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

import { groupedBy } from '../../grouping';
import type { SlimObjectByKind } from '../../objects';
import {
  translateBackendPolicies,
  type BackendPolicyRule,
  type GatewaysOfBackend,
  type TranslatedPolicy,
} from './backendPolicies';
import type { BoundServices } from './gatewayAddresses';
import {
  gatewayStatus,
  listenerSetStatus,
  type AttachedRoutes,
  type GatewayStatus,
  type ReportedListenerSetStatus,
} from './gatewayStatus';
import {
  translateGateway,
  translateGateways,
  type TranslatedGateway,
} from './gateways';
import type { InternalGateway } from './internalGateways';
import type { ListenerSet } from './listenerSets';
import { mergedRouteConfigs, type MergedRouteConfig } from './mergedRoutes';
import type { References } from './references';
import {
  attachedParents,
  parentKind,
  type GatewayApiRoute,
  type ListenersOf,
} from './routeParents';
import { translateRoute, type TranslatedRoute } from './routes';

/** Objects of Gateway API. */
export interface GatewayApiObjects {
  gateways: readonly SlimObjectByKind['K8sGateway'][];
  listenerSets: readonly ListenerSet[];
  routes: readonly GatewayApiRoute[];
  tlsPolicies: readonly SlimObjectByKind['BackendTLSPolicy'][];
  trafficPolicies: readonly SlimObjectByKind['XBackendTrafficPolicy'][];
}

/** Everything istiod makes of the objects of Gateway API. */
export interface GatewayApiTranslation {
  gateways: readonly TranslatedGateway[];
  /** servers for proxies; those with errors are left out */
  internal: readonly InternalGateway[];
  routes: readonly TranslatedRoute[];
  configs: readonly MergedRouteConfig[];
  rules: readonly BackendPolicyRule[];
  policies: readonly TranslatedPolicy[];
}

function keyOf(kind: string, namespace: string, name: string): string {
  return `${kind}/${namespace}/${name}`;
}

/** Looks up the listeners of Gateways and ListenerSets, also of those with errors: routes attach to them all the same. */
export function listenerLookup(
  listeners: readonly InternalGateway[],
): ListenersOf {
  const byOwner = groupedBy(listeners, ({ object: { kind, metadata } }) =>
    keyOf(
      kind === 'K8sGateway' ? 'Gateway' : kind,
      metadata.namespace,
      metadata.name,
    ),
  );
  return (kind, namespace, name) =>
    byOwner.get(keyOf(kind, namespace, name)) ?? [];
}

/** How many routes attach to each listener. R7.16 */
export function attachedRouteCounts(
  routes: readonly TranslatedRoute[],
): AttachedRoutes {
  const counts = new Map<string, Set<GatewayApiRoute>>();
  for (const { route, parents } of routes) {
    for (const { target } of attachedParents(parents)) {
      if (target.kind === 'listener') {
        const { object, listener } = target.internal;
        const key = `${keyOf(
          object.kind === 'K8sGateway' ? 'Gateway' : object.kind,
          object.metadata.namespace,
          object.metadata.name,
        )}/${listener.name}`;
        counts.set(key, (counts.get(key) ?? new Set()).add(route));
      }
    }
  }
  return (kind, namespace, name, section) =>
    counts.get(`${keyOf(kind, namespace, name)}/${section}`)?.size ?? 0;
}

/** The Gateways, `namespace/name`, that routes with a backend name as their parents, whether or not they attach. */
export function gatewaysOfBackends(
  routes: readonly TranslatedRoute[],
): GatewaysOfBackend {
  const gateways = new Map<string, Set<string>>();
  for (const { route } of routes) {
    const own = route.metadata.namespace;
    const names = (route.spec.parentRefs ?? [])
      .filter(reference => parentKind(reference) === 'Gateway')
      .map(({ namespace, name }) => `${namespace ?? own}/${name}`);
    for (const rule of route.spec.rules ?? []) {
      for (const backend of rule.backendRefs ?? []) {
        const key = `${backend.kind ?? 'Service'}/${backend.namespace ?? own}/${
          backend.name
        }`;
        const found = gateways.get(key) ?? new Set();
        names.forEach(name => found.add(name));
        gateways.set(key, found);
      }
    }
  }
  return (kind, namespace, name) => [
    ...(gateways.get(`${kind}/${namespace}/${name}`) ?? []),
  ];
}

/** Everything istiod makes of the objects of Gateway API: servers, routing configuration, traffic policies. R7.12 – R7.25 */
export function translateGatewayApi(
  objects: GatewayApiObjects,
  references: References,
): GatewayApiTranslation {
  const gateways = translateGateways(
    objects.gateways,
    objects.listenerSets,
    (gateway, sets) => translateGateway(gateway, sets, references),
  );
  const listenersOf = listenerLookup(
    gateways.flatMap(({ internal }) => internal),
  );
  const routes = objects.routes.map(route =>
    translateRoute(route, listenersOf, references),
  );
  const { rules, policies } = translateBackendPolicies(
    objects.tlsPolicies,
    objects.trafficPolicies,
    references,
    gatewaysOfBackends(routes),
  );
  return {
    gateways,
    internal: gateways.flatMap(({ internal }) =>
      internal.filter(({ served }) => served),
    ),
    routes,
    configs: mergedRouteConfigs(routes),
    rules,
    policies,
  };
}

/** What istiod reports about Gateways and ListenerSets. R7.16 */
export function gatewayStatuses(
  { gateways, routes }: Pick<GatewayApiTranslation, 'gateways' | 'routes'>,
  servicesOf: BoundServices,
): {
  gateway: TranslatedGateway['gateway'];
  status: GatewayStatus;
  sets: readonly { set: ListenerSet; status: ReportedListenerSetStatus }[];
}[] {
  const attached = attachedRouteCounts(routes);
  return gateways.map(translated => ({
    gateway: translated.gateway,
    status: gatewayStatus(translated, attached, servicesOf),
    sets: translated.sets.map(set => ({
      set: set.set,
      status: listenerSetStatus(translated, set, attached, servicesOf),
    })),
  }));
}
