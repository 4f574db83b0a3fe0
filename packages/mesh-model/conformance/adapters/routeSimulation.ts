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

import { parseAllDocuments } from 'yaml';
import { gatewayVirtualHosts } from '../../src/gateways/gatewayRoutes';
import {
  gatewayName,
  mergeGatewayServers,
  type GatewayProxy,
  type GatewayServer,
  type GatewayServicePort,
} from '../../src/gateways/gatewayServers';
import { ingressConfigs } from '../../src/gateways/ingress';
import { meshConfigOf } from '../../src/identity';
import { selectGatewayServer } from '../../src/gateways/gatewayRequest';
import type { Client } from '../../src/membership';
import {
  effectivePolicies,
  peerAuthenticationScopes,
  sidecarServerMode,
} from '../../src/mtls';
import { landingOf } from '../../src/routing/inboundConnection';
import {
  projectObject,
  type HttpRoute,
  type MeshObject,
  type StringMap,
} from '../../src/objects';
import { routeRequest } from '../../src/routing';
import { clusterName } from '../../src/routing/destinations';
import { matchesRequest } from '../../src/routing/requestMatch';
import type { RoutingConfig } from '../../src/routing/routingConfig';
import { indexRouting, visibleConfigs } from '../../src/routing/routingIndex';
import {
  isServiceVisible,
  registryOf,
  serviceRegistryOf,
} from '../../src/routing/serviceRegistry';
import type { RoutableService } from '../../src/routing';
import { routingConfigOfVirtualService } from '../../src/routing/virtualServiceConfig';
import {
  selectVirtualHost,
  virtualHostsOf,
} from '../../src/routing/virtualHosts';
import { listenerForPort } from '../../src/scoping/clientScope';
import { sidecarScope } from '../../src/scoping/sidecarScope';
import {
  compareByAge,
  snapshotOf,
  type MeshSnapshot,
} from '../../src/snapshot';
import { difference, sidecarClient, type CaseJudge } from './routingCase';

interface Call {
  address?: string;
  port: number;
  path?: string;
  hostHeader?: string;
  sni?: string;
  protocol: 'http' | 'http2' | 'tcp';
  tls?: 'plaintext' | 'tls' | 'mtls';
  callMode?: 'inbound' | 'outbound' | 'gateway';
  headers?: Readonly<Record<string, string | readonly string[]>>;
  method?: string;
}

interface Result {
  error?: string;
  listenerMatched?: string;
  virtualHostMatched?: string;
  routeConfigMatched?: string;
  clusterMatched?: string;
}

interface SimulationCase {
  config?: string;
  kubeConfig?: string;
  proxy?:
    | string
    | {
        labels?: StringMap;
        configNamespace?: string;
        type?: string;
      }
    | null;
  options?: {
    configString?: string;
    configs?: readonly unknown[];
    meshConfig?: { outboundTrafficPolicy?: { mode?: string } };
  };
  calls: readonly { name?: string; call: Call; result: Result }[];
}

const ROOT = 'istio-system';

interface RawDocument {
  kind?: string;
  metadata?: { name?: string; namespace?: string; annotations?: StringMap };
  spec?: { hosts?: readonly string[]; http?: unknown };
}

function documents(...texts: readonly (string | undefined)[]): RawDocument[] {
  return texts.flatMap(text =>
    parseAllDocuments(text ?? '').flatMap(document => {
      const raw = document.toJS() as RawDocument | null;
      return raw === null ? [] : [raw];
    }),
  );
}

/** Upstream's simulations have no DNS domain for configuration: a short name becomes `name.namespace`. */
function qualified(value: unknown, namespace: string): unknown {
  if (Array.isArray(value)) {
    return value.map(item => qualified(item, namespace));
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        key,
        key === 'host' && typeof item === 'string' && !/[.*:]/.test(item)
          ? `${item}.${namespace}`
          : qualified(item, namespace),
      ]),
    );
  }
  return value;
}

