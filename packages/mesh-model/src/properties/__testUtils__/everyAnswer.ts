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
  ambientFlagsOf,
  ambientStateOfService,
  ambientStateOfWorkload,
  waypointStateOf,
  ztunnelServicesOf,
  ztunnelWorkloadsOf,
} from '../../ambient';
import {
  authorizationMeshOf,
  evaluatePath,
  policyTargetOf,
  postureOf,
  sentencesOf,
} from '../../authorization';
import {
  ignoredObjectsOfService,
  ignoredObjectsOfWorkload,
  refusedObjectsOfService,
  whatActsOn,
} from '../../bindings';
import {
  clientTlsFor,
  destinationRuleFor,
  localityPlanFor,
  resilienceOf,
} from '../../destinations';
import {
  confidenceOf,
  envoyFiltersOf,
  envoyProxyOfWorkload,
  trafficExtensionsOf,
} from '../../extensions';
import {
  exposureOf,
  gatewayApiStatusOf,
  gatewayConfigurationOf,
  gatewayProxyOf,
  routeAtGateway,
} from '../../gateways';
import { meshConfigOf, serviceHostname } from '../../identity';
import {
  clientOfWorkload,
  defaultClient,
  membershipOf,
  workloadsOf,
  type Client,
  type Workload,
} from '../../membership';
import { mtlsPathOf, serverModesOfService } from '../../mtls';
import {
  endpointsFor,
  hostnamesAcrossClusters,
  localityOrderOf,
  meshNetworksOf,
  networkEntrancesOf,
  placeOfCaller,
  serviceAcrossClusters,
} from '../../multicluster';
import type { SlimObjectByKind } from '../../objects';
import { routeRequest, routesOfService, wayOfRequest } from '../../routing';
import type { MeshSnapshot } from '../../snapshot';
import { proxyConfigOf, telemetryOf } from '../../telemetry';

type Service = SlimObjectByKind['Service'];

function clientsOf({ metadata }: Service): Client[] {
  return [defaultClient(metadata.namespace), defaultClient('web')];
}

function hostOf(snapshot: MeshSnapshot, { metadata }: Service): string {
  return serviceHostname(
    metadata.name,
    metadata.namespace,
    meshConfigOf(snapshot).clusterDomain,
  );
}

/** What a resolver says about each port of a service, for each client. */
function forClientsAndPorts<T>(
  resolve: (
    snapshot: MeshSnapshot,
    client: Client,
    service: Service,
    port: Service['spec']['ports'][number],
  ) => T,
) {
  return (snapshot: MeshSnapshot, service: Service) =>
    clientsOf(service).map(client =>
      service.spec.ports.map(port => resolve(snapshot, client, service, port)),
    );
}

/** Every public resolver that is asked about a workload. */
export const WORKLOAD_QUESTIONS: Readonly<
  Record<string, (snapshot: MeshSnapshot, workload: Workload) => unknown>
> = {
  membership: membershipOf,
  posture: (snapshot, workload) =>
    postureOf(
      snapshot,
      policyTargetOf(snapshot, workload),
      authorizationMeshOf(
        snapshot,
        envoyProxyOfWorkload(snapshot, workload).revision,
      ),
    ),
  telemetry: (snapshot, workload) =>
    telemetryOf(snapshot, envoyProxyOfWorkload(snapshot, workload)),
  proxyConfig: proxyConfigOf,
  envoyFilters: (snapshot, workload) =>
    envoyFiltersOf(snapshot, envoyProxyOfWorkload(snapshot, workload)),
  extensions: (snapshot, workload) =>
    trafficExtensionsOf(snapshot, envoyProxyOfWorkload(snapshot, workload)),
  confidence: (snapshot, workload) =>
    confidenceOf(snapshot, envoyProxyOfWorkload(snapshot, workload), 'routing'),
  bindings: whatActsOn,
  ignored: ignoredObjectsOfWorkload,
  ambient: ambientStateOfWorkload,
  gateways: (snapshot, workload) =>
    workload.pods.map(pod => {
      const served = gatewayProxyOf(snapshot, pod);
      return {
        configuration: gatewayConfigurationOf(snapshot, served),
        answer: routeAtGateway(snapshot, served, {
          port: 80,
          authority: 'a.example.com',
          path: '/a',
        }),
      };
    }),
  way: (snapshot, workload) =>
    wayOfRequest(snapshot, clientOfWorkload(snapshot, workload), {
      host: 'a.shop.svc.cluster.local',
      port: 80,
      path: '/a',
    }),
  decision: (snapshot, workload) =>
    evaluatePath(snapshot, {
      workload,
      client: defaultClient('web'),
      request: { protocol: 'http', method: 'GET', path: '/a', port: 8080 },
    }),
};

/** Every public resolver that is asked about a Service. */
export const SERVICE_QUESTIONS: Readonly<
  Record<string, (snapshot: MeshSnapshot, service: Service) => unknown>
