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

import type { RawObject } from './FakeCluster';

const NAMESPACE = 'bookinfo';

function pod(app: string, version: string, ready = true): RawObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${app}-${version}-abc`,
      namespace: NAMESPACE,
      labels: {
        app,
        version,
        'pod-template-hash': 'abc',
        'security.istio.io/tlsMode': 'istio',
      },
      annotations: { 'sidecar.istio.io/status': '{"revision":"default"}' },
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'ReplicaSet',
          name: `${app}-${version}-abc`,
          controller: true,
        },
      ],
    },
    spec: {
      serviceAccountName: `bookinfo-${app}`,
      containers: [
        { name: app, image: app, ports: [{ containerPort: 9080 }] },
        { name: 'istio-proxy', image: 'docker.io/istio/proxyv2:1.27.1' },
      ],
    },
    status: {
      phase: 'Running',
      podIP: '10.0.0.1',
      podIPs: [{ ip: '10.0.0.1' }],
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
    },
  };
}

function deployment(app: string, version: string): RawObject {
  const labels = { app, version };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: `${app}-${version}`,
      namespace: NAMESPACE,
      labels: { ...labels, 'backstage.io/kubernetes-id': app },
    },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { serviceAccountName: `bookinfo-${app}` },
      },
    },
    status: { readyReplicas: 1 },
  };
}

function service(app: string): RawObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: app, namespace: NAMESPACE, labels: { app } },
    spec: {
      type: 'ClusterIP',
      clusterIP: '10.96.0.10',
      selector: { app },
      ports: [{ name: 'http', port: 9080, targetPort: 9080, protocol: 'TCP' }],
    },
  };
}

/** Any Istio object. */
export function istioObject(
  group: string,
  kind: string,
  name: string,
  spec: object,
  namespace = NAMESPACE,
): RawObject {
  return {
    apiVersion: `${group}.istio.io/v1`,
    kind,
    metadata: { name, namespace, creationTimestamp: '2026-01-01T00:00:00Z' },
    spec,
  };
}

/** The injected namespace with reviews v1 and v2, productpage, a 90/10 split and STRICT mTLS. */
export function bookinfo(): RawObject[] {
  return [
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: NAMESPACE, labels: { 'istio-injection': 'enabled' } },
    },
    service('reviews'),
    service('productpage'),
    deployment('reviews', 'v1'),
    deployment('reviews', 'v2'),
    deployment('productpage', 'v1'),
    pod('reviews', 'v1'),
    pod('reviews', 'v2'),
    pod('productpage', 'v1'),
    istioObject('networking', 'DestinationRule', 'reviews', {
      host: 'reviews',
      subsets: [
        { name: 'v1', labels: { version: 'v1' } },
        { name: 'v2', labels: { version: 'v2' } },
      ],
    }),
    istioObject('networking', 'VirtualService', 'reviews', {
      hosts: ['reviews'],
      http: [
        {
          route: [
            { destination: { host: 'reviews', subset: 'v1' }, weight: 90 },
            { destination: { host: 'reviews', subset: 'v2' }, weight: 10 },
          ],
        },
      ],
    }),
    istioObject('security', 'PeerAuthentication', 'default', {
      mtls: { mode: 'STRICT' },
    }),
  ];
}
