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

import { AMBIENT_BOOKINFO, BOOKINFO } from '../testing/bookinfo';
import { HOST, causes, dr, object, pa, vs } from './__testUtils__/ignoredMesh';

describe('what is not ignored, because it acts for the callers it is written for', () => {
  const web = (labels = '') => `
---
apiVersion: v1
kind: Pod
metadata: {name: web-1, namespace: web, labels: {app: web${labels}}}
spec: {containers: [{name: web}, {name: istio-proxy, image: "istio/proxyv2:1.27.1"}]}
status: {phase: Running}`;

  it('a DestinationRule of a namespace that has callers', () => {
    const rule = dr('web/a', `{host: ${HOST}, exportTo: ["."]}`);
    expect(causes(BOOKINFO + rule)).toEqual([['a', 'not-exported']]);
    expect(causes(BOOKINFO + rule + web())).toEqual([]);
  });

  it('a DestinationRule whose workloadSelector some caller matches', () => {
    const rule = dr(
      'web/a',
      `{host: ${HOST}, workloadSelector: {matchLabels: {tier: front}}}`,
    );
    expect(causes(BOOKINFO + rule + web())).toEqual([
      ['a', 'client-not-selected'],
    ]);
    expect(causes(BOOKINFO + rule + web(', tier: front'))).toEqual([]);
  });

  it('a VirtualService for callers with certain labels, where there are such', () => {
    const canary = vs(
      'bookinfo/canary',
      `{hosts: [reviews], http: [{match: [{sourceLabels: {app: web}, sourceNamespace: web}], route: [{destination: {host: ${HOST}}}]}]}`,
    );
    expect(causes(BOOKINFO + canary)).toEqual([['canary', 'no-active-route']]);
    expect(causes(BOOKINFO + canary + web())).toEqual([]);
  });

  it('a default of the whole mesh, on a service without a proxy that could apply it', () => {
    const all = object(
      'telemetry.istio.io/v1',
      'Telemetry',
      'istio-system/all',
      '{}',
    );
    const strict = pa('istio-system/strict', '{mtls: {mode: STRICT}}');
    expect(causes(AMBIENT_BOOKINFO + all)).toEqual([]);
    const plain = BOOKINFO.replace(
      ', {name: istio-proxy, image: "istio/proxyv2:1.27.1"}',
      '',
    );
    expect(causes(plain + all + strict)).toEqual([]);
    expect(causes(plain + pa('bookinfo/ns', '{}'))).toEqual([
      ['ns', 'no-proxy'],
    ]);
  });
});