function stored(raw: RawDocument): MeshObject[] {
  const namespace = raw.metadata?.namespace ?? 'default';
  const named = {
    ...raw,
    metadata: { ...raw.metadata, namespace },
    spec:
      raw.kind === 'VirtualService' ? qualified(raw.spec, namespace) : raw.spec,
  };
  const object = projectObject(named);
  return object === undefined ? [] : [object];
}

function objectsOf(testCase: SimulationCase): {
  objects: MeshObject[];
  raws: RawDocument[];
} {
  const raws = [
    ...documents(
      testCase.config,
      testCase.kubeConfig,
      testCase.options?.configString,
    ),
    ...((testCase.options?.configs ?? []) as readonly RawDocument[]),
  ];
  const mode = testCase.options?.meshConfig?.outboundTrafficPolicy?.mode;
  const mesh = projectObject({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'istio', namespace: ROOT },
    data: {
      mesh:
        mode === undefined ? '' : `outboundTrafficPolicy:\n  mode: ${mode}\n`,
    },
  });
  return {
    raws,
    objects: [...raws.flatMap(stored), ...(mesh === undefined ? [] : [mesh])],
  };
}

function gatewayServicePorts(snapshot: MeshSnapshot): GatewayServicePort[] {
  return snapshot.list('ServiceEntry').flatMap(entry =>
    (entry.spec.endpoints ?? []).length === 0
      ? []
      : (entry.spec.hosts ?? []).flatMap(hostname =>
          (entry.spec.ports ?? []).map(port => ({
            hostname,
            port: port.number,
            targetPort: port.targetPort ?? port.number,
            translationDisabled:
              'experimental.istio.io/disable-gateway-port-translation' in
              entry.metadata.labels,
          })),
        ),
  );
}

function serviceNames(raws: readonly RawDocument[]): Map<string, string[]> {
  return new Map(
    raws.flatMap(raw => {
      const names =
        raw.metadata?.annotations?.['internal.istio.io/gateway-service'];
      return raw.kind === 'Gateway' && names !== undefined
        ? [
            [
              `${raw.metadata?.namespace ?? 'default'}/${raw.metadata?.name}`,
              names.split(','),
            ],
          ]
        : [];
    }),
  );
}

function configsOf(
  snapshot: MeshSnapshot,
  raws: readonly RawDocument[],
): RoutingConfig[] {
  const gatewayApi = new Set(
    raws
      .filter(
        raw =>
          raw.metadata?.annotations?.['internal.istio.io/route-semantics'] ===
          'gateway',
      )
      .map(
        raw => `${raw.metadata?.namespace ?? 'default'}/${raw.metadata?.name}`,
      ),
  );
  return snapshot.list('VirtualService').map(virtualService => {
    const config = routingConfigOfVirtualService(
      virtualService,
      (namespace, name) => snapshot.get('VirtualService', namespace, name),
      { clusterDomain: 'cluster.local', defaultExportTo: ['*'] },
    );
    return gatewayApi.has(`${config.namespace}/${config.name}`)
      ? { ...config, semantics: 'gateway-api' }
      : config;
  });
}

function clusterOf(
  route: Pick<HttpRoute, 'route'>,
  port: number,
  registry: ReturnType<typeof registryOf>,
): string {
  const to = route.route?.[0]?.destination;
  if (to === undefined) {
    return '';
  }
  const ports = registry.byHost.get(to.host)?.[0]?.ports ?? [];
  const number =
    to.port?.number ?? (ports.length === 1 ? ports[0].number : port);
  return clusterName(to.host, number, to.subset);
}

