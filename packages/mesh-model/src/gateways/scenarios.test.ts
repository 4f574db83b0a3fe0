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

import type { MeshSnapshot } from '../snapshot';
import { mesh } from '../testing';
import {
  exposureOf,
  gatewayConfigurationOf,
  gatewayProxyOf,
  routeAtGateway,
  routeStatusOf,
  type GatewayAnswer,
  type GatewayRequest,
} from '.';

const INGRESS_GATEWAY = `
apiVersion: v1
kind: Namespace
metadata: {name: istio-system}
---
apiVersion: v1
kind: Pod
metadata: {name: gw-1, namespace: istio-system, labels: {istio: ingressgateway, app: gw}}
spec: {containers: [{name: istio-proxy, image: i}]}
status: {phase: Running, conditions: [{type: Ready, status: "True"}]}
---`;

const gateway = (name: string, servers: string, namespace = 'istio-system') => `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: ${name}, namespace: ${namespace}}
spec: {selector: {istio: ingressgateway}, servers: [${servers}]}
---`;

const httpServer = (hosts: string, tls = '') =>
  `{port: {number: 80, protocol: HTTP, name: http}, hosts: ${hosts}${tls}}`;
const httpsServer = (hosts: string) =>
  `{port: {number: 443, protocol: HTTPS, name: https}, hosts: ${hosts}, tls: {mode: SIMPLE, credentialName: c}}`;

const route = (
  name: string,
  gateways: string,
  host = 'a.example.com',
  namespace = 'istio-system',
) => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ${name}, namespace: ${namespace}}
spec: {hosts: [${host}], gateways: ${gateways}, http: [{route: [{destination: {host: reviews.prod.svc.cluster.local}}]}]}
---`;

function ask(
  snapshot: MeshSnapshot,
  request: Partial<GatewayRequest>,
  namespace = 'istio-system',
): GatewayAnswer {
  const [pod] = snapshot.list('Pod', namespace);
  return routeAtGateway(snapshot, gatewayProxyOf(snapshot, pod), {
    port: 80,
    authority: 'a.example.com',
    ...request,
  });
}

describe('Istio Gateways', () => {
  it('S105: a Gateway without VirtualService gives 404, and a port it does not declare is refused', () => {
    const snapshot = mesh`${INGRESS_GATEWAY}${gateway(
      'gw',
      httpServer('["*"]'),
    )}`;
    expect(ask(snapshot, {})).toMatchObject({
      outcome: 'no-route',
      code: 404,
      flag: 'NR',
      virtualHost: 'blackhole:80',
    });
    expect(ask(snapshot, { port: 81 })).toMatchObject({
      outcome: 'no-listener',
    });
  });

  it('S106: httpsRedirect on one of two Gateways redirects every request for the host', () => {
    const snapshot = mesh`${INGRESS_GATEWAY}${gateway(
      'alpha',
      httpServer('[a.example.com]', ', tls: {httpsRedirect: true}'),
    )}${gateway('beta', httpServer('[a.example.com]'))}${route(
      'vs',
      '[beta]',
    )}`;
    expect(ask(snapshot, {})).toMatchObject({
      outcome: 'redirected',
      code: 301,
    });
  });

  it('S107: of TCP and HTTP on one port the older wins, and the loser is named', () => {
    const snapshot = mesh`${INGRESS_GATEWAY}${gateway(
      'alpha',
      '{port: {number: 80, protocol: TCP, name: tcp}, hosts: ["*"]}',
    )}${gateway('beta', httpServer('["*"]'))}${route('vs', '[beta]')}`;
    const answer = ask(snapshot, {});
    expect(answer.outcome).toBe('no-listener');
    expect(answer.skipped).toEqual([
      expect.objectContaining({
        object: expect.objectContaining({ name: 'beta' }),
        says: expect.stringContaining('istio-system/alpha already listens'),
      }),
    ]);
  });

  it('S108: the second Gateway with the same TLS host is skipped; ./* of two namespaces is a conflict nobody saw', () => {
    const twice = mesh`${INGRESS_GATEWAY}${gateway(
      'alpha',
      httpsServer('[a.example.com]'),
    )}${gateway('beta', httpsServer('[a.example.com]'))}${route(
      'vs',
      '[beta]',
    )}`;
    expect(
      ask(twice, { port: 443, tls: true, serverName: 'a.example.com' }),
    ).toMatchObject({
      outcome: 'no-route',
      server: { object: { name: 'alpha' } },
    });
    const conflicting = mesh`${INGRESS_GATEWAY}${gateway(
      'alpha',
      httpsServer('["./*"]'),
    )}${gateway('beta', httpsServer('["./*"]'), 'shop')}`;
    expect(
      ask(conflicting, { port: 443, tls: true, serverName: 'a.example.com' })
        .outcome,
    ).toBe('conflict');
  });

  it('S109: hosts of one namespace are not for VirtualServices of another', () => {
    const with1 = (namespace: string) =>
      ask(
        mesh`${INGRESS_GATEWAY}${gateway(
          'gw',
          httpServer('["ns-1/*.example.com"]'),
        )}${route('vs', '[istio-system/gw]', 'a.example.com', namespace)}`,
        {},
      );
    expect(with1('ns-1').outcome).toBe('routed');
    expect(with1('ns-2')).toMatchObject({ outcome: 'no-route', code: 404 });
  });

  it('S110: the pods listen on the target port of their Service, unless its label turns that off', () => {
    const service = (labels: string) => `
