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

import { mesh } from '../testing';
import { podsOfGateway } from './gatewayPods';

const pod = (name: string, labels: string) => `
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: edge, labels: ${labels}}
---`;

const EDGE = `
apiVersion: v1
kind: Namespace
metadata: {name: edge}
---
apiVersion: v1
kind: Service
metadata: {name: shared, namespace: edge}
spec: {selector: {app: shared}, ports: [{name: http, port: 80}]}
---
${pod('shared-1', '{app: shared}')}
${pod('own-1', '{gateway.networking.k8s.io/gateway-name: own}')}
${pod('classic-1', '{istio: ingressgateway}')}
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: tied, namespace: edge}
spec:
  gatewayClassName: istio
  addresses: [{type: Hostname, value: shared.edge.svc.cluster.local}]
  listeners: [{name: http, port: 80, protocol: HTTP}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: own, namespace: edge}
spec:
  gatewayClassName: istio
  listeners: [{name: http, port: 80, protocol: HTTP}]
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: classic, namespace: edge}
spec:
  selector: {istio: ingressgateway}
  servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]
`;

describe('the pods that serve a gateway', () => {
  const serving = (group: string, kind: string, name: string) =>
    podsOfGateway(mesh`${EDGE}`, { group, kind, namespace: 'edge', name }).map(
      ({ metadata }) => metadata.name,
    );

  it.each([
    [
      'R7.1: of an Istio Gateway its selector selects',
      'networking.istio.io',
      'Gateway',
      'classic',
      ['classic-1'],
    ],
    [
      'R7.13: of Gateway API Istio created for it',
      'gateway.networking.k8s.io',
      'Gateway',
      'own',
      ['own-1'],
    ],
    [
      'R7.13: or stand behind the Service that its addresses name',
      'gateway.networking.k8s.io',
      'Gateway',
      'tied',
      ['shared-1'],
    ],
    [
      'R7.27: of an Ingress are those of the ingress gateway',
      'networking.k8s.io',
      'Ingress',
      'any',
      ['classic-1'],
    ],
    [
      'of a Gateway that is not there are none',
      'gateway.networking.k8s.io',
      'Gateway',
      'gone',
      [],
    ],
  ])('%s', (_, group, kind, name, pods) => {
    expect(serving(group, kind, name)).toEqual(pods);
  });
});
