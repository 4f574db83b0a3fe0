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
import { routeRequest, routesOfService } from '.';
import {
  FROM_SHOP,
  service,
  virtualService,
  to,
  port80,
} from './__testUtils__/shop';

describe('one request', () => {
  it('S85: no rule matches ⇒ 404 NR, not the default route', () => {
    const snapshot = mesh`${service('reviews', 'shop')}
${virtualService(
  'vs',
  'shop',
  `{hosts: [reviews], http: [{match: [{uri: {prefix: /api}}], ${to(
    'reviews',
  )}}]}`,
)}`;
    expect(
      routeRequest(snapshot, FROM_SHOP, {
        port: 80,
        protocol: 'http',
        authority: 'reviews.shop:80',
        path: '/',
      }),
    ).toMatchObject({ outcome: 'no-route', code: 404, flag: 'NR' });
    expect(port80(snapshot).otherwise).toContain('404 NR');
  });

  it('R5.10: a VirtualService for a host that no service has acts only where a service has the port opened', () => {
    const host = virtualService(
      'vs',
      'shop',
      `{hosts: [www.example.com], http: [{${to('reviews')}}]}`,
    );
    const ask = {
      port: 80,
      protocol: 'http',
      authority: 'www.example.com',
    } as const;
    expect(
      routeRequest(mesh`${service('reviews', 'shop')}${host}`, FROM_SHOP, ask),
    ).toMatchObject({ virtualHost: 'www.example.com:80' });
    expect(routeRequest(mesh`${host}`, FROM_SHOP, ask)).toMatchObject({
      outcome: 'passthrough',
      layer: 'tcp',
    });
  });

  it('R8.10: the sniffed port of a headless Service has listeners at its pods only', () => {
    const snapshot = mesh`
apiVersion: v1
kind: Service
metadata: {name: db, namespace: shop}
spec: {clusterIP: None, selector: {app: db}, ports: [{name: data, port: 9000}]}
`;
    expect(
      routeRequest(snapshot, FROM_SHOP, {
        port: 9000,
        protocol: 'http',
        authority: 'elsewhere.example.com',
        address: '10.9.9.9',
      }).virtualHost,
    ).toBeUndefined();
  });

  it('R8.10: a headless Service takes connections to its pods only', () => {
    const headless = (name: string, address: string) => `
apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: shop}
spec: {clusterIP: None, selector: {app: ${name}}, ports: [{name: tcp, port: 9000}]}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: ${name}, namespace: shop, labels: {kubernetes.io/service-name: ${name}}}
addressType: IPv4
endpoints: [{addresses: [${address}]}]
ports: [{name: tcp, port: 9000}]
---`;
    const snapshot = mesh`${headless('a', '10.0.0.1')}${headless(
      'b',
      '10.0.0.2',
    )}`;
    const clusters = (address: string) =>
      routeRequest(snapshot, FROM_SHOP, {
        port: 9000,
        protocol: 'tcp',
        address,
      }).clusters;
    expect(clusters('10.0.0.2')).toEqual([
      'outbound|9000||b.shop.svc.cluster.local',
    ]);
    expect(clusters('10.9.9.9')).toEqual(['PassthroughCluster']);
  });

  it('S119: a service a Sidecar does not import is passed through, or refused under REGISTRY_ONLY', () => {
    const sidecar = (policy: string) => mesh`${service(
      'reviews',
      'shop',
    )}${service('ratings', 'other')}
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: default, namespace: shop}
spec: {egress: [{hosts: ["./*"]}]${policy}}
---`;
    const ask = {
      port: 80,
      protocol: 'http',
      authority: 'ratings.other',
    } as const;
    expect(routeRequest(sidecar(''), FROM_SHOP, ask).outcome).toBe(
      'passthrough',
    );
    const closed = sidecar(', outboundTrafficPolicy: {mode: REGISTRY_ONLY}');
    expect(routeRequest(closed, FROM_SHOP, ask)).toMatchObject({
      outcome: 'blocked',
      code: 502,
    });
    expect(
      routesOfService(closed, FROM_SHOP, {
        namespace: 'other',
        name: 'ratings',
      }),
    ).toMatchObject({ inScope: false, ports: [] });
  });

  it('R5.16: a hostile regular expression costs linear time', () => {
    const snapshot = mesh`${service('reviews', 'shop')}
${virtualService(
  'vs',
  'shop',
  `{hosts: [reviews], http: [{match: [{uri: {regex: "(/a+)+b"}}], ${to(
    'reviews',
  )}}]}`,
)}`;
    expect(
      routeRequest(snapshot, FROM_SHOP, {
        port: 80,
        protocol: 'http',
        authority: 'reviews',
        path: `/${'a'.repeat(5000)}`,
      }).code,
    ).toBe(404);
  });
});
