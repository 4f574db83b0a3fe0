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

import { redirectOf } from '../../routing/routeActions';
import { mesh } from '../../testing';
import {
  gatewayRouteConfigsOf,
  meshRouteConfigsOf,
  translatedRouteOf,
} from './ofMesh';
import { routeStatus } from './routeStatus';

const GATEWAY = `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw, namespace: infra}
spec: {gatewayClassName: istio, listeners: [{name: http, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: All}}}]}
---
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec: {clusterIP: 10.0.0.1, ports: [{name: http, port: 80}]}
---`;
const route = (
  name: string,
  rules: string,
  {
    kind = 'HTTPRoute',
    created = '2024-01-01',
    parents = '[{name: gw, namespace: infra}]',
    hosts = '[a.example.com]',
  } = {},
) => `
apiVersion: gateway.networking.k8s.io/v1
kind: ${kind}
metadata: {name: ${name}, namespace: shop, creationTimestamp: ${created}T00:00:00Z}
spec: {parentRefs: ${parents}, hostnames: ${hosts}, rules: ${rules}}
---`;
const BACKEND = '[{name: reviews, port: 80}]';
const only = (rules: string) =>
  gatewayRouteConfigsOf(mesh`${GATEWAY}${route('r', rules)}`)[0]?.http.map(
    ({ value }) => value,
  );
const faultOf = (rules: string) => {
  const snapshot = mesh`${GATEWAY}${route('r', rules)}`;
  const [object] = snapshot.list('HTTPRoute');
  return translatedRouteOf(snapshot, object).faults.gateway?.reason;
};

describe('server names of a TLSRoute (R7.23)', () => {
  const served = (listenerHost: string, hosts: string) =>
    gatewayRouteConfigsOf(
      mesh`${GATEWAY.replace(
        'protocol: HTTP',
        `protocol: TLS, hostname: "${listenerHost}", tls: {mode: Passthrough}`,
      )}${route('r', `[{backendRefs: ${BACKEND}}]`, {
        kind: 'TLSRoute',
        hosts,
      })}`,
    ).map(({ hosts: names, tls }) => [names, tls[0].value.match]);

  it('are never wider than the listener', () => {
    expect(served('*.example.com', '["*.com"]')).toEqual([
      [['*.example.com'], [{ sniHosts: ['*.example.com'] }]],
    ]);
    expect(served('*.example.com', '[]')).toEqual([
      [['*.example.com'], [{ sniHosts: ['*.example.com'] }]],
    ]);
    expect(served('a.example.com', '["*.example.com"]')).toEqual([
      [['a.example.com'], [{ sniHosts: ['a.example.com'] }]],
    ]);
  });

  it('are those of the route where they are narrower; others are left out', () => {
    expect(
      served('*.example.com', '[a.example.com, b.example.com, c.org]'),
    ).toEqual(
      ['a', 'b'].map(name => [
        [`${name}.example.com`],
        [{ sniHosts: ['a.example.com', 'b.example.com'] }],
      ]),
    );
  });
});

