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

import { parseDocument } from 'yaml';
import type {
  ConnectionPoolSettings,
  HttpRetry,
  LocalityLoadBalancerSetting,
  ObjectProblem,
  OutlierDetection,
  SlimObjectByKind,
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
import { localityLbSetting, trafficPolicy } from '../objects/trafficShapes';
import { labelSelector } from '../objects/labelSelectorShape';
import type { LabelSelector, TrafficPolicy } from '../objects';
import { derivation } from '../snapshot/derivation';
import type { MeshSnapshot } from '../snapshot';

/** A provider that AuthorizationPolicy `CUSTOM` and Telemetry name. R1.15 */
export interface ExtensionProvider {
  name: string;
  /** Which provider it is, by its key in the mesh configuration, for example `envoyExtAuthzHttp`; `''` when none is set. */
  type: string;
  /** `ns/host` or host, where the type has one */
  service?: string;
  port?: number;
}

/** The mesh configuration with Istio's defaults filled in. R1.10 – R1.15, R1.18 */
export interface MeshConfig {
  rootNamespace: string;
  trustDomain: string;
  trustDomainAliases: readonly string[];
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
  defaultTrafficPolicy?: {
    connectionPool?: ConnectionPoolSettings;
    outlierDetection?: OutlierDetection;
  };
  defaultHttpRetryPolicy?: HttpRetry;
  extensionProviders: readonly ExtensionProvider[];
  defaultProviders: {
    tracing?: readonly string[];
    metrics?: readonly string[];
    accessLogging?: readonly string[];
  };
  discoverySelectors: readonly LabelSelector[];
  pathNormalization: string;
  ingressClass: string;
  ingressControllerMode: 'OFF' | 'DEFAULT' | 'STRICT';
  ingressService: string;
  ingressSelector: string;
  /** The ConfigMap it was read from; absent when the defaults stand because none could be read. */
  source?: SlimObjectByKind['ConfigMap'];
  /** What could not be read, and what to write instead. */
  problems: readonly ObjectProblem[];
}

/** What Istio assumes where the mesh configuration says nothing. R1.11 */
export const DEFAULT_MESH_CONFIG: MeshConfig = {
  rootNamespace: 'istio-system',
  trustDomain: 'cluster.local',
  trustDomainAliases: [],
  clusterDomain: 'cluster.local',
  enableAutoMtls: true,
  outboundTrafficPolicy: 'ALLOW_ANY',
  inboundTrafficPolicy: 'PASSTHROUGH',
  connectTimeout: '10s',
  protocolDetectionTimeout: '0s',
  enableTracing: true,
  accessLogFile: '',
  defaultServiceExportTo: ['*'],
  defaultVirtualServiceExportTo: ['*'],
  defaultDestinationRuleExportTo: ['*'],
  localityLbSetting: { enabled: true },
  extensionProviders: [
    { name: 'prometheus', type: 'prometheus' },
    { name: 'stackdriver', type: 'stackdriver' },
    { name: 'envoy', type: 'envoyFileAccessLog' },
  ],
  defaultProviders: {},
  discoverySelectors: [],
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
      | 'source'
      | 'problems'
    >
  > {
  outboundTrafficPolicy?: { mode?: MeshConfig['outboundTrafficPolicy'] };
  inboundTrafficPolicy?: { mode?: MeshConfig['inboundTrafficPolicy'] };
  pathNormalization?: { normalization?: string };
  extensionProviders?: readonly Readonly<Record<string, unknown>>[];
}

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
  defaultHttpRetryPolicy: record<HttpRetry>({
    attempts: number,
    perTryTimeout: string,
    retryOn: string,
    retryRemoteLocalities: boolean,
    retryIgnorePreviousHosts: boolean,
    backoff: string,
  }),
  extensionProviders: list(jsonObject),
  defaultProviders: record<MeshConfig['defaultProviders']>({
    tracing: list(string),
    metrics: list(string),
    accessLogging: list(string),
  }),
  discoverySelectors: list(labelSelector),
  pathNormalization: record<NonNullable<RawMeshConfig['pathNormalization']>>({
    normalization: string,
  }),
  ingressClass: string,
  ingressControllerMode: oneOf(['OFF', 'DEFAULT', 'STRICT']),
  ingressService: string,
  ingressSelector: string,
});

const providerDetail = record<{ service?: string; port?: number }>({
  service: string,
  port: number,
});
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
  const detail = type === '' ? undefined : providerDetail(raw[type], reading);
  return [{ name: named.name, type, ...detail }];
}

function defined<T extends object>(value: T): T {
  const entries = Object.entries(value).filter(
    ([, item]) => item !== undefined,
  );
  return Object.fromEntries(entries) as T;
}

/**
 * Reads the YAML of the key `mesh` over the defaults. What is malformed keeps its default and is named in `problems`.
 */
export function parseMeshConfig(yaml: string): MeshConfig {
  const document = parseDocument(yaml, { uniqueKeys: false });
  if (document.errors.length > 0) {
    return {
      ...DEFAULT_MESH_CONFIG,
      problems: [
        {
          path: 'data.mesh',
          message: `The mesh configuration is not YAML, so Istio's defaults are shown; correct it: ${
            document.errors[0].message.split('\n')[0]
          }`,
        },
      ],
    };
  }
  const reading = new Reading();
  const parsed: unknown = document.toJS();
  const raw = rawMeshConfig(parsed ?? {}, reading) ?? {};
  const {
    outboundTrafficPolicy,
    inboundTrafficPolicy,
    pathNormalization,
    extensionProviders = [],
    ...plain
  } = raw;
  const providers = extensionProviders.flatMap(provider =>
    extensionProviderOf(provider, reading),
  );
  const configured = new Set(providers.map(({ name }) => name.toLowerCase()));
  return {
    ...DEFAULT_MESH_CONFIG,
    ...defined(plain),
    localityLbSetting: {
      ...DEFAULT_MESH_CONFIG.localityLbSetting,
      ...plain.localityLbSetting,
    },
    outboundTrafficPolicy: outboundTrafficPolicy?.mode ?? 'ALLOW_ANY',
    inboundTrafficPolicy: inboundTrafficPolicy?.mode ?? 'PASSTHROUGH',
    pathNormalization: pathNormalization?.normalization ?? 'BASE',
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

function configMapOf(
  snapshot: MeshSnapshot,
  revision: string,
): SlimObjectByKind['ConfigMap'] | undefined {
  const name =
    revision === '' || revision === 'default' ? 'istio' : `istio-${revision}`;
  const withMesh = snapshot
    .list('ConfigMap')
    .filter(({ spec }) => spec.data.mesh !== undefined);
  const named = withMesh.filter(({ metadata }) => metadata.name === name);
  return (
    named.find(({ metadata }) => metadata.namespace === 'istio-system') ??
    named[0] ??
    (revision === ''
      ? withMesh.find(({ metadata }) => /^istio-/.test(metadata.name))
      : undefined)
  );
}

/**
 * The mesh configuration of a control plane: ConfigMap `istio` (or `istio-<revision>`), key `mesh`, over the defaults.
 * Kept until a ConfigMap changes.
 *
 * @param revision - of the control plane; `''` for the default one, or the only one there is
 */
export const meshConfigOf: (
  snapshot: MeshSnapshot,
  revision?: string,
) => MeshConfig = derivation(
  () => [{ kind: 'ConfigMap' }],
  (snapshot, revision) => {
    const source = configMapOf(snapshot, revision);
    return source === undefined
      ? DEFAULT_MESH_CONFIG
      : { ...parseMeshConfig(source.spec.data.mesh), source };
  },
);
