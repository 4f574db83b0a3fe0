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

import { isReferenceGranted } from '../../src/gateways/referenceGrant';
import type {
  BoundService,
  BoundServices,
} from '../../src/gateways/gatewayApi/gatewayAddresses';
import { namesForeignWaypoint } from '../../src/gateways/gatewayApi/foreignWaypoints';
import { referredServiceEntry } from '../../src/gateways/gatewayApi/referencesOfMesh';
import {
  selectableLabels,
  type ConfigMapState,
  type References,
  type SecretState,
} from '../../src/gateways/gatewayApi/references';
import { serviceHostname } from '../../src/identity';
import type { MeshObject, SlimObjectByKind } from '../../src/objects';
import { matchesLabelSelector } from '../../src/snapshot';

/** A document of a case as it was written. */
export interface RawDocument {
  kind?: string;
  metadata?: { name?: string; namespace?: string };
  data?: Readonly<Record<string, string>>;
}

const DOMAIN = 'domain.suffix';

/** Upstream's cases share one cluster; its Services stand in the test's code, by namespace. */
const SERVICES: Readonly<Record<string, readonly string[]>> = {
  'istio-system': ['istio-ingressgateway', 'httpbin', 'istiod', 'echo'],
  default: [
    'httpbin',
    'httpbin-second',
    'httpbin-wildcard',
    'foo-svc',
    'httpbin-other',
    'example',
    'echo',
    'svc4',
    'httpbin-zero',
    'httpbin-mirror',
    'httpbin-foo',
    'httpbin-alt',
    'httpbin-bad',
    'echo-1',
    'echo-2',
    'echo-port',
    'not-found',
  ],
  apple: ['httpbin-apple'],
  banana: ['httpbin-banana'],
  cert: ['httpbin'],
  service: ['my-svc'],
  'allowed-1': ['a-example', 'b-example', 'svc1', 'svc2'],
  'allowed-2': ['a-example', 'svc2', 'svc3'],
  'group-namespace1': ['httpbin'],
  'group-namespace2': ['httpbin'],
};

/** Hosts of that cluster that are no Kubernetes Services, by namespace. */
const OTHER_HOSTS: Readonly<Record<string, string>> = {
  'example.com': 'istio-system',
  'google.com': 'default',
};

const PORTS: readonly { name: string; port: number; target: number }[] = [
  { name: 'http', port: 80, target: 8080 },
  { name: 'https', port: 443, target: 0 },
  { name: 'tcp', port: 34000, target: 0 },
  { name: 'tcp-other', port: 34001, target: 0 },
];

const SECRETS = new Set([
  'istio-system/my-cert',
  'istio-system/my-cert-http',
  'istio-system/my-cert-http2',
  'cert/cert',
  'ns2/ns2-cert',
  'ns3/ns3-cert',
  'ns4/ns4-cert',
]);

const MALFORMED_SECRETS = new Set(['istio-system/malformed']);

const AUTHORITIES = new Set(['istio-system/my-cert-http', 'default/auth-cert']);

const OTHER_CONFIG_MAPS = new Set([
  'default/malformed',
  'istio-system/malformed',
]);

function keyOf({ metadata }: RawDocument): string {
  return `${metadata?.namespace ?? 'default'}/${metadata?.name ?? ''}`;
}

function ofKind<K extends MeshObject['kind']>(
  objects: readonly MeshObject[],
  kind: K,
): Map<string, SlimObjectByKind[K]> {
  return new Map(
    objects.flatMap(object =>
      object.kind === kind
        ? [
            [
              `${object.metadata.namespace}/${object.metadata.name}`,
              object as SlimObjectByKind[K],
            ],
          ]
        : [],
    ),
  );
}

