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

import { controlPlaneVersionOf } from '../identity';
import { istiodYaml, mesh, objectsFromYaml } from '../testing';
import { retriesOf, retryConditionsInWords, retryDefaultsOf } from './retries';

const meshConfig = (text: string) => `
apiVersion: v1
kind: ConfigMap
metadata: {name: istio, namespace: istio-system}
data: {mesh: '${text}'}
---`;

const EXCLUDE = 'EXCLUDE_UNSAFE_503_FROM_DEFAULT_RETRY';

const defaultOn = (yaml: string) =>
  retriesOf(undefined, retryDefaultsOf(mesh`${yaml}`));

const written = (
  retries: string,
  yaml = istiodYaml({ image: 'istio/pilot:1.30.0' }),
) => {
  const snapshot = mesh`${yaml}
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec: {hosts: [reviews], http: [{retries: ${retries}, route: [{destination: {host: reviews}}]}]}
`;
  const [object] = snapshot.list('VirtualService');
  const [value] = object.spec.http ?? [];
  return retriesOf(
    { value, object, path: 'spec.http[0]' },
    retryDefaultsOf(snapshot),
  );
};

describe('default retries (R5.24)', () => {
  it('R5.24: from 1.24 on leave out status 503', () => {
    expect(
      defaultOn(istiodYaml({ image: 'docker.io/istio/pilot:1.24.0' })).value,
    ).toEqual({
      attempts: 2,
      retryOn:
        'connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes',
      statusCodes: [],
    });
  });

  it('R5.24: before 1.24 retry every 503, also one that the application answered', () => {
    const { value, says } = defaultOn(
      istiodYaml({ image: 'istio/pilot:1.23.4-distroless' }),
    );
    expect(value.statusCodes).toEqual([503]);
    expect(says).toMatch(/on every status 503, also when the application/);
  });

  it('R5.24: follow EXCLUDE_UNSAFE_503_FROM_DEFAULT_RETRY, whatever the version', () => {
    const env = { [EXCLUDE]: 'false' };
    for (const image of ['istio/pilot:1.29.0', 'istio/pilot:latest']) {
      expect(defaultOn(istiodYaml({ image, env })).value.statusCodes).toEqual([
        503,
      ]);
    }
  });

  it('R5.24: do not say whether 503 is retried where the version cannot be told', () => {
    for (const yaml of ['', istiodYaml({ image: 'istio/pilot@sha256:abc' })]) {
      const { value, says } = defaultOn(yaml);
      expect(value.statusCodes).toBeUndefined();
      expect(says).toMatch(/the version of the control plane is not known/);
      expect(retryConditionsInWords(value)).toMatch(/every 503, if/);
    }
  });

  it('R5.24: an image by digest has its version in a label', () => {
    const yaml = istiodYaml({
      image: 'istio/pilot@sha256:abc',
      labels: { 'app.kubernetes.io/version': '1.27.1' },
    });
    expect(defaultOn(yaml).value.statusCodes).toEqual([]);
  });

  it('R5.24: while two versions run, those of the older one count', () => {
    const pod = (name: string, version: string) => `
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: istio-system, labels: {app: istiod, istio.io/rev: default}}
spec: {containers: [{name: discovery, image: "istio/pilot:${version}"}]}
---`;
    const yaml = `${istiodYaml({ image: 'istio/pilot:1.30.0' })}${pod(
      'a',
      '1.30.0',
    )}`;
    expect(defaultOn(yaml).value.statusCodes).toEqual([]);
    expect(defaultOn(`${yaml}${pod('b', '1.23.0')}`).value.statusCodes).toEqual(
      [503],
    );
  });

  it('R5.24: the version stays the same object while other pods of its namespace come and go, so that answers are kept', () => {
    const snapshot = mesh`${istiodYaml({ image: 'istio/pilot:1.30.0' })}`;
    const before = controlPlaneVersionOf(snapshot);
    for (const object of objectsFromYaml(`
apiVersion: v1
kind: Pod
metadata: {name: other, namespace: istio-system, labels: {app: gateway}}
spec: {containers: [{name: istio-proxy, image: p}]}`)) {
      snapshot.apply([{ type: 'upsert', object }]);
    }
    expect(before).toEqual({ major: 1, minor: 30 });
    expect(controlPlaneVersionOf(snapshot)).toBe(before);
  });

  it('R5.24: are those of defaultHttpRetryPolicy where the mesh configuration has it', () => {
    const yaml = `${istiodYaml({ image: 'istio/pilot:1.30.0' })}${meshConfig(
      'defaultHttpRetryPolicy: {attempts: 4, retryOn: "5xx,429"}',
    )}`;
    expect(defaultOn(yaml)).toMatchObject({
      origin: 'mesh-config',
      value: {
        attempts: 4,
        retryOn: '5xx,retriable-status-codes',
        statusCodes: [429],
      },
      provenance: {
        object: { kind: 'ConfigMap', name: 'istio' },
        path: 'data.mesh: defaultHttpRetryPolicy',
      },
    });
  });
});

describe('retries of a route (R5.24)', () => {
  it('R5.24: attempts alone have the default conditions', () => {
    expect(written('{attempts: 3}').value).toMatchObject({
      attempts: 3,
      retryOn: expect.stringContaining('connect-failure'),
      statusCodes: [],
    });
    expect(
      written('{attempts: 3}', istiodYaml({ image: 'istio/pilot:1.22.0' }))
        .value.statusCodes,
    ).toEqual([503]);
  });

  it('R5.24: numbers among the conditions are statuses, when they are any', () => {
    expect(written('{attempts: 1, retryOn: "503, reset,999"}').value).toEqual({
      attempts: 1,
      retryOn: 'reset,999,retriable-status-codes',
      statusCodes: [503],
    });
  });

  it('R5.24: no attempts are no retries, whatever else is set', () => {
    for (const retries of ['{}', '{attempts: 0, retryOn: 5xx}']) {
      expect(written(retries)).toMatchObject({
        value: { attempts: 0 },
        says: 'Retries are switched off',
      });
    }
  });
});
