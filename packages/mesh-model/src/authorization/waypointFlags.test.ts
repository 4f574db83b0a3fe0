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
import { evaluateRequest } from './decision';
import { authorizationMeshOf } from './meshBinding';

function decisionAt(flag: string, policy: string) {
  const snapshot = mesh`
apiVersion: apps/v1
kind: Deployment
metadata: {name: istiod, namespace: istio-system}
spec:
  template:
    metadata: {labels: {app: istiod}}
    spec: {containers: [{name: discovery, env: [{name: ENABLE_LAYERED_WAYPOINT_AUTHORIZATION_POLICIES, value: "${flag}"}]}]}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: at-waypoint, namespace: shop}
spec: ${policy}
`;
  return evaluateRequest(
    snapshot,
    {
      proxy: 'waypoint',
      namespace: 'shop',
      labels: { 'gateway.networking.k8s.io/gateway-name': 'wp' },
      services: [],
    },
    authorizationMeshOf(snapshot),
    {
      protocol: 'http',
      peer: { namespace: 'dev', serviceAccount: 'web' },
      method: 'GET',
      path: '/',
      host: 'api',
      port: 80,
    },
  ).decision;
}

describe('policies that select a waypoint’s pods (R4.28)', () => {
  const denyDev =
    '{action: DENY, rules: [{from: [{source: {namespaces: [dev]}}]}]}';

  it('are ignored by default', () => {
    expect(decisionAt('false', denyDev)).toBe('allow');
  });

  it('judge the connection when istiod is told so', () => {
    expect(decisionAt('true', denyDev)).toBe('deny');
    expect(
      decisionAt('true', '{rules: [{from: [{source: {namespaces: [dev]}}]}]}'),
    ).toBe('allow');
  });

  it('see no HTTP there: an ALLOW that needs it refuses', () => {
    expect(
      decisionAt('true', '{rules: [{to: [{operation: {methods: [GET]}}]}]}'),
    ).toBe('deny');
  });
});

describe('pods behind a waypoint that let it in (R2.12)', () => {
  const decisionFor = (flag: string, serviceAccount: string) => {
    const snapshot = mesh`
apiVersion: apps/v1
kind: Deployment
metadata: {name: istiod, namespace: istio-system}
spec:
  template:
    metadata: {labels: {app: istiod}}
    spec: {containers: [{name: discovery, env: [{name: PILOT_AUTO_ALLOW_WAYPOINT_POLICY, value: "${flag}"}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop, labels: {istio.io/use-waypoint: wp}}
spec: {clusterIP: 10.0.0.1, selector: {app: api}, ports: [{name: http, port: 80}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: wp, namespace: shop}
spec: {gatewayClassName: istio-waypoint, listeners: [{name: mesh, port: 15008, protocol: HBONE}]}
status: {addresses: [{type: IPAddress, value: 10.0.0.9}]}
---
apiVersion: v1
kind: Pod
metadata: {name: wp-1, namespace: shop, labels: {gateway.networking.k8s.io/gateway-name: wp}}
spec: {serviceAccountName: wp, containers: [{name: istio-proxy}]}
status: {phase: Running, podIP: 10.1.0.9}
`;
    return evaluateRequest(
      snapshot,
      { proxy: 'ambient', namespace: 'shop', labels: { app: 'api' } },
      authorizationMeshOf(snapshot),
      {
        peer: { spiffe: `spiffe://cluster.local/ns/shop/sa/${serviceAccount}` },
        port: 8080,
      },
    ).decision;
  };

  it('let everybody in by default, and only the waypoint when istiod is told so', () => {
    expect(decisionFor('false', 'web')).toBe('allow');
    expect(decisionFor('true', 'web')).toBe('deny');
    expect(decisionFor('true', 'wp')).toBe('allow');
  });
});

describe('an empty selector', () => {
  it('acts on every workload with a sidecar, and on none that ztunnel captures', () => {
    const snapshot = mesh`
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: nobody, namespace: shop}
spec: {selector: {}}
`;
    const decision = (proxy: 'sidecar' | 'ambient') =>
      evaluateRequest(
        snapshot,
        { proxy, namespace: 'shop', labels: { app: 'api' } },
        authorizationMeshOf(snapshot),
        { port: 8080 },
      ).decision;
    expect(decision('sidecar')).toBe('deny');
    expect(decision('ambient')).toBe('allow');
  });
});