function gatewayCall(
  call: Call,
  servers: readonly GatewayServer[],
  proxy: GatewayProxy,
  configsFor: (gateway: string) => readonly RoutingConfig[],
  registry: ReturnType<typeof registryOf>,
): Result {
  const name = call.sni ?? call.hostHeader ?? '';
  const tls = call.tls === 'tls' || call.tls === 'mtls';
  const chosen = selectGatewayServer(servers, proxy, configsFor, {
    port: call.port,
    tls,
    serverName: name,
  });
  if (chosen.kind === 'no-listener') {
    return { error: 'ErrNoListener' };
  }
  if (chosen.kind === 'conflict') {
    return { error: 'ErrMultipleFilterChain' };
  }
  const listenerMatched = `0.0.0.0_${call.port}`;
  if (chosen.kind === 'refused') {
    return { error: 'ErrNoFilterChain', listenerMatched };
  }
  if (chosen.kind === 'opaque') {
    return {
      listenerMatched,
      clusterMatched: clusterOf(
        chosen.route.route.value,
        chosen.server.port,
        registry,
      ),
    };
  }
  const [first] = chosen.servers;
  const routeConfigMatched =
    first.class === 'http'
      ? `http.${call.port}`
      : `https.${first.port}.${first.server.port?.name ?? ''}.${
          first.gateway.metadata.name
        }.${first.gateway.metadata.namespace}`;
  const base = { listenerMatched, routeConfigMatched };
  const hosts = gatewayVirtualHosts(chosen.servers, proxy, configsFor);
  if (hosts.length === 0) {
    return {
      ...base,
      error: 'ErrNoRoute',
      virtualHostMatched: `blackhole:${call.port}`,
    };
  }
  const host = selectVirtualHost(hosts, call.hostHeader ?? '');
  if (host === undefined) {
    return { ...base, error: 'ErrNoVirtualHost' };
  }
  const found = { ...base, virtualHostMatched: host.name };
  if (host.redirectsToHttps) {
    return { ...found, error: 'ErrTLSRedirect' };
  }
  const active = host.routes.find(
    route =>
      route.active.always ||
      route.active.matches.some(index =>
        matchesRequest(
          route.route.value.match?.[index] ?? {},
          { authority: call.hostHeader ?? '', path: call.path ?? '/' },
          route.config.semantics,
        ),
      ),
  );
  return active === undefined
    ? { ...found, error: 'ErrNoRoute' }
    : {
        ...found,
        clusterMatched: clusterOf(active.route.value, first.port, registry),
      };
}

function inboundCall(
  call: Call,
  snapshot: MeshSnapshot,
  client: Client,
): Result {
  const { mode } = sidecarServerMode(
    effectivePolicies(
      peerAuthenticationScopes(snapshot, client.namespace),
      client.labels,
    ),
    call.port,
  );
  const declared = serviceRegistryOf(snapshot)
    .all.flatMap(service => [...service.ports])
    .find(port => port.number === call.port);
  const landing = landingOf(
    mode === 'NONE' ? 'DISABLE' : mode,
    declared?.class ?? 'auto',
    {
      protocol: call.protocol === 'tcp' ? 'tcp' : 'http',
      tls: call.tls ?? 'plaintext',
    },
  );
  switch (landing) {
    case 'refused':
      return { error: 'ErrNoFilterChain' };
    case 'handshake-fails':
      return { error: 'ErrMTLSError' };
    case 'protocol-error':
      return { error: 'ErrProtocolError' };
    default:
      return declared === undefined
        ? { clusterMatched: 'InboundPassthroughCluster' }
        : {
            clusterMatched: `inbound|${call.port}||`,
            ...(landing === 'http'
              ? { virtualHostMatched: `inbound|http|${call.port}` }
              : {}),
          };
  }
}

function sidecarCall(
  call: Call,
  snapshot: MeshSnapshot,
  client: Client,
): Result {
  if (call.port === 15001 || call.port === 15006) {
    // The ports that capture traffic: a request to them directly would loop.
    return { clusterMatched: 'BlackHoleCluster' };
  }
  const routed = routeRequest(snapshot, client, {
    port: call.port,
    protocol: call.protocol === 'tcp' ? 'tcp' : 'http',
    tls: call.tls === 'tls' || call.tls === 'mtls',
    ...(call.hostHeader === undefined
      ? {}
      : {
          authority: call.hostHeader,
          serverName: call.sni ?? call.hostHeader,
        }),
    ...(call.path === undefined ? {} : { path: call.path }),
    ...(call.address === undefined ? {} : { address: call.address }),
  });
  return {
    ...(routed.outcome === 'no-route' ? { error: 'ErrNoRoute' } : {}),
    ...(routed.virtualHost === undefined
      ? {}
      : { virtualHostMatched: routed.virtualHost }),
    clusterMatched: routed.clusters[0] ?? '',
  };
}