> = {
  modes: serverModesOfService,
  exposure: (snapshot, { metadata: { namespace, name } }) =>
    exposureOf(snapshot, { namespace, name }),
  ambient: ambientStateOfService,
  waypoint: waypointStateOf,
  refused: (snapshot, service) => {
    const refused = refusedObjectsOfService(snapshot, service);
    return {
      acting: refused.filter(({ acts }) => acts),
      ignored: refused.filter(({ acts }) => !acts),
    };
  },
  routes: (snapshot, service) => {
    const { namespace, name } = service.metadata;
    return clientsOf(service).map(client =>
      routesOfService(snapshot, client, { namespace, name }),
    );
  },
  ignored: (snapshot, service) =>
    clientsOf(service).map(client =>
      ignoredObjectsOfService(snapshot, service, client),
    ),
  rule: (snapshot, service) =>
    clientsOf(service).map(client =>
      destinationRuleFor(snapshot, client, hostOf(snapshot, service)),
    ),
  paths: forClientsAndPorts(mtlsPathOf),
  tls: forClientsAndPorts((snapshot, client, service, { port }) =>
    clientTlsFor(snapshot, client, hostOf(snapshot, service), port, 'v1'),
  ),
  resilience: forClientsAndPorts((snapshot, client, service, { port }) =>
    resilienceOf(snapshot, client, hostOf(snapshot, service), port, 'v1'),
  ),
  routed: forClientsAndPorts((snapshot, client, service, { port }) =>
    routeRequest(snapshot, client, {
      port,
      protocol: 'http',
      authority: hostOf(snapshot, service),
      path: '/a',
    }),
  ),
  ways: forClientsAndPorts((snapshot, client, service, { port }) =>
    wayOfRequest(snapshot, client, {
      host: hostOf(snapshot, service),
      port,
      method: 'GET',
    }),
  ),
};

function answersTo<S>(
  questions: Readonly<
    Record<string, (snapshot: MeshSnapshot, subject: S) => unknown>
  >,
  snapshot: MeshSnapshot,
  subject: S,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(questions).map(([name, ask]) => [
      name,
      ask(snapshot, subject),
    ]),
  );
}

function answersAcrossClusters(snapshot: MeshSnapshot) {
  const clusters = ['one', 'two'].map(cluster => ({ cluster, snapshot }));
  const [caller] = clusters;
  return {
    hostnames: hostnamesAcrossClusters(clusters),
    entrances: networkEntrancesOf(clusters, caller, meshNetworksOf(snapshot)),
    services: [...hostnamesAcrossClusters(clusters).keys()].map(hostname => {
      const service = serviceAcrossClusters(clusters, hostname);
      const plan = localityPlanFor(
        snapshot,
        defaultClient('shop'),
        hostname,
        80,
      );
      const place = placeOfCaller(caller, snapshot.list('Pod', 'shop'));
      return {
        service,
        endpoints:
          service &&
          endpointsFor(clusters, service, { cluster: 'one', proxy: 'sidecar' }),
        plan,
        order: service && localityOrderOf(plan, place, service.endpoints),
      };
    }),
  };
}

/** Asks every public resolver of the model about every service and workload of a mesh. */
export function everyAnswer(snapshot: MeshSnapshot) {
  const namespaces = ['istio-system', 'shop', 'web'];
  return {
    services: snapshot
      .list('Service')
      .map(service => answersTo(SERVICE_QUESTIONS, snapshot, service)),
    workloads: workloadsOf(snapshot).map(workload =>
      answersTo(WORKLOAD_QUESTIONS, snapshot, workload),
    ),
    clusters: answersAcrossClusters(snapshot),
    serviceEntries: snapshot
      .list('ServiceEntry')
      .map(entry => ignoredObjectsOfService(snapshot, entry)),
    sentences: snapshot.list('AuthorizationPolicy').map(sentencesOf),
    gatewayApi: snapshot
      .list('K8sGateway')
      .map(gateway => gatewayApiStatusOf(snapshot, gateway)),
    ambient: {
      flags: ambientFlagsOf(snapshot),
      services: ztunnelServicesOf(snapshot),
      workloads: namespaces.map(namespace =>
        ztunnelWorkloadsOf(snapshot, namespace),
      ),
    },
  };
}

function isSlimObject(value: object): value is {
  kind: string;
  metadata: { namespace: string; name: string };
} {
  return 'kind' in value && 'metadata' in value && 'problems' in value;
}

/**
 * An answer as text that is equal for equal answers: maps and sets as lists, objects of the mesh by their names.
 *
 * @param without - fields that are left out wherever they stand
 */
export function canonical(
  answer: unknown,
  without: ReadonlySet<string> = new Set(),
): string {
  return JSON.stringify(
    answer,
    (key, value: unknown) => {
      if (without.has(key)) {
        return undefined;
      }
      if (value instanceof Map) {
        return [...value];
      }
      if (value instanceof Set) {
        return [...value];
      }
      if (typeof value === 'object' && value !== null && isSlimObject(value)) {
        return `${value.kind} ${value.metadata.namespace}/${value.metadata.name}`;
      }
      return value;
    },
    1,
  );
}
