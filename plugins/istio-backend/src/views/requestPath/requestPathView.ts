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
  RequestBranch,
  RequestPathView,
  ServiceRef,
} from '@mesh-portal/backstage-plugin-istio-common';
import {
  exposureOf,
  wayOfRequest,
  type MeshKind,
  type MeshSnapshot,
  type ObjectRef,
  type RequestWay,
  type Verdict,
  type WayBranch,
} from '@mesh-portal/mesh-model';
import {
  chosenClient,
  observedClients,
  selectableClients,
  uniqueClients,
  unmeshedClient,
  workloadsOfGateway,
  type NamedClient,
} from '../clients';
import type { Elsewhere } from '../elsewhere';
import {
  servicesOf,
  type EntityInput,
  type ServiceInput,
} from '../entityInput';
import { outerPortsOf } from '../exposure';
import {
  authorizationKinds,
  certain,
  MTLS_KINDS,
  ROUTE_KINDS,
} from '../knowledge';
import { headersOf, type AskedRequest } from './askedRequest';

type Answer = RequestPathView['services'][number];

/** What a way rests on: all of routes, encryption and authorization. */
function kindsOf(snapshot: MeshSnapshot): readonly MeshKind[] {
  return [...ROUTE_KINDS, ...MTLS_KINDS, ...authorizationKinds(snapshot)];
}

function branchOf({
  share,
  because,
  steps,
  branches,
  outcome,
}: WayBranch): RequestBranch {
  return {
    share,
    because,
    steps: steps.map(({ stage, state, says, at, facts }) => ({
      stage,
      state,
      says,
      ...(at === undefined ? {} : { at }),
      facts: [...facts],
    })),
    branches: branches.map(branchOf),
    ...(outcome && {
      outcome: {
        ending: outcome.ending,
        says: outcome.says,
        ...(outcome.code === undefined ? {} : { code: outcome.code }),
        ...(outcome.flag === undefined ? {} : { flag: outcome.flag }),
        ...(outcome.encrypted === undefined
          ? {}
          : { encrypted: outcome.encrypted }),
      },
    }),
  };
}

const STATES: Readonly<
  Record<RequestWay['ends'][number]['outcome']['ending'], Verdict['state']>
> = {
  delivered: 'pass',
  answered: 'not-applicable',
  denied: 'fail',
  failed: 'fail',
  outside: 'unknown',
  unknown: 'unknown',
};

const SEVERITY: readonly Verdict['state'][] = [
  'fail',
  'unknown',
  'not-applicable',
  'pass',
];

/** Of several ends the worst decides: part of such requests meets it. What fails here may get through to another cluster. */
function verdictOf(way: RequestWay, elsewhere: Elsewhere | undefined): Verdict {
  const ends = way.ends
    .filter(({ share }) => share > 0)
    .map(({ outcome: { ending, lacking } }) => {
      const others = lacking && elsewhere?.(lacking, way.client.proxy);
      return {
        others,
        state: others === undefined ? STATES[ending] : ('unknown' as const),
      };
    });
  const state =
    SEVERITY.find(each => ends.some(end => end.state === each)) ?? 'unknown';
  const others = ends.find(end => end.others !== undefined)?.others;
  return {
    state,
    reason:
      others === undefined || state === 'fail'
        ? way.says
        : `${way.says}, ${others}`,
    facts: [],
  };
}

/** Whether a gateway is the one that a caller is, or is served by the workload that the caller is. */
function isCallersGateway(
  snapshot: MeshSnapshot,
  { ref, client }: NamedClient,
  gateway: ObjectRef,
): boolean {
  if (client.gateway) {
    const kind =
      gateway.group === 'gateway.networking.k8s.io' ? 'K8sGateway' : 'Gateway';
    return (
      client.gateway.kind === kind &&
      client.gateway.namespace === gateway.namespace &&
      client.gateway.name === gateway.name
    );
  }
  return workloadsOfGateway(snapshot, gateway).some(
    ({ namespace, name, ref: { kind } }) =>
      namespace === ref.workload?.namespace &&
      kind === ref.workload.kind &&
      name === ref.workload.name,
  );
}

