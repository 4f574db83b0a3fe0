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
import type { Observation } from '../observation';
import type { AskedRequest } from './askedRequest';
import { requestPathView } from './requestPathView';

const MESH = `
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio-injection: enabled } }
---${serviceYaml('shop', 'cart')}${podYaml('shop', 'cart')}${serviceYaml(
  'shop',
  'beta',
)}
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec:
  hosts: [cart]
  http:
    - name: beta
      match: [{ headers: { end-user: { exact: jason } }, uri: { prefix: /beta } }]
      route: [{ destination: { host: beta } }]
    - route: [{ destination: { host: cart } }]
---`;

function way(asked: AskedRequest = {}, client?: string, more = '') {
  return requestPathView(
    entityInYaml(`${MESH}${more}`, { services: 'shop/cart' }),
    client,
    asked,
  ).services[0];
}

const EDGE = `${podYaml('shop', 'edge', { sidecar: false })
  .replace('StatefulSet', 'Deployment')
  .replace('{ name: edge, image: edge', '{ name: istio-proxy, image: edge')}
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: shop }
spec:
  selector: { app: edge }
  servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: [cart.example.com] }]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: edge, namespace: shop }
spec:
  hosts: [cart.example.com]
  gateways: [public]
  http: [{ route: [{ destination: { host: cart } }] }]
---`;

/** The default answer after these workloads were seen to call, so often each. */
function afterCalls(
  yaml: string,
  calls: readonly (readonly [workload: string, rate: number])[],
) {
  const answers = {
    requests: {
      warnings: [],
      series: calls.map(([workload, value]) => ({
        labels: {
          part: 'now',
          reporter: 'destination',
          destination_service_name: 'cart',
          destination_service_namespace: 'shop',
          source_workload: workload,
          source_workload_namespace: 'shop',
          response_code: '200',
        },
        samples: [{ at: 0, value }],
      })),
    },
  };
  return requestPathView(
    entityInYaml(yaml, {
      services: 'shop/cart',
      observation: {
        state: 'available',
        problems: [],
        answers: answers as unknown as Observation['answers'],
      },
    }),
    undefined,
    {},
  ).services[0];
}

describe('where does a request go', () => {
  it('by default: GET / of the service, from a meshed client of its namespace', () => {
    const answer = way();
    expect(answer.request).toEqual({
      host: 'cart.shop.svc.cluster.local',
      port: 8080,
      method: 'GET',
      path: '/',
      headers: [],
    });
    expect(answer.client.id).toBe('shop');
    expect(answer.verdict.state).toBe('pass');
    expect(
      answer.way.steps.find(({ stage }) => stage === 'rule')?.facts[0],
    ).toMatchObject({ object: { kind: 'VirtualService', name: 'cart' } });
  });

  it('by default from the caller that was seen to call most', () => {
    const answer = afterCalls(
      `${MESH}${podYaml('shop', 'busy').replace('StatefulSet', 'Deployment')}`,
      [
        ['cart', 1],
        ['busy', 9],
      ],
    );
    expect(answer.client.label).toBe('shop/busy');
  });

  it('by default through a gateway that was seen to call: by the host and port at which it exposes the service', () => {
    const answer = afterCalls(`${MESH}${EDGE}`, [['edge', 9]]);
    expect(answer.client).toMatchObject({ label: 'shop/edge', gateway: true });
    expect(answer.request).toMatchObject({
      host: 'cart.example.com',
      port: 80,
    });
    expect(answer.verdict.state).toBe('pass');
  });

  it('by default not through a gateway that was seen to call and exposes the service no longer', () => {
    const closed = `${MESH}${EDGE.replace('host: cart', 'host: beta')}`;
    const alone = afterCalls(closed, [['edge', 9]]);
    expect(alone.client.id).toBe('shop');
    expect(alone.verdict.state).toBe('pass');
    expect(alone.clients.map(({ label }) => label)).toContain('shop/edge');
    const busy = podYaml('shop', 'busy').replace('StatefulSet', 'Deployment');
    expect(
      afterCalls(`${closed}${busy}`, [
        ['edge', 9],
        ['busy', 1],
      ]).client.label,
    ).toBe('shop/busy');
  });

  it('by default by a host that the wildcard of the gateway takes', () => {
    const answer = afterCalls(
      `${MESH}${EDGE.replaceAll('cart.example.com', '"*.example.com"')}`,
      [['edge', 9]],
    );
    expect(answer.request.host).toBe('cart.example.com');
    expect(answer.verdict.state).toBe('pass');
  });

  it('follows path and headers to another rule, which leads to no pod', () => {
    const answer = way({ path: '/beta/1', headers: 'End-User: jason' });
    expect(answer.request.headers).toEqual([
      { name: 'end-user', value: 'jason' },
    ]);
    expect(answer.verdict.state).toBe('fail');
    expect(JSON.stringify(answer.way)).toContain('"code":503');
  });

  it('stays on the other rule when the header is missing', () => {
    expect(way({ path: '/beta/1' }).verdict.state).toBe('pass');
  });

  it('tells where a policy refuses it', () => {
    const { verdict, way: taken } = way(
      { method: 'DELETE' },
      undefined,
      `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: no-delete, namespace: shop }
spec: { action: DENY, rules: [{ to: [{ operation: { methods: [DELETE] } }] }] }`,
    );
    expect(verdict.state).toBe('fail');
    expect(JSON.stringify(taken)).toContain('no-delete');
    expect(JSON.stringify(taken)).toContain('"ending":"denied"');
  });

  it('is asked for a client without a proxy too: STRICT refuses it', () => {
    const { verdict } = way(
      {},
      'shop/none/unknown',
      `
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: shop }
spec: { mtls: { mode: STRICT } }`,
    );
    expect(verdict.state).toBe('fail');
  });

  it('refuses a malformed header, naming the line', () => {
    expect(() => way({ headers: 'a: 1\nno colon' })).toThrow(
      "Parameter headers: line 2 must be 'name: value', but is 'no colon'",
    );
  });

  it('is unknown where a kind it rests on may not be read', () => {
    const [answer] = requestPathView(
      entityInYaml(MESH, {
        services: 'shop/cart',
        status: {
          name: 'demo',
          state: 'synced',
          missingKinds: [
            {
              kind: 'AuthorizationPolicy',
              reason: 'forbidden',
              message: 'cannot list authorizationpolicies: forbidden',
            },
          ],
        },
      }),
      undefined,
      {},
    ).services;
    expect(answer.verdict).toMatchObject({
      state: 'unknown',
      reason: 'cannot list authorizationpolicies: forbidden',
    });
  });
});