apiVersion: v1
kind: Service
metadata: {name: gw, namespace: istio-system, labels: ${labels}}
spec: {clusterIP: 10.0.0.1, selector: {app: gw}, ports: [{name: http, port: 80, targetPort: 8080}]}
---`;
    const asked = (labels: string) =>
      ask(
        mesh`${INGRESS_GATEWAY}${service(labels)}${gateway(
          'gw',
          httpServer('["*"]'),
        )}${route('vs', '[gw]')}`,
        {},
      );
    expect(asked('{}')).toMatchObject({ listenPort: 8080, outcome: 'routed' });
    expect(
      asked('{experimental.istio.io/disable-gateway-port-translation: "true"}'),
    ).toMatchObject({ listenPort: 80, outcome: 'routed' });
  });

  it('S111: pods of a managed Gateway of Gateway API take no Istio Gateway of another namespace', () => {
    const edge = (namespace: string) => mesh`
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: ns-a}
spec: {gatewayClassName: istio, listeners: [{name: http, port: 80, protocol: HTTP}]}
---
apiVersion: v1
kind: Service
metadata: {name: edge-istio, namespace: ns-a}
spec: {clusterIP: 10.0.0.1, selector: {gateway.networking.k8s.io/gateway-name: edge}, ports: [{name: http, port: 80, targetPort: 80}]}
---
apiVersion: v1
kind: Pod
metadata: {name: edge-1, namespace: ns-a, labels: {istio: ingressgateway, gateway.networking.k8s.io/gateway-name: edge}}
spec: {containers: [{name: istio-proxy, image: i}]}
---${gateway('own', httpsServer('[a.example.com]'), namespace)}`;
    const configuration = (snapshot: MeshSnapshot) => {
      const [pod] = snapshot.list('Pod', 'ns-a');
      return gatewayConfigurationOf(snapshot, gatewayProxyOf(snapshot, pod));
    };
    const foreign = configuration(edge('ns-b'));
    expect(foreign.servers.map(({ object }) => object.kind)).toEqual([
      'K8sGateway',
    ]);
    expect(foreign.dropped[0].why).toContain('managed Gateway ns-a/edge');
    expect(configuration(edge('ns-a')).servers).toHaveLength(2);
  });
});

const edgeGateway = (listeners: string) => `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: infra}
spec: {gatewayClassName: istio, listeners: [${listeners}]}
---
apiVersion: v1
kind: Service
metadata: {name: edge-istio, namespace: infra}
spec: {clusterIP: 10.0.0.1, selector: {gateway.networking.k8s.io/gateway-name: edge}, ports: [{name: http, port: 80, targetPort: 80}]}
---
apiVersion: v1
kind: Pod
metadata: {name: edge-1, namespace: infra, labels: {gateway.networking.k8s.io/gateway-name: edge}}
spec: {containers: [{name: istio-proxy, image: i}]}
---
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: prod}
spec: {clusterIP: 10.0.0.2, ports: [{name: http, port: 80}]}
---`;
const listener = (name: string, hostname: string) =>
  `{name: ${name}, port: 80, protocol: HTTP, hostname: "${hostname}", allowedRoutes: {namespaces: {from: All}}}`;
const httpRoute = (
  backends: string,
  parent = '{name: edge, namespace: infra}',
) => `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: r, namespace: web}
spec: {parentRefs: [${parent}], hostnames: [a.example.com], rules: [{backendRefs: [${backends}]}]}
---`;
const REVIEWS = '{name: reviews, namespace: prod, port: 80}';

function statusOf(snapshot: MeshSnapshot) {
  const [object] = snapshot.list('HTTPRoute');
  return Object.fromEntries(
    routeStatusOf(snapshot, object)[0].conditions.map(
      ({ type, status, reason }) => [type, `${status} ${reason}`],
    ),
  );
}

describe('Gateway API', () => {
  it('S112: a backend of another namespace without ReferenceGrant is 500 at a Gateway, and works inside the mesh', () => {
    const edge = mesh`${edgeGateway(listener('http', '*'))}${httpRoute(
      REVIEWS,
    )}`;
    expect(ask(edge, {}, 'infra')).toMatchObject({
      outcome: 'answered',
      code: 500,
    });
    expect(statusOf(edge)).toEqual({
      Accepted: 'True Accepted',
      ResolvedRefs: 'False RefNotPermitted',
    });
    const inside = mesh`${edgeGateway(listener('http', '*'))}${httpRoute(
      REVIEWS,
      '{group: "", kind: Service, name: reviews, namespace: prod}',
    )}`;
    expect(statusOf(inside)).toEqual({
      Accepted: 'True Accepted',
      ResolvedRefs: 'True ResolvedRefs',
    });
  });

  it('S113: all weights zero is 500', () => {
    const snapshot = mesh`${edgeGateway(listener('http', '*'))}${httpRoute(
      '{name: reviews, port: 80, weight: 0}',
    )}`;
    expect(ask(snapshot, {}, 'infra')).toMatchObject({
      outcome: 'answered',
      code: 500,
      route: { path: 'spec.rules[0]' },
    });
  });

  it('S114: a section with another host name refuses the route: NoMatchingListenerHostname', () => {
    const snapshot = mesh`${edgeGateway(
      listener('http', 'b.example.com'),
    )}${httpRoute(
      REVIEWS,
      '{name: edge, namespace: infra, sectionName: http}',
    )}`;
    expect(statusOf(snapshot).Accepted).toBe(
      'False NoMatchingListenerHostname',
    );
    expect(ask(snapshot, {}, 'infra')).toMatchObject({ code: 404 });
  });

  it('S115: a route of two listeners on one port is served on the one that names its host more closely', () => {
    const snapshot = mesh`${edgeGateway(
      `${listener('wide', '*.example.com')}, ${listener(
        'close',
        'a.example.com',
      )}`,
    )}${httpRoute(REVIEWS)}`;
    const { paths } = exposureOf(snapshot, {
      namespace: 'prod',
      name: 'reviews',
    });
    expect(paths.map(({ server, hosts }) => ({ server, hosts }))).toEqual([
      { server: 1, hosts: ['a.example.com'] },
    ]);
    const [pod] = snapshot.list('Pod', 'infra');
    const { configsOf } = gatewayConfigurationOf(
      snapshot,
      gatewayProxyOf(snapshot, pod),
    );
    expect(
      ['wide', 'close'].map(
        name =>
          configsOf(`infra/edge~istio-autogenerated-k8s-gateway~${name}`)
            .length,
      ),
    ).toEqual([0, 1]);
  });
});

const meshConfig = (mode: string) => `
apiVersion: v1
kind: ConfigMap
metadata: {name: istio, namespace: istio-system}
data: {mesh: "ingressControllerMode: ${mode}"}
---`;
const ingress = (name: string, options: string, created = '2024-01-01') => `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: ${name}, namespace: prod, creationTimestamp: ${created}T00:00:00Z${
  options.includes('annotations') ? `, ${options}` : ''
}}
spec: {${
  options.includes('annotations') || options === '' ? '' : `${options}, `
}rules: [{host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: reviews, port: {number: 80}}}}]}}]}
---`;
const ISTIO_CLASS = `
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: mesh}
spec: {controller: istio.io/ingress-controller}
---`;
const NGINX = 'annotations: {kubernetes.io/ingress.class: nginx}';

describe('Ingress', () => {
  const served = (mode: string, options: string) => {
    const snapshot = mesh`${INGRESS_GATEWAY}${meshConfig(
      mode,
    )}${ISTIO_CLASS}${ingress('i', options)}`;
    return {
      outcome: ask(snapshot, {}).outcome,
      exposure: exposureOf(snapshot, { namespace: 'prod', name: 'reviews' }),
    };
  };

  it('S116: class nginx is ignored; an IngressClass of Istio counts in STRICT; without a class only DEFAULT serves it', () => {
    const nginx = served('DEFAULT', NGINX);
    expect(nginx.outcome).toBe('no-listener');
    expect(nginx.exposure.broken[0].why).toContain("nginx is not Istio's");
    expect(served('STRICT', 'ingressClassName: mesh').outcome).toBe('routed');
    expect(served('DEFAULT', '').outcome).toBe('routed');
    const strict = served('STRICT', '');
    expect(strict.outcome).toBe('no-listener');
    expect(strict.exposure.broken[0].why).toContain('It names no class');
    expect(served('OFF', 'ingressClassName: mesh').outcome).toBe('no-listener');
  });

  it('S117: of two Ingresses with one TLS host the alphabetically first owns the name; if the other is older, HTTPS is 404', () => {
    const TLS =
      'ingressClassName: mesh, tls: [{hosts: [a.example.com], secretName: s}]';
    const snapshot = mesh`${INGRESS_GATEWAY}${ISTIO_CLASS}${ingress(
      'alpha',
      TLS,
      '2024-02-02',
    )}${ingress('beta', TLS, '2024-01-01')}`;
    expect(ask(snapshot, {})).toMatchObject({ outcome: 'routed' });
    expect(
      ask(snapshot, { port: 443, tls: true, serverName: 'a.example.com' }),
    ).toMatchObject({ outcome: 'no-route', code: 404 });
    const { paths, broken } = exposureOf(snapshot, {
      namespace: 'prod',
      name: 'reviews',
    });
    expect(new Set(paths.map(({ port }) => port))).toEqual(new Set([80]));
    expect(broken[0].why).toContain('HTTPS requests for a.example.com get 404');
  });
});
