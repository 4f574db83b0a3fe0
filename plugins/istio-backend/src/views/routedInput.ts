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

import type { ServiceRef } from '@mesh-portal/backstage-plugin-istio-common';
import {
  protocolOfPort,
  workloadsOf,
  type ServiceQuery,
} from '@mesh-portal/mesh-model';
import {
  meshedClient,
  selectableClients,
  uniqueClients,
  workloadClient,
  type NamedClient,
} from './clients';
import {
  entityOfService,
  servicesOf,
  type ClusterInput,
  type EntityInput,
  type ServiceInput,
} from './entityInput';

/** What requests are routed to: a Kubernetes Service, or one host of a ServiceEntry. */
export interface RoutedInput {
  cluster: ClusterInput;
  ref: ServiceRef;
  query: ServiceQuery;
  ports: readonly { port: number; name: string; protocol: string }[];
  /** absent for a host of a ServiceEntry: metrics and pods are not split by version there */
  kubernetes?: ServiceInput;
}

function routedService(service: ServiceInput): RoutedInput {
  const { cluster, ref } = service;
  return {
    cluster,
    ref,
    query: { namespace: ref.namespace, name: ref.name },
    ports: service.service.spec.ports
      .filter(({ protocol }) => protocol !== 'UDP')
      .map(port => ({
        port: port.port,
        name: port.name,
        protocol: protocolOfPort(port),
      })),
    kubernetes: service,
  };
}

function routedHosts(cluster: ClusterInput): RoutedInput[] {
  return cluster.match.serviceEntries.map(({ entry, host }) => ({
    cluster,
    ref: {
      cluster: cluster.name,
      namespace: entry.metadata.namespace,
      name: host,
      host,
      ...entityOfService(cluster.entities, {
        namespace: entry.metadata.namespace,
        name: host,
      }),
    },
    query: { host },
    ports: (entry.spec.ports ?? []).flatMap(({ number, name, protocol }) =>
      number === undefined
        ? []
        : [
            {
              port: number,
              name: name ?? '',
              protocol: (protocol ?? 'tcp').toLowerCase(),
            },
          ],
    ),
  }));
}

/** Everything of the entity that requests are routed to. */
export function routedOf(input: EntityInput): RoutedInput[] {
  return [
    ...servicesOf(input).map(routedService),
    ...input.clusters.flatMap(routedHosts),
  ];
}

/** The callers that can be asked about: some meshed client of its namespace first. */
export function clientsOfRouted({
  cluster,
  ref,
  kubernetes,
}: RoutedInput): NamedClient[] {
  return kubernetes
    ? selectableClients(kubernetes)
    : uniqueClients([
        meshedClient(cluster, ref.namespace),
        ...workloadsOf(cluster.snapshot, ref.namespace).map(workload =>
          workloadClient(cluster, workload),
        ),
      ]);
}
