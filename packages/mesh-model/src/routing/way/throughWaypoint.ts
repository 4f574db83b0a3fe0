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

import {
  GATEWAY_NAME_LABEL,
  type PolicyTarget,
} from '../../authorization/policyTarget';
import {
  isReady,
  waypointOf,
  type Client,
  type WaypointBinding,
} from '../../membership';
import type { StringMap } from '../../objects';
import { scopeOf } from '../../scoping/clientScope';
import { counted, provenanceOf, type ObjectRef } from '../../verdict';
import { resolvedDestinations } from '../destinations';
import { isHttp, type RoutableService } from '../routableService';
import {
  matchedRoute,
  noRoute,
  routedByRule,
  withDestinations,
  type RoutedRequest,
} from '../routedRequest';
import {
  podsOfWaypoint,
  waypointAsClient,
  waypointOfClient,
  waypointRoutesOf,
  type WaypointName,
} from '../waypointRoutes';
import { ending, followed, step, type Rest } from './branches';
import { serviceKnownAs, type Hop } from './hop';
import { routedRest } from './routedRest';
import { authorizationAt } from './serverAuthorization';
import { isReadable } from './travellingRequest';

function refOf({ namespace, name }: WaypointName): ObjectRef {
  return {
    group: 'gateway.networking.k8s.io',
    kind: 'Gateway',
    namespace,
    name,
  };
}

/** What the labels of a service, or of its namespace, say about a waypoint. R2.10 */
export function serviceWaypointOf(
  hop: Hop,
  service: RoutableService,
): WaypointBinding | undefined {
  const { object } = service;
  return object?.kind === 'Service' || object?.kind === 'ServiceEntry'
    ? waypointOf(hop.snapshot, object)
    : undefined;
}

/** What a waypoint does with a request for one of its services. R5.13 */
function routedAtWaypoint(
  hop: Hop,
  service: RoutableService,
  portNumber: number,
): RoutedRequest {
  const port = service.ports.find(item => item.number === portNumber) ?? {
    number: portNumber,
    class: 'auto' as const,
  };
  const asking = {
    snapshot: hop.snapshot,
    client: hop.sender,
    scope: hop.scope,
  };
  const found = waypointRoutesOf(asking, service, port);
  const virtualHost = `${service.hostname}:${portNumber}`;
  const readable = isReadable(hop.request) && isHttp(port.class);
  if (readable && found.routes.length > 0) {
    const matched = matchedRoute(found.routes, {
      authority: hop.request.host,
      path: hop.request.path,
      method: hop.request.method,
      ...(hop.request.headers === undefined
        ? {}
        : { headers: hop.request.headers }),
    });
    return matched === undefined
      ? { ...noRoute(virtualHost), service }
      : {
          ...routedByRule(asking, virtualHost, matched, portNumber),
          service,
        };
  }
  const opaque = readable ? undefined : found.opaque;
  const to = opaque?.route.value.route ?? [
    { destination: { host: service.hostname, port: { number: portNumber } } },
  ];
  const destinations = resolvedDestinations(asking, to, portNumber);
  return withDestinations({
    layer: readable ? 'http' : 'tcp',
    ...(readable ? { virtualHost } : {}),
    service,
    ...(opaque === undefined
      ? {}
      : {
          provenance: provenanceOf(
            opaque.route.object,
            opaque.route.path,
            opaque.says,
          ),
        }),
    destinations,
    clusters: destinations.map(item => item.cluster),
  });
}

/** The way of a request from the waypoint that got it: its policies, its routes, its destinations. R5.13, R4.3 */
export function throughWaypoint(
  hop: Hop,
  waypoint: WaypointName,
  service: RoutableService,
  portNumber: number,
): Rest {
  const at = refOf(waypoint);
  const client = waypointAsClient(hop.snapshot, waypoint);
  const pods = podsOfWaypoint(hop.snapshot, waypoint);
  const ready = pods.filter(isReady);
  if (ready.length === 0) {
    const says =
      pods.length === 0
        ? `Waypoint ${waypoint.namespace}/${waypoint.name} has no pod in this cluster`
        : `None of ${counted(pods.length, 'pod')} of waypoint ${
            waypoint.namespace
          }/${waypoint.name} is ready`;
    const failed = pods.length > 0;
    return ending(
      [step('endpoints', failed ? 'fail' : 'unknown', says, [], at)],
      {
        ending: failed ? 'failed' : 'unknown',
        at,
        says: failed ? `${says}: no healthy upstream` : says,
      },
    );
  }
  const target = waypointTarget(waypoint, client.labels, service);
  hop.passed.add(
    { target, annotations: pods[0].metadata.annotations, versions: [] },
    ['routing', 'mtls', 'authorization'],
  );
  const portClass =
    service.ports.find(item => item.number === portNumber)?.class ?? 'auto';
  const passage = authorizationAt(hop, {
    target,
    port: portNumber,
    identified: true,
    protocol: isReadable(hop.request) && isHttp(portClass) ? 'http' : 'tcp',
    at,
  });
  const steps = [
    step(
      'client-tls',
      'pass',
      'HBONE carries it to the waypoint, with the identity of the caller',
      [],
      hop.at,
    ),
    passage.step,
  ];
  if (passage.stopped !== undefined) {
    return followed(steps, passage.stopped);
  }
  return followed(steps, fromWaypoint(hop, client, at, service, portNumber));
}

/** The way of a request that a waypoint has let in. */
function fromWaypoint(
  hop: Hop,
  client: Client,
  at: ObjectRef,
  service: RoutableService,
  portNumber: number,
): Rest {
  const next: Hop = {
    ...hop,
    sender: client,
    scope: scopeOf(hop.snapshot, client),
    at,
  };
  return routedRest(next, routedAtWaypoint(next, service, portNumber));
}

/** The way of a request from a waypoint, when the waypoint itself is asked about: who called it is not known. R5.13 */
export function waypointClientWay(hop: Hop): Rest {
  const waypoint = waypointOfClient(hop.sender);
  const service = serviceKnownAs(hop, hop.request.host);
  const binding =
    service === undefined ? undefined : serviceWaypointOf(hop, service);
  if (
    waypoint === undefined ||
    service === undefined ||
    binding?.state !== 'bound' ||
    binding.waypoint?.name !== waypoint.name ||
    binding.waypoint.namespace !== waypoint.namespace
  ) {
    const says = `The waypoint does not serve it: ${
      service === undefined
        ? `no service is called ${hop.request.host}`
        : binding?.reason ?? 'the service has none'
    }`;
    return ending([step('waypoint', 'fail', says, binding?.facts ?? [])], {
      ending: 'failed',
      says,
    });
  }
  return followed(
    [
      step('waypoint', 'pass', binding.reason, binding.facts),
      step(
        'authorization',
        'not-applicable',
        'Who calls the waypoint is not asked here, so its own policies are not',
      ),
    ],
    fromWaypoint(
      hop,
      waypointAsClient(hop.snapshot, waypoint),
      refOf(waypoint),
      service,
      hop.request.port,
    ),
  );
}

function waypointTarget(
  waypoint: WaypointName,
  labels: StringMap,
  { object, registry }: RoutableService,
): PolicyTarget {
  return {
    proxy: 'waypoint',
    namespace: waypoint.namespace,
    labels: { ...labels, [GATEWAY_NAME_LABEL]: waypoint.name },
    services:
      object === undefined
        ? []
        : [
            {
              name: object.metadata.name,
              namespace: object.metadata.namespace,
              registry,
            },
          ],
  };
}
