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

import {
  asArray,
  asStringMap,
  asString,
  fieldAt,
  type Json,
  type JsonObject,
  type KubernetesObject,
} from '../kubernetes';

const CLASSES = ['istio', 'istio-waypoint'];

/** Whether Istio deploys a proxy for this Gateway API Gateway. */
export function isManagedGateway(gateway: KubernetesObject): boolean {
  return CLASSES.includes(
    asString(fieldAt(gateway, 'spec', 'gatewayClassName')),
  );
}

function isWaypoint(gateway: KubernetesObject): boolean {
  return fieldAt(gateway, 'spec', 'gatewayClassName') === 'istio-waypoint';
}

/** Name of the Deployment and Service of a Gateway: waypoints keep its name, others get the class as suffix. */
function gatewayWorkloadName(gateway: KubernetesObject): string {
  return isWaypoint(gateway)
    ? gateway.metadata.name
    : `${gateway.metadata.name}-istio`;
}

/** The ServiceAccount, Deployment and Service that Istio makes for a Gateway. */
export function gatewayObjects(
  gateway: KubernetesObject,
): readonly { resource: string; object: JsonObject }[] {
  const name = gatewayWorkloadName(gateway);
  const waypoint = isWaypoint(gateway);
  const labels = {
    'gateway.networking.k8s.io/gateway-name': gateway.metadata.name,
    'gateway.istio.io/managed': waypoint
      ? 'istio.io-mesh-controller'
      : 'istio.io-gateway-controller',
  };
  const metadata = {
    name,
    labels,
    creationTimestamp: gateway.metadata.creationTimestamp,
    ownerReferences: [
      {
        apiVersion: 'gateway.networking.k8s.io/v1',
        kind: 'Gateway',
        name: gateway.metadata.name,
        uid: gateway.metadata.uid ?? '',
      },
    ],
  };
  const listeners = asArray(fieldAt(gateway, 'spec', 'listeners'));
  return [
    { resource: 'serviceaccounts', object: { metadata } },
    {
      resource: 'services',
      object: {
        metadata,
        spec: {
          type: waypoint ? 'ClusterIP' : 'LoadBalancer',
          selector: {
            'gateway.networking.k8s.io/gateway-name': gateway.metadata.name,
          },
          ports: [
            { name: 'status-port', port: 15021, protocol: 'TCP' },
            ...listeners.map(entry => ({
              name: asString(fieldAt(entry, 'name')),
              port: fieldAt(entry, 'port'),
              protocol: 'TCP',
            })),
          ],
        },
      },
    },
    {
      resource: 'deployments.apps',
      object: {
        metadata,
        spec: {
          replicas: 1,
          selector: {
            matchLabels: {
              'gateway.networking.k8s.io/gateway-name': gateway.metadata.name,
            },
          },
          template: {
            metadata: {
              labels: {
                ...labels,
                'service.istio.io/canonical-name': name,
                'service.istio.io/canonical-revision': 'latest',
                'sidecar.istio.io/inject': 'false',
                'istio.io/dataplane-mode': 'none',
              },
              annotations: {
                'istio.io/rev': 'default',
                ...asStringMap(
                  fieldAt(gateway, 'spec', 'infrastructure', 'annotations'),
                ),
              },
            },
            spec: {
              serviceAccountName: name,
              containers: [
                {
                  name: 'istio-proxy',
                  image: 'docker.io/istio/proxyv2:1.30.1',
                  args: ['proxy', waypoint ? 'waypoint' : 'router'],
                },
              ],
            },
          },
        },
      },
    },
  ];
}

/** Status of a Gateway: it has an address only when a pod of it is ready. */
export function gatewayStatus(
  gateway: KubernetesObject,
  ready: boolean,
  listeners: readonly Json[],
): JsonObject {
  const { name, namespace, generation, creationTimestamp } = gateway.metadata;
  const condition = (
    type: string,
    holds: boolean,
    reason: string,
    message: string,
  ): JsonObject => ({
    type,
    status: holds ? 'True' : 'False',
    reason,
    message,
    observedGeneration: generation,
    lastTransitionTime: creationTimestamp,
  });
  const host = `${gatewayWorkloadName(gateway)}.${namespace}.svc.cluster.local`;
  return {
    ...(ready ? { addresses: [{ type: 'Hostname', value: host }] } : {}),
    conditions: [
      condition('Accepted', true, 'Accepted', 'Resource accepted'),
      ready
        ? condition('Programmed', true, 'Programmed', 'Resource programmed')
        : condition(
            'Programmed',
            false,
            'AddressNotAssigned',
            `no ready pod of gateway ${name}`,
          ),
    ],
    listeners: listeners.map(entry => ({
      name: asString(fieldAt(entry, 'name')),
      conditions: [
        condition('Accepted', true, 'Accepted', 'No errors found'),
        condition('Programmed', ready, ready ? 'Programmed' : 'Pending', ''),
      ],
    })),
  };
}
