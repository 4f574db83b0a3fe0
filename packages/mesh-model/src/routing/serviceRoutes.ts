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

import type { Client } from '../membership';
import { controlPlaneView, meshConfigOf } from '../identity';
import { scopeOf, type ClientScope } from '../scoping/clientScope';
import type { MeshSnapshot } from '../snapshot';
import { provenanceOf, type Provenance } from '../verdict';
import { whyNotRouted } from './clientRouting';
import { portRoutesAtGateway } from './gatewayPortRoutes';
import { portRoutesAtSidecar, type PortRoutes } from './portRoutes';
import type { RoutableService } from './routableService';
import type { Asking } from './routeRules';
import {
  isServiceVisible,
  servicesDefinedBy,
  serviceRegistryOf,
} from './serviceRegistry';
import { virtualHostDomains } from './virtualHostDomains';
import { portRoutesAtWaypoint } from './waypointPortRoutes';
import { waypointBetween } from './waypointRoutes';

/** Where requests of a client to a service go. */
export interface ServiceRoutes {
  host: string;
  namespace: string;
  /** Does the client know the service? If not, `says` tells what happens to its requests. */
  inScope: boolean;
  says: string;
  scopeProvenance: readonly Provenance[];
  /** Host headers by which the client reaches it */
  hostHeaders: readonly string[];
  ports: readonly PortRoutes[];
}

/** Names a service: a Kubernetes Service or one host of a ServiceEntry. */
export type ServiceQuery =
  | { namespace: string; name: string }
  | { host: string };

function outOfScope(
  scope: ClientScope,
  client: Client,
  service: RoutableService,
): string {
  const visible = isServiceVisible(service, client.namespace);
  const why = visible
    ? `${scope.choice.says} and does not import ${service.hostname}`
    : `${service.hostname} is not exported to namespace ${client.namespace}`;
  return scope.outbound.mode === 'REGISTRY_ONLY'
    ? `${why}; unknown destinations are refused (502 for HTTP, connection closed otherwise): ${scope.outbound.says}`
    : `${why}; requests pass through without any configuration of the mesh: ${scope.outbound.says}`;
}

function findService(
  snapshot: MeshSnapshot,
  scope: ClientScope,
  query: ServiceQuery,
): RoutableService | undefined {
  if ('host' in query) {
    const { byHost } = serviceRegistryOf(snapshot);
    return scope.serviceOf(query.host) ?? byHost.get(query.host)?.[0];
  }
  return servicesDefinedBy(snapshot, { kind: 'Service', metadata: query })[0];
}

/** The objects that decide what a client knows. */
function scopeProvenanceOf({ choice, outbound }: ClientScope): Provenance[] {
  return [
    ...(choice.sidecar === undefined
      ? []
      : [
          provenanceOf(choice.sidecar, 'spec.egress', choice.says, [
            ...choice.losers,
          ]),
        ]),
    ...(outbound.provenance === undefined ? [] : [outbound.provenance]),
  ];
}

/** What the place that applies the routes makes of a service that the client knows. */
type AppliedRoutes = Pick<ServiceRoutes, 'says' | 'hostHeaders' | 'ports'> &
  Partial<Pick<ServiceRoutes, 'scopeProvenance'>>;

/** Proxies leave UDP alone. */
function routedPorts({ ports }: RoutableService): RoutableService['ports'] {
  return ports.filter(port => port.class !== 'udp');
}

/** Nothing that routes is on the way: all ports with the reason for it. */
function unroutedPorts(service: RoutableService, says: string): PortRoutes[] {
  return routedPorts(service).map(port => ({
    port: port.number,
    name: port.name,
    class: port.class,
    says,
    rules: [],
    losers: [],
  }));
}

function routesAtSidecar(
  asking: Asking,
  service: RoutableService,
): AppliedRoutes {
  const { snapshot, client, scope } = asking;
  const { clusterDomain } = meshConfigOf(snapshot);
  return {
    says: scope.choice.says,
    hostHeaders: virtualHostDomains(
      service,
      `${client.namespace}.svc.${clusterDomain}`,
    ),
    ports: routedPorts(service).map(port =>
      portRoutesAtSidecar(asking, service, port),
    ),
  };
}

/** The routes of the first place on the way that applies any: waypoint, gateway, the client's own sidecar. */
function appliedRoutes(
  asking: Asking,
  service: RoutableService,
): AppliedRoutes {
  const { snapshot, client } = asking;
  const waypoint = waypointBetween(snapshot, client, service);
  if (waypoint !== undefined) {
    return {
      says: `Waypoint ${waypoint.namespace}/${waypoint.name} of the service applies the routes of the service’s namespace and of its own`,
      scopeProvenance: waypoint.facts,
      hostHeaders: [],
      ports: portRoutesAtWaypoint(snapshot, waypoint, service),
    };
  }
  const atGateway = portRoutesAtGateway(snapshot, client, service);
  if (atGateway !== undefined) {
    return {
      says: 'A gateway applies the routes bound to its own listeners',
      hostHeaders: [],
      ports: atGateway,
    };
  }
  const notRouted = whyNotRouted(client);
  return notRouted === undefined
    ? routesAtSidecar(asking, service)
    : {
        says: notRouted,
        hostHeaders: [],
        ports: unroutedPorts(service, notRouted),
      };
}

/**
 * Where the requests of a client to a service go, port by port: who owns the host, the rules in order with destinations,
 * shares and ready endpoints, what is unreachable, what does not act and why.
 *
 * @returns `undefined` when no such service exists
 */
export function routesOfService(
  mesh: MeshSnapshot,
  client: Client,
  query: ServiceQuery,
): ServiceRoutes | undefined {
  const snapshot = controlPlaneView(mesh, client.revision);
  const scope = scopeOf(snapshot, client);
  const service = findService(snapshot, scope, query);
  if (service === undefined) {
    return undefined;
  }
  const known = scope.serviceOf(service.hostname);
  const base = {
    host: service.hostname,
    namespace: service.namespace,
    scopeProvenance: scopeProvenanceOf(scope),
  };
  return known?.namespace === service.namespace
    ? {
        ...base,
        inScope: true,
        ...appliedRoutes({ snapshot, client, scope }, known),
      }
    : {
        ...base,
        inScope: false,
        says:
          known === undefined
            ? outOfScope(scope, client, service)
            : `For this client ${service.hostname} means the definition in namespace ${known.namespace}`,
        hostHeaders: [],
        ports: [],
      };
}