/** The ways by which a gateway exposes the service. */
function pathsOfGateway(
  { cluster: { snapshot }, service }: ServiceInput,
  caller: NamedClient,
) {
  return exposureOf(snapshot, service.metadata).paths.filter(({ gateway }) =>
    isCallersGateway(snapshot, caller, gateway),
  );
}

/** Who was seen to call most; a gateway that exposes the service no longer has no way to ask for. */
function likelyCaller(service: ServiceInput): NamedClient | undefined {
  return observedClients(service).find(
    caller => !caller.ref.gateway || pathsOfGateway(service, caller).length > 0,
  );
}

/** A host that a server for `hosts` takes; that of the service where it takes any. */
function hostAmong(hosts: readonly string[], { name, host }: ServiceRef) {
  const concrete = hosts.find(each => !each.includes('*'));
  const any = hosts.length === 0 || hosts.includes('*');
  return concrete ?? (any ? host : hosts[0].replace('*', name));
}

/** What a caller would most likely ask for: the service itself; through a gateway, the host and port it is exposed at. */
function likelyTarget(
  input: ServiceInput,
  caller: NamedClient,
): { host: string; port: number } {
  const { cluster, service, ref } = input;
  const own = {
    host: ref.host,
    port: service.spec.ports.at(0)?.port ?? 80,
  };
  if (!caller.ref.gateway) {
    return own;
  }
  const { snapshot } = cluster;
  const paths = pathsOfGateway(input, caller);
  const path =
    paths.find(({ problems }) => problems.length === 0) ?? paths.at(0);
  if (path === undefined) {
    return own;
  }
  const pods = workloadsOfGateway(snapshot, path.gateway).flatMap(
    workload => workload.pods,
  );
  const [outer] = outerPortsOf(snapshot, pods, path.port, path.failingPods);
  return {
    host: hostAmong(path.hosts, ref),
    port: outer?.port ?? path.port,
  };
}

function answerOf(
  service: ServiceInput,
  clients: readonly NamedClient[],
  client: NamedClient,
  asked: AskedRequest,
): Answer {
  const { cluster, ref } = service;
  const headers = headersOf(asked.headers);
  const likely = likelyTarget(service, client);
  const request = {
    host: asked.host ?? likely.host,
    port: asked.port ?? likely.port,
    method: asked.method ?? 'GET',
    path: asked.path ?? '/',
  };
  const way = wayOfRequest(cluster.snapshot, client.client, {
    ...request,
    ...(headers.length > 0 && {
      headers: Object.fromEntries(
        headers.map(({ name, value }) => [name, value]),
      ),
    }),
  });
  return {
    service: ref,
    client: client.ref,
    clients: clients.map(each => each.ref),
    request: { ...request, headers },
    assumed: [...way.assumed],
    verdict: certain(
      verdictOf(way, cluster.elsewhere),
      cluster.status,
      kindsOf(cluster.snapshot),
    ),
    way: branchOf(way),
  };
}

/**
 * Where one request goes, step by step, from a caller to the application, and how it ends.
 *
 * @param client - id of a caller; absent: who was seen to call most, else some meshed client of the service’s namespace
 * @throws InputError when no service of the entity has this caller, or a header is malformed
 */
export function requestPathView(
  input: EntityInput,
  client: string | undefined,
  asked: AskedRequest,
): RequestPathView {
  const all = servicesOf(input).map(service => {
    const { cluster, ref } = service;
    const seen = likelyCaller(service);
    const [first, ...others] = selectableClients(service);
    return {
      service,
      clients: uniqueClients([
        ...(seen ? [seen] : []),
        first,
        unmeshedClient(cluster.name, ref.namespace),
        ...others,
      ]),
    };
  });
  const known = all.some(({ clients }) =>
    clients.some(({ ref }) => ref.id === client),
  );
  return {
    services: all.map(({ service, clients }) =>
      answerOf(service, clients, chosenClient(clients, client, !known), asked),
    ),
  };
}
