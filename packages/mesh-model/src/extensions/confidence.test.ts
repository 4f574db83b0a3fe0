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
import { istiodYaml, mesh } from '../testing';
import { projectWithRefusals } from '../validation';
import { provenanceOf } from '../verdict';
import { confidenceOf } from './confidence';
import { envoyProxyOfClient } from './envoyProxy';

const proxy = envoyProxyOfClient(defaultClient('foo'));

const ISTIOD = istiodYaml({
  image: 'istio/pilot:1.27.0',
  env: { PILOT_UNIFIED_SIDECAR_SCOPE: 'true' },
});

describe('how far an answer can be trusted (R8.26)', () => {
  it('fully, where nothing patches the proxy and the settings of istiod are seen', () => {
    expect(confidenceOf(mesh`${ISTIOD}`, proxy, 'routing')).toEqual({
      level: 'full',
      reasons: [],
    });
  });

  it('on assumptions, where the settings of istiod cannot be seen', () => {
    const { level, reasons } = confidenceOf(mesh``, proxy, 'routing');
    expect(level).toBe('assumed');
    expect(reasons[0].says).toMatch(/PILOT_UNIFIED_SIDECAR_SCOPE \(true\)/);
  });

  it('on assumptions, where the version of istiod cannot be told', () => {
    const snapshot = mesh`${ISTIOD.replace('1.27.0', 'latest')}`;
    const { level, reasons } = confidenceOf(snapshot, proxy, 'routing');
    expect(level).toBe('assumed');
    expect(reasons.map(({ says }) => says)).toContainEqual(
      expect.stringMatching(
        /EXCLUDE_UNSAFE_503_FROM_DEFAULT_RETRY is true, as from 1\.24 on, is not known/,
      ),
    );
  });

  it('R5.24: fully, where the retries of an old istiod are computed as it has them', () => {
    const says = confidenceOf(
      mesh`${ISTIOD.replace('1.27.0', '1.23.0')}`,
      proxy,
      'routing',
    ).reasons.map(reason => reason.says);
    expect(says.join()).not.toMatch(/EXCLUDE_UNSAFE_503/);
    expect(says.join()).toMatch(/ENABLE_ENHANCED_DESTINATIONRULE_MERGE/);
  });

  it('as advice, where istiod is set to something that is not computed', () => {
    const snapshot = mesh`${ISTIOD.replace('"true"', '"false"')}`;
    expect(confidenceOf(snapshot, proxy, 'routing')).toMatchObject({
      level: 'advisory',
      reasons: [{ cause: 'flag-not-applied', direct: true }],
    });
  });

  it('as advice, where any EnvoyFilter patches the proxy; one that touches what is asked stands first', () => {
    const snapshot = mesh`${ISTIOD}
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: {name: a-stats, namespace: foo}
spec: {configPatches: [{applyTo: HTTP_FILTER, patch: {operation: INSERT_FIRST, value: {name: envoy.filters.http.lua}}}]}
---
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: {name: b-routes, namespace: foo}
spec: {configPatches: [{applyTo: HTTP_ROUTE, patch: {operation: MERGE}}]}
`;
    const routing = confidenceOf(snapshot, proxy, 'routing');
    expect(routing.level).toBe('advisory');
    expect(
      routing.reasons.map(({ direct, provenance }) => [
        provenance?.object.name,
        direct,
      ]),
    ).toEqual([
      ['b-routes', true],
      ['a-stats', false],
    ]);
    expect(confidenceOf(snapshot, proxy, 'mtls').level).toBe('advisory');
    expect(
      confidenceOf(
        snapshot,
        envoyProxyOfClient(defaultClient('bar')),
        'routing',
      ).level,
    ).toBe('full');
  });

  it('as advice, where an object that decided is malformed or has a field that is not known', () => {
    const snapshot = mesh`${ISTIOD}
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: broken, namespace: foo}
spec: {hosts: [a], http: [{timeout: 5, newField: {}, route: [{destination: {host: a}}]}]}
`;
    const decided = snapshot.list('VirtualService');
    const { level, reasons } = confidenceOf(
      snapshot,
      proxy,
      'routing',
      decided.map(object =>
        provenanceOf(object, 'spec.hosts', 'It owns the host'),
      ),
    );
    expect(level).toBe('advisory');
    expect(
      reasons.map(({ cause, provenance }) => [cause, provenance?.path]),
    ).toEqual([
      ['malformed-object', 'spec.http[0].timeout'],
      ['unread-field', 'spec.http[0].newField'],
    ]);
  });

  it('as advice, where istiod would refuse an object that decided', () => {
    const object = projectWithRefusals({
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: 'refused', namespace: 'foo' },
      spec: {
        hosts: ['a'],
        http: [
          {
            retries: { attempts: 2, retryOn: 'gateway-eror' },
            route: [{ destination: { host: 'a' } }],
          },
        ],
      },
    });
    const snapshot = mesh`${ISTIOD}`;
    snapshot.apply(object ? [{ type: 'upsert', object }] : []);
    const { level, reasons } = confidenceOf(
      snapshot,
      proxy,
      'routing',
      object ? [provenanceOf(object, 'spec.hosts', 'It owns the host')] : [],
    );
    expect(level).toBe('advisory');
    expect(reasons).toMatchObject([
      {
        cause: 'refused-object',
        direct: true,
        provenance: { path: 'spec.http[0].retries.retryOn' },
      },
    ]);
  });
});
