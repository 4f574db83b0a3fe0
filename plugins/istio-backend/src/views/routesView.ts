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

import type {
  RoutePort,
  RoutesView,
} from '@mesh-portal/backstage-plugin-istio-common';
import {
  routesOfService,
  type Provenance,
  type Verdict,
} from '@mesh-portal/mesh-model';
import { chosenClient, type NamedClient } from './clients';
import type { EntityInput } from './entityInput';
import { ignoredBy } from './ignoredRoutes';
import { certain, ignorance, ROUTE_KINDS } from './knowledge';
import { malformedRoutes } from './malformedRoutes';
import { splitObservation } from './observedSplit';
import { portOf, uncertainPort, type Asking } from './routePort';
import { clientsOfRouted, routedOf, type RoutedInput } from './routedInput';
import { plainVerdict, worstVerdict } from './verdicts';

type RoutesService = RoutesView['services'][number];

/** Routes of one service as one caller has them. */
export function routesOf(
  service: RoutedInput,
  clients: readonly NamedClient[],
  client: NamedClient,
): RoutesService {
  const { cluster, ref, kubernetes } = service;
  const { snapshot } = cluster;
  const routes = routesOfService(snapshot, client.client, service.query);
  const asking: Asking = {
    service,
    client,
    split: kubernetes && splitObservation(kubernetes, client.client),
  };
  const unread = ignorance(cluster.status, ROUTE_KINDS);
  const ports = (routes?.ports ?? [])
    .map(port => portOf(asking, port, routes?.hostHeaders ?? []))
    .map(port => (unread === undefined ? port : uncertainPort(port)));
  const malformed = malformedRoutes(snapshot, ref);
  const outOfScope: Verdict[] =
    routes && !routes.inScope
      ? [
          {
            state: 'fail',
            reason: routes.says,
            facts: [...routes.scopeProvenance],
          },
        ]
      : [];
  const verdict = worstVerdict(
    [
      ...outOfScope,
      ...malformed.map(each => each.verdict),
      ...ports.map(port => port.verdict),
    ],
    plainVerdict('unknown', 'The service has no port that Istio routes'),
  );
  return {
    service: ref,
    client: client.ref,
    clients: clients.map(each => each.ref),
    verdict: certain(
      calm(verdict, ports, kubernetes !== undefined),
      cluster.status,
      ROUTE_KINDS,
    ),
    ports,
    ignored: [
      ...malformed.map(each => each.ignored),
      ...ignoredBy(service, client, routes?.ports ?? []),
    ],
  };
}

function routedToPods(owner: Provenance | undefined): string {
  return owner
    ? `${owner.object.kind} ${owner.object.namespace}/${owner.object.name} routes, and every destination has ready pods`
    : 'No route is configured: requests go to the ready pods of the service';
}

/** Whether something answers at an address outside is not the mesh's to know. */
function routedToAddresses(owner: Provenance | undefined): string {
  return owner
    ? `${owner.object.kind} ${owner.object.namespace}/${owner.object.name} routes, and every destination is known`
    : 'No route is configured: requests go to the addresses of the ServiceEntry';
}

/** When all is well, say what is: who decides where requests go. */
function calm(
  verdict: Verdict,
  ports: readonly RoutePort[],
  hasPods: boolean,
): Verdict {
  if (verdict.state !== 'pass') {
    return verdict;
  }
  const owner = ports.find(port => port.ownedBy)?.ownedBy;
  return {
    ...verdict,
    reason: hasPods ? routedToPods(owner) : routedToAddresses(owner),
  };
}

/**
 * Hosts, rules and destinations as one client sees them.
 *
 * @param client - id of a caller; absent: some meshed client of the service’s namespace
 * @throws InputError when no service of the entity has this caller
 */
export function routesView(
  input: EntityInput,
  client: string | undefined,
): RoutesView {
  const asked = routedOf(input).map(service => ({
    service,
    clients: clientsOfRouted(service),
  }));
  const known = asked.some(({ clients }) =>
    clients.some(({ ref }) => ref.id === client),
  );
  return {
    services: asked.map(({ service, clients }) =>
      routesOf(service, clients, chosenClient(clients, client, !known)),
    ),
  };
}
