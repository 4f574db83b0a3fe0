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

import type { RoutableService } from '../../src/routing';
import {
  isServiceVisible,
  registryOf,
} from '../../src/routing/serviceRegistry';
import { indexRouting, visibleConfigs } from '../../src/routing/routingIndex';
import { routingConfigOfVirtualService } from '../../src/routing/virtualServiceConfig';
import {
  virtualHostsOf,
  type VirtualHost,
} from '../../src/routing/virtualHosts';
import { clusterName, destinationPort } from '../../src/routing/destinations';
import { listenerForPort } from '../../src/scoping/clientScope';
import { sidecarScope } from '../../src/scoping/sidecarScope';
import { compareByAge } from '../../src/snapshot';
import {
  difference,
  inOrder,
  projectedAs,
  routable,
  type CaseJudge,
  type RawObject,
  type RawService,
} from './routingCase';

const NAMESPACE = 'not-default';

interface HttpConfigInput {
  services: readonly RawService[];
  virtualServices: readonly RawObject[];
  sidecar?: RawObject;
  namespace: string;
  clientDomain: string;
  routeName: string;
}

interface Listening {
  hosts: readonly VirtualHost[];
  serviceOf: (host: string) => RoutableService | undefined;
}

function listening(input: HttpConfigInput): Listening {
  const { namespace, routeName } = input;
  const services = registryOf(
    inOrder(input.services)
      .map(routable)
      .filter(service => isServiceVisible(service, namespace)),
  );
  const configs = visibleConfigs(
    indexRouting(
      input.virtualServices
        .map(raw => projectedAs('VirtualService', raw, NAMESPACE))
        .sort(compareByAge)
        .map(virtualService =>
          routingConfigOfVirtualService(virtualService, () => undefined, {
            clusterDomain: 'cluster.local',
            defaultExportTo: ['*'],
          }),
        ),
    ),
    'mesh',
    namespace,
  );
  const scope = sidecarScope<RoutableService>({
    clientNamespace: namespace,
    ...(input.sidecar === undefined
      ? {}
      : { sidecar: projectedAs('Sidecar', input.sidecar, namespace) }),
    services: services.all,
    servicesOfHost: host => services.byHost.get(host) ?? [],
    configs,
  });
  const socket = routeName.startsWith('unix://');
  const sniffed = /^(.+):(\d+)$/.exec(socket ? '' : routeName);
  // A route table named after something else than a port, a socket or the proxy, is for every port.
  const named = Number(sniffed?.[2] ?? routeName);
  const port = socket || Number.isNaN(named) ? 0 : named;
  const listener = listenerForPort(scope.listeners, port, routeName);
  const httpProxy = listener?.port?.protocol?.toUpperCase() === 'HTTP_PROXY';
  const hosts =
    listener === undefined
      ? []
      : virtualHostsOf({
          port: httpProxy ? 0 : port,
          configs: listener.configs,
          services: [...listener.services.values()].flat(),
          client: { namespace, labels: {} },
          gateways: new Set(['mesh']),
          clientDomain: input.clientDomain,
        });
  return {
    hosts:
      sniffed === null
        ? hosts
        : hosts
            .filter(host => host.name === routeName)
            .map(host => ({ ...host, domains: ['*'] })),
    serviceOf: host => scope.services.get(host),
  };
}

/** Judges the virtual hosts and domains of a client's outbound listener. */
export const httpRouteConfig: CaseJudge = (testCase, fixtures) => {
  const {
    routeName,
    sidecarConfig,
    virtualServiceConfigs,
    expectedHosts,
    expectedRoutes,
    registryOnly,
  } = testCase as {
    routeName: string;
    sidecarConfig?: RawObject;
    virtualServiceConfigs?: readonly RawObject[];
    expectedHosts: Readonly<Record<string, Readonly<Record<string, boolean>>>>;
    expectedRoutes?: number;
    registryOnly: boolean;
  };
  const { hosts } = listening({
    services: fixtures.services as readonly RawService[],
    virtualServices: virtualServiceConfigs ?? [],
    ...(sidecarConfig === undefined ? {} : { sidecar: sidecarConfig }),
    namespace: NAMESPACE,
    clientDomain: 'default.example.org',
    routeName,
  });
  const mode = (
    sidecarConfig?.spec?.outboundTrafficPolicy as { mode?: string } | undefined
  )?.mode;
  const blocks = mode === undefined ? registryOnly : mode === 'REGISTRY_ONLY';
  const sniffed = /^[^/]+:\d+$/.test(routeName);
  const actual = Object.fromEntries(
    hosts.map(host => [host.name, [...host.domains].sort()]),
  );
  const expected = Object.fromEntries(
    Object.entries(expectedHosts)
      .filter(([name]) => sniffed || !['allow_any', 'block_all'].includes(name))
      .map(([name, all]) => [name, Object.keys(all).sort()]),
  );
  const unknownHost = Object.keys(expectedHosts).find(name =>
    ['allow_any', 'block_all'].includes(name),
  );
  // Proxies have one route for each match.
  const routesOf = (host: VirtualHost) =>
    host.routes.reduce(
      (sum, { active }) => sum + Math.max(1, active.matches.length),
      0,
    );
  const routes = hosts.reduce(
    (sum, host) => sum + Math.max(1, routesOf(host)),
    unknownHost === undefined ? 0 : 1,
  );
  return (
    difference(expected, actual) ??
    (unknownHost === undefined
      ? undefined
      : difference(unknownHost, blocks ? 'block_all' : 'allow_any')) ??
    (expectedRoutes === undefined || expectedRoutes === 0
      ? undefined
      : difference(expectedRoutes, routes))
  );
};

/** Judges who gets a name that several services or VirtualServices claim. */
export const duplicateHosts: CaseJudge = testCase => {
  const { services, config, expectedHosts, expectedDestination } = testCase as {
    services: readonly RawService[];
    config?: readonly RawObject[];
    expectedHosts: Readonly<Record<string, readonly string[]>>;
    expectedDestination: Readonly<Record<string, string>>;
  };
  const { hosts, serviceOf } = listening({
    services,
    virtualServices: (config ?? []).map(raw => ({
      ...raw,
      metadata: { namespace: 'default', ...raw.metadata },
    })),
    namespace: 'default',
    clientDomain: 'default.svc.cluster.local',
    routeName: '80',
  });
  const known = ([name]: readonly [string, unknown]) => name !== 'allow_any';
  const cluster = (host: VirtualHost): string => {
    const to = host.routes[0]?.route.value.route?.[0]?.destination ?? {
      host: host.host,
      port: { number: host.port },
    };
    const port = destinationPort(to, serviceOf(to.host), host.port);
    return clusterName(to.host, port, to.subset);
  };
  return (
    difference(
      Object.fromEntries(
        Object.entries(expectedHosts)
          .filter(known)
          .map(([name, all]) => [name, [...all].sort()]),
      ),
      Object.fromEntries(
        hosts.map(host => [host.name, [...host.domains].sort()]),
      ),
    ) ??
    difference(
      Object.fromEntries(Object.entries(expectedDestination).filter(known)),
      Object.fromEntries(hosts.map(host => [host.name, cluster(host)])),
    )
  );
};
