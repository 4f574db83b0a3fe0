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
import type {
  L4MatchAttributes,
  RouteDestination,
  TlsMatchAttributes,
} from '../objects';
import { isHostWithin } from '../identity/hosts';
import type { ClientScope } from '../scoping/clientScope';
import { isSubset, type MeshSnapshot } from '../snapshot';
import { configsForHostByClass } from './configsOfMesh';
import { MESH_GATEWAY } from './names';
import type { RouteContext } from './requestMatch';
import type { RoutableService } from './routableService';
import type { RoutingConfig, SourcedRoute } from './routingConfig';

/** A `tls` or `tcp` route that acts on a port. */
export interface OpaqueRoute {
  config: RoutingConfig;
  route: SourcedRoute<{ route?: readonly RouteDestination[] }>;
  says: string;
}

/** Does a `tcp` or `tls` match concern a proxy? All conditions must hold, unlike for HTTP. R5.15 */
function l4MatchConcerns(
  match: L4MatchAttributes,
  context: RouteContext,
): boolean {
  const gateways = match.gateways ?? [];
  return (
    ((match.port ?? 0) === 0 || match.port === context.port) &&
    (gateways.length === 0 ||
      gateways.some(gateway => context.gateways.has(gateway))) &&
    isSubset(match.sourceLabels ?? {}, context.labels) &&
    ((match.sourceNamespace ?? '') === '' ||
      match.sourceNamespace === context.namespace)
  );
}

/** The first `tcp` route of a configuration that acts on a proxy's port. R5.30 */
export function tcpRouteOf(
  config: RoutingConfig,
  context: RouteContext,
): OpaqueRoute | undefined {
  const route = config.tcp.find(({ value }) => {
    const match = value.match ?? [];
    return (
      match.length === 0 || match.some(item => l4MatchConcerns(item, context))
    );
  });
  return route === undefined
    ? undefined
    : {
        config,
        route,
        says: `${config.object.kind} ${config.namespace}/${config.name} routes connections (${route.path})`,
      };
}

/** The `tls` routes of a configuration that act on a proxy's port, with the server names each takes. R5.29, R5.30 */
export function tlsRoutesOf(
  config: RoutingConfig,
  context: RouteContext,
): (OpaqueRoute & { sniHosts: readonly string[] })[] {
  return config.tls.flatMap(route => {
    const matches: readonly TlsMatchAttributes[] = route.value.match ?? [];
    const sniHosts = matches
      .filter(match => l4MatchConcerns(match, context))
      .flatMap(match => match.sniHosts);
    return sniHosts.length === 0
      ? []
      : [
          {
            config,
            route,
            sniHosts,
            says: `${config.object.kind} ${config.namespace}/${config.name} routes by server name (${route.path})`,
          },
        ];
  });
}

/** The `tls` (for TLS ports) or `tcp` route that acts when a client connects to a service's port. R5.29 – R5.31 */
export function opaqueRoutesOf(
  snapshot: MeshSnapshot,
  client: Client,
  scope: ClientScope,
  service: RoutableService,
  port: RoutableService['ports'][number],
  serverName: string = service.hostname,
): OpaqueRoute | undefined {
  if (service.externalName !== undefined) {
    return undefined;
  }
  const context: RouteContext = {
    gateways: new Set([MESH_GATEWAY]),
    port: port.number,
    namespace: client.namespace,
    labels: client.labels,
  };
  for (const config of configsForHostByClass(
    snapshot,
    MESH_GATEWAY,
    client.namespace,
    service.hostname,
  )) {
    if (!scope.importsConfig(config, port.number)) {
      continue;
    }
    const found =
      port.class === 'tls'
        ? tlsRoutesOf(config, context).find(route =>
            route.sniHosts.some(name => isHostWithin(serverName, name)),
          ) ?? tcpRouteOf(config, context)
        : tcpRouteOf(config, context);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}
