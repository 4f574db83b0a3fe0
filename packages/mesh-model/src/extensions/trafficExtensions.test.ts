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
import { envoyProxyOfClient, type EnvoyProxy } from './envoyProxy';
import { trafficExtensionsOf } from './trafficExtensions';

const sidecar: EnvoyProxy = envoyProxyOfClient({
  ...defaultClient('foo'),
  labels: { app: 'a' },
});

const waypoint: EnvoyProxy = {
  ...sidecar,
  target: {
    proxy: 'waypoint',
    namespace: 'infra',
    labels: { 'gateway.networking.k8s.io/gateway-name': 'wp' },
    services: [{ name: 'a', namespace: 'foo', registry: 'Kubernetes' }],
  },
};

function plugin(name: string, namespace: string, spec: string): string {
  return `
---
apiVersion: extensions.istio.io/v1alpha1
kind: WasmPlugin
metadata: {name: ${name}, namespace: ${namespace}}
spec: ${spec}`;
}

const names = (proxy: EnvoyProxy, yaml: string) =>
  trafficExtensionsOf(mesh`${yaml}`, proxy).applied.map(
    ({ object }) => object.metadata.name,
  );

describe('the order of extensions (R4.10, R8.27)', () => {
  it('goes by phase, then by priority with those that set none last, then own before root namespace', () => {
    expect(
      names(
        sidecar,
        plugin('last', 'foo', '{url: x}') +
          plugin('root-low', 'istio-system', '{url: x, phase: AUTHZ}') +
          plugin('own-low', 'foo', '{url: x, phase: AUTHZ}') +
          plugin('own-high', 'foo', '{url: x, phase: AUTHZ, priority: 10}') +
          plugin(
            'root-higher',
            'istio-system',
            '{url: x, phase: AUTHZ, priority: 20}',
          ) +
          plugin('first', 'foo', '{url: x, phase: AUTHN, priority: -1}') +
          plugin('stats', 'foo', '{url: x, phase: STATS}'),
      ),
    ).toEqual([
      'first',
      'root-higher',
      'own-high',
      'own-low',
      'root-low',
      'stats',
      'last',
    ]);
  });
});

describe('which extensions run in a proxy (R8.27)', () => {
  it('one whose match is for clients runs on outbound listeners only', () => {
    const [applied] = trafficExtensionsOf(
      mesh`${plugin(
        'out',
        'foo',
        '{url: x, match: [{mode: CLIENT, ports: [{number: 80}]}]}',
      )}`,
      sidecar,
    ).applied;
    expect(applied.listeners).toEqual([{ side: 'outbound', ports: [80] }]);
  });

  it('one for clients does not run in a waypoint, which is a server', () => {
    const yaml = plugin(
      'out',
      'foo',
      '{url: x, targetRefs: [{kind: Service, name: a}], match: [{mode: CLIENT}]}',
    );
    const found = trafficExtensionsOf(mesh`${yaml}`, waypoint);
    expect(found.applied).toEqual([]);
    expect(found.idle[0].cause).toBe('no-listener-for-this-proxy');
  });

  it('one that targets a service runs in the waypoint of that service, from the namespace of the service only', () => {
    const reference = '{url: x, targetRefs: [{kind: Service, name: a}]}';
    expect(
      names(
        waypoint,
        plugin('beside', 'foo', reference) + plugin('far', 'infra', reference),
      ),
    ).toEqual(['beside']);
  });

  it('a module that cannot run fails requests unless it says otherwise', () => {
    const found = trafficExtensionsOf(
      mesh`${
        plugin('closed', 'foo', '{url: x, priority: 2}') +
        plugin('open', 'foo', '{url: x, priority: 1, failStrategy: FAIL_OPEN}')
      }
---
apiVersion: extensions.istio.io/v1alpha1
kind: TrafficExtension
metadata: {name: script, namespace: foo}
spec: {lua: {inlineCode: ""}}
`,
      sidecar,
    ).applied;
    expect(
      found.map(({ language, failStrategy }) => [language, failStrategy]),
    ).toEqual([
      ['wasm', 'FAIL_CLOSE'],
      ['wasm', 'FAIL_OPEN'],
      ['lua', undefined],
    ]);
    expect(found[0].says).toMatch(/requests fail \(500 or 503\)/);
  });

  it('ztunnel runs none', () => {
    const found = trafficExtensionsOf(
      mesh`${plugin('any', 'foo', '{url: x}')}`,
      envoyProxyOfClient({ ...defaultClient('foo'), proxy: 'ambient' }),
    );
    expect(found.applied).toEqual([]);
    expect(found.idle[0].cause).toBe('ztunnel-http-only');
  });
});
