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

import type { RawObject } from './meshArbitrary';

/** Services with and without a sidecar, one in ambient mode, one gateway: what generated objects act on. */
export const BASE_MESH: readonly RawObject[] = [
  namespaceOf('istio-system', {}),
  namespaceOf('shop', { 'istio-injection': 'enabled' }),
  namespaceOf('web', { 'istio.io/dataplane-mode': 'ambient' }),
  serviceOf('a', 'shop'),
  serviceOf('b', 'web'),
  podOf('a', 'shop', [{ name: 'istio-proxy', image: 'proxyv2:1.27.1' }], {}),
  podOf('b', 'web', [], { 'ambient.istio.io/redirection': 'enabled' }),
  {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'gateway-1',
      namespace: 'istio-system',
      labels: { istio: 'ingressgateway' },
    },
    spec: { containers: [{ name: 'istio-proxy', image: 'proxyv2:1.27.1' }] },
    status: { phase: 'Running', podIP: '10.9.0.1' },
  },
];

function namespaceOf(name: string, labels: Record<string, string>) {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}

function serviceOf(name: string, namespace: string) {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace },
    spec: {
      clusterIP: '10.0.0.1',
      selector: { app: name },
      ports: [
        { name: 'http', port: 80, targetPort: 8080 },
        { name: 'tcp', port: 81 },
      ],
    },
  };
}

function podOf(
  name: string,
  namespace: string,
  proxies: readonly object[],
  annotations: Record<string, string>,
) {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${name}-1`,
      namespace,
      labels: { app: name, version: 'v1' },
      annotations,
    },
    spec: { containers: [{ name: 'main', image: 'main:1' }, ...proxies] },
    status: {
      phase: 'Running',
      podIP: '10.1.0.1',
      conditions: [{ type: 'Ready', status: 'True' }],
    },
  };
}
