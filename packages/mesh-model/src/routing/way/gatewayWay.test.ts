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

import { istiodYaml } from '../../testing';
import type { Client } from '../../membership';
import type { WayRequest } from '.';
import {
  istio,
  policy,
  REVIEWS,
  way,
  stages,
  ends,
  THROUGH_WAYPOINT,
} from './__testUtils__/wayMesh';

describe('a request that arrives at a gateway', () => {
  const GATEWAY = `
apiVersion: v1
kind: Pod
metadata: {name: gw-1, namespace: istio-system, labels: {istio: ingressgateway}}
spec: {serviceAccountName: gw, containers: [{name: istio-proxy, image: p}]}
status: {phase: Running, conditions: [{type: Ready, status: "True"}]}
---
apiVersion: v1
kind: Service
metadata: {name: istio-ingressgateway, namespace: istio-system}
spec: {clusterIP: 10.0.0.8, selector: {istio: ingressgateway}, ports: [{name: http2, port: 80, targetPort: 8080}]}
---${istio(
    'Gateway',
    'gw',
    '{selector: {istio: ingressgateway}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["shop.example.com"]}]}',
  )}`;
  const ROUTE = istio(
    'VirtualService',
    'edge',
    '{hosts: [shop.example.com], gateways: [gw], http: [{match: [{uri: {prefix: /reviews}}], route: [{destination: {host: reviews}}]}]}',
  );
  const EDGE: Client = {
    namespace: 'istio-system',
    labels: { istio: 'ingressgateway' },
    serviceAccount: 'gw',
    proxy: 'gateway',
  };
  const at = (yaml: string, request: Partial<WayRequest> = {}) =>
    way(
      `${REVIEWS}${GATEWAY}${yaml}`,
      { host: 'shop.example.com', path: '/reviews/1', ...request },
      EDGE,
    );

  it('passes listener, policies, virtual host and rule, and is sent on with mutual TLS', () => {
    const found = at(ROUTE);
    expect(stages(found).slice(0, 4)).toEqual([
      'listener pass',
      'authorization pass',
      'virtual-host pass',
      'rule pass',
    ]);
    expect(found.ending).toBe('delivered');
    // It arrived at the gateway in plaintext.
    expect(found.outcome?.encrypted).toBe(false);
  });

  it('is taken by the Gateway that names its host, of several that share a port', () => {
    const other = istio(
      'Gateway',
      'a-first',
      '{selector: {istio: ingressgateway}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["other.example.com", "*"]}]}',
    );
    const found = at(`${other}${ROUTE}`);
    expect(found.steps[0].at).toMatchObject({ kind: 'Gateway', name: 'gw' });
    expect(found.ending).toBe('delivered');
  });

  it('gets 404 for a host or a path without a route', () => {
    expect(ends(at(ROUTE, { host: 'other.example.com' }))).toEqual([
      [100, 'failed', 404, 'NR'],
    ]);
    expect(ends(at(ROUTE, { path: '/' }))).toEqual([
      [100, 'failed', 404, 'NR'],
    ]);
    expect(ends(at(''))).toEqual([[100, 'failed', 404, 'NR']]);
  });

  it('is taken to speak TLS where the gateway takes nothing else', () => {
    const https = ROUTE.replace('gateways: [gw]', 'gateways: [gw, tls]');
    const found = at(
      `${https}${istio(
        'Gateway',
        'tls',
        '{selector: {istio: ingressgateway}, servers: [{port: {number: 443, name: https, protocol: HTTPS}, tls: {mode: SIMPLE, credentialName: c}, hosts: ["shop.example.com"]}]}',
      )}`,
      { port: 443 },
    );
    expect(found.assumed).toContain(
      'The port takes TLS: the caller speaks TLS itself',
    );
    expect(found.outcome).toMatchObject({
      ending: 'delivered',
      encrypted: true,
    });
  });

  describe('and is judged by the address of its client (R7.11)', () => {
    const ONLY_OFFICE = policy(
      'AuthorizationPolicy',
      'office',
      '{selector: {matchLabels: {istio: ingressgateway}}, action: ALLOW, rules: [{from: [{source: {remoteIpBlocks: ["192.0.2.0/24"]}}]}]}',
      'istio-system',
    );
    const OFFICE = '192.0.2.7';
    const trusting = (proxies: number) => `
apiVersion: v1
kind: ConfigMap
metadata: {name: istio, namespace: istio-system}
data: {mesh: 'defaultConfig: {gatewayTopology: {numTrustedProxies: ${proxies}}}'}
---`;
    const asked = (proxies: number | undefined, forwarded: string) =>
      at(
        `${ROUTE}${ONLY_OFFICE}${
          proxies === undefined ? '' : trusting(proxies)
        }`,
        { headers: { 'X-Forwarded-For': forwarded } },
      );

    it('R7.11: is the address that as many proxies as are trusted have put into X-Forwarded-For', () => {
      expect(asked(1, `203.0.113.1, ${OFFICE}`).ending).toBe('delivered');
      expect(asked(1, `${OFFICE}, 203.0.113.1`).ending).toBe('denied');
      expect(asked(2, `${OFFICE}, 203.0.113.1`).ending).toBe('delivered');
    });

    it('R7.11: is the direct peer, which is not known, where no proxy is trusted or too few have added an address', () => {
      for (const found of [asked(undefined, OFFICE), asked(0, OFFICE)]) {
        expect(found.ending).toBe('unknown');
        expect(found.outcome?.says).toMatch(/direct peer/);
      }
      expect(asked(2, OFFICE).ending).toBe('unknown');
    });

    it('R7.11: an annotation of the gateway’s pods wins over the mesh, and is named', () => {
      const annotated = GATEWAY.replace(
        'labels: {istio: ingressgateway}}',
        `labels: {istio: ingressgateway}, annotations: {proxy.istio.io/config: "gatewayTopology: {numTrustedProxies: 2}"}}`,
      );
      const found = (forwarded: string) =>
        way(
          `${REVIEWS}${annotated}${ROUTE}${ONLY_OFFICE}`,
          {
            host: 'shop.example.com',
            path: '/reviews/1',
            headers: { 'x-forwarded-for': forwarded },
          },
          EDGE,
        );
      expect(found(`${OFFICE}, 203.0.113.1`).ending).toBe('delivered');
      expect(
        found('').steps.find(({ stage }) => stage === 'authorization'),
      ).toMatchObject({
        state: 'unknown',
        facts: expect.arrayContaining([
          expect.objectContaining({
            path: 'spec.template.metadata.annotations[proxy.istio.io/config]',
          }),
        ]),
      });
    });
  });

  it('R7.11: tells what applications learn of the certificate that a client shows', () => {
    const mutual = `${istio(
      'Gateway',
      'mutual',
      '{selector: {istio: ingressgateway}, servers: [{port: {number: 443, name: https, protocol: HTTPS}, tls: {mode: MUTUAL, credentialName: c}, hosts: ["shop.example.com"]}]}',
    )}${ROUTE.replace('gateways: [gw]', 'gateways: [mutual]')}`;
    expect(at(mutual, { port: 443 }).steps[0].says).toMatch(
      /x-forwarded-client-cert: SANITIZE_SET/,
    );
    expect(at(ROUTE).steps[0].says).not.toMatch(/x-forwarded-client-cert/);
  });

  it('is refused on a port that nothing listens on', () => {
    expect(ends(at(ROUTE, { port: 81 }))).toEqual([
      [100, 'failed', undefined, undefined],
    ]);
  });

  it('is denied by a policy of the gateway', () => {
    expect(
      at(
        `${ROUTE}${policy(
          'AuthorizationPolicy',
          'edge',
          '{selector: {matchLabels: {istio: ingressgateway}}, action: DENY, rules: [{to: [{operation: {paths: ["/reviews*"]}}]}]}',
          'istio-system',
        )}`,
      ).outcome,
    ).toMatchObject({ ending: 'denied', code: 403, at: { name: 'gw' } });
  });

  it('goes through the waypoint of the service only when the service asks for it', () => {
    const edge = `${GATEWAY}${ROUTE}`;
    const asked = (label: string, istiod = '') =>
      way(
        `${edge}${istiod}${THROUGH_WAYPOINT.replace(
          'istio.io/use-waypoint: wp',
          `istio.io/use-waypoint: wp${label}`,
        )}`,
        { host: 'shop.example.com', path: '/reviews/1' },
        EDGE,
      ).steps.find(({ stage }) => stage === 'waypoint')?.state;
    expect(asked('')).toBe('not-applicable');
    const yes = ', istio.io/ingress-use-waypoint: "true"';
    expect(asked(yes)).toBe('pass');
    const switchedOff = istiodYaml({
      env: { ENABLE_INGRESS_WAYPOINT_ROUTING: 'false' },
    });
    expect(asked(yes, switchedOff)).toBe('not-applicable');
  });
});