describe('rules of routes (R7.18, R7.22)', () => {
  it('a rule with several matches is several routes with one name', () => {
    expect(
      only(
        `[{matches: [{path: {value: /a/}}, {path: {type: Exact, value: /b}, method: GET}], backendRefs: ${BACKEND}}]`,
      ),
    ).toEqual([
      expect.objectContaining({
        name: 'shop.r.0',
        match: [{ uri: { exact: '/b' }, method: { exact: 'GET' } }],
      }),
      expect.objectContaining({
        name: 'shop.r.0',
        match: [{ uri: { prefix: '/a' } }],
      }),
    ]);
  });

  it('timeouts and retries: the time of one try is the timeout where nothing is retried', () => {
    expect(
      only(
        `[{timeouts: {request: 10s, backendRequest: 2s}, retry: {codes: [503]}, backendRefs: ${BACKEND}}]`,
      )?.[0],
    ).toMatchObject({
      timeout: '10s',
      retries: {
        attempts: 2,
        perTryTimeout: '2s',
        retryOn: 'connect-failure,refused-stream,unavailable,cancelled,503',
      },
    });
    expect(
      only(
        `[{timeouts: {request: 0s, backendRequest: 2s}, backendRefs: ${BACKEND}}]`,
      )?.[0].timeout,
    ).toBe('2s');
  });

  it('filters: the first of a header counts, a prefix is replaced without its slash, a redirect keeps the port it is asked on', () => {
    expect(
      only(
        `[{filters: [{type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: X-A, value: one}, {name: x-a, value: two}]}}, {type: URLRewrite, urlRewrite: {path: {type: ReplacePrefixMatch, replacePrefixMatch: /b/}}}], backendRefs: ${BACKEND}}]`,
      )?.[0],
    ).toMatchObject({
      headers: { request: { set: { 'x-a': 'one' } } },
      rewrite: { uri: '/b' },
    });
    expect(
      only(
        '[{filters: [{type: RequestRedirect, requestRedirect: {hostname: b.example.com}}]}]',
      )?.[0],
    ).toEqual({
      name: 'shop.r.0',
      redirect: { authority: 'b.example.com', derivePort: 'FROM_REQUEST_PORT' },
    });
  });

  it('a mirror that leads nowhere is left out of an HTTPRoute, and voids a GRPCRoute', () => {
    const rules = `[{filters: [{type: RequestMirror, requestMirror: {backendRef: {name: reviews, namespace: other, port: 80}}}], backendRefs: ${BACKEND}}]`;
    expect(only(rules)).toHaveLength(1);
    expect(faultOf(rules)).toBe('RefNotPermitted');
    const grpc = mesh`${GATEWAY}${route('r', rules, { kind: 'GRPCRoute' })}`;
    expect(gatewayRouteConfigsOf(grpc)).toEqual([]);
    expect(
      translatedRouteOf(grpc, grpc.list('GRPCRoute')[0]).faults.gateway?.reason,
    ).toBe('RefNotPermitted');
  });

  it('header values have no control characters but the tab', () => {
    const set = (value: string) =>
      faultOf(
        `[{filters: [{type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: x, value: ${value}}]}}], backendRefs: ${BACKEND}}]`,
      );
    expect(set('"a\\tb"')).toBeUndefined();
    for (const value of ['"a\\rb"', '"a\\0b"', '"a\\x01b"', '"a\\x7fb"']) {
      expect(set(value)).toBe('InvalidFilter');
    }
  });

  it('a redirect replaces the prefix that matched, and says so in words', () => {
    const [route0] =
      only(
        '[{matches: [{path: {value: /old}}], filters: [{type: RequestRedirect, requestRedirect: {statusCode: 302, scheme: https, hostname: b.example.com, path: {type: ReplacePrefixMatch, replacePrefixMatch: /new}}}]}]',
      ) ?? [];
    expect(route0.redirect).toEqual({
      redirectCode: 302,
      scheme: 'https',
      authority: 'b.example.com',
      derivePort: 'FROM_PROTOCOL_DEFAULT',
      prefixRewrite: '/new',
    });
    expect(redirectOf(route0, { port: 80, tls: false })).toBe(
      '302 to https://b.example.com, with /new instead of the prefix that matched',
    );
  });

  it('a backend that cannot be followed keeps its share; a reference that says nothing voids the route', () => {
    expect(
      only(
        '[{backendRefs: [{name: b, kind: Bucket}, {name: reviews, port: 80}]}]',
      ),
    ).toEqual([
      {
        name: 'shop.r.0',
        route: [
          { destination: { host: '' }, weight: 1 },
          {
            destination: {
              host: 'reviews.shop.svc.cluster.local',
              port: { number: 80 },
            },
            weight: 1,
          },
        ],
      },
    ]);
    expect(faultOf('[{backendRefs: [{name: b, kind: Bucket}]}]')).toBe(
      'InvalidKind',
    );
    expect(faultOf('[{backendRefs: [{name: absent, port: 80}]}]')).toBe(
      'BackendNotFound',
    );
    for (const [rules, reason] of [
      ['[{backendRefs: [{name: reviews}]}]', 'InvalidDestination'],
      ['[{backendRefs: [{name: a.b, port: 80}]}]', 'InvalidDestination'],
      [
        `[{filters: [{type: Unheard}], backendRefs: ${BACKEND}}]`,
        'InvalidFilter',
      ],
    ]) {
      expect(only(rules)).toBeUndefined();
      expect(faultOf(rules)).toBe(reason);
    }
  });
});

