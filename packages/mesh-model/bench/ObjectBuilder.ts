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

/** A raw Kubernetes object as an API server sends it. */
export interface RawObject {
  apiVersion: string;
  kind: string;
  metadata: Record<string, unknown> & { name: string };
  [field: string]: unknown;
}

const CREATED = Date.UTC(2026, 0, 1);

const POD_ANNOTATIONS = {
  ambient: { 'ambient.istio.io/redirection': 'enabled' },
  sidecar: {
    'sidecar.istio.io/status':
      '{"containers":["istio-proxy"],"revision":"default"}',
    'istio.io/rev': 'default',
    'prometheus.io/scrape': 'true',
  },
  none: {},
};

interface PodInput {
  pod: string;
  namespace: string;
  name: string;
  proxy: 'sidecar' | 'ambient' | 'none';
  address: string;
  labels: Record<string, string>;
  replicaSet: string;
}

/** Makes objects with what real ones carry: ids, versions, ages, managed fields. */
export class ObjectBuilder {
  #count = 0;

  object(
    apiVersion: string,
    kind: string,
    name: string,
    namespace: string,
    body: Record<string, unknown>,
    labels: Record<string, string> = {},
    ownerReferences: unknown[] = [],
  ): RawObject {
    this.#count += 1;
    return {
      apiVersion,
      kind,
      metadata: {
        name,
        ...(namespace !== '' && { namespace }),
        uid: `00000000-0000-4000-8000-${String(this.#count).padStart(12, '0')}`,
        resourceVersion: String(this.#count),
        creationTimestamp: `${new Date(CREATED + (this.#count % 86_400) * 1000)
          .toISOString()
          .slice(0, 19)}Z`,
        labels,
        ...(ownerReferences.length > 0 && { ownerReferences }),
        managedFields: [
          {
            manager: 'kubectl',
            operation: 'Apply',
            apiVersion,
            time: '2026-01-01T00:00:00Z',
            fieldsType: 'FieldsV1',
            fieldsV1: { 'f:spec': { 'f:template': {}, 'f:selector': {} } },
          },
        ],
      },
      ...body,
    };
  }

  pod(input: PodInput): RawObject {
    const { pod, namespace, name, proxy, address, labels, replicaSet } = input;
    const container = (containerName: string, image: string, port: number) => ({
      name: containerName,
      image,
      ports: [{ containerPort: port, protocol: 'TCP' }],
      env: ['A', 'B', 'C'].map(key => ({
        name: `SETTING_${key}`,
        value: `value of ${key} for ${name}`,
      })),
      resources: {
        requests: { cpu: '100m', memory: '128Mi' },
        limits: { cpu: '1', memory: '512Mi' },
      },
      readinessProbe: {
        httpGet: { path: '/healthz', port },
        periodSeconds: 10,
        failureThreshold: 3,
      },
      volumeMounts: [
        { name: 'token', mountPath: '/var/run/secrets', readOnly: true },
      ],
    });
    const raw = this.object(
      'v1',
      'Pod',
      pod,
      namespace,
      {
        spec: {
          serviceAccountName: name,
          nodeName: `node-${labels['pod-template-hash'].slice(-2)}`,
          containers: [
            container('app', `registry.example/${name}:1`, 8080),
            ...(proxy === 'sidecar'
              ? [
                  container(
                    'istio-proxy',
                    'docker.io/istio/proxyv2:1.27.1',
                    15090,
                  ),
                ]
              : []),
          ],
          volumes: [
            {
              name: 'token',
              projected: {
                sources: [
                  {
                    serviceAccountToken: {
                      path: 'token',
                      expirationSeconds: 3607,
                    },
                  },
                ],
              },
            },
          ],
          tolerations: [
            {
              key: 'node.kubernetes.io/not-ready',
              operator: 'Exists',
              effect: 'NoExecute',
              tolerationSeconds: 300,
            },
          ],
        },
        status: {
          phase: 'Running',
          podIP: address,
          podIPs: [{ ip: address }],
          hostIP: '192.0.2.1',
          conditions: [
            'Initialized',
            'Ready',
            'ContainersReady',
            'PodScheduled',
          ].map(type => ({
            type,
            status: 'True',
            lastTransitionTime: '2026-01-01T00:00:00Z',
          })),
          containerStatuses: [
            {
              name: 'app',
              ready: true,
              restartCount: 0,
              image: `registry.example/${name}:1`,
              imageID: 'sha256:0000',
              state: { running: { startedAt: '2026-01-01T00:00:00Z' } },
            },
          ],
        },
      },
      labels,
      [
        {
          apiVersion: 'apps/v1',
          kind: 'ReplicaSet',
          name: replicaSet,
          uid: `r-${replicaSet}`,
          controller: true,
        },
      ],
    );
    return {
      ...raw,
      metadata: {
        ...raw.metadata,
        annotations: POD_ANNOTATIONS[proxy],
      },
    };
  }
}
