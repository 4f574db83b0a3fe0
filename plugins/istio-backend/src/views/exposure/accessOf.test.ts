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

import { entityInYaml, podYaml } from '../../__testUtils__/meshYaml';
import {
  CART,
  exposure,
  GATEWAY_PODS,
  HTTPS,
  ROUTE,
} from './__testUtils__/exposureYaml';
import { exposureView } from './exposureView';

function policy(namespace: string, spec: string): string {
  return `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: guard, namespace: ${namespace} }
spec: ${spec}
---`;
}

function guarded(namespace: string, spec: string) {
  return exposure(GATEWAY_PODS, CART, HTTPS, ROUTE, policy(namespace, spec));
}

describe('who is let in', () => {
  it('is everybody where nothing restricts them, which is neither good nor bad', () => {
    const { access } = exposure(GATEWAY_PODS, CART, HTTPS, ROUTE).paths[0];
    expect(access).toMatchObject({
      gateway: {
        admits: 'everybody',
        verdict: { state: 'not-applicable' },
        policies: [],
        requestAuthentication: { state: 'none' },
      },
      service: { admits: 'yes', verdict: { state: 'pass' } },
    });
  });

  it('is nobody where the gateway denies all, and the way fails', () => {
    const { verdict, paths } = guarded(
      'istio-system',
      '{ selector: { matchLabels: { istio: ingressgateway } } }',
    );
    expect(verdict).toMatchObject({
      state: 'fail',
      reason: expect.stringMatching(
        /^Requests to https:\/\/shop.example arrive and are refused: Nobody may come in/,
      ),
    });
    expect(verdict.facts).toContainEqual(
      expect.objectContaining({
        object: expect.objectContaining({ name: 'guard' }),
      }),
    );
    expect(paths[0].access.gateway.policies).toMatchObject([
      { object: { name: 'guard' }, action: 'ALLOW', enforcedBy: 'gateway' },
    ]);
  });

  it('is not green where who may come in depends on the caller', () => {
    const { verdict, paths } = guarded(
      'istio-system',
      '{ selector: { matchLabels: { istio: ingressgateway } }, rules: [{ from: [{ source: { remoteIpBlocks: [10.0.0.0/8] } }] }] }',
    );
    expect(verdict).toMatchObject({
      state: 'unknown',
      reason: expect.stringContaining('depends on the client address'),
    });
    expect(paths[0].access.gateway.policies[0].rules[0].sentence).toBe(
      'any request from client address 10.0.0.0/8',
    );
  });

  it('fails where the service refuses the gateway, with the rule it would need', () => {
    const { verdict, paths } = guarded(
      'shop',
      '{ rules: [{ from: [{ source: { namespaces: [shop] } }] }] }',
    );
    expect(verdict).toMatchObject({
      state: 'fail',
      reason: expect.stringContaining('The service refuses the gateway'),
    });
    expect(paths[0].access.service).toMatchObject({
      admits: 'no',
      remedy: expect.stringContaining('source.namespaces'),
    });
  });

  it('says by which rule the service lets the gateway in', () => {
    const { verdict, paths } = guarded(
      'shop',
      '{ rules: [{ from: [{ source: { namespaces: [istio-system] } }] }] }',
    );
    expect(verdict.state).toBe('pass');
    expect(
      paths[0].steps.find(({ kind }) => kind === 'service-policies'),
    ).toMatchObject({
      says: expect.stringContaining('ALLOW policy shop/guard matches'),
      provenance: { path: 'spec.rules[0]' },
    });
  });

  it('fails where the gateway sends plaintext to pods that demand mutual TLS', () => {
    const { verdict } = exposure(
      GATEWAY_PODS,
      CART,
      HTTPS,
      ROUTE,
      `
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: shop }
spec: { mtls: { mode: STRICT } }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: shop }
spec: { host: cart, trafficPolicy: { tls: { mode: DISABLE } } }
---`,
    );
    expect(verdict).toMatchObject({
      state: 'fail',
      reason: expect.stringContaining('the server demands mutual TLS'),
    });
  });

  it('says that a token is needed, and whose', () => {
    const { paths, verdict } = exposure(
      GATEWAY_PODS,
      CART,
      HTTPS,
      ROUTE,
      `
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: { name: jwt, namespace: istio-system }
spec: { selector: { matchLabels: { istio: ingressgateway } }, jwtRules: [{ issuer: idp.example }] }
---`,
      policy(
        'istio-system',
        '{ selector: { matchLabels: { istio: ingressgateway } }, rules: [{ from: [{ source: { requestPrincipals: ["*"] } }] }] }',
      ),
    );
    expect(paths[0].access.gateway.requestAuthentication).toMatchObject({
      state: 'required',
      verdict: { reason: 'Every request needs a valid token of idp.example' },
    });
    expect(verdict.state).toBe('unknown');
  });

  it('is unknown where AuthorizationPolicies may not be read', () => {
    const [{ verdict, paths }] = exposureView(
      entityInYaml([GATEWAY_PODS, CART, HTTPS, ROUTE].join(''), {
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
    ).services;
    expect(verdict).toMatchObject({
      state: 'unknown',
      reason: expect.stringContaining(
        'cannot list authorizationpolicies: forbidden',
      ),
    });
    expect(paths[0].access).toMatchObject({
      gateway: { admits: 'unknown' },
      service: { admits: 'unknown' },
    });
  });

  it('is not decided by pods of the same labels to which the Service does not lead', () => {
    const { verdict, paths } = exposure(
      podYaml('edge', 'other', { labels: ', istio: ingressgateway' }),
      GATEWAY_PODS,
      CART,
      HTTPS,
      ROUTE,
      policy('edge', '{}'),
    );
    expect(verdict.state).toBe('pass');
    expect(paths[0].access.gateway.admits).toBe('everybody');
    expect(paths[0].gatewayWorkloads).toMatchObject([
      { namespace: 'istio-system', name: 'ingress' },
    ]);
  });
});
