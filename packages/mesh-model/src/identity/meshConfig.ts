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
  ConnectionPoolSettings,
  HttpRetry,
  LocalityLoadBalancerSetting,
  ObjectProblem,
  OutlierDetection,
  SlimObjectByKind,
  ZoneAwareLoadBalancerSetting,
} from '../objects';
import {
  boolean,
  demanded,
  jsonObject,
  list,
  number,
  oneOf,
  Reading,
  record,
  string,
} from '../objects/shape';
import {
  localityLbSetting,
  trafficPolicy,
  zoneAwareLbSetting,
} from '../objects/trafficShapes';
import { labelSelector } from '../objects/labelSelectorShape';
import type { LabelSelector, TrafficPolicy } from '../objects';
import { layered, parsedLayer } from './meshConfigLayers';
import {
  serviceEntryVisibilityShape,
  serviceScopeConfigsShape,
  serviceSettingsShape,
  type ServiceEntryVisibility,
  type ServiceScopeConfig,
  type ServiceSettings,
} from './serviceReach';

/** A provider that AuthorizationPolicy `CUSTOM` and Telemetry name. R1.15 */
export interface ExtensionProvider {
  name: string;
  /** Which provider it is, by its key in the mesh configuration, for example `envoyExtAuthzHttp`; `''` when none is set. */
  type: string;
  /** `ns/host` or host, where the type has one */
  service?: string;
  port?: number;
  /** As written below its type. */
  settings?: Readonly<Record<string, unknown>>;
  /** It decides itself which requests are traced, whatever a Telemetry says. R8.21 */
  ownSampler?: boolean;
}

/** The mesh configuration with Istio's defaults filled in. R1.10 – R1.15, R1.18 */
export interface MeshConfig {
  rootNamespace: string;
  trustDomain: string;
  trustDomainAliases: readonly string[];
  /** trust domains of `caCertificates`: their certificates are accepted too. R1.8 */
  caTrustDomains: readonly string[];
  clusterDomain: string;
  enableAutoMtls: boolean;
  outboundTrafficPolicy:
    | 'ALLOW_ANY'
    | 'REGISTRY_ONLY'
    | 'ALLOW_ANY_DYNAMIC_DNS';
  inboundTrafficPolicy: 'PASSTHROUGH' | 'LOCALHOST';
  connectTimeout: string;
  protocolDetectionTimeout: string;
  enableTracing: boolean;
  accessLogFile: string;
  defaultServiceExportTo: readonly string[];
  defaultVirtualServiceExportTo: readonly string[];
  defaultDestinationRuleExportTo: readonly string[];
  localityLbSetting: LocalityLoadBalancerSetting;
  zoneAwareLbSetting?: ZoneAwareLoadBalancerSetting;
  defaultTrafficPolicy?: {
    connectionPool?: ConnectionPoolSettings;
    outlierDetection?: OutlierDetection;
  };
  defaultHttpRetryPolicy?: HttpRetry;
  /** what a server's own sidecar retries. R5.25 */
  defaultInboundHttpRetryPolicy?: HttpRetry;
  /** Are plain HTTP requests sent as HTTP/2 where nothing else says so? R6.16 */
  h2UpgradePolicy: 'DO_NOT_UPGRADE' | 'UPGRADE';
  extensionProviders: readonly ExtensionProvider[];
  defaultProviders: {
    tracing?: readonly string[];
    metrics?: readonly string[];
    accessLogging?: readonly string[];
  };
  discoverySelectors: readonly LabelSelector[];
  /** R1.14; absent: every ServiceEntry reaches as far as its `exportTo` says */
  serviceEntryVisibility?: ServiceEntryVisibility;
  serviceScopeConfigs: readonly ServiceScopeConfig[];
  /** R1.19 */
  serviceSettings: readonly ServiceSettings[];
  /** As written: what proxies start with unless a ProxyConfig or an annotation says otherwise. R8.17 */
  defaultConfig: Readonly<Record<string, unknown>>;
  /** `host:port` under which proxies reach istiod */
  discoveryAddress: string;
  pathNormalization: string;
  ingressClass: string;
  ingressControllerMode: 'OFF' | 'DEFAULT' | 'STRICT';
  ingressService: string;
  ingressSelector: string;
  /** The ConfigMap it was read from; absent when the defaults stand because none could be read. */
  source?: SlimObjectByKind['ConfigMap'];
  /** A second ConfigMap below it, which the control plane's `SHARED_MESH_CONFIG` names. R1.11 */
  sharedSource?: SlimObjectByKind['ConfigMap'];
  /** What could not be read, and what to write instead. */
  problems: readonly ObjectProblem[];
}

