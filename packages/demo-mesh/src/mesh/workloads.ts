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

import type { JsonObject } from '../kubernetes';
import { demoTopology } from './demoTopology';
import type { WorkloadBehaviour } from './topology';

/** An object to create at the start: the resource's name and the body. */
export interface SeedObject {
  readonly resource: string;
  readonly namespace: string;
  readonly object: JsonObject;
}

const NAMESPACES: {
  readonly [name: string]: { readonly [label: string]: string };
} = {
  default: {},
  'kube-system': {},
  'istio-system': {},
  edge: {},
  bookinfo: { 'istio-injection': 'enabled' },
  shop: {
    'istio.io/dataplane-mode': 'ambient',
    'istio.io/use-waypoint': 'shop-waypoint',
  },
  payments: { 'istio-injection': 'enabled' },
  inventory: { 'istio-injection': 'enabled' },
  identity: { 'istio-injection': 'enabled' },
  analytics: { 'istio-injection': 'enabled' },
  legacy: {},
};

/** Labels of single services, by `namespace/name`: this one asks for the waypoint that never becomes ready. */
const SERVICE_LABELS: {
  readonly [service: string]: { readonly [label: string]: string };
} = {
  'shop/recommendations': {
    'istio.io/use-waypoint': 'recommendations-waypoint',
  },
};

/** The object of a resource in a namespace; cluster-scoped ones have namespace `''`. */
export function seed(
  resource: string,
  namespace: string,
  name: string,
  body: JsonObject,
  meta: JsonObject = {},
): SeedObject {
  return {
    resource,
    namespace,
    object: {
      ...body,
      metadata: { name, ...(namespace ? { namespace } : {}), ...meta },
    },
  };
}

/** The port each app serves, as the topology's callers use it. */
function portOf(app: WorkloadBehaviour): { port: number; name: string } {
  const to = [...demoTopology.edges, ...demoTopology.ingress].find(
    entry =>
      entry.to.namespace === app.namespace && entry.to.service === app.app,
  );
  const protocol = to && 'protocol' in to ? to.protocol : 'http';
  return { port: to?.to.port ?? 8080, name: protocol };
}

/** What the proxies of productpage export beside what all do: enough to see circuit breakers, ejections and retries. */
const STATISTICS = [
  'proxyStatsMatcher:',
  '  inclusionRegexps:',
  '    - ".*outlier_detection.*"',
  '    - ".*upstream_rq_retry.*"',
  '    - ".*upstream_rq_pending.*"',
  '    - ".*upstream_rq_timeout"',
  '    - ".*upstream_rq_total"',
  '    - ".*upstream_cx_overflow.*"',
  '    - ".*circuit_breakers.*"',
  '    - ".*membership.*"',
  '',
].join('\n');

function deployment(workload: WorkloadBehaviour): SeedObject {
  const { namespace, app, version } = workload;
  const labels = { app, version };
  const candidate = workload.workload === 'reviews-v3';
  const tag = candidate ? '1.21.0-rc1' : '1.20.3';
  return seed(
    'deployments.apps',
    namespace,
    workload.workload,
    {
      spec: {
        replicas: workload.replicas,
        selector: { matchLabels: labels },
        template: {
          metadata: {
            labels,
            annotations: {
              'demo.example/release': tag,
              ...(app === 'productpage' && {
                'proxy.istio.io/config': STATISTICS,
              }),
              // Not restarted since istiod was upgraded.
              ...(app === 'token' && {
                'demo.example/injected-version': '1.29.4',
              }),
            },
          },
          spec: {
            serviceAccountName: workload.serviceAccount,
            containers: [
              {
                name: app,
                image: `registry.demo.example/${namespace}/${app}:${tag}`,
                ports: [{ containerPort: portOf(workload).port }],
                ...(namespace === 'bookinfo' && {
                  resources: { limits: { cpu: '200m', memory: '256Mi' } },
                }),
              },
            ],
          },
        },
      },
    },
    { labels: { ...labels, 'backstage.io/kubernetes-id': app } },
  );
}

function platformDeployment(
  name: string,
  labels: { [key: string]: string },
  image: string,
): SeedObject {
  return seed(
    'deployments.apps',
    'istio-system',
    name,
    {
      spec: {
        replicas: 1,
        selector: { matchLabels: { app: name } },
        template: {
          metadata: {
            labels: { app: name, ...labels },
            annotations: { 'istio.io/rev': 'default' },
          },
          spec: {
            serviceAccountName: 'default',
            containers: [
              {
                name:
                  name === 'istio-ingressgateway' ? 'istio-proxy' : 'discovery',
                image,
              },
            ],
          },
        },
      },
    },
    { labels: { app: name, ...labels } },
  );
}

