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

import { defaultClient, type Client } from '../membership';
import { mesh } from '../testing';
import { routeRequest } from '.';
import {
  FROM_SHOP,
  service,
  virtualService,
  to,
  port80,
} from './__testUtils__/shop';

describe('clients without a sidecar', () => {
  it.each(['none', 'ambient', 'gateway', 'waypoint'] as const)(
    'R8.3: a client with proxy %s gets the reason instead of rules that do not act on it',
    proxy => {
      const snapshot = mesh`${service('reviews', 'shop')}
${virtualService(
  'vs',
  'shop',
  `{hosts: [reviews], http: [{${to('reviews')}}]}`,
)}`;
      const client = { ...FROM_SHOP, proxy };
      const port = port80(snapshot, client);
      expect(port.rules).toEqual([]);
      expect(port.says).not.toBe('');
      expect(
        routeRequest(snapshot, client, {
          port: 80,
          protocol: 'http',
          authority: 'reviews',
        }),
      ).toMatchObject({ outcome: 'not-routed', says: port.says });
    },
  );
});

describe('R5.13: clients whose requests pass a waypoint', () => {
  const bound = (labels: string) => `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: wp, namespace: shop}
spec: {gatewayClassName: istio-waypoint, listeners: [{name: mesh, port: 15008, protocol: HBONE}]}
status: {addresses: [{type: IPAddress, value: 10.0.0.9}]}
---
${service('reviews', 'shop').replace(
  'namespace: shop}',
  `namespace: shop, labels: {istio.io/use-waypoint: wp${labels}}}`,
)}
${virtualService(
  'own',
  'shop',
  `{hosts: [reviews], http: [{${to('reviews')}}]}`,
)}
${virtualService(
  'foreign',
  'web',
  `{hosts: [reviews.shop.svc.cluster.local], http: [{${to('reviews')}}]}`,
)}`;
  const AMBIENT = { ...defaultClient('web'), proxy: 'ambient' } as const;

  it('have the rules of the waypoint, and none of their own namespace', () => {
    const port = port80(mesh`${bound('')}`, AMBIENT);
    expect(port.owner?.object.name).toBe('own');
    expect(port.rules).toHaveLength(1);
    expect(port.losers).toEqual([
      expect.objectContaining({
        object: expect.objectContaining({ name: 'foreign' }),
        says: expect.stringContaining('of its own shop only'),
      }),
    ]);
  });

  it('are gateways only when the service says so, and never sidecars', () => {
    const gateway = { ...FROM_SHOP, proxy: 'gateway' } as const;
    const asked = bound(', istio.io/ingress-use-waypoint: "true"');
    expect(port80(mesh`${bound('')}`, gateway).rules).toEqual([]);
    expect(port80(mesh`${asked}`, gateway).owner?.object.name).toBe('own');
    expect(port80(mesh`${asked}`, defaultClient('web')).owner?.says).toBe(
      'VirtualService web/foreign decides',
    );
  });

  it('are the waypoint itself', () => {
    const waypoint = {
      ...FROM_SHOP,
      proxy: 'waypoint',
      gateway: { kind: 'K8sGateway', namespace: 'shop', name: 'wp' },
    } as const;
    expect(port80(mesh`${bound('')}`, waypoint).owner?.object.name).toBe('own');
  });
});

describe('R5.12: a gateway as the client', () => {
  const GATEWAY = `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: gw, namespace: shop}
spec: {selector: {istio: ingressgateway}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*.example.com"]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: gw-1, namespace: istio-system, labels: {istio: ingressgateway}}
spec: {containers: [{name: istio-proxy, image: p}]}
status: {phase: Running, conditions: [{type: Ready, status: "True"}]}
---`;
  const client: Client = {
    namespace: 'istio-system',
    labels: { istio: 'ingressgateway' },
    serviceAccount: 'gw',
    proxy: 'gateway',
  };

  it('has the rules of its hosts that lead to the service, and no others', () => {
    const port = port80(
      mesh`${GATEWAY}${service('reviews', 'shop')}${service('other', 'shop')}
${virtualService(
  'edge',
  'shop',
  `{hosts: [a.example.com], gateways: [gw], http: [{match: [{uri: {prefix: /reviews}}], ${to(
    'reviews',
  )}}, {match: [{uri: {prefix: /other}}], ${to('other')}}, {${to(
    'reviews',
  )}}, {timeout: 1s, ${to('reviews')}}]}`,
)}
${virtualService(
  'inside',
  'shop',
  `{hosts: [reviews], http: [{${to('other')}}]}`,
)}`,
      client,
    );
    expect(
      port.rules.map(({ matches, state }) => [matches[0].words, state]),
    ).toEqual([
      ['host is a.example.com and path starts with /reviews', 'active'],
      ['host is a.example.com', 'active'],
      ['host is a.example.com', 'unreachable'],
    ]);
  });
});
