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

import type { MeshSnapshot } from '../snapshot';
import { provenanceOf, type Provenance } from '../verdict';
import { routingConfigsNaming } from './configsOfMesh';
import { opaquePortRoutes, type PortRoutes } from './portRoutes';
import { isHttp, type RoutableService } from './routableService';
import { defaultRule, ruleOf, type Asking } from './routeRules';
import {
  waypointAsking,
  waypointRoutesOf,
  type WaypointName,
  type WaypointRoutes,
} from './waypointRoutes';

/** Configurations that name the service and do not act at its waypoint, each with the reason. R5.13 */
function losersOf(
  { snapshot, client }: Asking,
  service: RoutableService,
  { configs }: WaypointRoutes,
): Provenance[] {
  const acting = new Set(configs.map(({ object }) => object));
  return routingConfigsNaming(snapshot, service.hostname)
    .filter(({ object }) => !acting.has(object))
    .map(config =>
      config.namespace === service.namespace ||
      config.namespace === client.namespace
        ? provenanceOf(
            config.object,
            'spec.gateways',
            'It is not for the mesh, or not exported to the waypoint’s namespace',
          )
        : provenanceOf(
            config.object,
            'metadata.namespace',
            `A waypoint applies configuration of the service’s namespace ${service.namespace} and of its own ${client.namespace} only`,
          ),
    );
}

function httpPort(
  asking: Asking,
  service: RoutableService,
  port: RoutableService['ports'][number],
  found: WaypointRoutes,
): PortRoutes {
  const base = { port: port.number, name: port.name, class: port.class };
  const losers = losersOf(asking, service, found);
  const [first] = found.routes;
  if (first === undefined) {
    return {
      ...base,
      says: 'No configuration routes the service at its waypoint: every request goes to the service itself',
      rules: [defaultRule(asking, service, port.number)],
      losers,
    };
  }
  const names = [...new Set(found.routes.map(({ config }) => config))].map(
    ({ object, namespace, name }) => `${object.kind} ${namespace}/${name}`,
  );
  const says = `${names.join(', then ')} ${
    names.length === 1 ? 'decides' : 'decide together'
  } at the waypoint`;
  return {
    ...base,
    owner: provenanceOf(first.config.object, 'spec.hosts', says, losers),
    says,
    rules: [
      ...found.routes.map(route =>
        ruleOf(asking, route, port.number, 'active'),
      ),
      ...found.unreachable.map(route =>
        ruleOf(asking, route, port.number, 'unreachable'),
      ),
    ],
    ...(found.routes.some(route => route.active.catchAll)
      ? {}
      : { otherwise: '404 NR: no rule matches, and there is no fallback' }),
    losers,
  };
}

/** The routes of a service's ports as its waypoint has them. R5.13 */
export function portRoutesAtWaypoint(
  snapshot: MeshSnapshot,
  waypoint: WaypointName,
  service: RoutableService,
): PortRoutes[] {
  const asking = waypointAsking(snapshot, waypoint);
  return service.ports
    .filter(port => port.class !== 'udp')
    .map(port => {
      const found = waypointRoutesOf(asking, service, port);
      return isHttp(port.class)
        ? httpPort(asking, service, port, found)
        : opaquePortRoutes(asking, service, port, found.opaque);
    });
}
