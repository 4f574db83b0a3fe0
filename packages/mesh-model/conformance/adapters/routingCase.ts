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

import { isDeepStrictEqual } from 'node:util';
import type { Client } from '../../src/membership';
import {
  projectObject,
  type MeshObject,
  type SlimObjectByKind,
  type StringMap,
} from '../../src/objects';
import type { PortClass, RoutableService } from '../../src/routing';
import { protocolOfPort } from '../../src/identity';

/** Judges one case: what differs from the expected result, `undefined` when nothing does. */
export type CaseJudge = (
  testCase: unknown,
  fixtures: Readonly<Record<string, unknown>>,
) => string | undefined;

/** `undefined` when equal, else both sides. */
export function difference(
  expected: unknown,
  actual: unknown,
): string | undefined {
  return isDeepStrictEqual(expected, actual)
    ? undefined
    : `expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`;
}

/** A raw object of the tables; some lack what the API server would have demanded. */
export interface RawObject {
  apiVersion?: string;
  kind: string;
  metadata?: Readonly<Record<string, unknown>>;
  spec?: Readonly<Record<string, unknown>>;
}

/** Projects an object of a table as the API server would have stored it. */
export function projected(
  raw: RawObject,
  defaultNamespace: string,
): MeshObject {
  const object = projectObject({
    apiVersion: 'networking.istio.io/v1',
    ...raw,
    metadata: { name: 'unnamed', namespace: defaultNamespace, ...raw.metadata },
  });
  if (object === undefined) {
    throw new Error(`The model does not read ${raw.kind}`);
  }
  return object;
}

/** Projects an object and demands its kind. */
export function projectedAs<K extends MeshObject['kind']>(
  kind: K,
  raw: RawObject,
  defaultNamespace: string,
): SlimObjectByKind[K] {
  const object = projected(raw, defaultNamespace);
  if (object.kind !== kind) {
    throw new Error(`Expected ${kind}, got ${object.kind}`);
  }
  return object as SlimObjectByKind[K];
}

/** A mesh configuration as upstream's tests write it: fields over the defaults, or YAML. */
export type RawMeshConfig = Readonly<Record<string, unknown>>;

/** The ConfigMap that holds a mesh configuration. */
export function meshConfigMap(raw: RawMeshConfig = {}): MeshObject[] {
  const { $default: _, $yaml: yaml, ...fields } = raw;
  const object = projectObject({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'istio', namespace: 'istio-system' },
    // JSON is YAML, too.
    data: {
      mesh: typeof yaml === 'string' ? yaml : JSON.stringify(fields),
    },
  });
  return object === undefined ? [] : [object];
}

/** A service as upstream's tests write it. */
export interface RawService {
  hostname: string;
  creationTime?: string;
  defaultAddress?: string;
  /** virtual addresses by cluster */
  clusterVIPs?: { addresses?: Readonly<Record<string, readonly string[]>> };
  resolution?: { $ref: string };
  meshExternal?: boolean;
  ports?: readonly { name?: string; port: number; protocol?: string }[];
  attributes?: {
    name?: string;
    namespace?: string;
    serviceRegistry?: string;
    exportTo?: readonly string[];
    labels?: StringMap;
    labelSelectors?: StringMap;
    aliases?: readonly { hostname: string }[];
  };
}

function portClass(protocol: string | undefined): PortClass {
  const name = (protocol ?? '').toLowerCase();
  const known = protocolOfPort({ name });
  if (known === 'auto' || known === 'udp') {
    return known;
  }
  if (known === 'https' || known === 'tls') {
    return 'tls';
  }
  return ['tcp', 'mongo', 'redis', 'mysql'].includes(known) ? 'tcp' : 'http';
}

/** The registry entry of a service of a table. */
export function routable(raw: RawService): RoutableService {
  const attributes = raw.attributes ?? {};
  const address = raw.defaultAddress ?? '';
  const resolution = raw.resolution?.$ref ?? 'model.ClientSideLB';
  const kubernetes = attributes.serviceRegistry === 'Kubernetes';
  return {
    hostname: raw.hostname,
    namespace: attributes.namespace ?? '',
    registry: kubernetes ? 'Kubernetes' : 'External',
    ports: (raw.ports ?? []).map(port => ({
      number: port.port,
      name: port.name ?? '',
      class: portClass(port.protocol),
    })),
    resolution,
    exportTo: attributes.exportTo ?? ['*'],
    addresses: address === '' || address === '0.0.0.0' ? [] : [address],
    aliases: (attributes.aliases ?? []).map(alias => alias.hostname),
    headless: kubernetes && resolution === 'model.Passthrough',
    meshExternal: raw.meshExternal ?? false,
    ...(attributes.labels === undefined ? {} : { labels: attributes.labels }),
    ...(attributes.labelSelectors === undefined
      ? {}
      : { selector: attributes.labelSelectors }),
    object: undefined,
  };
}

/** Services in the universal order: oldest first, then name, then namespace. */
export function inOrder(services: readonly RawService[]): RawService[] {
  const text = (a: string, b: string) => Number(a > b) - Number(a < b);
  return [...services].sort(
    (a, b) =>
      Date.parse(a.creationTime ?? '1970-01-01T00:00:00Z') -
        Date.parse(b.creationTime ?? '1970-01-01T00:00:00Z') ||
      text(a.attributes?.name ?? '', b.attributes?.name ?? '') ||
      text(a.attributes?.namespace ?? '', b.attributes?.namespace ?? ''),
  );
}

/** A client with a sidecar. */
export function sidecarClient(
  namespace: string,
  labels: StringMap = {},
): Client {
  return { namespace, labels, serviceAccount: 'default', proxy: 'sidecar' };
}
