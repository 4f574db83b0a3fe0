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
import { captureWishOf } from './captureWish';
import { injectionOf } from './injection';
import { meshedClientOf } from './meshedClient';

function injector(config: string) {
  return mesh`
apiVersion: v1
kind: ConfigMap
metadata: {name: istio, namespace: istio-system}
data: {mesh: "{}"}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: istio-sidecar-injector, namespace: istio-system}
data:
  config: '${config}'
---
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio-injection: enabled}}
`;
}

const pod = (labels: Record<string, string> = {}) => ({
  namespace: 'shop',
  labels,
  annotations: {},
  hostNetwork: false,
});

describe('the injector’s own configuration (R2.5)', () => {
  it('policy disabled injects only pods that ask', () => {
    const snapshot = injector('{policy: disabled}');
    const silent = injectionOf(snapshot, pod());
    expect(silent.injected).toBe(false);
    expect(silent.facts.at(-1)).toMatchObject({
      object: { kind: 'ConfigMap', name: 'istio-sidecar-injector' },
      path: 'data.config: policy',
    });
    expect(
      injectionOf(snapshot, pod({ 'sidecar.istio.io/inject': 'true' }))
        .injected,
    ).toBe(true);
  });

  it('a neverInjectSelector keeps silent pods out, and says so', () => {
    const snapshot = injector(
      '{policy: enabled, neverInjectSelector: [{matchLabels: {job: batch}}]}',
    );
    expect(injectionOf(snapshot, pod({ job: 'batch' }))).toMatchObject({
      injected: false,
      reason: expect.stringContaining('neverInjectSelector'),
    });
    expect(injectionOf(snapshot, pod()).injected).toBe(true);
  });

  it('what cannot be read leaves the defaults', () => {
    expect(injectionOf(injector('{policy: ['), pod()).injected).toBe(true);
  });
});

describe('capture by ambient (R2.7)', () => {
  const wish = (more: string, labels: Record<string, string> = {}) =>
    captureWishOf(
      mesh`
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio.io/dataplane-mode: ambient, team: a}}
${more}`,
      { namespace: 'shop', labels, hostNetwork: false },
    );

  it('follows the namespace, and the pod before it', () => {
    expect(wish('').captured).toBe(true);
    expect(wish('', { 'istio.io/dataplane-mode': 'none' })).toMatchObject({
      captured: false,
      refused: true,
    });
  });

  it('follows the selectors of istio-cni where they are set', () => {
    const cni = `---
apiVersion: v1
kind: ConfigMap
metadata: {name: istio-cni-config, namespace: istio-system}
data: {AMBIENT_ENABLEMENT_SELECTOR: "[{namespaceSelector: {matchLabels: {team: b}}}]"}
`;
    expect(wish(cni).captured).toBe(false);
    expect(wish(cni.replace('team: b', 'team: a'))).toMatchObject({
      captured: true,
      facts: [{ object: { name: 'istio-cni-config' } }],
    });
  });
});

describe('a meshed client of a namespace', () => {
  const clientIn = (labels: string) =>
    meshedClientOf(
      mesh`
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {${labels}}}
`,
      'shop',
    );

  it('has the proxy and the revision that new workloads would have', () => {
    expect(clientIn('istio.io/rev: r2')).toMatchObject({
      proxy: 'sidecar',
      revision: 'r2',
    });
    expect(clientIn('istio.io/dataplane-mode: ambient').proxy).toBe('ambient');
    expect(
      clientIn('istio-injection: enabled, istio.io/dataplane-mode: ambient'),
    ).toEqual({
      namespace: 'shop',
      labels: {},
      serviceAccount: 'default',
      proxy: 'sidecar',
    });
    expect(clientIn('').proxy).toBe('sidecar');
  });
});
