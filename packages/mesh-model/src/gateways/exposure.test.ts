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
import { exposureOf } from '.';

const REVIEWS = { namespace: 'prod', name: 'reviews' };
const POD = `
apiVersion: v1
kind: Namespace
metadata: {name: istio-system}
---
apiVersion: v1
kind: Pod
metadata: {name: gw-1, namespace: istio-system, labels: {istio: ingressgateway}}
spec: {containers: [{name: c, image: i}]}
status: {phase: Running, conditions: [{type: Ready, status: "True"}]}
---
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: prod}
spec: {clusterIP: 10.0.0.1, ports: [{name: http, port: 80}]}
---`;
const gateway = (hosts: string) => `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: gw, namespace: istio-system}
spec: {selector: {istio: ingressgateway}, servers: [{port: {number: 443, protocol: HTTPS, name: https}, hosts: ${hosts}, tls: {mode: SIMPLE, credentialName: c}}]}
---`;
const route = (name: string, extra = '') => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: vs, namespace: prod}
spec: {hosts: [${name}], gateways: [istio-system/gw], ${extra}http: [{route: [{destination: {host: reviews}}]}]}
---`;

describe('ways from the edge to a service', () => {
  it('names gateway, port, TLS mode, the narrower host and the route', () => {
    const { paths, broken } = exposureOf(
      mesh`${POD}${gateway('["prod/*.example.com"]')}${route('a.example.com')}`,
      REVIEWS,
    );
    expect(paths).toEqual([
      expect.objectContaining({
        port: 443,
        tlsMode: 'SIMPLE',
        hosts: ['a.example.com'],
        gatewayPods: { ready: 1, total: 1 },
        problems: [],
        route: expect.objectContaining({ path: 'spec.http[0]' }),
      }),
    ]);
    expect(broken).toEqual([]);
  });

  it('finds the pods of a gateway when no Namespace can be read', () => {
    const { paths } = exposureOf(
      mesh`${POD.slice(POD.indexOf('apiVersion: v1\nkind: Pod'))}${gateway(
        '["*"]',
      )}${route('a.example.com')}`,
      REVIEWS,
    );
    expect(paths[0].gatewayPods).toEqual({ ready: 1, total: 1 });
    expect(paths[0].problems).toEqual([]);
  });

  it('S109: a server that takes hosts of another namespace only does not lead here', () => {
    const { paths, broken } = exposureOf(
      mesh`${POD}${gateway('["dev/*.example.com"]')}${route('a.example.com')}`,
      REVIEWS,
    );
    expect(paths).toEqual([]);
    expect(broken[0].why).toContain('No server of Gateway istio-system/gw');
  });

  it('R7.10: a route that the gateway’s namespace cannot see is a problem of the path', () => {
    const { paths } = exposureOf(
      mesh`${POD}${gateway('["*"]')}${route(
        'a.example.com',
        'exportTo: ["."], ',
      )}`,
      REVIEWS,
    );
    expect(paths[0].problems[0]).toContain('is not exported to istio-system');
  });

  it('R7.4: the pod of a proxy without privileges opens no port below 1024, whatever a Gateway says', () => {
    const pod = (value: string) => `
apiVersion: v1
kind: Namespace
metadata: {name: istio-system}
---
apiVersion: v1
kind: Pod
metadata: {name: gw-1, namespace: istio-system, labels: {istio: ingressgateway}}
spec: {containers: [{name: istio-proxy, image: i, env: [{name: ISTIO_META_UNPRIVILEGED_POD, value: ${value}}]}]}
status: {phase: Running, conditions: [{type: Ready, status: "True"}]}
---
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: prod}
spec: {clusterIP: 10.0.0.1, ports: [{name: http, port: 80}]}
---`;
    const problems = (value: string, port = '443') =>
      exposureOf(
        mesh`${pod(value)}${gateway('["*"]').replace('443', port)}${route(
          'a.example.com',
        )}`,
        REVIEWS,
      ).paths[0].problems;
    expect(problems('"true"')).toEqual([
      expect.stringContaining('cannot open port 443'),
    ]);
    expect(problems('"false"')).toEqual([]);
    expect(problems('"true"', '8443')).toEqual([]);
  });

  describe('pods of one selector that differ', () => {
    const pods = (other: { unprivileged: boolean; ready: boolean }) => `${POD}