function service(
  namespace: string,
  name: string,
  ports: readonly JsonObject[],
  more: JsonObject = {},
): SeedObject {
  return seed(
    'services',
    namespace,
    name,
    { spec: { selector: { app: name }, ports, ...more } },
    {
      labels: {
        app: name,
        'backstage.io/kubernetes-id': name,
        ...SERVICE_LABELS[`${namespace}/${name}`],
      },
    },
  );
}

function webhook(name: string, labels: { [key: string]: string }): SeedObject {
  return seed(
    'mutatingwebhookconfigurations.admissionregistration.k8s.io',
    '',
    name,
    {
      webhooks: [
        {
          name: 'namespace.sidecar-injector.istio.io',
          clientConfig: {
            service: {
              name: 'istiod',
              namespace: 'istio-system',
              path: '/inject',
            },
          },
          namespaceSelector: { matchLabels: { 'istio-injection': 'enabled' } },
          objectSelector: {
            matchExpressions: [
              {
                key: 'sidecar.istio.io/inject',
                operator: 'NotIn',
                values: ['false'],
              },
            ],
          },
        },
      ],
    },
    { labels },
  );
}

const PLATFORM: readonly SeedObject[] = [
  webhook('istio-sidecar-injector', {
    app: 'sidecar-injector',
    'istio.io/rev': 'default',
  }),
  seed('configmaps', 'istio-system', 'istio', {
    data: {
      mesh: 'rootNamespace: istio-system\ntrustDomain: cluster.local\ndefaultProviders:\n  metrics: [prometheus]\nextensionProviders:\n- name: otel\n  opentelemetry: { service: otel-collector.istio-system.svc.cluster.local, port: 4317 }\n',
    },
  }),
  platformDeployment(
    'istiod',
    {
      'istio.io/rev': 'default',
      istio: 'pilot',
      'sidecar.istio.io/inject': 'false',
    },
    'docker.io/istio/pilot:1.30.1',
  ),
  service('istio-system', 'istiod', [
    { name: 'grpc-xds', port: 15010 },
    { name: 'https-webhook', port: 443, targetPort: 15017 },
  ]),
  platformDeployment(
    'istio-ingressgateway',
    { istio: 'ingressgateway', 'istio.io/rev': 'default' },
    'docker.io/istio/proxyv2:1.30.1',
  ),
  service(
    'istio-system',
    'istio-ingressgateway',
    [
      { name: 'http2', port: 80, targetPort: 8080 },
      { name: 'https', port: 443, targetPort: 8443 },
    ],
    { type: 'LoadBalancer' },
  ),
  platformDeployment(
    'prometheus',
    { 'sidecar.istio.io/inject': 'false' },
    'docker.io/prom/prometheus:v3.5.0',
  ),
  service('istio-system', 'prometheus', [{ name: 'http', port: 9090 }]),
  platformDeployment(
    'otel-collector',
    { 'sidecar.istio.io/inject': 'false' },
    'docker.io/otel/opentelemetry-collector:0.130.0',
  ),
  service('istio-system', 'otel-collector', [{ name: 'grpc', port: 4317 }]),
  seed(
    'daemonsets.apps',
    'istio-system',
    'ztunnel',
    {
      spec: {
        selector: { matchLabels: { app: 'ztunnel' } },
        template: {
          metadata: { labels: { app: 'ztunnel' } },
          spec: {
            serviceAccountName: 'default',
            containers: [
              { name: 'istio-proxy', image: 'docker.io/istio/ztunnel:1.30.1' },
            ],
          },
        },
      },
    },
    { labels: { app: 'ztunnel' } },
  ),
];

/** Namespaces, nodes, accounts, workloads and services of the demo mesh. */
export function workloadSeeds(): readonly SeedObject[] {
  const accounts = new Map(
    demoTopology.workloads.map(entry => [
      `${entry.namespace}/${entry.serviceAccount}`,
      entry,
    ]),
  );
  const services = new Map(
    demoTopology.workloads.map(entry => [
      `${entry.namespace}/${entry.app}`,
      entry,
    ]),
  );
  return [
    ...Object.entries(NAMESPACES).map(([name, labels]) =>
      seed(
        'namespaces',
        '',
        name,
        { spec: {} },
        { labels: { 'kubernetes.io/metadata.name': name, ...labels } },
      ),
    ),
    ...['demo-node-1', 'demo-node-2'].map(name =>
      seed('nodes', '', name, {
        status: { nodeInfo: { kubeletVersion: 'v1.33.1' } },
      }),
    ),
    ...PLATFORM,
    ...[...accounts.values()].map(entry =>
      seed('serviceaccounts', entry.namespace, entry.serviceAccount, {}),
    ),
    ...[...services.values()].map(entry =>
      service(entry.namespace, entry.app, [{ ...portOf(entry) }]),
    ),
    ...demoTopology.workloads.map(deployment),
  ];
}
