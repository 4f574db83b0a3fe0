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

import {
  entityInYaml,
  podYaml,
  serviceYaml,
} from '../../__testUtils__/meshYaml';
import {
  CART,
  exposure,
  gateway,
  GATEWAY_PODS,
  HTTPS,
  ROUTE,
} from './__testUtils__/exposureYaml';
import { exposureView } from './exposureView';

describe('reachable from outside', () => {
  it('says in words where, through what, and what becomes of TLS', () => {
    const { verdict, paths } = exposure(GATEWAY_PODS, CART, HTTPS, ROUTE);
    expect(verdict).toMatchObject({
      state: 'pass',
      reason:
        'Reachable from outside by everybody at https://shop.example through ingress; TLS is terminated there, if its Secret exists (Secrets are not read)',
    });
    expect(paths[0].steps[1].says).toContain(
      'assumed: that the Secret shop exists',
    );
    expect(paths[0].steps.map(({ kind, state }) => [kind, state])).toEqual([
      ['gateway', 'pass'],
      ['listener', 'pass'],
      ['host', 'pass'],
      ['gateway-policies', 'not-applicable'],
      ['route', 'pass'],
      ['service', 'pass'],
      ['service-policies', 'pass'],
      ['workloads', 'pass'],
    ]);
  });

  describe('pods of the gateway that do not serve the way', () => {
    const HIDDEN = ROUTE.replace(
      'hosts: [shop',
      'exportTo: [., istio-system], hosts: [shop',
    );
    const ELSEWHERE = podYaml('edge', 'other', {
      labels: ', istio: ingressgateway',
    });
    const REMARK =
      '1 of 2 pods of the gateway (such as edge/other-1) do not serve it: VirtualService shop/cart is not exported to edge';

    it('are named; where the Service does not lead to them, callers do not meet them', () => {
      const { verdict, paths } = exposure(
        ELSEWHERE,
        GATEWAY_PODS,
        CART,
        HTTPS,
        HIDDEN,
      );
      expect(verdict.state).toBe('pass');
      expect(paths[0].addresses).toEqual(['https://shop.example']);
      expect(paths[0].steps[0]).toMatchObject({
        state: 'pass',
        says: expect.stringContaining(REMARK),
      });
    });

    it('have a Service of their own: the way is by the other', () => {
      const ofTheirs = `
apiVersion: v1
kind: Service
metadata: { name: aaa, namespace: edge }
spec:
  type: LoadBalancer
  clusterIP: 10.96.0.3
  selector: { istio: ingressgateway }
  ports: [{ name: https, port: 8444, targetPort: 443 }]
---`;
      const { verdict, paths } = exposure(
        ELSEWHERE,
        ofTheirs,
        GATEWAY_PODS,
        CART,
        HTTPS,
        HIDDEN,
      );
      expect(verdict.state).toBe('pass');
      expect(paths[0].port).toBe(443);
      expect(paths[0].steps[1].says).toContain(
        'Service istio-system/ingress (LoadBalancer)',
      );
    });

    it('stand behind the Service: it is not sure for everybody', () => {
      const unprivileged = podYaml('istio-system', 'second', {
        labels: ', istio: ingressgateway',
      }).replace(
        'image: istio/proxyv2:1.27.1',
        'image: istio/proxyv2:1.27.1, env: [{ name: ISTIO_META_UNPRIVILEGED_POD, value: "true" }]',
      );
      const direct = GATEWAY_PODS.replace(
        'port: 443, targetPort: 8443',
        'port: 443, targetPort: 443',
      );
      const { verdict, paths } = exposure(
        direct,
        unprivileged,
        CART,
        HTTPS,
        ROUTE,
      );
      expect(verdict.state).toBe('unknown');
      expect(verdict.reason).toMatch(
        /but not surely for everybody: Gateway shop\/edge: 2 of 2 pods ready; 1 of 2 pods of the gateway \(such as istio-system\/second-1\) do not serve it: .*cannot open port 443/,
      );
      expect(paths[0].steps[0].state).toBe('unknown');
    });
  });

  it('names the port at which it is reached: a server port that is a target port is that Service port (R7.4)', () => {
    const plain = gateway(
      '{ port: { number: 8080, name: http, protocol: HTTP }, hosts: [shop.example] }',
    );
    const { paths, verdict } = exposure(GATEWAY_PODS, CART, plain, ROUTE);
    expect(paths[0]).toMatchObject({
      addresses: ['http://shop.example'],
      port: 80,
      tls: 'none',
    });
    expect(verdict.reason).toContain('not encrypted');
  });

  it('is unknown where no Service leads to the listener', () => {
    const odd = gateway(
      '{ port: { number: 9999, name: http, protocol: HTTP }, hosts: [shop.example] }',
    );
    expect(exposure(GATEWAY_PODS, CART, odd, ROUTE).verdict).toMatchObject({
      state: 'unknown',
      reason: expect.stringContaining('no Service leads to its port 9999'),
    });
  });

  it('fails where no pod serves the Gateway', () => {
    expect(exposure(CART, HTTPS, ROUTE).verdict).toMatchObject({
      state: 'fail',
      reason: expect.stringContaining(
        "No pod has the labels of the Gateway's selector",
      ),
    });
  });

  it('fails where the service has no ready pod', () => {
    const { verdict } = exposure(
      GATEWAY_PODS,
      serviceYaml('shop', 'cart'),
      HTTPS,
      ROUTE,
    );
    expect(verdict).toMatchObject({
      state: 'fail',
      reason: expect.stringContaining('The service selects no pod'),
    });
  });

  it('is unknown where pods are ready in another cluster only', () => {
    const input = entityInYaml(
      [GATEWAY_PODS, serviceYaml('shop', 'cart'), HTTPS, ROUTE].join(''),
      { services: 'shop/cart' },
    );
    const [cluster] = input.clusters;
    const [{ verdict, paths }] = exposureView({
      ...input,
      clusters: [{ ...cluster, elsewhere: () => 'unless west is read' }],
    }).services;
    expect(verdict).toMatchObject({
      state: 'unknown',
      reason:
        'Requests to https://shop.example arrive and get no answer: The service selects no pod, unless west is read',
    });
    expect(paths[0].steps.at(-1)?.state).toBe('unknown');
  });

  it('says why a route does not attach, and what to write', () => {
    const { verdict, notAttached } = exposure(GATEWAY_PODS, CART, ROUTE);
    expect(verdict.state).toBe('fail');
    expect(notAttached[0]).toMatchObject({
      object: { kind: 'VirtualService', name: 'cart' },
      reason: 'Gateway shop/edge does not exist',
      remedy: expect.stringContaining('Create the Gateway'),
      provenance: { path: 'spec.gateways' },
    });
  });

  it('is neither good nor bad where nothing means to lead here', () => {
    expect(exposure(GATEWAY_PODS, CART).verdict).toMatchObject({
      state: 'not-applicable',
      reason: 'Not reachable from outside: no gateway has a route to it',
    });
  });

  it('names an Ingress that Istio serves (R7.27)', () => {
    const { verdict, paths } = exposure(
      GATEWAY_PODS,
      CART,
      `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: cart, namespace: shop, annotations: { kubernetes.io/ingress.class: istio } }
spec:
  rules:
    - host: old.example
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: cart, port: { number: 8080 } } } }] }
---`,
    );
    expect(verdict).toMatchObject({
      state: 'pass',
      reason: expect.stringContaining(
        'Reachable from outside by everybody at http://old.example through ingress',
      ),
    });
    expect(paths[0]).toMatchObject({
      api: 'ingress',
      gateway: { kind: 'Ingress', name: 'cart' },
    });
  });

  it('is unknown where Gateways may not be read', () => {
    const [answer] = exposureView(
      entityInYaml([GATEWAY_PODS, CART, HTTPS, ROUTE].join(''), {
        services: 'shop/cart',
        status: {
          name: 'demo',
          state: 'synced',
          missingKinds: [
            {
              kind: 'Gateway',
              reason: 'forbidden',
              message: 'cannot list gateways: forbidden',
            },
          ],
        },
      }),
    ).services;
    expect(answer.verdict).toMatchObject({
      state: 'unknown',
      reason: 'cannot list gateways: forbidden',
    });
  });
});
