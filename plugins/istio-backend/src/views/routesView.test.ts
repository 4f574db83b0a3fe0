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
import { overviewView } from './overviewView';
import { resilienceView } from './resilience';
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

describe('a caller for whom no routes act', () => {
  it('is told why, which is no fault', () => {
    const [answer] = routesView(
      entityInYaml(
        `
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio.io/dataplane-mode: ambient } }
---${MESH}`,
        { services: 'shop/cart' },
      ),
      'shop',
    ).services;
    expect(answer.verdict).toMatchObject({
      state: 'not-applicable',
      reason: expect.stringContaining('ztunnel routes no HTTP'),
    });
    expect(answer.ports[0].rules).toEqual([]);
    expect(answer.ports[0].whenNothingMatches).toBe(answer.verdict.reason);
  });
});

describe('a configuration that names the host and does not act', () => {
  it('is told once, whatever the number of ports, with the reason and what to write', () => {
    const route = (name: string, created: string) => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: ${name}, namespace: shop, creationTimestamp: '${created}' }
spec: { hosts: [cart], http: [{ route: [{ destination: { host: cart } }] }] }
---`;
    const [{ ignored }] = routesView(
      entityInYaml(
        `${serviceYaml(
          'shop',
          'cart',
          '[{ name: http, port: 8080 }, { name: http-admin, port: 8081 }]',
        )}${podYaml('shop', 'cart')}${route(
          'first',
          '2026-01-01T00:00:00Z',
        )}${route('second', '2026-02-01T00:00:00Z')}`,
        { services: 'shop/cart' },
      ),
      undefined,
    ).services;
    expect(ignored).toHaveLength(1);
    expect(ignored[0]).toMatchObject({
      object: { kind: 'VirtualService', name: 'second' },
      remedy: expect.stringMatching(/./),
    });
  });
});

describe('a rule', () => {
  it('tells what it does to headers', () => {
    const [{ ports }] = routesView(
      entityInYaml(
        `${serviceYaml('shop', 'cart')}${podYaml('shop', 'cart')}
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec:
  hosts: [cart]
  http:
    - headers: { request: { set: { x-stage: beta } } }
      route: [{ destination: { host: cart } }]`,
        { services: 'shop/cart' },
      ),
      undefined,
    ).services;
    expect(ports[0].rules[0].headers).toEqual([
      'sets request header x-stage: beta',
    ]);
  });
});

describe('routes of a host that a ServiceEntry declares', () => {
  const BANK = `${serviceYaml('shop', 'cart')}${podYaml('shop', 'cart')}
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: bank, namespace: shop }
spec:
  hosts: [api.bank.example]
  resolution: DNS
  ports: [{ number: 80, name: http, protocol: HTTP }]
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: bank, namespace: shop }
spec: { host: api.bank.example, trafficPolicy: { outlierDetection: { consecutive5xxErrors: 3 } } }
---`;
  const input = (more = '') =>
    entityInYaml(`${BANK}${more}`, { services: 'api.bank.example' });

  it('are shown as those of a Service are', () => {
    const [answer] = routesView(input(), undefined).services;
    expect(answer).toMatchObject({
      service: { host: 'api.bank.example', namespace: 'shop' },
      verdict: {
        state: 'pass',
        reason:
          'No route is configured: requests go to the addresses of the ServiceEntry',
      },
      ports: [{ port: 80, protocol: 'http' }],
    });
    expect(answer.clients.map(({ id }) => id)).toEqual([
      'shop',
      'shop/StatefulSet/cart',
    ]);
  });

  it('name the VirtualService that decides', () => {
    const [answer] = routesView(
      input(`
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: bank, namespace: shop }
spec: { hosts: [api.bank.example], http: [{ timeout: 2s, route: [{ destination: { host: api.bank.example } }] }] }`),
      undefined,
    ).services;
    expect(answer.ports[0].ownedBy?.object).toMatchObject({
      kind: 'VirtualService',
      name: 'bank',
    });
    expect(answer.ports[0].rules[0].timeout?.value).toBe('2s');
  });

  it('have settings in effect too', () => {
    const [answer] = resilienceView(input(), undefined).services;
    expect(answer.verdict.reason).toContain(
      'after 3 answers with 5xx in a row',
    );
  });

  it('leave to others what the mesh cannot tell, in the overview', () => {
    const overview = overviewView(input());
    expect(overview.routes.state).toBe('pass');
    expect(
      [overview.mtls, overview.authorization, overview.membership].map(
        ({ state }) => state,
      ),
    ).toEqual(['not-applicable', 'not-applicable', 'not-applicable']);
  });
});
