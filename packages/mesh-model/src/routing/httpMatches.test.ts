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

import { gatewayVirtualHosts } from '../gateways/gatewayRoutes';
import { mergeGatewayServers } from '../gateways/gatewayServers';
import { activeRoutes, catchAllLast } from './activeRoutes';
import { activeFault, redirectOf } from './routeActions';
import { isCatchAllMatch, matchesRequest } from './requestMatch';
import { routingConfigOfVirtualService } from './virtualServiceConfig';
import { objectsFromYaml } from '../testing';

const request = (path: string, headers: Record<string, string> = {}) => ({
  authority: 'shop.example.com',
  path,
  headers,
});

describe('matches of http routes', () => {
  it('R5.16: withoutHeaders holds for a request that lacks the header', () => {
    const match = { withoutHeaders: { 'x-tenant': { exact: 'a' } } };
    expect(matchesRequest(match, request('/'), 'virtual-service')).toBe(true);
    expect(
      matchesRequest(
        match,
        request('/', { 'x-tenant': 'a' }),
        'virtual-service',
      ),
    ).toBe(false);
    expect(
      matchesRequest(
        match,
        request('/', { 'x-tenant': 'b' }),
        'virtual-service',
      ),
    ).toBe(true);
  });

  it('R5.16: a missing header counts as empty where withoutHeaders has a pattern that takes the empty text', () => {
    const match = { withoutHeaders: { 'x-tenant': { regex: 'a*' } } };
    expect(matchesRequest(match, request('/'), 'virtual-service')).toBe(false);
  });

  it('R5.16: withoutHeaders without a pattern asks that the header be absent', () => {
    const match = { withoutHeaders: { 'x-tenant': {} } };
    expect(matchesRequest(match, request('/'), 'virtual-service')).toBe(true);
    expect(
      matchesRequest(
        match,
        request('/', { 'x-tenant': 'b' }),
        'virtual-service',
      ),
    ).toBe(false);
  });

  it('R5.16: an exact match with an empty text takes only the empty value', () => {
    const match = { headers: { 'x-tenant': { exact: '' } } };
    expect(
      matchesRequest(
        match,
        request('/', { 'x-tenant': '' }),
        'virtual-service',
      ),
    ).toBe(true);
    expect(
      matchesRequest(
        match,
        request('/', { 'x-tenant': 'a' }),
        'virtual-service',
      ),
    ).toBe(false);
  });

  it('R5.14: the regular expression .* takes every path; * alone is none and takes no path', () => {
    expect(isCatchAllMatch({ uri: { regex: '.*' } })).toBe(true);
    expect(isCatchAllMatch({ uri: { regex: '*' } })).toBe(false);
    expect(
      matchesRequest({ uri: { regex: '*' } }, request('/a'), 'virtual-service'),
    ).toBe(false);
    expect(isCatchAllMatch({ uri: {} })).toBe(true);
  });
});

describe('faults', () => {
  it('R5.26: a percentage of 0 wins over the older percent', () => {
    expect(
      activeFault({
        delay: { fixedDelay: '5s', percentage: { value: 0 }, percent: 50 },
      }),
    ).toBeUndefined();
    expect(activeFault({ delay: { fixedDelay: '5s', percent: 50 } })).toEqual({
      delay: { duration: '5s', percent: 50 },
    });
  });

  it('R5.26: an abort with an HTTP/2 error is not supported by proxies and does not act', () => {
    expect(
      activeFault({
        abort: { http2Error: 'CANCEL', percentage: { value: 100 } },
      }),
    ).toBeUndefined();
  });
});

describe('redirects', () => {
  const at = { port: 8080, tls: false };

  it('R5.21: lead to the port of the request where that is asked for', () => {
    expect(
      redirectOf(
        {
          redirect: {
            authority: 'b.example.com',
            derivePort: 'FROM_REQUEST_PORT',
          },
        },
        at,
      ),
    ).toBe('301 to b.example.com:8080');
  });

  it('R5.21: name no port that the scheme has anyway', () => {
    const to = (scheme: string | undefined, port: number, tls = false) =>
      redirectOf(
        {
          redirect: {
            authority: 'b',
            port,
            ...(scheme === undefined ? {} : { scheme }),
          },
        },
        { ...at, tls },
      );
    expect(to('https', 443)).toBe('301 to https://b');
    expect(to(undefined, 443)).toBe('301 to b:443');
    expect(to(undefined, 443, true)).toBe('301 to b');
    expect(to(undefined, 80)).toBe('301 to b');
  });
});

describe('routes of several configurations for one host', () => {
  it('R5.12: of a route only the match that takes everything moves to the end', () => {
    const [virtualService] = objectsFromYaml(`
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop, namespace: shop}
spec:
  hosts: [shop.example.com]
  gateways: [gw]
  http:
    - match: [{uri: {exact: /first}}, {uri: {prefix: /}}]
      route: [{destination: {host: first}}]
`);
    if (virtualService.kind !== 'VirtualService') {
      throw new Error('no VirtualService');
    }
    const config = routingConfigOfVirtualService(
      virtualService,
      () => undefined,
      { clusterDomain: 'cluster.local', defaultExportTo: ['*'] },
    );
    const { routes } = activeRoutes(config, {
      gateways: new Set(['shop/gw']),
      port: 80,
      namespace: 'shop',
      labels: {},
    });
    expect(
      catchAllLast(routes).map(({ active }) => [
        active.matches,
        active.catchAll,
      ]),
    ).toEqual([
      [[0], false],
      [[1], true],
    ]);
  });
});

describe('routes at a gateway', () => {
  it('R5.12: a route behind one that takes everything stays out of reach when the latter moves to the end', () => {
    const [virtualService] = objectsFromYaml(`
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop, namespace: shop}
spec:
  hosts: [shop.example.com]
  gateways: [gw]
  http:
    - route: [{destination: {host: all}}]
    - match: [{uri: {prefix: /api}}]
      route: [{destination: {host: api}}]
`);
    const [gateway] = objectsFromYaml(`
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: gw, namespace: shop}
spec: {servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]}
`);
    if (
      virtualService.kind !== 'VirtualService' ||
      gateway.kind !== 'Gateway'
    ) {
      throw new Error('no VirtualService and Gateway');
    }
    const proxy = { namespace: 'shop', labels: {}, servicePorts: [] };
    const { servers } = mergeGatewayServers([{ gateway }], proxy);
    const [host] = gatewayVirtualHosts(servers, proxy, () => [
      routingConfigOfVirtualService(virtualService, () => undefined, {
        clusterDomain: 'cluster.local',
        defaultExportTo: ['*'],
      }),
    ]);
    expect(host.routes.map(({ route }) => route.path)).toEqual([
      'spec.http[0]',
      'spec.http[1]',
    ]);
  });
});