apiVersion: v1
kind: Pod
metadata: {name: other-1, namespace: edge, labels: {istio: ingressgateway, app: other}}
spec: {containers: [{name: istio-proxy, image: i, env: [{name: ISTIO_META_UNPRIVILEGED_POD, value: "${
      other.unprivileged
    }"}]}]}
status: {phase: Running, conditions: [{type: Ready, status: "${
      other.ready ? 'True' : 'False'
    }"}]}
---`;
    const path = (other: Parameters<typeof pods>[0], extra = '') =>
      exposureOf(
        mesh`${pods(other)}${gateway('["*"]')}${route('a.example.com', extra)}`,
        REVIEWS,
      ).paths[0];

    it('names those at which nothing gets through, and no problem of the way', () => {
      const { problems, failingPods } = path({
        unprivileged: true,
        ready: true,
      });
      expect(problems).toEqual([]);
      expect(failingPods).toMatchObject([
        {
          pods: [{ kind: 'Pod', namespace: 'edge', name: 'other-1' }],
          problems: [expect.stringContaining('cannot open port 443')],
        },
      ]);
    });

    it('R7.10: where only one namespace sees the route, the pods of the other are named', () => {
      const { problems, failingPods } = path(
        { unprivileged: false, ready: true },
        'exportTo: [".", istio-system], ',
      );
      expect(problems).toEqual([]);
      expect(failingPods?.[0].problems).toEqual([
        expect.stringContaining('is not exported to edge'),
      ]);
    });

    it('counts none that takes no traffic', () => {
      const { problems, failingPods } = path({
        unprivileged: true,
        ready: false,
      });
      expect({ problems, failingPods }).toEqual({
        problems: [],
        failingPods: undefined,
      });
    });
  });

  it('names a gateway that does not exist', () => {
    expect(
      exposureOf(mesh`${POD}${route('a.example.com')}`, REVIEWS).broken[0].why,
    ).toBe('Gateway istio-system/gw does not exist');
  });
});

describe('ways through Gateway API', () => {
  const gatewayApi = (listener: string, parent = '') => `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: infra}
spec: {gatewayClassName: istio, listeners: [${listener}]}
---
apiVersion: v1
kind: Pod
metadata: {name: edge-1, namespace: infra, labels: {gateway.networking.k8s.io/gateway-name: edge}}
spec: {containers: [{name: c, image: i}]}
status: {phase: Running, conditions: [{type: Ready, status: "True"}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: r, namespace: web}
spec: {parentRefs: [{name: edge, namespace: infra${parent}}], hostnames: [a.example.com], rules: [{backendRefs: [{name: reviews, namespace: prod, port: 80}]}]}
---`;
  const GRANT = `
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: {name: g, namespace: prod}
spec: {from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: web}], to: [{group: "", kind: Service}]}
---`;
  const HTTP =
    '{name: http, port: 80, protocol: HTTP, hostname: "*.example.com", allowedRoutes: {namespaces: {from: All}}}';

  it('S112: a backend of another namespace needs a ReferenceGrant', () => {
    const without = exposureOf(mesh`${POD}${gatewayApi(HTTP)}`, REVIEWS);
    expect(without.paths[0].problems[0]).toContain('RefNotPermitted');
    const { paths } = exposureOf(
      mesh`${POD}${GRANT}${gatewayApi(HTTP)}`,
      REVIEWS,
    );
    expect(paths).toEqual([
      expect.objectContaining({
        port: 80,
        tlsMode: 'NONE',
        hosts: ['a.example.com'],
        gatewayPods: { ready: 1, total: 1 },
        problems: [],
      }),
    ]);
  });

  it('S114: a section with another host name refuses the route', () => {
    const { paths, broken } = exposureOf(
      mesh`${POD}${GRANT}${gatewayApi(
        '{name: http, port: 80, protocol: HTTP, hostname: b.example.com, allowedRoutes: {namespaces: {from: All}}}',
        ', sectionName: http',
      )}`,
      REVIEWS,
    );
    expect(paths).toEqual([]);
    expect(broken[0].why).toContain('NoMatchingListenerHostname');
  });

  it('S129: routes of other namespaces are refused unless the listener allows them', () => {
    const { broken } = exposureOf(
      mesh`${POD}${GRANT}${gatewayApi(
        '{name: http, port: 80, protocol: HTTP}',
      )}`,
      REVIEWS,
    );
    expect(broken[0].why).toContain('NotAllowedByListeners');
  });
});