describe('a request that arrives at a gateway of Gateway API', () => {
  const GATEWAY = `
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: istio}
spec: {controllerName: istio.io/gateway-controller}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: shop}
spec: {gatewayClassName: istio, listeners: [{name: http, port: 80, protocol: HTTP, hostname: shop.example.com}]}
status: {addresses: [{type: IPAddress, value: 10.0.0.9}]}
---
apiVersion: v1
kind: Service
metadata: {name: edge-istio, namespace: shop}
spec: {clusterIP: 10.0.0.7, selector: {gateway.networking.k8s.io/gateway-name: edge}, ports: [{name: http, port: 80, targetPort: 80}]}
---
apiVersion: v1
kind: Pod
metadata: {name: edge-1, namespace: shop, labels: {gateway.networking.k8s.io/gateway-name: edge}}
spec: {serviceAccountName: edge-istio, containers: [{name: istio-proxy, image: p, ports: [{containerPort: 80}]}]}
status: {phase: Running, conditions: [{type: Ready, status: "True"}]}
---`;
  const route = (rules: string) => `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: edge, namespace: shop}
spec: {parentRefs: [{name: edge}], hostnames: [shop.example.com], rules: ${rules}}
---`;
  const EDGE: Client = {
    namespace: 'shop',
    labels: {},
    serviceAccount: 'edge-istio',
    proxy: 'gateway',
    gateway: { kind: 'K8sGateway', namespace: 'shop', name: 'edge' },
  };
  const at = (yaml: string, path: string) =>
    way(
      `${REVIEWS}${GATEWAY}${yaml}`,
      { host: 'shop.example.com', path },
      EDGE,
    );

  it('is routed by segments of its path, and the prefix is replaced as a whole', () => {
    const yaml = `${route(
      '[{matches: [{path: {type: PathPrefix, value: /api}}], filters: [{type: URLRewrite, urlRewrite: {path: {type: ReplacePrefixMatch, replacePrefixMatch: /}}}], backendRefs: [{name: reviews, port: 80}]}]',
    )}${policy(
      'AuthorizationPolicy',
      'one-path',
      '{selector: {matchLabels: {app: reviews}}, rules: [{to: [{operation: {paths: [/x]}}]}]}',
    )}`;
    expect(at(yaml, '/api/x').ending).toBe('delivered');
    expect(ends(at(yaml, '/apix'))).toEqual([[100, 'failed', 404, 'NR']]);
  });

  it('gets 500 from a backend that does not exist', () => {
    expect(
      ends(at(route('[{backendRefs: [{name: nowhere, port: 80}]}]'), '/')),
    ).toEqual([[100, 'failed', 500, undefined]]);
  });
});

