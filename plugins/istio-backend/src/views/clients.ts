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

import { InputError } from '@backstage/errors';
import type { ClientRef } from '@mesh-portal/backstage-plugin-istio-common';
import {
  clientOfWorkload,
  exposureOf,
  meshedClientOf,
  podsOfGateway,
  workloadOf,
  workloadOfPod,
  workloadsOf,
  type Client,
  type MeshSnapshot,
  type ObjectRef,
  type Workload,
} from '@mesh-portal/mesh-model';
import { requestRows, type Caller } from '../prometheus';
import {
  entityOfCaller,
  type ClusterInput,
  type ServiceInput,
} from './entityInput';

/** A caller as the model takes it, with the reference by which it is shown and selected. */
export interface NamedClient {
  ref: ClientRef;
  client: Client;
}

/** How many callers are offered for selection. */
const MAX_CLIENTS = 200;

const WORKLOAD_KINDS = ['Deployment', 'StatefulSet', 'DaemonSet'];

/** "Some meshed client of this namespace": what answers assume when no caller is named. */
export function meshedClient(
  { name, snapshot }: Pick<ClusterInput, 'name' | 'snapshot'>,
  namespace: string,
): NamedClient {
  const client = meshedClientOf(snapshot, namespace);
  return {
    ref: {
      id: namespace,
      cluster: name,
      namespace,
      gateway: false,
      label:
        client.proxy === 'ambient'
          ? `a workload in ambient mode in ${namespace}`
          : `a workload with a sidecar in ${namespace}`,
    },
    client,
  };
}

/** "Some client without a proxy". */
export function unmeshedClient(
  cluster: string,
  namespace: string,
): NamedClient {
  return {
    ref: {
      id: `${namespace}/none/unknown`,
      cluster,
      namespace,
      gateway: false,
      label: 'a client without a proxy',
    },
    client: {
      namespace,
      labels: {},
      serviceAccount: 'default',
      proxy: 'none',
    },
  };
}

/** A workload as a caller. */
export function workloadClient(
  {
    name,
    snapshot,
    entities,
  }: Pick<ClusterInput, 'name' | 'snapshot' | 'entities'>,
  workload: Workload,
): NamedClient {
  const client = clientOfWorkload(snapshot, workload);
  const { kind } = workload.ref;
  return {
    ref: {
      id: `${workload.namespace}/${kind}/${workload.name}`,
      cluster: name,
      namespace: workload.namespace,
      workload: {
        cluster: name,
        namespace: workload.namespace,
        kind,
        name: workload.name,
      },
      gateway: client.proxy === 'gateway',
      label: `${workload.namespace}/${workload.name}`,
      ...entityOfCaller(entities, {
        namespace: workload.namespace,
        workload: workload.name,
      }),
    },
    client,
  };
}

/** The workload that metrics name by namespace and name only. */
export function workloadOfCaller(
  snapshot: MeshSnapshot,
  caller: Pick<Caller, 'namespace' | 'workload'>,
): Workload | undefined {
  for (const kind of WORKLOAD_KINDS) {
    const found = workloadOf(snapshot, caller.namespace, kind, caller.workload);
    if (found) {
      return found;
    }
  }
  return undefined;
}

/** The workloads that serve a gateway, or Ingresses. */
export function workloadsOfGateway(
  snapshot: MeshSnapshot,
  gateway: ObjectRef,
): Workload[] {
  const workloads = podsOfGateway(snapshot, gateway).map(pod =>
    workloadOfPod(snapshot, pod),
  );
  return [
    ...new Map(
      workloads.map(workload => [
        `${workload.namespace}/${workload.ref.kind}/${workload.name}`,
        workload,
      ]),
    ).values(),
  ];
}

/** Gateways that lead to the service, as callers. */
function gatewayClients({ cluster, service }: ServiceInput): NamedClient[] {
  const { snapshot } = cluster;
  const { paths } = exposureOf(snapshot, service.metadata);
  const gateways = new Map(
    paths
      .filter(({ gateway }) => gateway.kind !== 'Ingress')
      .map(({ gateway }) => [
        `${gateway.group}/${gateway.namespace}/${gateway.name}`,
        gateway,
      ]),
  );
  return [...gateways.values()].flatMap(gateway =>
    workloadsOfGateway(snapshot, gateway)
      .slice(0, 1)
      .map(workload => gatewayClient(cluster, gateway, workload)),
  );
}

function gatewayClient(
  cluster: ClusterInput,
  gateway: ObjectRef,
  workload: Workload,
): NamedClient {
  const { ref, client } = workloadClient(cluster, workload);
  const { namespace = '', name } = gateway;
  const kind =
    gateway.group === 'gateway.networking.k8s.io' ? 'K8sGateway' : 'Gateway';
  return {
    ref: {
      ...ref,
      id: `${namespace}/${kind}/${name}`,
      gateway: true,
      label: `gateway ${namespace}/${name}`,
    },
    client: { ...client, gateway: { kind, namespace, name } },
  };
}

/** Callers that the metrics of the window name and that exist as workloads, those that call most first. */
export function observedClients(service: ServiceInput): NamedClient[] {
  const { cluster, ref } = service;
  const { requests } = cluster.observation.answers ?? {};
  if (!requests) {
    return [];
  }
  const key = `${ref.namespace}/${ref.name}`;
  const callers = new Map<string, { caller: Caller; rate: number }>();
  for (const row of requestRows(requests)) {
    if (row.service === key && row.part === 'now' && row.rate > 0) {
      const name = `${row.caller.namespace}/${row.caller.workload}`;
      const before = callers.get(name)?.rate ?? 0;
      callers.set(name, { caller: row.caller, rate: before + row.rate });
    }
  }
  return [...callers.values()]
    .sort((left, right) => right.rate - left.rate)
    .flatMap(({ caller }) => {
      const workload = workloadOfCaller(cluster.snapshot, caller);
      return workload ? [workloadClient(cluster, workload)] : [];
    });
}

/** Each caller once, as many as can be offered for selection. */
export function uniqueClients(all: readonly NamedClient[]): NamedClient[] {
  return [...new Map(all.map(each => [each.ref.id, each])).values()].slice(
    0,
    MAX_CLIENTS,
  );
}

/**
 * The callers a service can be asked about: some meshed client of its namespace first, then gateways that lead to it,
 * callers that were seen, and the workloads of its namespace.
 */
export function selectableClients(service: ServiceInput): NamedClient[] {
  const { cluster, ref } = service;
  const all = [
    meshedClient(cluster, ref.namespace),
    ...gatewayClients(service),
    ...observedClients(service),
    ...workloadsOf(cluster.snapshot, ref.namespace).map(workload =>
      workloadClient(cluster, workload),
    ),
  ];
  return uniqueClients(all);
}

/**
 * The caller that was asked for; the first when none was.
 *
 * @param strict - refuse a caller that is not among them
 * @throws InputError when the caller is none of those that can be selected
 */
export function chosenClient(
  clients: readonly NamedClient[],
  id: string | undefined,
  strict: boolean,
): NamedClient {
  const [first] = clients;
  if (id === undefined) {
    return first;
  }
  const found = clients.find(({ ref }) => ref.id === id);
  if (!found && strict) {
    throw new InputError(
      `Parameter client: there is no caller '${id}'. Use an id of the clients list of this view`,
    );
  }
  return found ?? first;
}
