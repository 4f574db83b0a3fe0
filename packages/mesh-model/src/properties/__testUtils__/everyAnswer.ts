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

export function answersAboutWorkload(snapshot: MeshSnapshot, workload: Workload) {
  const proxy = envoyProxyOfWorkload(snapshot, workload);
  const client = clientOfWorkload(snapshot, workload);
  const mesh = authorizationMeshOf(snapshot, proxy.revision);
  return {
    membership: membershipOf(snapshot, workload),
    posture: postureOf(snapshot, policyTargetOf(snapshot, workload), mesh),
    telemetry: telemetryOf(snapshot, proxy),
    proxyConfig: proxyConfigOf(snapshot, workload),
    envoyFilters: envoyFiltersOf(snapshot, proxy),
    extensions: trafficExtensionsOf(snapshot, proxy),
    confidence: confidenceOf(snapshot, proxy, 'routing'),
    bindings: whatActsOn(snapshot, workload),
    ignored: ignoredObjectsOfWorkload(snapshot, workload),
    ambient: ambientStateOfWorkload(snapshot, workload),
    gateways: workload.pods.map(pod => {
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
    way: wayOfRequest(snapshot, client, {
      host: 'a.shop.svc.cluster.local',
      port: 80,
      path: '/a',
    }),
    decision: evaluatePath(snapshot, {
      workload,
      client: defaultClient('web'),
      request: { protocol: 'http', method: 'GET', path: '/a', port: 8080 },
    }),
  };
}

export function answersAboutService(snapshot: MeshSnapshot, service: Service) {
  const { namespace, name } = service.metadata;
  const host = serviceHostname(
    name,
    namespace,
    meshConfigOf(snapshot).clusterDomain,
  );
  const refused = refusedObjectsOfService(snapshot, service);
  const clients = [defaultClient(namespace), defaultClient('web')];
  return {
    modes: serverModesOfService(snapshot, service),
    exposure: exposureOf(snapshot, { namespace, name }),
    ambient: ambientStateOfService(snapshot, service),
    waypoint: waypointStateOf(snapshot, service),
    refused: {
      acting: refused.filter(({ acts }) => acts),
      ignored: refused.filter(({ acts }) => !acts),
    },
    clients: clients.map(client => ({
      routes: routesOfService(snapshot, client, { namespace, name }),
      ignored: ignoredObjectsOfService(snapshot, service, client),
      rule: destinationRuleFor(snapshot, client, host),
      ports: service.spec.ports.map(port => ({
        path: mtlsPathOf(snapshot, client, service, port),
        tls: clientTlsFor(snapshot, client, host, port.port, 'v1'),
        resilience: resilienceOf(snapshot, client, host, port.port, 'v1'),
        routed: routeRequest(snapshot, client, {
          port: port.port,
          protocol: 'http',
          authority: host,
          path: '/a',
        }),
        way: wayOfRequest(snapshot, client, {
          host,
          port: port.port,
          method: 'GET',
        }),
      })),
    })),
  };
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
      .map(service => answersAboutService(snapshot, service)),
    workloads: workloadsOf(snapshot).map(workload =>
      answersAboutWorkload(snapshot, workload),
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