describe('tables of routes (R7.20 – R7.24)', () => {
  it('routes of one host and listener share a table, HTTPRoutes with GRPCRoutes; the oldest gives it its namespace', () => {
    const [config, ...others] = gatewayRouteConfigsOf(
      mesh`${GATEWAY}${route(
        'young',
        `[{matches: [{path: {type: Exact, value: /a}}], backendRefs: ${BACKEND}}]`,
        { created: '2024-02-02' },
      )}${route(
        'old',
        `[{matches: [{method: {service: s}}], backendRefs: ${BACKEND}}]`,
        { kind: 'GRPCRoute' },
      )}`,
    );
    expect(others).toEqual([]);
    expect(config.sources.map(({ metadata }) => metadata.name)).toEqual([
      'old',
      'young',
    ]);
    expect(config.http.map(({ value }) => value.match?.[0].uri)).toEqual([
      { exact: '/a' },
      { prefix: '/s/' },
    ]);
  });

  it('inside the mesh the host is the service’s, and the port of the reference restricts it', () => {
    const [config] = meshRouteConfigsOf(
      mesh`${GATEWAY}${route('r', `[{backendRefs: ${BACKEND}}]`, {
        parents: '[{group: "", kind: Service, name: reviews, port: 80}]',
      })}`,
    );
    expect(config).toMatchObject({
      name: 'shop~80~reviews.shop.svc.cluster.local',
      hosts: ['reviews.shop.svc.cluster.local'],
      gateways: ['mesh'],
      http: [{ value: { match: [{ port: 80 }] } }],
    });
  });

  it('a route of a service whose waypoint is another implementation’s is not Istio’s', () => {
    const snapshot = mesh`${route('r', `[{backendRefs: ${BACKEND}}]`, {
      parents: '[{group: "", kind: Service, name: reviews}]',
    })}
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop, labels: {istio.io/use-waypoint: theirs}}
spec: {clusterIP: 10.0.0.1, ports: [{name: http, port: 80}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: theirs, namespace: shop}
spec: {gatewayClassName: other, listeners: [{name: mesh, port: 15008, protocol: HBONE}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: other}
spec: {controllerName: example.com/controller}
`;
    const [object] = snapshot.list('HTTPRoute');
    expect(routeStatus(translatedRouteOf(snapshot, object))).toEqual([]);
    expect(meshRouteConfigsOf(snapshot)).toEqual([]);
  });
});

describe('what a route reports (R7.15, R7.16)', () => {
  const accepted = (parents: string, kind = 'HTTPRoute') => {
    const snapshot = mesh`
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw, namespace: infra}
spec: {gatewayClassName: istio, listeners: [{name: a, port: 80, protocol: HTTP, hostname: a.example.com, allowedRoutes: {namespaces: {from: All}}}, {name: b, port: 81, protocol: HTTP, hostname: b.example.com, allowedRoutes: {namespaces: {from: All}}}, {name: closed, port: 82, protocol: HTTP, hostname: a.example.com}]}
---${route('r', `[{backendRefs: ${BACKEND}}]`, { parents, kind })}`;
    const [object] = [
      ...snapshot.list('HTTPRoute'),
      ...snapshot.list('TCPRoute'),
    ];
    return routeStatus(translatedRouteOf(snapshot, object)).map(
      ({ conditions }) => `${conditions[0].status} ${conditions[0].reason}`,
    );
  };
  const at = (extra: string) => `[{name: gw, namespace: infra${extra}}]`;

  it('one listener that takes it is enough', () => {
    expect(accepted(at(''))).toEqual(['True Accepted']);
  });

  it('otherwise the most telling reason', () => {
    expect(accepted(at(', port: 99'))).toEqual(['False NoMatchingParent']);
    expect(accepted(at(', sectionName: b'))).toEqual([
      'False NoMatchingListenerHostname',
    ]);
    expect(accepted(at(', sectionName: closed'))).toEqual([
      'False NotAllowedByListeners',
    ]);
    expect(accepted(at(''), 'TCPRoute')).toEqual([
      'False NotAllowedByListeners',
    ]);
  });

  it('nothing about parents that Istio does not know', () => {
    expect(accepted('[{name: absent}, {kind: Bucket, name: gw}]')).toEqual([]);
  });
});
