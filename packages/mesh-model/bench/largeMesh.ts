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

import { ObjectBuilder, type RawObject } from './ObjectBuilder';

/** How large a generated mesh is. */
export interface MeshSize {
  namespaces: number;
  services: number;
  pods: number;
  istioObjects: number;
}

/** The mesh of the performance targets. */
export const TARGET_SIZE: MeshSize = {
  namespaces: 1000,
  services: 5000,
  pods: 50_000,
  istioObjects: 10_000,
};

/** A size that is this share of another. */
export function scaled(size: MeshSize, share: number): MeshSize {
  const of = (count: number) => Math.max(1, Math.round(count * share));
  return {
    namespaces: of(size.namespaces),
    services: of(size.services),
    pods: of(size.pods),
    istioObjects: of(size.istioObjects),
  };
}

/**
 * Generates a mesh, always the same for a size: every tenth namespace is ambient, every eleventh is outside the mesh, two
 * workloads (versions) a service, and the Istio objects people write most, in the proportion they do.
 *
 * Objects carry what real ones carry beyond what the model reads (managedFields, conditions, probes), so that sizes on the
 * wire are honest.
 */
export function* largeMesh(size: MeshSize): Generator<RawObject> {
  const build = new ObjectBuilder();
  const namespaces = Array.from(
    { length: size.namespaces },
    (_, i) => `team-${String(i).padStart(4, '0')}`,
  );
  yield build.object('v1', 'Namespace', 'istio-system', '', {});
  yield build.object('v1', 'ConfigMap', 'istio', 'istio-system', {
    data: { mesh: 'trustDomain: cluster.local\nenablePrometheusMerge: true\n' },
  });
  for (const [i, name] of namespaces.entries()) {
    yield build.object('v1', 'Namespace', name, '', {}, namespaceLabels(i));
  }
  const podsPerService = Math.max(1, Math.round(size.pods / size.services));
  for (let i = 0; i < size.services; i += 1) {
    yield* serviceObjects(build, i, namespaces, podsPerService);
  }
  yield* istioObjects(build, size, namespaces);
}

function namespaceLabels(index: number): Record<string, string> {
  if (index % 11 === 10) return {};
  return index % 10 === 9
    ? { 'istio.io/dataplane-mode': 'ambient' }
    : { 'istio-injection': 'enabled' };
}

/** Name and namespace of the nth service. */
export function serviceName(index: number, namespaces: readonly string[]) {
  return {
    name: `svc-${String(index).padStart(5, '0')}`,
    namespace: namespaces[index % namespaces.length],
    proxy: proxyOf(index % namespaces.length),
  };
}

function proxyOf(namespaceIndex: number): 'sidecar' | 'ambient' | 'none' {
  if (namespaceIndex % 11 === 10) return 'none';
  return namespaceIndex % 10 === 9 ? 'ambient' : 'sidecar';
}

function* serviceObjects(
  build: ObjectBuilder,
  index: number,
  namespaces: readonly string[],
  pods: number,
): Generator<RawObject> {
  const { name, namespace, proxy } = serviceName(index, namespaces);
  yield build.object('v1', 'ServiceAccount', name, namespace, {});
  yield build.object('v1', 'Service', name, namespace, {
    spec: {
      type: 'ClusterIP',
      clusterIP: ip(10, index),
      clusterIPs: [ip(10, index)],
      selector: { app: name },
      ports: [
        { name: 'http', port: 80, targetPort: 8080, protocol: 'TCP' },
        { name: 'grpc', port: 9000, targetPort: 9000, protocol: 'TCP' },
      ],
    },
  });
  const endpoints: unknown[] = [];
  for (const version of ['v1', 'v2']) {
    const workload = `${name}-${version}`;
    const hash = `${(index * 7919 + version.charCodeAt(1)) % 1e9}`.padStart(
      9,
      '0',
    );
    const labels = { app: name, version };
    const podLabels = {
      ...labels,
      'pod-template-hash': hash,
      ...(proxy === 'sidecar' && {
        'security.istio.io/tlsMode': 'istio',
        'service.istio.io/canonical-name': name,
        'service.istio.io/canonical-revision': version,
      }),
    };
    const replicas =
      version === 'v1' ? Math.ceil(pods / 2) : Math.floor(pods / 2);
    yield build.object(
      'apps/v1',
      'Deployment',
      workload,
      namespace,
      {
        spec: {
          replicas,
          selector: { matchLabels: labels },
          template: {
            metadata: { labels },
            spec: {
              serviceAccountName: name,
              containers: [
                { name: 'app', image: `registry.example/${name}:1` },
              ],
            },
          },
        },
        status: { replicas, readyReplicas: replicas },
      },
      labels,
    );
    const replicaSet = `${workload}-${hash}`;
    yield build.object(
      'apps/v1',
      'ReplicaSet',
      replicaSet,
      namespace,
      {
        spec: {
          replicas,
          selector: { matchLabels: podLabels },
          template: { metadata: { labels: podLabels } },
        },
        status: { replicas, readyReplicas: replicas },
      },
      podLabels,
      [
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          name: workload,
          uid: `d-${index}-${version}`,
          controller: true,
        },
      ],
    );
    for (let i = 0; i < replicas; i += 1) {
      const pod = `${replicaSet}-${i.toString(36).padStart(5, 'x')}`;
      const address = ip(172, index * 16 + endpoints.length);
      yield build.pod({
        pod,
        namespace,
        name,
        proxy,
        address,
        labels: podLabels,
        replicaSet,
      });
      endpoints.push({
        addresses: [address],
        conditions: { ready: true, serving: true, terminating: false },
        nodeName: `node-${index % 200}`,
        zone: `zone-${index % 3}`,
        targetRef: { kind: 'Pod', name: pod, namespace },
      });
    }
  }
  yield build.object(
    'discovery.k8s.io/v1',
    'EndpointSlice',
    `${name}-1`,
    namespace,
    {
      addressType: 'IPv4',
      endpoints,
      ports: [
        { name: 'http', port: 8080, protocol: 'TCP' },
        { name: 'grpc', port: 9000, protocol: 'TCP' },
      ],
    },
    { 'kubernetes.io/service-name': name },
  );
}

