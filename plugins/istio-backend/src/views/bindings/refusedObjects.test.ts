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

import { bindingsViewSchema } from '@mesh-portal/backstage-plugin-istio-common';
import {
  entityInYaml,
  podYaml,
  serviceYaml,
} from '../../__testUtils__/meshYaml';
import { bindingsView } from './bindingsView';

function refusedIn(retryOn: string) {
  const view = bindingsView(
    entityInYaml(
      `${serviceYaml('shop', 'cart')}${podYaml('shop', 'cart')}
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec:
  hosts: [cart]
  http:
  - retries: { attempts: 2, retryOn: "${retryOn}" }
    route: [{ destination: { host: cart } }]`,
      { services: 'shop/cart' },
    ),
  );
  expect(bindingsViewSchema.parse(view)).toEqual(view);
  return view.refused;
}

describe('objects that istiod would refuse', () => {
  it('are told with the field, and that they act all the same', () => {
    expect(refusedIn('5xx,gateway-eror')).toMatchObject([
      {
        service: { name: 'cart' },
        verdict: {
          state: 'fail',
          reason: expect.stringMatching(
            /^istiod would refuse VirtualService shop\/cart today: spec\.http\[0\]\.retries\.retryOn: /,
          ),
        },
        objects: [
          {
            object: { name: 'cart' },
            acts: true,
            refusals: [{ path: 'spec.http[0].retries.retryOn' }],
          },
        ],
      },
    ]);
  });

  it('are no subject where all is sound', () => {
    expect(refusedIn('5xx')).toEqual([]);
  });
});