/** What Istio assumes where the mesh configuration says nothing. R1.11 */
export const DEFAULT_MESH_CONFIG: MeshConfig = {
  rootNamespace: 'istio-system',
  trustDomain: 'cluster.local',
  trustDomainAliases: [],
  caTrustDomains: [],
  clusterDomain: 'cluster.local',
  enableAutoMtls: true,
  outboundTrafficPolicy: 'ALLOW_ANY',
  inboundTrafficPolicy: 'PASSTHROUGH',
  connectTimeout: '10s',
  protocolDetectionTimeout: '0s',
  enableTracing: true,
  accessLogFile: '',
  defaultConfig: {},
  defaultServiceExportTo: ['*'],
  defaultVirtualServiceExportTo: ['*'],
  defaultDestinationRuleExportTo: ['*'],
  localityLbSetting: { enabled: true },
  h2UpgradePolicy: 'DO_NOT_UPGRADE',
  extensionProviders: [
    { name: 'prometheus', type: 'prometheus' },
    { name: 'stackdriver', type: 'stackdriver' },
    { name: 'envoy', type: 'envoyFileAccessLog' },
  ],
  defaultProviders: {},
  discoverySelectors: [],
  serviceScopeConfigs: [],
  serviceSettings: [],
  discoveryAddress: 'istiod.istio-system.svc:15012',
  pathNormalization: 'BASE',
  ingressClass: 'istio',
  ingressControllerMode: 'STRICT',
  ingressService: 'istio-ingressgateway',
  ingressSelector: '',
  problems: [],
};

interface RawMeshConfig
  extends Partial<
    Omit<
      MeshConfig,
      | 'outboundTrafficPolicy'
      | 'inboundTrafficPolicy'
      | 'pathNormalization'
      | 'extensionProviders'
      | 'clusterDomain'
      | 'discoveryAddress'
      | 'caTrustDomains'
      | 'source'
      | 'sharedSource'
      | 'problems'
    >
  > {
  outboundTrafficPolicy?: { mode?: MeshConfig['outboundTrafficPolicy'] };
  inboundTrafficPolicy?: { mode?: MeshConfig['inboundTrafficPolicy'] };
  pathNormalization?: { normalization?: string };
  caCertificates?: readonly { trustDomains?: readonly string[] }[];
  extensionProviders?: readonly Readonly<Record<string, unknown>>[];
}

const httpRetry = record<HttpRetry>({
  attempts: number,
  perTryTimeout: string,
  retryOn: string,
  retryRemoteLocalities: boolean,
  retryIgnorePreviousHosts: boolean,
  backoff: string,
});

const rawMeshConfig = record<RawMeshConfig>({
  rootNamespace: string,
  trustDomain: string,
  trustDomainAliases: list(string),
  enableAutoMtls: boolean,
  outboundTrafficPolicy: record<
    NonNullable<RawMeshConfig['outboundTrafficPolicy']>
  >({ mode: oneOf(['ALLOW_ANY', 'REGISTRY_ONLY', 'ALLOW_ANY_DYNAMIC_DNS']) }),
  inboundTrafficPolicy: record<
    NonNullable<RawMeshConfig['inboundTrafficPolicy']>
  >({ mode: oneOf(['PASSTHROUGH', 'LOCALHOST']) }),
  connectTimeout: string,
  protocolDetectionTimeout: string,
  enableTracing: boolean,
  accessLogFile: string,
  defaultServiceExportTo: list(string),
  defaultVirtualServiceExportTo: list(string),
  defaultDestinationRuleExportTo: list(string),
  localityLbSetting,
  zoneAwareLbSetting,
  defaultTrafficPolicy: (raw, reading) => {
    const policy: TrafficPolicy | undefined = trafficPolicy(raw, reading);
    return (
      policy && {
        ...(policy.connectionPool && { connectionPool: policy.connectionPool }),
        ...(policy.outlierDetection && {
          outlierDetection: policy.outlierDetection,
        }),
      }
    );
  },
  defaultHttpRetryPolicy: httpRetry,
  defaultInboundHttpRetryPolicy: httpRetry,
  h2UpgradePolicy: oneOf(['DO_NOT_UPGRADE', 'UPGRADE']),
  extensionProviders: list(jsonObject),
  defaultProviders: record<MeshConfig['defaultProviders']>({
    tracing: list(string),
    metrics: list(string),
    accessLogging: list(string),
  }),
  discoverySelectors: list(labelSelector),
  serviceEntryVisibility: serviceEntryVisibilityShape,
  serviceScopeConfigs: serviceScopeConfigsShape,
  serviceSettings: serviceSettingsShape,
  caCertificates: list(
    record<{ trustDomains?: readonly string[] }>({
      trustDomains: list(string),
    }),
  ),
  defaultConfig: jsonObject,
  pathNormalization: record<NonNullable<RawMeshConfig['pathNormalization']>>({
    normalization: string,
  }),
  ingressClass: string,
  ingressControllerMode: oneOf(['OFF', 'DEFAULT', 'STRICT']),
  ingressService: string,
  ingressSelector: string,
});