/** Compares what both sides say: a field that is absent or empty in the expectation is not compared. */
function compared(
  expected: Result,
  actual: Result,
  sidecar: boolean,
): string | undefined {
  const fields = (
    [
      'error',
      'clusterMatched',
      'virtualHostMatched',
      ...(sidecar ? [] : (['listenerMatched', 'routeConfigMatched'] as const)),
    ] as const
  ).filter(field => (expected[field] ?? '') !== '');
  const wanted = fields.map(field => [field, expected[field]]);
  return (
    difference(
      wanted,
      fields.map(field => [field, actual[field]]),
    ) ??
    (expected.error === undefined && actual.error !== undefined
      ? `unexpected ${actual.error}`
      : undefined)
  );
}

const simulation: CaseJudge = raw => {
  const testCase = raw as SimulationCase;
  const { objects, raws } = objectsOf(testCase);
  const snapshot = snapshotOf(objects);
  const proxy = testCase.proxy;
  const isGateway =
    proxy === 'ingressgateway' ||
    (proxy === undefined && raws.some(item => item.kind === 'Gateway'));
  const services = serviceNames(raws);
  const gatewayProxy: GatewayProxy = {
    namespace: ROOT,
    labels: { istio: 'ingressgateway' },
    servicePorts: gatewayServicePorts(snapshot),
  };
  const ingress = ingressConfigs(
    snapshot.list('Ingress'),
    meshConfigOf(snapshot),
    () => undefined,
  );
  const { servers } = mergeGatewayServers(
    [...snapshot.list('Gateway'), ...ingress.gateways]
      .sort(compareByAge)
      .map(gateway => {
        const named = services.get(gatewayName(gateway));
        return named === undefined ? { gateway } : { gateway, services: named };
      }),
    gatewayProxy,
  );
  const index = indexRouting([
    ...ingress.configs,
    ...configsOf(snapshot, raws),
  ]);
  const client = sidecarClient(
    'default',
    typeof proxy === 'object' && proxy !== null ? proxy.labels ?? {} : {},
  );
  const differences = testCase.calls.flatMap(({ name, call, result }) => {
    const actual = isGateway
      ? gatewayCall(
          call,
          servers,
          gatewayProxy,
          gateway => visibleConfigs(index, gateway, ROOT),
          serviceRegistryOf(snapshot),
        )
      : (call.callMode === 'inbound' ? inboundCall : sidecarCall)(
          call,
          snapshot,
          client,
        );
    const differs = compared(result, actual, !isGateway);
    return differs === undefined ? [] : [`${name ?? ''} ${differs}`];
  });
  return differences.length === 0 ? undefined : differences.join('; ');
};

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

const sidecarRoutes: CaseJudge = (raw, fixtures) => {
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

/** Judges the cases of `tables/route-simulation.json`, by test. */
export const routeSimulationTests: Readonly<Record<string, CaseJudge>> = {
  TestDisablePortTranslation: simulation,
  TestHTTPGateway: simulation,
  TestGatewayConflicts: simulation,
  TestTargetPort: simulation,
  TestGatewayServices: simulation,
  TestTLSRouteTermination: simulation,
  TestInbound: simulation,
  TestHeadlessServices: simulation,
  TestExternalNameServices: simulation,
  TestPassthroughTraffic: simulation,
  TestLoop: simulation,
  TestSidecarRoutes: sidecarRoutes,
  TestServiceEntry: simulation,
  TestServiceEntryDuplicatedHostname: simulation,
  TestIngress: simulation,
};

/** Tests of the table that are not judged, each with the reason. */
export const routeSimulationExcluded: Readonly<Record<string, string>> = {
  TestInboundSidecarTLSModes:
    'Asks for TLS that a Sidecar terminates on ingress, behind an istiod flag that is off by default',
};
