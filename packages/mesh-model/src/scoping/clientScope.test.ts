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
import { defaultClient } from '../membership';
import { visibleConfigsOf } from '../routing/configsOfMesh';
import { serviceRegistryOf } from '../routing/serviceRegistry';
import { keptPerKey } from '../snapshot';
import { mesh } from '../testing';
import { scopeOf } from '.';
import { sidecarScope } from './sidecarScope';

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

  describe('R8.4: what a Sidecar imports is looked for only where its hosts can come from', () => {
    const at = (name: string, namespace: string, host?: string) =>
      host === undefined
        ? `
apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: ${namespace}}
spec: {clusterIP: 10.0.0.1, ports: [{name: http, port: 80}]}`
        : `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ${name}, namespace: ${namespace}}
spec: {hosts: ["${host}"], http: [{route: [{destination: {host: c.three.svc.cluster.local}}]}]}`;
    const MESH = [
      at('a', 'one'),
      at('b', 'two'),
      at('c', 'three'),
      at('exact', 'one', 'b.two.svc.cluster.local'),
      at('wide', 'two', '*.two.svc.cluster.local'),
      at('all', 'three', '*'),
    ];
    const EGRESS = [
      './*',
      'two/*',
      'two/b.two.svc.cluster.local',
      '*/b.two.svc.cluster.local',
      '*/*',
      '*/*.two.svc.cluster.local',
      '~two/*',
      'three/*.example.com',
    ];
    const withSidecar = (hosts: readonly string[]) =>
      mesh`${[
        ...MESH,
        `
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: own, namespace: one}
spec: {egress: [{hosts: ${JSON.stringify(hosts)}}]}`,
      ].join('\n---\n')}`;

    it('and is the same as from everything', () => {
      fc.assert(
        fc.property(
          fc.uniqueArray(fc.constantFrom(...EGRESS), { minLength: 1 }),
          hosts => {
            const snapshot = withSidecar(hosts);
            const everything = sidecarScope({
              clientNamespace: 'one',
              sidecar: snapshot.list('Sidecar')[0],
              services: serviceRegistryOf(snapshot).all,
              servicesOfHost: host =>
                serviceRegistryOf(snapshot).byHost.get(host) ?? [],
              configs: visibleConfigsOf(snapshot, 'mesh', 'one'),
            });
            const scope = scopeOf(snapshot, defaultClient('one'));
            expect(scope.services()).toEqual([...everything.services.values()]);
            expect(scope.listener(80)?.configs()).toEqual(
              everything.listeners[0].configs,
            );
          },
        ),
      );
    });

    it.each([['./*'], ['*/b.two.svc.cluster.local']])(
      'and a Service elsewhere does not change it: %s',
      hosts => {
        const snapshot = withSidecar([hosts]);
        let computed = 0;
        const names = keptPerKey(store => {
          computed += 1;
          return scopeOf(store, defaultClient('one'))
            .services()
            .map(({ hostname }) => hostname)
            .join(' ');
        });
        const before = names(snapshot, '');
        snapshot.apply([
          {
            type: 'upsert',
            object: mesh`${at('d', 'four')}`.list('Service')[0],
          },
        ]);
        expect(names(snapshot, '')).toBe(before);
        expect(computed).toBe(1);
        snapshot.apply([
          {
            type: 'delete',
            kind: 'Service',
            namespace: 'two',
            name: 'b',
          },
          {
            type: 'delete',
            kind: 'Service',
            namespace: 'one',
            name: 'a',
          },
        ]);
        expect(names(snapshot, '')).not.toBe(before);
      },
    );
  });
});
