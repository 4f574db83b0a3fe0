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

import { istiodYaml, mesh } from '../testing';
import { exposureOf, gatewayConfigurationOf, gatewayProxyOf } from '.';

const istiod = (flag: string, value: string) =>
  istiodYaml({ env: { [flag]: value } });

describe('istiod’s settings that decide which Gateways a pod serves', () => {
  const SHARED = `
apiVersion: v1
kind: Namespace
metadata: {name: infra}
---
apiVersion: v1
kind: Pod
metadata: {name: gw-1, namespace: infra, labels: {istio: ingressgateway}}
spec: {containers: [{name: istio-proxy, image: i}]}
status: {phase: Running, conditions: [{type: Ready, status: "True"}]}
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: edge, namespace: shop}
spec: {selector: {istio: ingressgateway}, servers: [{port: {number: 80, protocol: HTTP, name: http}, hosts: [a.example.com]}]}
---
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec: {clusterIP: 10.0.0.1, ports: [{name: http, port: 80}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec: {hosts: [a.example.com], gateways: [edge], http: [{route: [{destination: {host: reviews}}]}]}
---`;

  it.each([
    ['by default in any namespace', 'OTHER', []],
    [
      'only in their own, where it is set so (R7.1)',
      'PILOT_SCOPE_GATEWAY_TO_NAMESPACE',
      [expect.stringContaining('PILOT_SCOPE_GATEWAY_TO_NAMESPACE')],
    ],
  ])('an Istio Gateway is served %s', (_, flag, problems) => {
    const { paths } = exposureOf(mesh`${SHARED}${istiod(flag, 'true')}`, {
      namespace: 'shop',
      name: 'reviews',
    });
    expect(paths[0].problems).toEqual(problems);
  });

  const managed = (flag: string, value: string) => mesh`
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: infra}
spec: {gatewayClassName: istio, listeners: [{name: http, port: 80, protocol: HTTP}]}
---
apiVersion: v1
kind: Service
metadata: {name: edge-istio, namespace: infra}
spec: {clusterIP: 10.0.0.1, selector: {istio: ingressgateway}, ports: [{name: http, port: 80, targetPort: 80}, {name: more, port: 81, targetPort: 81}]}
---${SHARED.replace('number: 80', 'number: 81')}${istiod(flag, value)}`;

  it.each([
    ['true', ['K8sGateway'], 1],
    ['false', ['Gateway', 'K8sGateway'], 0],
  ])(
    'others may add servers to a managed Gateway unless merging is strict (R7.2): %s',
    (value, kinds, dropped) => {
      const snapshot = managed('PILOT_ENABLE_STRICT_GATEWAY_MERGING', value);
      const [pod] = snapshot.list('Pod', 'infra');
      const configuration = gatewayConfigurationOf(
        snapshot,
        gatewayProxyOf(snapshot, pod),
      );
      expect(configuration.servers.map(({ object }) => object.kind)).toEqual(
        kinds,
      );
      expect(configuration.dropped).toHaveLength(dropped);
    },
  );
});
