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

import { destinationRuleFor } from '../destinations/destinationRules';
import { countEndpoints, hasCountableEndpoints } from '../destinations/subsets';
import type { Client } from '../membership';
import type { Destination, RouteDestination } from '../objects';
import type { ClientScope } from '../scoping/clientScope';
import type { MeshSnapshot } from '../snapshot';
import { provenanceOf, type Provenance } from '../verdict';
import type { RoutingSemantics } from './routingConfig';

/** What happens to a request that is sent to a destination. */
export type DestinationState =
  | 'ok'
  | 'unknown-host'
  | 'unknown-port'
  | 'unknown-subset'
  | 'no-endpoints'
  | 'invalid-backend'
  | 'unknown';

/** One destination of a route, resolved for a client. */
export interface ResolvedDestination {
  /** fully qualified */
  host: string;
  /** port of the service */
  port: number;
  subset?: string;
  /** share of the requests of its route, 0 to 100 */
  percent: number;
  /** endpoints behind it; absent when they are no objects of the cluster (DNS, pass-through) */
  readyEndpoints?: number;
  totalEndpoints?: number;
  state: DestinationState;
  /** one sentence when the state is not `ok`, with Envoy's response flag where it has one */
  says?: string;
  /** the DestinationRule that defines the subset */
  provenance?: Provenance;
  /** `outbound|port|subset|host` */
  cluster: string;
}

/** As whom destinations are resolved. */
interface DestinationAsking {
  snapshot: MeshSnapshot;
  client: Client;
  scope: ClientScope;
}

/** Shares of destinations in percent: one takes all whatever its weight; zero weights are out. R5.20 */
function sharesOf(weights: readonly (number | undefined)[]): number[] {
  if (weights.length === 1) {
    return [100];
  }
  const given = weights.map(weight => weight ?? 0);
  const sum = given.reduce((total, weight) => total + weight, 0);
  return given.map(weight => (sum === 0 ? 0 : (weight / sum) * 100));
}

/** Name of the Envoy cluster of a destination. */
export function clusterName(
  host: string,
  port: number,
  subset: string | undefined,
): string {
  return `outbound|${port}|${subset ?? ''}|${host}`;
}

/** The port of a destination: as written, else the service's only one, else the port of the request. R5.18 */
export function destinationPort(
  to: Destination,
  service: { ports: readonly { number: number }[] } | undefined,
  requestPort: number,
): number {
  const written = to.port?.number ?? 0;
  if (written !== 0) {
    return written;
  }
  return service?.ports.length === 1 ? service.ports[0].number : requestPort;
}

/** Destinations with their shares, those without a share left out. R5.20 */
export function resolvedDestinations(
  { snapshot, client, scope }: DestinationAsking,
  to: readonly RouteDestination[],
  requestPort: number,
  semantics: RoutingSemantics = 'virtual-service',
): ResolvedDestination[] {
  const shares = sharesOf(to.map(item => item.weight));
  return to.flatMap((item, index) =>
    shares[index] === 0
      ? []
      : [
          resolveDestination(
            snapshot,
            client,
            scope,
            item.destination,
            shares[index],
            requestPort,
            semantics,
          ),
        ],
  );
}

/** Resolves a destination as a client sees it: its port, its subset, what stands behind it. R5.18, R5.19, R6.9 */
export function resolveDestination(
  snapshot: MeshSnapshot,
  client: Client,
  scope: ClientScope,
  to: Destination,
  percent: number,
  requestPort: number,
  semantics: RoutingSemantics = 'virtual-service',
): ResolvedDestination {
  const missing = (state: DestinationState, says: string) =>
    semantics === 'gateway-api'
      ? ({ state: 'invalid-backend', says: `${says}: 500` } as const)
      : { state, says: `${says}: 503 NC` };
  const named = scope.serviceOf(to.host);
  const host = named?.externalName ?? to.host;
  const service =
    named?.externalName === undefined ? named : scope.serviceOf(host) ?? named;
  const port = destinationPort(to, service, requestPort);
  const subset = to.subset === '' ? undefined : to.subset;
  const base = {
    host,
    port,
    percent,
    ...(subset === undefined ? {} : { subset }),
    cluster: clusterName(host, port, subset),
  };
  if (service === undefined) {
    return {
      ...base,
      ...missing('unknown-host', `${host} is not a service this client knows`),
    };
  }
  if (
    service.ports.length > 0 &&
    !service.ports.some(item => item.number === port)
  ) {
    return {
      ...base,
      ...missing('unknown-port', `${host} has no port ${port}`),
    };
  }
  const choice =
    subset === undefined
      ? undefined
      : destinationRuleFor(snapshot, client, host);
  const definition = choice?.rule?.subsets.find(
    item => item.value.name === subset,
  );
  if (subset !== undefined && definition === undefined) {
    return {
      ...base,
      state: 'unknown-subset',
      says: `No DestinationRule in effect for this client defines subset ${subset} of ${host} (${
        choice?.says ?? ''
      }): 503 NC`,
    };
  }
  const provenance =
    definition === undefined
      ? {}
      : {
          provenance: provenanceOf(
            definition.object,
            `${definition.path}.labels`,
            `Subset ${subset} of ${host}`,
          ),
        };
  if (!hasCountableEndpoints(service)) {
    return { ...base, ...provenance, state: 'ok' };
  }
  const count = countEndpoints(
    snapshot,
    service,
    definition?.value.labels ?? {},
  );
  const counted = {
    ...base,
    ...provenance,
    readyEndpoints: count.ready,
    totalEndpoints: count.total,
  };
  return count.ready > 0
    ? { ...counted, state: 'ok' }
    : {
        ...counted,
        state: 'no-endpoints',
        says: `${
          count.total === 0 ? 'No pod is selected' : 'No selected pod is ready'
        } for ${subset === undefined ? host : `subset ${subset}`}: 503 UH`,
      };
}
