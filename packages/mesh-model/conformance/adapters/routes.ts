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

import type { HttpMatchRequest, HttpRoute } from '../../src/objects';
import { concernsProxy, isCatchAllMatch } from '../../src/routing/requestMatch';
import { activeFault, mirrorsOf } from '../../src/routing/routeActions';
import type { RoutableService } from '../../src/routing';
import {
  isServiceVisible,
  registryOf,
} from '../../src/routing/serviceRegistry';
import { indexRouting, visibleConfigs } from '../../src/routing/routingIndex';
import { routingConfigOfVirtualService } from '../../src/routing/virtualServiceConfig';
import { virtualHostDomains } from '../../src/routing/virtualHostDomains';
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

interface EnvoyMatch {
  prefix?: string;
  pathSeparatedPrefix?: string;
  path?: string;
  safeRegex?: { regex?: string };
  headers?: readonly { name: string }[];
  queryParameters?: readonly { name: string }[];
}

/** Envoy's match of a route; one without a path takes no request at all. */
function matchOfEnvoy(match: EnvoyMatch): HttpMatchRequest | undefined {
  const named = (list: readonly { name: string }[] | undefined) =>
    Object.fromEntries((list ?? []).map(({ name }) => [name, {}]));
  const prefix = match.prefix ?? match.pathSeparatedPrefix;
  if (
    prefix === undefined &&
    match.path === undefined &&
    match.safeRegex === undefined
  ) {
    return undefined;
  }
  return {
    ...(prefix === undefined ? {} : { uri: { prefix } }),
    ...(match.path === undefined ? {} : { uri: { exact: match.path } }),
    ...(match.safeRegex === undefined
      ? {}
      : { uri: { regex: match.safeRegex.regex } }),
    headers: named(match.headers),
    queryParams: named(match.queryParameters),
  };
}

const catchAll: CaseJudge = testCase => {
  const { route, want } = testCase as {
    route: { match: EnvoyMatch };
    want: boolean;
  };
  const match = matchOfEnvoy(route.match);
  return difference(want, match !== undefined && isCatchAllMatch(match));
};

interface Fraction {
  numerator?: number;
  denominator?: 'HUNDRED' | 'TEN_THOUSAND' | 'MILLION';
}

function percentOf(fraction: Fraction | undefined): number | undefined {
  if (fraction === undefined) {
    return undefined;
  }
  const whole = { HUNDRED: 100, TEN_THOUSAND: 10_000, MILLION: 1_000_000 };
  return (
    ((fraction.numerator ?? 0) * 100) / whole[fraction.denominator ?? 'HUNDRED']
  );
}

const mirror: CaseJudge = testCase => {
  const { route, policy, want } = testCase as {
    route?: HttpRoute;
    policy?: NonNullable<HttpRoute['mirrors']>[number];
    want?: { defaultValue: Fraction } | null;
  };
  const mirrors = mirrorsOf(
    policy === undefined ? route ?? {} : { mirrors: [policy] },
  );
  return difference(percentOf(want?.defaultValue), mirrors[0]?.percent);
};

const sourceMatch: CaseJudge = testCase => {
  const { args, want } = testCase as {
    args: {
      match?: HttpMatchRequest;
      proxyLabels?: Readonly<Record<string, string>>;
      gatewayNames?: readonly string[] | Readonly<Record<string, unknown>>;
      port?: number;
      proxyNamespace?: string;
    };
    want: boolean;
  };
  const names = args.gatewayNames ?? [];
  return difference(
    want,
    concernsProxy(args.match ?? {}, {
      gateways: new Set(
        Array.isArray(names) ? names.map(String) : Object.keys(names),
      ),
      port: args.port ?? 0,
      namespace: args.proxyNamespace ?? '',
      labels: args.proxyLabels ?? {},
    }),
  );
};

const GRPC_STATUS: Readonly<Record<string, number>> = {
  OK: 0,
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
};

const fault: CaseJudge = testCase => {
  const { fault: written, want } = testCase as {
    fault?: NonNullable<HttpRoute['fault']>;
    want?: {
      delay?: { percentage?: Fraction; fixedDelay?: string };
      abort?: {
        percentage?: Fraction;
        httpStatus?: number;
        grpcStatus?: number;
      };
    } | null;
  };
  const active = written === undefined ? undefined : activeFault(written);
  const status = active?.abort?.status;
  // A fault for none of the requests is the same as no fault.
  const acts = (part: { percentage?: Fraction } | undefined) =>
    (percentOf(part?.percentage) ?? 0) > 0;
  const delay = acts(want?.delay) ? want?.delay : undefined;
  const abort = acts(want?.abort) ? want?.abort : undefined;
  return difference(
    delay === undefined && abort === undefined
      ? undefined
      : [
          delay?.fixedDelay,
          percentOf(delay?.percentage),
          abort?.httpStatus ?? abort?.grpcStatus,
          percentOf(abort?.percentage),
        ],
    active === undefined
      ? undefined
      : [
          active.delay?.duration,
          active.delay?.percent,
          status === undefined
            ? undefined
            : GRPC_STATUS[status] ?? Number(status),
          active.abort?.percent,
        ],
  );
};

const domains: CaseJudge = testCase => {
  const { service, port, node, want, enableDualStack } = testCase as {
    service: RawService;
    port: number;
    node: { dnsDomain: string; metadata?: { clusterID?: string } };
    want: readonly string[];
    enableDualStack?: boolean;
  };
  const virtual =
    service.clusterVIPs?.addresses?.[node.metadata?.clusterID ?? ''] ?? [];
  const addresses = enableDualStack === true ? virtual : virtual.slice(0, 1);
  const addressed = routable(service);
  return difference(
    [...want].sort(),
    virtualHostDomains(
      addresses.length === 0 ? addressed : { ...addressed, addresses },
      node.dnsDomain,
      port === 0 ? 0 : undefined,
    ).sort(),
  );
};

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
  const port = socket ? 0 : Number(sniffed?.[2] ?? routeName);
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

const httpRouteConfig: CaseJudge = (testCase, fixtures) => {
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
  const routes = hosts.reduce(
    (sum, host) => sum + Math.max(1, host.routes.length),
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

const duplicateHosts: CaseJudge = testCase => {
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

/** Judges the cases of `tables/routes.json`, by test. */
export const routesTests: Readonly<Record<string, CaseJudge>> = {
  TestIsCatchAllRoute: catchAll,
  TestMirrorPercent: mirror,
  TestMirrorPercentByPolicy: mirror,
  TestSourceMatchHTTP: sourceMatch,
  TestTranslateFault: fault,
  TestGenerateVirtualHostDomains: domains,
  TestSidecarOutboundHTTPRouteConfigWithDuplicateHosts: duplicateHosts,
  TestSidecarOutboundHTTPRouteConfig: httpRouteConfig,
};
