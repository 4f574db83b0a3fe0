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

import { snapshotOf } from '../snapshot';
import { provenanceOf } from '../verdict';
import { projectWithRefusals } from './projectWithRefusals';

function retries(retryOn: string, version = '1') {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: {
      name: 'token',
      namespace: 'identity',
      resourceVersion: version,
    },
    spec: {
      hosts: ['token'],
      http: [
        {
          retries: { attempts: 2, retryOn },
          route: [{ destination: { host: 'token' } }],
        },
      ],
    },
  };
}

describe('an object that istiod would refuse', () => {
  it('is kept with the field at fault; what is sound carries nothing', () => {
    const [bad, good] = ['5xx,gateway-eror', '5xx,gateway-error'].map(retryOn =>
      projectWithRefusals(retries(retryOn)),
    );
    expect(bad?.refusals).toEqual([
      {
        path: 'spec.http[0].retries.retryOn',
        message: expect.stringContaining('gateway-eror'),
      },
    ]);
    expect(good).toBeDefined();
    expect(good).not.toHaveProperty('refusals');
  });

  it('is told wherever it decides', () => {
    const object = projectWithRefusals(retries('5xx,gateway-eror'));
    expect(
      object && provenanceOf(object, 'spec.http[0]', 'It decides.').refusals,
    ).toEqual(object?.refusals);
  });

  it('loses its mark when it is corrected, in the snapshot too', () => {
    const store = snapshotOf([]);
    const put = (retryOn: string, version: string) => {
      const object = projectWithRefusals(retries(retryOn, version));
      store.apply(object ? [{ type: 'upsert', object }] : []);
      return store.get('VirtualService', 'identity', 'token')?.refusals?.length;
    };
    expect(put('5xx,gateway-eror', '1')).toBe(1);
    expect(put('5xx', '2')).toBeUndefined();
    expect(put('nonsense!', '3')).toBe(1);
  });

  it('says nothing about kinds whose rules are not known, nor of what is no object', () => {
    const filter = projectWithRefusals({
      apiVersion: 'networking.istio.io/v1alpha3',
      kind: 'EnvoyFilter',
      metadata: { name: 'a', namespace: 'b' },
      spec: { configPatches: 3 },
    });
    expect(filter).not.toHaveProperty('refusals');
    expect(projectWithRefusals('nothing')).toBeUndefined();
  });

  it('names at most twenty fields', () => {
    const hosts = Array.from({ length: 50 }, (_, index) => `bad host ${index}`);
    const object = projectWithRefusals({
      ...retries('5xx'),
      spec: { hosts, http: [{ route: [{ destination: { host: 'token' } }] }] },
    });
    expect(object?.refusals).toHaveLength(20);
  });
});