describe('a request that leaves through an egress gateway', () => {
  const EGRESS = `
apiVersion: v1
kind: Pod
metadata: {name: egress-1, namespace: istio-system, labels: {istio: egressgateway, security.istio.io/tlsMode: istio}}
spec: {serviceAccountName: egress, containers: [{name: istio-proxy, image: p, ports: [{containerPort: 8080}]}]}
status: {phase: Running, conditions: [{type: Ready, status: "True"}]}
---
apiVersion: v1
kind: Service
metadata: {name: egress, namespace: istio-system}
spec: {clusterIP: 10.0.0.6, selector: {istio: egressgateway}, ports: [{name: http2, port: 80, targetPort: 8080}]}
---${istio(
    'ServiceEntry',
    'api',
    '{hosts: [api.example.com], resolution: DNS, location: MESH_EXTERNAL, ports: [{number: 80, name: http, protocol: HTTP}, {number: 443, name: https, protocol: HTTPS}]}',
  )}${istio(
    'VirtualService',
    'api',
    '{hosts: [api.example.com], gateways: [mesh, egress], http: [{match: [{gateways: [mesh], port: 80}], route: [{destination: {host: egress.istio-system.svc.cluster.local, port: {number: 80}}}]}, {match: [{gateways: [egress], port: 80}], route: [{destination: {host: api.example.com, port: {number: 443}}}]}]}',
  )}`;
  const gateway = (server: string) =>
    istio(
      'Gateway',
      'egress',
      `{selector: {istio: egressgateway}, servers: [${server}]}`,
    );
  const mutual = istio(
    'DestinationRule',
    'egress',
    '{host: egress.istio-system.svc.cluster.local, trafficPolicy: {tls: {mode: ISTIO_MUTUAL, sni: api.example.com}}}',
  );
  const origination = istio(
    'DestinationRule',
    'api',
    '{host: api.example.com, trafficPolicy: {portLevelSettings: [{port: {number: 443}, tls: {mode: SIMPLE}}]}}',
    { namespace: 'istio-system' },
  );
  const leaving = (yaml: string) =>
    way(`${EGRESS}${yaml}`, { host: 'api.example.com' });

  it('passes the gateway as what it has become there, and leaves with the TLS of the gateway', () => {
    const found = leaving(
      `${gateway(
        '{port: {number: 80, name: https, protocol: HTTPS}, tls: {mode: ISTIO_MUTUAL}, hosts: [api.example.com]}',
      )}${mutual}${origination}`,
    );
    expect(found.ending).toBe('outside');
    expect(
      found.steps
        .filter(({ stage }) => stage === 'destination')
        .map(({ says }) => says),
    ).toEqual([
      'Sent to egress.istio-system.svc.cluster.local:80',
      'Sent to api.example.com:443',
    ]);
    expect(
      found.steps.filter(({ stage }) => stage === 'client-tls').at(-1)?.says,
    ).toBe(
      'DestinationRule istio-system/api sets TLS mode SIMPLE. Only a certificate for the host of the request is accepted (from Istio 1.21 on)',
    );
  });

  it('is reset where the gateway waits for plaintext and gets mutual TLS', () => {
    expect(
      ends(
        leaving(
          `${gateway(
            '{port: {number: 80, name: http, protocol: HTTP}, hosts: [api.example.com]}',
          )}${mutual}`,
        ),
      ),
    ).toEqual([[100, 'failed', undefined, 'NR']]);
  });

  it('ends where the routes of gateways lead in a circle', () => {
    const round = way(
      `${EGRESS}${gateway(
        '{port: {number: 80, name: https, protocol: HTTPS}, tls: {mode: ISTIO_MUTUAL}, hosts: [round.example.com]}',
      )}${istio(
        'DestinationRule',
        'egress',
        '{host: egress.istio-system.svc.cluster.local, trafficPolicy: {tls: {mode: ISTIO_MUTUAL, sni: round.example.com}}}',
        { namespace: 'istio-system' },
      )}${istio(
        'VirtualService',
        'round',
        '{hosts: [round.example.com], gateways: [mesh, egress], http: [{route: [{destination: {host: egress.istio-system.svc.cluster.local, port: {number: 80}}}]}]}',
      )}`,
      { host: 'round.example.com' },
    );
    expect(round.outcome?.says).toContain('lead in a circle');
  });
});
