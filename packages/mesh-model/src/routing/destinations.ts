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
import type { Destination, RouteDestination, StringMap } from '../objects';
import type { ClientScope } from '../scoping/clientScope';
import type { MeshSnapshot } from '../snapshot';
import { provenanceOf, type Provenance } from '../verdict';
import type { RoutableService } from './routableService';
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
  /** those that endpoints of the subset have; absent: all endpoints of the host */
  labels?: StringMap;
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

/** The host that a destination leads to and its service; an ExternalName service leads on to its concrete host. */
function concreteHost(
  scope: ClientScope,
  written: string,
): { host: string; service: RoutableService | undefined } {
  const named = scope.serviceOf(written);
  const host = named?.externalName;
  return host === undefined
    ? { host: written, service: named }
    : { host, service: scope.serviceOf(host) ?? named };
}

function takesPort({ ports }: RoutableService, port: number): boolean {
  return ports.length === 0 || ports.some(item => item.number === port);
}

/** What becomes of requests to a destination. */
type DestinationFate = Pick<
  ResolvedDestination,
  | 'state'
  | 'says'
  | 'provenance'
  | 'labels'
  | 'readyEndpoints'
  | 'totalEndpoints'
>;

/** There is no such cluster: Envoy answers 503 NC; for Gateway API istiod has it answer 500. R5.18 */
function withoutCluster(
  state: 'unknown-host' | 'unknown-port',
  says: string,
  semantics: RoutingSemantics,
): DestinationFate {
  return semantics === 'gateway-api'
    ? { state: 'invalid-backend', says: `${says}: 500` }
    : { state, says: `${says}: 503 NC` };
}

/** What stands behind a service, or behind those of its endpoints that have the labels of a subset. R6.9 */
function atEndpoints(
  snapshot: MeshSnapshot,
  service: RoutableService,
  labels: StringMap,
  named: string,
): DestinationFate {
  if (!hasCountableEndpoints(service)) {
    return { state: 'ok' };
  }
  const { ready, total } = countEndpoints(snapshot, service, labels);
  if (ready > 0) {
    return { readyEndpoints: ready, totalEndpoints: total, state: 'ok' };
  }
  const why = total === 0 ? 'No pod is selected' : 'No selected pod is ready';
  return {
    readyEndpoints: ready,
    totalEndpoints: total,
    state: 'no-endpoints',
    says: `${why} for ${named}: 503 UH`,
  };
}

/** A subset is the one of the DestinationRule in effect for the client; without it there is no such cluster. R5.19 */
function atSubset(
  snapshot: MeshSnapshot,
  client: Client,
  service: RoutableService,
  host: string,
  subset: string,
): DestinationFate {
  const { rule, says } = destinationRuleFor(snapshot, client, host);
  const definition = rule?.subsets.find(({ value }) => value.name === subset);
  if (definition === undefined) {
    return {
      state: 'unknown-subset',
      says: `No DestinationRule in effect for this client defines subset ${subset} of ${host} (${says}): 503 NC`,
    };
  }
  const { value, object, path } = definition;
  const { labels = {} } = value;
  return {
    labels,
    provenance: provenanceOf(
      object,
      `${path}.labels`,
      `Subset ${subset} of ${host}`,
    ),
    ...atEndpoints(snapshot, service, labels, `subset ${subset}`),
  };
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
  const { host, service } = concreteHost(scope, to.host);
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
    const says = `${host} is not a service this client knows`;
    return { ...base, ...withoutCluster('unknown-host', says, semantics) };
  }
  if (!takesPort(service, port)) {
    const says = `${host} has no port ${port}`;
    return { ...base, ...withoutCluster('unknown-port', says, semantics) };
  }
  return {
    ...base,
    ...(subset === undefined
      ? atEndpoints(snapshot, service, {}, host)
      : atSubset(snapshot, client, service, host, subset)),
  };
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
