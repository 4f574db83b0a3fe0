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
import { meshConfigOf } from '../identity';
import { scopeOf, type ClientScope } from '../scoping/clientScope';
import type { MeshSnapshot } from '../snapshot';
import { provenanceOf, type Provenance } from '../verdict';
import { resolveDestination, sharesOf } from './destinations';
import { whyNotRouted } from './clientRouting';
import { ownerOfHost } from './hostOwner';
import { opaqueRoutesOf } from './opaqueRoutes';
import {
  isHttp,
  type PortClass,
  type RoutableService,
} from './routableService';
import { defaultRule, ruleOf, type Asking, type RouteRule } from './routeRules';
import {
  isServiceVisible,
  registryKey,
  serviceRegistryOf,
} from './serviceRegistry';
import { virtualHostDomains } from './virtualHostDomains';

/** The routes of one port. */
export interface PortRoutes {
  port: number;
  name: string;
  class: PortClass;
  /** The configuration that owns the host on this port; absent: the default route. */
  owner?: Provenance;
  /** one sentence */
  says: string;
  rules: readonly RouteRule[];
  /** what a request gets that no rule matches */
  otherwise?: string;
  /** configurations that name the host and do not act on this port, each with the reason */
  losers: readonly Provenance[];
}

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

function httpPort(
  asking: Asking,
  service: RoutableService,
  port: RoutableService['ports'][number],
): PortRoutes {
  const { snapshot, client, scope } = asking;
  const base = { port: port.number, name: port.name, class: port.class };
  const owner = ownerOfHost(snapshot, client, scope, service, port.number);
  if (owner.config === undefined) {
    return {
      ...base,
      says: 'No configuration owns the host for this client: every request goes to the service itself',
      rules: [defaultRule(asking, service, port.number)],
      losers: owner.losers,
    };
  }
  const { config } = owner;
  const says = `${config.object.kind} ${config.namespace}/${config.name} decides`;
  const rules = [
    ...owner.routes.map(route => ruleOf(asking, route, port.number, 'active')),
    ...owner.unreachable.map(route =>
      ruleOf(asking, route, port.number, 'unreachable'),
    ),
  ];
  const complete = owner.routes.some(route => route.active.catchAll);
  return {
    ...base,
    owner: provenanceOf(config.object, 'spec.hosts', says, [...owner.losers]),
    says,
    rules,
    ...(complete
      ? {}
      : { otherwise: '404 NR: no rule matches, and there is no fallback' }),
    losers: [
      ...owner.losers,
      ...config.droppedRoutes.map(dropped =>
        provenanceOf(dropped.object, dropped.path, dropped.why),
      ),
    ],
  };
}

function opaquePort(
  asking: Asking,
  service: RoutableService,
  port: RoutableService['ports'][number],
): PortRoutes {
  const { snapshot, client, scope } = asking;
  const base = { port: port.number, name: port.name, class: port.class };
  const found = opaqueRoutesOf(snapshot, client, scope, service, port);
  const provenance =
    found === undefined
      ? undefined
      : provenanceOf(found.route.object, found.route.path, found.says);
  const to = found?.route.value.route ?? [];
  const shares = sharesOf(to.map(item => item.weight));
  const fallback = defaultRule(asking, service, port.number);
  return {
    ...base,
    ...(provenance === undefined ? {} : { owner: provenance }),
    says:
      found === undefined
        ? 'No configuration routes this port for this client: every connection goes to the service itself'
        : found.says,
    rules: [
      found === undefined
        ? fallback
        : {
            ...fallback,
            origin: 'configured',
            destinations: to.flatMap((item, index) =>
              shares[index] === 0
                ? []
                : [
                    resolveDestination(
                      snapshot,
                      client,
                      scope,
                      item.destination,
                      shares[index],
                      port.number,
                    ),
                  ],
            ),
            ...(provenance === undefined ? {} : { provenance }),
          },
    ],
    losers: [],
  };
}

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
  const registry = serviceRegistryOf(snapshot);
  if ('host' in query) {
    return scope.serviceOf(query.host) ?? registry.byHost.get(query.host)?.[0];
  }
  return registry.byObject.get(
    registryKey('Service', query.namespace, query.name),
  )?.[0];
}

/**
 * Where the requests of a client to a service go, port by port: who owns the host, the rules in order with destinations,
 * shares and ready endpoints, what is unreachable, what does not act and why.
 *
 * @returns `undefined` when no such service exists
 */
export function routesOfService(
  snapshot: MeshSnapshot,
  client: Client,
  query: ServiceQuery,
): ServiceRoutes | undefined {
  const scope = scopeOf(snapshot, client);
  const service = findService(snapshot, scope, query);
  if (service === undefined) {
    return undefined;
  }
  const known = scope.serviceOf(service.hostname);
  const scopeProvenance = [
    ...(scope.choice.sidecar === undefined
      ? []
      : [
          provenanceOf(scope.choice.sidecar, 'spec.egress', scope.choice.says, [
            ...scope.choice.losers,
          ]),
        ]),
    ...(scope.outbound.provenance === undefined
      ? []
      : [scope.outbound.provenance]),
  ];
  const base = {
    host: service.hostname,
    namespace: service.namespace,
    scopeProvenance,
  };
  if (known === undefined || known.namespace !== service.namespace) {
    return {
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
  const notRouted = whyNotRouted(client);
  if (notRouted !== undefined) {
    return {
      ...base,
      inScope: true,
      says: notRouted,
      hostHeaders: [],
      ports: known.ports.map(port => ({
        port: port.number,
        name: port.name,
        class: port.class,
        says: notRouted,
        rules: [],
        losers: [],
      })),
    };
  }
  const asking = { snapshot, client, scope };
  const { clusterDomain } = meshConfigOf(snapshot);
  return {
    ...base,
    inScope: true,
    says: scope.choice.says,
    hostHeaders: virtualHostDomains(
      known,
      `${client.namespace}.svc.${clusterDomain}`,
    ),
    ports: known.ports
      .filter(port => port.class !== 'udp')
      .map(port =>
        isHttp(port.class)
          ? httpPort(asking, known, port)
          : opaquePort(asking, known, port),
      ),
  };
}
