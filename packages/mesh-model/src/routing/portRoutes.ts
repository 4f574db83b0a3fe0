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

import { provenanceOf, type Provenance } from '../verdict';
import { resolvedDestinations } from './destinations';
import { ownerOfHost } from './hostOwner';
import { opaqueRoutesOf, type OpaqueRoute } from './opaqueRoutes';
import {
  isHttp,
  type PortClass,
  type RoutableService,
} from './routableService';
import { defaultRule, ruleOf, type Asking, type RouteRule } from './routeRules';

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

/** The routes of a port whose connections are not read as HTTP. */
export function opaquePortRoutes(
  asking: Asking,
  service: RoutableService,
  port: RoutableService['ports'][number],
  found: OpaqueRoute | undefined,
): PortRoutes {
  const base = { port: port.number, name: port.name, class: port.class };
  const provenance =
    found === undefined
      ? undefined
      : provenanceOf(found.route.object, found.route.path, found.says);
  const to = found?.route.value.route ?? [];
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
            destinations: resolvedDestinations(asking, to, port.number),
            ...(provenance === undefined ? {} : { provenance }),
          },
    ],
    losers: [],
  };
}

/** The routes of a port as the sidecar of a client has them. R5.8, R5.29 */
export function portRoutesAtSidecar(
  asking: Asking,
  service: RoutableService,
  port: RoutableService['ports'][number],
): PortRoutes {
  if (isHttp(port.class)) {
    return httpPort(asking, service, port);
  }
  const { snapshot, client, scope } = asking;
  const choice = opaqueRoutesOf(snapshot, client, scope, service, port);
  if (choice.kind === 'other-names') {
    const { route, config, says } = choice.route;
    const owner = provenanceOf(route.object, route.path, says);
    return {
      port: port.number,
      name: port.name,
      class: port.class,
      owner,
      says: `${config.object.kind} ${config.namespace}/${config.name} routes this port by server name, and none of its names is ${service.hostname}: connections for that name count as unknown`,
      rules: [],
      losers: [],
    };
  }
  return opaquePortRoutes(
    asking,
    service,
    port,
    choice.kind === 'route' ? choice.route : undefined,
  );
}