const providerDetail = record<{
  service?: string;
  port?: number;
  dynatraceSampler?: Readonly<Record<string, unknown>>;
}>({ service: string, port: number, dynatraceSampler: jsonObject });
const providerName = record<{ name: string }>({ name: demanded(string) });

function extensionProviderOf(
  raw: Readonly<Record<string, unknown>>,
  reading: Reading,
): ExtensionProvider[] {
  const named = providerName(raw, reading);
  if (named === undefined) {
    return [];
  }
  const type = Object.keys(raw).find(key => key !== 'name') ?? '';
  const known = type === '' ? undefined : providerDetail(raw[type], reading);
  const settings = known && jsonObject(raw[type], reading);
  const { dynatraceSampler, ...detail } = known ?? {};
  return [
    {
      name: named.name,
      type,
      ...detail,
      ...(settings === undefined ? {} : { settings }),
      ...(dynatraceSampler === undefined ? {} : { ownSampler: true }),
    },
  ];
}

function defined<T extends object>(value: T): T {
  const entries = Object.entries(value).filter(
    ([, item]) => item !== undefined,
  );
  return Object.fromEntries(entries) as T;
}

function unreadable(message: string): ObjectProblem {
  return {
    path: 'data.mesh',
    message: `The mesh configuration is not YAML, so Istio's defaults are shown; correct it: ${message}`,
  };
}

/**
 * Reads the YAML of the key `mesh` over the defaults. What is malformed keeps its default and is named in `problems`.
 *
 * @param sharedYaml - of the shared ConfigMap, which the standard one overrides. R1.11
 */
export function parseMeshConfig(yaml: string, sharedYaml?: string): MeshConfig {
  const own = parsedLayer(yaml);
  const shared = sharedYaml === undefined ? {} : parsedLayer(sharedYaml);
  const unread = [own, shared].filter(layer => typeof layer === 'string');
  if (typeof own === 'string' || typeof shared === 'string') {
    return { ...DEFAULT_MESH_CONFIG, problems: unread.map(unreadable) };
  }
  const reading = new Reading();
  const raw =
    rawMeshConfig(
      sharedYaml === undefined ? own : layered(shared, own),
      reading,
    ) ?? {};
  const {
    outboundTrafficPolicy,
    inboundTrafficPolicy,
    pathNormalization,
    extensionProviders = [],
    caCertificates = [],
    ...plain
  } = raw;
  const address = string(plain.defaultConfig?.discoveryAddress, reading);
  const providers = extensionProviders.flatMap(provider =>
    extensionProviderOf(provider, reading),
  );
  const configured = new Set(providers.map(({ name }) => name.toLowerCase()));
  return {
    ...DEFAULT_MESH_CONFIG,
    ...defined(plain),
    caTrustDomains: caCertificates.flatMap(
      ({ trustDomains = [] }) => trustDomains,
    ),
    localityLbSetting: {
      ...DEFAULT_MESH_CONFIG.localityLbSetting,
      ...plain.localityLbSetting,
    },
    outboundTrafficPolicy: outboundTrafficPolicy?.mode ?? 'ALLOW_ANY',
    inboundTrafficPolicy: inboundTrafficPolicy?.mode ?? 'PASSTHROUGH',
    pathNormalization: pathNormalization?.normalization ?? 'BASE',
    ...(address ? { discoveryAddress: address } : {}),
    extensionProviders: [
      ...providers,
      ...DEFAULT_MESH_CONFIG.extensionProviders.filter(
        ({ name }) => !configured.has(name),
      ),
    ],
    problems: reading.problems.map(problem => ({
      ...problem,
      path: problem.path === '' ? 'data.mesh' : `data.mesh: ${problem.path}`,
    })),
  };
}
