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

import { defaultClient } from '../membership';
import { mesh } from '../testing';
import { scopeOf } from '.';

const SIDECARS = `
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: for-app, namespace: shop}
spec: {workloadSelector: {labels: {app: a}}, egress: [{hosts: ["./*"]}]}
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: for-all, namespace: shop}
spec: {egress: [{hosts: ["*/*"]}]}
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: root, namespace: istio-system}
spec: {egress: [{hosts: ["istio-system/*"]}]}
---`;

const named = (namespace: string, labels = {}) =>
  scopeOf(mesh`${SIDECARS}`, { ...defaultClient(namespace), labels }).choice
    .sidecar?.metadata.name;

describe('what a client sees', () => {
  it('S118: the selecting Sidecar, else that of the namespace, else that of the root', () => {
    expect(named('shop', { app: 'a' })).toBe('for-app');
    expect(named('shop', { app: 'b' })).toBe('for-all');
    expect(named('other')).toBe('root');
  });

  it('R8.3: a gateway ignores Sidecar', () => {
    const scope = scopeOf(mesh`${SIDECARS}`, {
      ...defaultClient('shop'),
      proxy: 'gateway',
    });
    expect(scope.choice.sidecar).toBeUndefined();
  });

  it('S120: the Sidecar decides about unknown destinations when it says something', () => {
    const policy = (sidecar: string) =>
      scopeOf(
        mesh`
apiVersion: v1
kind: ConfigMap
metadata: {name: istio, namespace: istio-system}
data: {mesh: "outboundTrafficPolicy: {mode: REGISTRY_ONLY}"}
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: own, namespace: shop}
spec: ${sidecar}
`,
        defaultClient('shop'),
      ).outbound.mode;
    expect(policy('{}')).toBe('REGISTRY_ONLY');
    expect(policy('{outboundTrafficPolicy: {mode: ALLOW_ANY}}')).toBe(
      'ALLOW_ANY',
    );
  });

  it('S122: an exclusion takes a namespace out, and exclusions alone import nothing', () => {
    const knows = (hosts: string) => {
      const scope = scopeOf(
        mesh`
apiVersion: v1
kind: Service
metadata: {name: a, namespace: foo}
spec: {clusterIP: 10.0.0.1, ports: [{name: http, port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: b, namespace: bar}
spec: {clusterIP: 10.0.0.2, ports: [{name: http, port: 80}]}
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: own, namespace: shop}
spec: {egress: [{hosts: ${hosts}}]}
`,
        defaultClient('shop'),
      );
      return scope.services().map(service => service.namespace);
    };
    expect(knows('["*/*", "~bar/*"]')).toEqual(['foo']);
    expect(knows('["~bar/*"]')).toEqual([]);
  });

  it('S123: a Kubernetes Service beats a ServiceEntry with the same host, unless that is in the client’s namespace', () => {
    const at = (namespace: string) =>
      scopeOf(
        mesh`
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: same, namespace: web, creationTimestamp: "2020-01-01T00:00:00Z"}
spec: {hosts: [a.foo.svc.cluster.local], ports: [{number: 80, protocol: HTTP, name: http}], resolution: DNS}
---
apiVersion: v1
kind: Service
metadata: {name: a, namespace: foo, creationTimestamp: "2024-01-01T00:00:00Z"}
spec: {clusterIP: 10.0.0.1, ports: [{name: http, port: 80}]}
`,
        defaultClient(namespace),
      ).serviceOf('a.foo.svc.cluster.local')?.registry;
    expect(at('shop')).toBe('Kubernetes');
    expect(at('web')).toBe('External');
  });
});
