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
import { routeRequest } from '.';
import { FROM_SHOP, service, port80, hostsOf } from './__testUtils__/shop';

describe('mesh routes of Gateway API', () => {
  const route = (name: string, namespace: string, rules: string) => `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: ${name}, namespace: ${namespace}}
spec: {parentRefs: [{group: "", kind: Service, name: reviews, namespace: shop}], rules: ${rules}}
---`;

  it('S92: exact beats longer prefix, prefix is by segment, and nothing matching is 404', () => {
    const snapshot = mesh`${service('reviews', 'shop')}${service(
      'a',
      'shop',
    )}${service('b', 'shop')}
${route(
  'r',
  'shop',
  '[{matches: [{path: {type: PathPrefix, value: /foo/longer}}], backendRefs: [{name: a, port: 80}]}, {matches: [{path: {type: Exact, value: /foo}}], backendRefs: [{name: b, port: 80}]}]',
)}`;
    expect(hostsOf(port80(snapshot))).toEqual([['b'], ['a']]);
    const at = (path: string) =>
      routeRequest(snapshot, FROM_SHOP, {
        port: 80,
        protocol: 'http',
        authority: 'reviews',
        path,
      });
    expect(at('/foo/longer/x').outcome).toBe('routed');
    expect(at('/foo/longerx').code).toBe(404);
  });

  it('S68, S69: the route of the client wins over that of the service; a third namespace does not count', () => {
    const snapshot = mesh`${service('reviews', 'shop')}${service(
      'a',
      'shop',
    )}${service('b', 'web')}${service('c', 'third')}
${route('consumer', 'web', '[{backendRefs: [{name: b, port: 80}]}]')}
${route('producer', 'shop', '[{backendRefs: [{name: a, port: 80}]}]')}
${route('arbitrary', 'third', '[{backendRefs: [{name: c, port: 80}]}]')}`;
    expect(hostsOf(port80(snapshot, defaultClient('web')))).toEqual([['b']]);
    expect(hostsOf(port80(snapshot, defaultClient('other')))).toEqual([['a']]);
  });

  it('S113: all weights zero is 500', () => {
    const snapshot = mesh`${service('reviews', 'shop')}
${route(
  'r',
  'shop',
  '[{backendRefs: [{name: reviews, port: 80, weight: 0}]}]',
)}`;
    expect(port80(snapshot).rules[0]).toMatchObject({
      action: 'direct-response',
      status: 500,
    });
  });
});
