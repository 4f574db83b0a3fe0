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

import fc from 'fast-check';
import type { RawObject } from './meshArbitrary';

const CREATED = '2026-01-01T00:00:00Z';

function raw(
  apiVersion: string,
  kind: string,
  namespace: string,
  name: string,
  rest: Record<string, unknown>,
  labels: Readonly<Record<string, string>> = {},
): RawObject {
  return {
    apiVersion,
    kind,
    metadata: { name, namespace, creationTimestamp: CREATED, labels },
    spec: {},
    ...rest,
  };
}

const namespaces = fc
  .tuple(
    fc.constantFrom('shop', 'web', 'istio-system'),
    fc.constantFrom<Record<string, string>>(
      {},
      { 'istio-injection': 'enabled' },
      { 'istio.io/dataplane-mode': 'ambient' },
      { 'istio.io/dataplane-mode': 'ambient', 'istio.io/use-waypoint': 'wp' },
      { 'istio.io/rev': 'r1' },
    ),
  )
  .map(([name, labels]) => raw('v1', 'Namespace', '', name, {}, labels));

const PROXY = { name: 'istio-proxy', image: 'proxyv2:1.27.1' };

const pods = fc
  .record({
    namespace: fc.constantFrom('shop', 'web'),
    name: fc.constantFrom('a-1', 'a-2', 'b-1'),
    labels: fc.constantFrom<Record<string, string>>(
      { app: 'a', version: 'v1' },
      { app: 'a', version: 'v2' },
      { app: 'b' },
      { istio: 'ingressgateway' },
      { 'gateway.networking.k8s.io/gateway-name': 'wp' },
    ),
    containers: fc.constantFrom<object[]>(
      [{ name: 'main' }, PROXY],
      [{ name: 'main' }],
      [PROXY],
    ),
    captured: fc.boolean(),
    ready: fc.constantFrom('True', 'False'),
  })
  .map(({ namespace, name, labels, containers, captured, ready }) => {
    const pod = raw(
      'v1',
      'Pod',
      namespace,
      name,
      {
        spec: { containers },
        status: {
          phase: 'Running',
          podIP: '10.1.0.1',
          conditions: [{ type: 'Ready', status: ready }],
        },
      },
      labels,
    );
    return captured
      ? {
          ...pod,
          metadata: {
            ...pod.metadata,
            annotations: { 'ambient.istio.io/redirection': 'enabled' },
          },
        }
      : pod;
  });

const services = fc
  .record({
    namespace: fc.constantFrom('shop', 'web', 'istio-system'),
    name: fc.constantFrom('a', 'b', 'istio-ingressgateway'),
    selector: fc.constantFrom({ app: 'a' }, { app: 'b' }, undefined),
    labels: fc.constantFrom<Record<string, string>>(
      {},
      { 'istio.io/use-waypoint': 'wp' },
    ),
    clusterIP: fc.constantFrom('10.0.0.1', 'None'),
  })
  .map(({ namespace, name, selector, labels, clusterIP }) =>
    raw(
      'v1',
      'Service',
      namespace,
      name,
      {
        spec: {
          clusterIP,
          selector,
          ports: [{ name: 'http', port: 80, targetPort: 8080 }],
        },
      },
      labels,
    ),
  );

const waypoints = fc
  .tuple(
    fc.constantFrom('shop', 'web'),
    fc.constantFrom([], [{ value: '10.0.0.9' }]),
    fc.constantFrom('Same', 'All'),
  )
  .map(([namespace, addresses, from]) =>
    raw('gateway.networking.k8s.io/v1', 'Gateway', namespace, 'wp', {
      spec: {
        gatewayClassName: 'istio-waypoint',
        listeners: [
          {
            name: 'mesh',
            port: 15008,
            protocol: 'HBONE',
            allowedRoutes: { namespaces: { from } },
          },
        ],
      },
      status: { addresses },
    }),
  );

const meshConfigs = fc
  .constantFrom(
    'trustDomain: td1',
    'rootNamespace: shop',
    'enableAutoMtls: false',
    'outboundTrafficPolicy: {mode: REGISTRY_ONLY}',
    'defaultVirtualServiceExportTo: ["."]',
    'discoverySelectors: [{matchLabels: {istio-injection: enabled}}]',
    'defaultProviders: {metrics: [prometheus]}',
  )
  .map(mesh =>
    raw('v1', 'ConfigMap', 'istio-system', 'istio', { data: { mesh } }),
  );

const controlPlanes = fc
  .constantFrom(
    [],
    [{ name: 'PILOT_TRACE_SAMPLING', value: '7' }],
    [
      {
        name: 'ENABLE_SELECTOR_BASED_K8S_GATEWAY_POLICY',
        value: 'false',
      },
    ],
  )
  .map(env =>
    raw('apps/v1', 'Deployment', 'istio-system', 'istiod', {
      spec: {
        template: {
          metadata: { labels: { app: 'istiod' } },
          spec: { containers: [{ name: 'discovery', env }] },
        },
      },
    }),
  );

/** What a cluster has besides configuration: namespaces, pods, services, waypoints, the control plane and its settings. */
export const clusterObject: fc.Arbitrary<RawObject> = fc.oneof(
  namespaces,
  pods,
  services,
  waypoints,
  meshConfigs,
  controlPlanes,
);
