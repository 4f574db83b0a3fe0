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
import type { ClientScope } from '../scoping/clientScope';
import type { MeshSnapshot } from '../snapshot';
import { provenanceOf, type Provenance } from '../verdict';
import { activeRoutes, type ActiveRoute } from './activeRoutes';
import { configsForHost, routingConfigsNaming } from './configsOfMesh';
import { MESH_GATEWAY } from './names';
import type { RoutableService } from './routableService';
import type { RoutingConfig } from './routingConfig';
import { isExportedTo } from './virtualServiceConfig';

/** Who decides the HTTP routes of a service's port for a client. */
export interface HostOwner {
  /** Absent: the default route of the service. */
  config?: RoutingConfig;
  routes: readonly ActiveRoute[];
  unreachable: readonly ActiveRoute[];
  /** configurations that name the host and do not act, each with the reason */
  losers: readonly Provenance[];
}

/** A port of a service, and the client whose routes to it are asked for. */
interface AskedPort {
  client: Client;
  scope: ClientScope;
  service: RoutableService;
  port: number;
}

/** Why a configuration does not act: the field that says so, and a sentence. */
interface Reason {
  path: string;
  why: string;
}

const MESH_ONLY: ReadonlySet<string> = new Set([MESH_GATEWAY]);

function routesFor(config: RoutingConfig, { client, port }: AskedPort) {
  return activeRoutes(config, {
    gateways: MESH_ONLY,
    port,
    namespace: client.namespace,
    labels: client.labels,
  });
}

/** Mesh routes of Gateway API act from the namespace of the service or of the client only. R7.24 */
function actsFromItsNamespace(
  { semantics, namespace }: RoutingConfig,
  { client, service }: AskedPort,
): boolean {
  return (
    semantics === 'virtual-service' ||
    namespace === client.namespace ||
    namespace === service.namespace
  );
}

/** The configurations with the host that fits most closely, the first of them before the others. */
interface Rivals {
  configs: readonly RoutingConfig[];
  /** Of configurations with the same wildcard only the first counts; an exact host falls through to the next. R5.8, R5.9 */
  onlyFirst: boolean;
}

function rivalsFor(snapshot: MeshSnapshot, asked: AskedPort): Rivals {
  const { client, scope, service, port } = asked;
  const found = configsForHost(
    snapshot,
    MESH_GATEWAY,
    client.namespace,
    service.hostname,
  );
  return {
    configs:
      found?.configs.filter(
        config =>
          scope.importsConfig(config, port) &&
          actsFromItsNamespace(config, asked),
      ) ?? [],
    onlyFirst: found?.pattern.startsWith('*') ?? false,
  };
}

/** The client's proxy does not get the configuration. R5.2, R5.3, R5.5 */
function whyUnseen(
  config: RoutingConfig,
  { client, scope, port }: AskedPort,
): Reason | undefined {
  if (!config.gateways.includes(MESH_GATEWAY)) {
    return {
      path: 'spec.gateways',
      why: `It is bound to ${config.gateways.join(
        ', ',
      )} only; sidecars ignore it. Add mesh to apply it inside the mesh`,
    };
  }
  if (!isExportedTo(config.exportTo, config.namespace, client.namespace)) {
    return {
      path: 'spec.exportTo',
      why: `It is not exported to the client's namespace ${client.namespace}`,
    };
  }
  return scope.importsConfig(config, port)
    ? undefined
    : {
        path: 'spec.hosts',
        why: `${scope.choice.says}, and it does not import this object's namespace and hosts`,
      };
}

/** The client's proxy gets the configuration, and nothing in it is for this client and port. R5.8, R7.24 */
function whyWithoutRoutes(
  config: RoutingConfig,
  asked: AskedPort,
): Reason | undefined {
  if (!actsFromItsNamespace(config, asked)) {
    return {
      path: 'metadata.namespace',
      why: 'A mesh route acts only from the namespace of the service or of the client',
    };
  }
  if (config.http.length === 0) {
    return {
      path: 'spec.http',
      why: 'It has no http routes, and this is an HTTP port',
    };
  }
  return routesFor(config, asked).routes.length > 0
    ? undefined
    : {
        path: 'spec.http',
        why: 'None of its matches concerns this client and port (port, gateways, sourceLabels, sourceNamespace)',
      };
}

/** The configuration could act, and another stands before it, be it without a route for the client. R5.3, R5.8, R5.9 */
function whySecond(
  config: RoutingConfig,
  rivals: Rivals,
  winner: RoutingConfig | undefined,
): Reason {
  const first = winner ?? rivals.configs[0];
  const name =
    first === undefined
      ? 'Another configuration'
      : `${first.object.kind} ${first.namespace}/${first.name}`;
  const routeless =
    winner === undefined ? ', and has no route for this client' : '';
  return rivals.configs.includes(config)
    ? {
        path: 'metadata.creationTimestamp',
        why: `${name} comes first for this host (own namespace, then explicitly exported, then public; oldest first)${routeless}. Configurations for one host do not merge inside the mesh`,
      }
    : {
        path: 'spec.hosts',
        why: `${name} names the host more specifically${routeless}`,
      };
}

/** Why a configuration that names the host does not own it. */
function whyNot(
  config: RoutingConfig,
  asked: AskedPort,
  rivals: Rivals,
  winner: RoutingConfig | undefined,
): Reason {
  return (
    whyUnseen(config, asked) ??
    whyWithoutRoutes(config, asked) ??
    whySecond(config, rivals, winner)
  );
}

/** Who decides the HTTP routes of a service's port for a client, and who would like to. R5.3, R5.8, R5.9, R7.24 */
export function ownerOfHost(
  snapshot: MeshSnapshot,
  client: Client,
  scope: ClientScope,
  service: RoutableService,
  port: number,
): HostOwner {
  const asked = { client, scope, service, port };
  let owner: RoutingConfig | undefined;
  let routes: readonly ActiveRoute[] = [];
  let unreachable: readonly ActiveRoute[] = [];
  const rivals = rivalsFor(snapshot, asked);
  const candidates = rivals.onlyFirst
    ? rivals.configs.slice(0, 1)
    : rivals.configs;
  for (const config of candidates) {
    const active = routesFor(config, asked);
    if (active.routes.length > 0) {
      owner = config;
      ({ routes, unreachable } = active);
      break;
    }
  }
  const losers = routingConfigsNaming(snapshot, service.hostname)
    .filter(config => config !== owner)
    .map(config => {
      const { path, why } = whyNot(config, asked, rivals, owner);
      return provenanceOf(config.object, path, why);
    });
  return {
    ...(owner === undefined ? {} : { config: owner }),
    routes,
    unreachable,
    losers,
  };
}