function ip(first: number, index: number): string {
  return `${first}.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`;
}

function* istioObjects(
  build: ObjectBuilder,
  size: MeshSize,
  namespaces: readonly string[],
): Generator<RawObject> {
  const networking = 'networking.istio.io/v1';
  const security = 'security.istio.io/v1';
  yield build.object(
    security,
    'PeerAuthentication',
    'default',
    'istio-system',
    {
      spec: { mtls: { mode: 'PERMISSIVE' } },
    },
  );
  for (let i = 0; i + 1 < size.istioObjects; i += 1) {
    const { name, namespace } = serviceName(
      Math.floor(i / 2) % size.services,
      namespaces,
    );
    const object = `${name}-${Math.floor(i / (2 * size.services))}`;
    const selector = { matchLabels: { app: name } };
    switch (i % 10) {
      case 0:
      case 1:
      case 2:
        yield build.object(
          networking,
          'VirtualService',
          `${object}-${i % 10}`,
          namespace,
          {
            spec: {
              hosts: [name],
              http: [
                {
                  match: [
                    {
                      uri: { prefix: '/api' },
                      headers: { 'x-canary': { exact: 'true' } },
                    },
                  ],
                  route: [{ destination: { host: name, subset: 'v2' } }],
                },
                {
                  route: [
                    { destination: { host: name, subset: 'v1' }, weight: 90 },
                    { destination: { host: name, subset: 'v2' }, weight: 10 },
                  ],
                  timeout: '5s',
                  retries: { attempts: 3, perTryTimeout: '2s' },
                },
              ],
            },
          },
        );
        break;
      case 3:
      case 4:
      case 5:
        yield build.object(
          networking,
          'DestinationRule',
          `${object}-${i % 10}`,
          namespace,
          {
            spec: {
              host: `${name}.${namespace}.svc.cluster.local`,
              trafficPolicy: {
                outlierDetection: { consecutive5xxErrors: 5 },
                connectionPool: { http: { http2MaxRequests: 1000 } },
              },
              subsets: [
                { name: 'v1', labels: { version: 'v1' } },
                { name: 'v2', labels: { version: 'v2' } },
              ],
            },
          },
        );
        break;
      case 6:
      case 7:
        yield build.object(
          security,
          'AuthorizationPolicy',
          `${object}-${i % 10}`,
          namespace,
          {
            spec: {
              selector,
              action: 'ALLOW',
              rules: [
                {
                  from: [
                    {
                      source: {
                        namespaces: [
                          namespace,
                          namespaces[(i * 31) % namespaces.length],
                        ],
                      },
                    },
                  ],
                  to: [
                    {
                      operation: {
                        methods: ['GET', 'POST'],
                        paths: ['/api/*', '/healthz'],
                      },
                    },
                  ],
                },
                {
                  from: [
                    {
                      source: {
                        principals: [
                          `cluster.local/ns/${namespace}/sa/${name}`,
                        ],
                      },
                    },
                  ],
                },
              ],
            },
          },
        );
        break;
      case 8:
        yield build.object(
          security,
          'PeerAuthentication',
          `${object}-${i % 10}`,
          namespace,
          {
            spec: {
              selector,
              mtls: { mode: 'STRICT' },
              portLevelMtls: { '9000': { mode: 'PERMISSIVE' } },
            },
          },
        );
        break;
      default:
        yield build.object(
          networking,
          'ServiceEntry',
          `${object}-ext`,
          namespace,
          {
            spec: {
              hosts: [`${object}.partner.example`],
              ports: [{ number: 443, name: 'tls', protocol: 'TLS' }],
              resolution: 'DNS',
              location: 'MESH_EXTERNAL',
            },
          },
        );
    }
  }
}
