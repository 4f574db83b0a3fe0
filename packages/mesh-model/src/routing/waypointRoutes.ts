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

import { usesWaypoint } from '../authorization/path';
import { controlPlaneView, resolveRevision } from '../identity';
import { proxyOfPod, waypointOf, type Client } from '../membership';
import type { HttpRoute, SlimObjectByKind } from '../objects';
import { isHostWithin } from '../identity/hosts';
import { scopeOf } from '../scoping/clientScope';
import type { MeshSnapshot } from '../snapshot';
import type { Provenance } from '../verdict';
import { activeRoutes, catchAllLast, type ActiveRoute } from './activeRoutes';
import { visibleConfigsOf } from './configsOfMesh';
import { MESH_GATEWAY } from './names';
import { tcpRouteOf, tlsRoutesOf, type OpaqueRoute } from './opaqueRoutes';
import type { RouteContext } from './requestMatch';
import type { PortClass, RoutableService } from './routableService';
import type { Asking } from './routeRules';
import type { RoutingConfig, SourcedRoute } from './routingConfig';

const GATEWAY_NAME = 'gateway.networking.k8s.io/gateway-name';

/** Names a waypoint: its Gateway of Gateway API. */
export interface WaypointName {
  namespace: string;
  name: string;
}

/** Pods of a waypoint. */
export function podsOfWaypoint(
  snapshot: MeshSnapshot,
  { namespace, name }: WaypointName,
): readonly SlimObjectByKind['Pod'][] {
  return snapshot.podsBySelector(namespace, { [GATEWAY_NAME]: name });
}

/** A waypoint as what sends requests on: routes, DestinationRules and policies look at its own namespace. R5.13 */
export function waypointAsClient(
  snapshot: MeshSnapshot,
  waypoint: WaypointName,
): Client {
  const [pod] = podsOfWaypoint(snapshot, waypoint);
  const revision = pod === undefined ? undefined : proxyOfPod(pod).revision;
  return {
    namespace: waypoint.namespace,
    labels: pod?.metadata.labels ?? { [GATEWAY_NAME]: waypoint.name },
    // Istio names the service account of a waypoint after its Gateway.
    serviceAccount: pod?.spec.serviceAccountName ?? waypoint.name,
    proxy: 'waypoint',
    ...(revision === undefined
      ? {}
      : { revision: resolveRevision(snapshot, revision) }),
    gateway: { kind: 'K8sGateway', ...waypoint },
  };
}

/** The waypoint that a client is, when it is one. */
export function waypointOfClient(client: Client): WaypointName | undefined {
  const name = client.gateway?.name ?? client.labels[GATEWAY_NAME];
  return client.proxy !== 'waypoint' || name === undefined
    ? undefined
    : { namespace: client.gateway?.namespace ?? client.namespace, name };
}

/**
 * The waypoint that a client's requests to a service pass, or that the client itself is; `undefined` when none of the
 * service's stands between. R2.10, R2.12
 */
export function waypointBetween(
  snapshot: MeshSnapshot,
  client: Client,
  service: RoutableService,
): (WaypointName & { facts: readonly Provenance[] }) | undefined {
  const { object } = service;
  if (object?.kind !== 'Service' && object?.kind !== 'ServiceEntry') {
    return undefined;
  }
  const { state, waypoint, facts } = waypointOf(snapshot, object);
  if (state !== 'bound' || waypoint === undefined) {
    return undefined;
  }
  const itself = waypointOfClient(client);
  const passes =
    itself === undefined
      ? usesWaypoint(snapshot, client, object) &&
        // A gateway reaches a waypoint only by the service's address. R2.12
        (client.proxy !== 'gateway' || service.addresses.length > 0)
      : itself.namespace === waypoint.namespace &&
        itself.name === waypoint.name;
  return passes ? { ...waypoint, facts } : undefined;
}

/** The asking of a waypoint: what it sees and who it is. */
export function waypointAsking(
  snapshot: MeshSnapshot,
  waypoint: WaypointName,
): Asking {
  const client = waypointAsClient(snapshot, waypoint);
  return { snapshot, client, scope: scopeOf(snapshot, client) };
}

/** A waypoint does not know the labels of a caller: matches on them are left out, and routes that have no other. R5.13 */
function withoutSourceLabels(
  route: SourcedRoute<HttpRoute>,
): SourcedRoute<HttpRoute>[] {
  const match = route.value.match ?? [];
  const kept = match.filter(
    item => Object.keys(item.sourceLabels ?? {}).length === 0,
  );
  if (kept.length === match.length) {
    return [route];
  }
  return kept.length === 0
    ? []
    : [{ ...route, value: { ...route.value, match: kept } }];
}

/** What decides the requests that a waypoint gets for one of its services. */
export interface WaypointRoutes {
  /** configurations that act, in Istio's order */
  configs: readonly RoutingConfig[];
  /** of all of them, those that take everything last; empty: the default route of the service */
  routes: readonly ActiveRoute[];
  unreachable: readonly ActiveRoute[];
  /** for a port that is not HTTP */
  opaque?: OpaqueRoute;
}

/**
 * The routes of a waypoint for a service's port: of configurations in the service's namespace and in the waypoint's own,
 * all that name the service, one after the other. R5.13
 */
export function waypointRoutesOf(
  { snapshot: mesh, client }: Pick<Asking, 'snapshot' | 'client'>,
  service: RoutableService,
  port: { number: number; class: PortClass },
): WaypointRoutes {
  const snapshot = controlPlaneView(mesh, client.revision);
  const context: RouteContext = {
    gateways: new Set([MESH_GATEWAY]),
    port: port.number,
    namespace: client.namespace,
    labels: {},
  };
  const configs = visibleConfigsOf(snapshot, MESH_GATEWAY, client.namespace)
    .filter(
      config =>
        (config.namespace === service.namespace ||
          config.namespace === client.namespace) &&
        config.hosts.some(host => isHostWithin(service.hostname, host)),
    )
    .map(config => ({
      ...config,
      http: config.http.flatMap(withoutSourceLabels),
    }));
  const active = configs.map(config => activeRoutes(config, context));
  const opaque =
    port.class === 'tls' || port.class === 'tcp'
      ? opaqueRouteOf(configs, context, service, port.class)
      : undefined;
  return {
    configs,
    routes: catchAllLast(active.flatMap(({ routes }) => routes)),
    unreachable: active.flatMap(({ unreachable }) => unreachable),
    ...(opaque === undefined ? {} : { opaque }),
  };
}

/** Routes by server name go before those of TCP; a waypoint knows no other server name than the service's host. R5.13 */
function opaqueRouteOf(
  configs: readonly RoutingConfig[],
  context: RouteContext,
  service: RoutableService,
  portClass: PortClass,
): OpaqueRoute | undefined {
  for (const config of configs) {
    const byName =
      portClass === 'tls'
        ? tlsRoutesOf(config, context, service.addresses).find(route =>
            route.sniHosts.some(name => isHostWithin(service.hostname, name)),
          )
        : undefined;
    const found = byName ?? tcpRouteOf(config, context, service.addresses);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}
