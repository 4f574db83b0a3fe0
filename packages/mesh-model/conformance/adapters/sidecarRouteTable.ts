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

import { projectObject } from '../../src/objects';
import type { RoutableService } from '../../src/routing';
import { clusterName } from '../../src/routing/destinations';
import type { RoutingConfig } from '../../src/routing/routingConfig';
import { indexRouting, visibleConfigs } from '../../src/routing/routingIndex';
import {
  isServiceVisible,
  serviceRegistryOf,
} from '../../src/routing/serviceRegistry';
import { virtualHostsOf } from '../../src/routing/virtualHosts';
import { listenerForPort } from '../../src/scoping/clientScope';
import { sidecarScope } from '../../src/scoping/sidecarScope';
import { snapshotOf } from '../../src/snapshot';
import { difference, type CaseJudge } from './routingCase';
import { configsOf, documents, stored } from './simulatedMesh';

interface RouteCase {
  cfg: readonly {
    namespace: string;
    match?: string;
    matches?: readonly string[];
    dest?: string;
    port?: number;
    portMatch?: number;
    time?: string;
    egress?: readonly string[];
  }[];
  proxy: { configNamespace: string };
  routeName: string;
  expected: Readonly<Record<string, readonly string[] | null>>;
  expectedGateway?: Readonly<Record<string, readonly string[] | null>>;
}

function sidecarRoutesOf(
  testCase: RouteCase,
  registry: readonly RoutableService[],
  gatewayApi: boolean,
): Map<string, string[]> {
  const namespace = testCase.proxy.configNamespace;
  const objects = testCase.cfg.flatMap((item, index) => {
    const metadata = {
      name: `config-${index}`,
      namespace: item.namespace,
      ...(item.time === undefined ? {} : { creationTimestamp: item.time }),
    };
    const port = item.port ?? (gatewayApi ? 80 : undefined);
    const raw =
      item.egress === undefined
        ? {
            apiVersion: 'networking.istio.io/v1',
            kind: 'VirtualService',
            metadata,
            spec: {
              hosts: item.matches ?? [item.match],
              http: [
                {
                  ...(item.portMatch === undefined
                    ? {}
                    : { match: [{ port: item.portMatch }] }),
                  route: [
                    {
                      destination: {
                        host: item.dest,
                        ...(port === undefined
                          ? {}
                          : { port: { number: port } }),
                      },
                    },
                  ],
                },
              ],
            },
          }
        : {
            apiVersion: 'networking.istio.io/v1',
            kind: 'Sidecar',
            metadata,
            spec: { egress: [{ hosts: item.egress }] },
          };
    const object = projectObject(raw);
    return object === undefined ? [] : [object];
  });
  const snapshot = snapshotOf(objects);
  const configs = configsOf(snapshot, []).map(
    (config): RoutingConfig =>
      gatewayApi ? { ...config, semantics: 'gateway-api' } : config,
  );
  const services = registry.filter(service =>
    isServiceVisible(service, namespace),
  );
  const [sidecar] = snapshot.list('Sidecar', namespace);
  const scope = sidecarScope<RoutableService>({
    clientNamespace: namespace,
    ...(sidecar === undefined ? {} : { sidecar }),
    services,
    servicesOfHost: host =>
      services.filter(service => service.hostname === host),
    configs: visibleConfigs(indexRouting(configs), 'mesh', namespace),
  });
  const port = Number(testCase.routeName);
  const listener = listenerForPort(scope.listeners, port);
  const hosts = virtualHostsOf({
    port,
    configs: listener?.configs ?? [],
    services: [...(listener?.services.values() ?? [])].flat(),
    client: { namespace, labels: {} },
    gateways: new Set(['mesh']),
    clientDomain: `${namespace}.svc.cluster.local`,
  });
  return new Map(
    hosts.map(host => [
      host.host,
      host.routes.length === 0
        ? [clusterName(host.host, host.port, undefined)]
        : host.routes.flatMap(route =>
            (route.route.value.route ?? []).map(to =>
              clusterName(
                to.destination.host,
                to.destination.port?.number ?? host.port,
                to.destination.subset,
              ),
            ),
          ),
    ]),
  );
}

/** Judges a table of VirtualServices and the virtual hosts that a sidecar has for them. */
export const sidecarRoutes: CaseJudge = (raw, fixtures) => {
  const testCase = raw as RouteCase;
  const registry = serviceRegistryOf(
    snapshotOf(
      documents(String(fixtures.knownServices)).flatMap(item => stored(item)),
    ),
  ).all;
  // The table says what an HTTPRoute does only where it differs from a VirtualService.
  const variants: readonly [boolean, RouteCase['expected'] | undefined][] = [
    [false, testCase.expected],
    [true, testCase.expectedGateway],
  ];
  for (const [gatewayApi, expected] of variants) {
    if (expected === undefined) {
      continue;
    }
    const actual = sidecarRoutesOf(testCase, registry, gatewayApi);
    for (const [host, clusters] of Object.entries(expected)) {
      const differs = difference(clusters ?? undefined, actual.get(host));
      if (differs !== undefined) {
        return `${
          gatewayApi ? 'HTTPRoute' : 'VirtualService'
        } ${host}: ${differs}`;
      }
    }
  }
  return undefined;
};
