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

import type { AnswerTopic, EnvoyProxy } from '../../extensions';
import { meshConfigOf, type MeshConfig } from '../../identity';
import type { Client } from '../../membership';
import { scopeOf, type ClientScope } from '../../scoping/clientScope';
import type { MeshSnapshot } from '../../snapshot';
import type { ObjectRef } from '../../verdict';
import { hostnamesMeantBy } from '../serviceNames';
import type { RoutableService } from '../routableService';
import { serviceRegistryOf } from '../serviceRegistry';
import { hostOfAuthority } from '../virtualHosts';
import type { TravellingRequest } from './travellingRequest';

/** A request at the place that sends it on: the caller, or a proxy it has passed. */
export interface Hop {
  snapshot: MeshSnapshot;
  mesh: MeshConfig;
  /** who sends: its namespace, labels and identity decide routes, visibility and TLS */
  sender: Client;
  scope: ClientScope;
  request: TravellingRequest;
  /** the proxy that sends; absent: the caller's own side */
  at?: ObjectRef;
  /** all hops so far are encrypted */
  encrypted: boolean;
  /** gateways of the mesh that it has passed */
  gateways: number;
  /** the proxies that the way passes; the parts of the way add to it */
  passed: PassedProxies;
}

/** Every proxy that a way passes, once, with what is asked of it. */
class PassedProxies {
  private readonly proxies = new Map<
    string,
    { proxy: EnvoyProxy; topics: Set<AnswerTopic> }
  >();

  add(proxy: EnvoyProxy, topics: readonly AnswerTopic[]): void {
    const key = JSON.stringify(proxy);
    const known = this.proxies.get(key) ?? { proxy, topics: new Set() };
    for (const topic of topics) {
      known.topics.add(topic);
    }
    this.proxies.set(key, known);
  }

  list(): readonly { proxy: EnvoyProxy; topics: ReadonlySet<AnswerTopic> }[] {
    return [...this.proxies.values()];
  }
}

/** The hop at which a client sends a request. */
export function firstHop(
  snapshot: MeshSnapshot,
  sender: Client,
  request: TravellingRequest,
): Hop {
  return {
    snapshot,
    mesh: meshConfigOf(snapshot, sender.revision ?? ''),
    sender,
    scope: scopeOf(snapshot, sender),
    request,
    encrypted: true,
    gateways: 0,
    passed: new PassedProxies(),
  };
}

/** The services of the registry that a name may mean to clients of a namespace, whether they know them or not. */
export function servicesMeant(
  snapshot: MeshSnapshot,
  name: string,
  namespace: string,
): RoutableService[] {
  const { clusterDomain } = meshConfigOf(snapshot);
  const { byHost } = serviceRegistryOf(snapshot);
  const host = hostOfAuthority(name);
  const meant =
    hostnamesMeantBy(host, `${namespace}.svc.${clusterDomain}`) ?? [];
  return meant.flatMap(hostname => [...(byHost.get(hostname) ?? [])]);
}

/** The service that a client means by a name, as far as it knows one. */
export function serviceKnownAs(
  hop: Pick<Hop, 'snapshot' | 'scope' | 'sender'>,
  name: string,
): RoutableService | undefined {
  for (const { hostname } of servicesMeant(
    hop.snapshot,
    name,
    hop.sender.namespace,
  )) {
    const known = hop.scope.serviceOf(hostname);
    if (known !== undefined) {
      return known;
    }
  }
  return undefined;
}
