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

import { entityInYaml, podYaml, serviceYaml } from '../__testUtils__/meshYaml';
import { routesView } from './routesView';

const MESH = `${serviceYaml('shop', 'cart')}${podYaml(
  'shop',
  'cart',
)}${serviceYaml('shop', 'catalog')}${podYaml('shop', 'catalog')}
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec:
  hosts: [cart]
  http:
    - route:
        - { destination: { host: cart }, weight: 90 }
        - { destination: { host: catalog }, weight: 10 }
`;

function routes(entities?: Parameters<typeof entityInYaml>[1]['entities']) {
  return routesView(
    entityInYaml(MESH, { services: 'shop/cart', entities }),
    undefined,
  ).services[0];
}

describe('routes', () => {
  it('name the entity of the service, of destinations and of callers, where the user may see them', () => {
    const answer = routes({
      services: new Map([
        ['shop/cart', { entityRef: 'component:default/cart' }],
        ['shop/catalog', { entityRef: 'component:default/catalog' }],
      ]),
      workloads: new Map([
        ['shop/catalog', { entityRef: 'component:default/catalog' }],
      ]),
    });
    expect(answer.service.entityRef).toBe('component:default/cart');
    expect(
      answer.ports[0].rules[0].destinations.map(({ entityRef }) => entityRef),
    ).toEqual(['component:default/cart', 'component:default/catalog']);
    const callers = new Map(
      answer.clients.map(({ id, entityRef }) => [id, entityRef]),
    );
    expect(callers.get('shop/StatefulSet/catalog')).toBe(
      'component:default/catalog',
    );
    expect(callers.get('shop/StatefulSet/cart')).toBeUndefined();
  });

  it('name no entity where none may be seen', () => {
    const answer = routes();
    expect(JSON.stringify(answer)).not.toContain('entityRef');
  });
});