/** What the objects of a case refer to: the case's own objects, and the cluster that all cases share. */
export function gatewayApiReferences(
  objects: readonly MeshObject[],
  raws: readonly RawDocument[],
): References {
  const classes = ofKind(objects, 'GatewayClass');
  const gateways = ofKind(objects, 'K8sGateway');
  const services = ofKind(objects, 'Service');
  const entries = ofKind(objects, 'ServiceEntry');
  const grants = [...ofKind(objects, 'ReferenceGrant').values()];
  const written = ofKind(objects, 'Namespace');
  const namespaces = new Map(
    raws
      .map(({ metadata }) => metadata?.namespace ?? '')
      .filter(name => name !== '')
      .map(name => [
        name,
        written.get(`/${name}`)?.metadata.labels ?? {
          'istio.io/test-name-part': name.split('-')[0],
        },
      ]),
  );
  for (const { metadata } of written.values()) {
    namespaces.set(metadata.name, metadata.labels);
  }
  const secrets = new Set(
    raws.filter(({ kind }) => kind === 'Secret').map(keyOf),
  );
  const configMaps = new Map(
    raws
      .filter(({ kind }) => kind === 'ConfigMap')
      .map(raw => [keyOf(raw), raw.data ?? {}]),
  );
  const secretState = (key: string): SecretState => {
    if (MALFORMED_SECRETS.has(key)) {
      return 'malformed';
    }
    return secrets.has(key) || SECRETS.has(key) ? 'valid' : 'missing';
  };
  const configMapState = (key: string): ConfigMapState => {
    const data = configMaps.get(key);
    if (AUTHORITIES.has(key) || (data !== undefined && 'ca.crt' in data)) {
      return 'with-ca';
    }
    return data !== undefined || OTHER_CONFIG_MAPS.has(key)
      ? 'without-ca'
      : 'missing';
  };
  return {
    clusterDomain: DOMAIN,
    gatewayClass: name => classes.get(`/${name}`),
    namespaceLabels: name => namespaces.get(name),
    namespacesMatching: selector =>
      [...namespaces]
        .filter(([name, labels]) =>
          matchesLabelSelector(selector, selectableLabels(name, labels)),
        )
        .map(([name]) => name)
        .sort(),
    service: (namespace, name) => {
      const own = services.get(`${namespace}/${name}`);
      if (own !== undefined) {
        return { ports: own.spec.ports };
      }
      return SERVICES[namespace]?.includes(name) ? { ports: PORTS } : undefined;
    },
    serviceEntry: (namespace, name) => {
      const entry = entries.get(`${namespace}/${name}`);
      return entry && referredServiceEntry(entry);
    },
    hasForeignWaypoint: (kind, namespace, name) =>
      namesForeignWaypoint(
        namespace,
        (kind === 'Service' ? services : entries).get(`${namespace}/${name}`)
          ?.metadata.labels ?? {},
        {
          gatewayClass: className => classes.get(`/${className}`),
          gateway: (where, gateway) => gateways.get(`${where}/${gateway}`),
          namespaceLabels: where => namespaces.get(where),
        },
      ),
    hostnameExists: (hostname, namespace) =>
      OTHER_HOSTS[hostname] === namespace ||
      (SERVICES[namespace] ?? []).some(
        name => serviceHostname(name, namespace, DOMAIN) === hostname,
      ),
    secret: (namespace, name) => secretState(`${namespace}/${name}`),
    configMap: (namespace, name) => configMapState(`${namespace}/${name}`),
    isGranted: reference => isReferenceGranted(grants, reference),
  };
}

/** The Services of that cluster as Gateways bind to them; the ingress gateway has an external address. */
export const gatewayApiServices: BoundServices = hostname => {
  const bound = (name: string): BoundService => ({
    endpointPorts: new Map(PORTS.map(({ port, target }) => [port, [target]])),
    clusterIPs: [],
    externalAddresses: name === 'istio-ingressgateway' ? ['1.2.3.4'] : [],
    type: '',
    managed: false,
  });
  const other = OTHER_HOSTS[hostname];
  return new Map([
    ...(other === undefined ? [] : [[other, bound(hostname)] as const]),
    ...Object.entries(SERVICES).flatMap(([namespace, names]) =>
      names
        .filter(name => serviceHostname(name, namespace, DOMAIN) === hostname)
        .map(name => [namespace, bound(name)] as const),
    ),
  ]);
};
