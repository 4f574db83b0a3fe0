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

import type { HttpRoute } from '../../objects';
import { objectsFromYaml } from '../../testing';
import { activeRoutes } from '../activeRoutes';
import { routingConfigOfVirtualService } from '../virtualServiceConfig';
import { forwardedRequest } from './forwardedRequest';
import type { TravellingRequest } from './travellingRequest';

function forwarded(
  route: HttpRoute,
  headers: Readonly<Record<string, string>> = {},
): TravellingRequest {
  const [object] = objectsFromYaml(`
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: vs, namespace: shop}
spec: {hosts: [a.example.com], http: [${JSON.stringify(route)}]}
`);
  if (object.kind !== 'VirtualService') {
    throw new Error('no VirtualService');
  }
  const [active] = activeRoutes(
    routingConfigOfVirtualService(object, () => undefined, {
      clusterDomain: 'cluster.local',
      defaultExportTo: ['*'],
    }),
    { gateways: new Set(['mesh']), port: 80, namespace: 'shop', labels: {} },
  ).routes;
  const request: TravellingRequest = {
    protocol: 'http',
    host: 'a.example.com',
    port: 80,
    path: '/',
    method: 'GET',
    tls: false,
    headers,
  };
  return forwardedRequest(request, { active }, 0);
}

const destination = { host: 'b.example.com' };

describe('a request that is passed on', () => {
  it('R5.27: what is removed is removed before anything is set or added', () => {
    expect(
      forwarded(
        {
          headers: { request: { remove: ['x-a'], add: { 'x-a': 'new' } } },
          route: [{ destination }],
        },
        { 'x-a': 'old' },
      ).headers,
    ).toEqual({ 'x-a': 'new' });
  });

  it('R5.27: to a single destination, what the destination removes goes before what the route sets', () => {
    expect(
      forwarded({
        headers: { request: { set: { 'x-a': 'route' } } },
        route: [{ destination, headers: { request: { remove: ['x-a'] } } }],
      }).headers,
    ).toEqual({ 'x-a': 'route' });
  });

  it('R5.27: the host that a route sets stands before the one of a destination', () => {
    const ofDestination = { request: { set: { host: 'destination' } } };
    expect(
      forwarded({
        headers: { request: { set: { ':authority': 'route' } } },
        route: [{ destination, headers: ofDestination }],
      }).host,
    ).toBe('route');
    expect(
      forwarded({ route: [{ destination, headers: ofDestination }] }).host,
    ).toBe('destination');
  });

  it('R5.27: a host that is added counts, too, after one that is set', () => {
    const add = { Host: 'added' };
    expect(
      forwarded({ headers: { request: { add } }, route: [{ destination }] })
        .host,
    ).toBe('added');
    expect(
      forwarded({
        headers: { request: { add, set: { host: 'set' } } },
        route: [{ destination }],
      }).host,
    ).toBe('set');
  });

  it('R5.22: rewrite.authority stands before all of them', () => {
    expect(
      forwarded({
        rewrite: { authority: 'rewritten' },
        headers: { request: { set: { host: 'set' } } },
        route: [{ destination }],
      }).host,
    ).toBe('rewritten');
  });
});
