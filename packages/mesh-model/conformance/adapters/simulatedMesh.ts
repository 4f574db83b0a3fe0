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
import {
  projectObject,
  type MeshObject,
  type StringMap,
} from '../../src/objects';
import type { RoutingConfig } from '../../src/routing/routingConfig';
import { routingConfigOfVirtualService } from '../../src/routing/virtualServiceConfig';
import type { MeshSnapshot } from '../../src/snapshot';
import { meshConfigMap, type RawMeshConfig } from './routingCase';
import type { Call, Result } from './simulatedCall';

/** A mesh of Istio's simulation tables, and what is called in it. */
export interface SimulationCase {
  config?: string;
  kubeConfig?: string;
  proxy?:
    | string
    | {
        labels?: StringMap;
        configNamespace?: string;
        ipAddresses?: readonly string[];
        metadata?: { namespace?: string; labels?: StringMap };
        type?: string | { $ref: string };
      }
    | null;
  options?: {
    configString?: string;
    configs?: readonly unknown[];
    meshConfig?: RawMeshConfig;
  };
  calls: readonly { name?: string; call: Call; result: Result }[];
}

export const ROOT = 'istio-system';

export interface RawDocument {
  kind?: string;
  metadata?: { name?: string; namespace?: string; annotations?: StringMap };
  spec?: { hosts?: readonly string[]; http?: unknown };
}

export function documents(
  ...texts: readonly (string | undefined)[]
): RawDocument[] {
  return texts.flatMap(text =>
    parseAllDocuments(text ?? '').flatMap(document => {
      const raw = document.toJS() as RawDocument | null;
      return raw === null ? [] : [raw];
    }),
  );
}

/** Upstream's simulations have no DNS domain for configuration: a short name becomes `name.namespace`. */
export function qualified(value: unknown, namespace: string): unknown {
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

export function stored(raw: RawDocument): MeshObject[] {
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

export function objectsOf(testCase: SimulationCase): {
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
  return {
    raws,
    objects: [
      ...raws.flatMap(stored),
      ...meshConfigMap(testCase.options?.meshConfig),
    ],
  };
}

/** The proxy that a case asks about. */
export interface SimulatedProxy {
  gateway: boolean;
  namespace: string;
  labels: StringMap;
  ipAddresses: readonly string[];
}

/** A case names the ingress gateway, describes a proxy, or leaves it to what its mesh holds. */
export function proxyOf(
  { proxy }: SimulationCase,
  raws: readonly RawDocument[],
): SimulatedProxy {
  const described = typeof proxy === 'object' && proxy !== null ? proxy : {};
  const { type = '', metadata } = described;
  const gateway =
    proxy === 'ingressgateway' ||
    /router/i.test(typeof type === 'string' ? type : type.$ref) ||
    (proxy === undefined && raws.some(({ kind }) => kind === 'Gateway'));
  return {
    gateway,
    namespace:
      described.configNamespace ??
      metadata?.namespace ??
      (gateway ? ROOT : 'default'),
    labels:
      described.labels ??
      metadata?.labels ??
      (gateway ? { istio: 'ingressgateway' } : {}),
    ipAddresses: described.ipAddresses ?? ['1.1.1.1'],
  };
}

export function configsOf(
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
