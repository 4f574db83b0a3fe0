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

import { entityInYaml, podYaml, serviceYaml } from '../__testUtils__/meshYaml';
import { authorizationView } from './authorizationView';

const CART = `${serviceYaml('shop', 'cart')}${podYaml('shop', 'cart')}`;

const TOKENS = `
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: { name: tokens, namespace: shop }
spec:
  jwtRules:
    - { issuer: https://issuer.example, jwksUri: https://issuer.example/keys, audiences: [cart] }
---`;

function policy(spec: string, name = 'policy'): string {
  return `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: ${name}, namespace: shop }
spec: ${spec}
---`;
}

function tokens(...yaml: string[]) {
  return authorizationView(
    entityInYaml(`${CART}${yaml.join('')}`, { services: 'shop/cart' }),
  ).workloads[0].requestAuthentication;
}

describe('tokens', () => {
  it('are not read without a RequestAuthentication', () => {
    expect(tokens()).toMatchObject({ state: 'none', issuers: [] });
  });

  it('R4.7: are checked but not required by a RequestAuthentication alone', () => {
    const { state, verdict, issuers } = tokens(TOKENS);
    expect(state).toBe('checked');
    expect(verdict).toMatchObject({
      state: 'not-applicable',
      reason:
        'Tokens of https://issuer.example are checked, but not required: a request without a token passes',
    });
    expect(issuers[0]).toMatchObject({
      audiences: ['cart'],
      enforcedBy: 'sidecar',
      keys: 'fetched from https://issuer.example/keys',
      provenance: { path: 'spec.jwtRules[0]' },
    });
  });

  it('R4.8: are looked for in the default places, unless others are named', () => {
    expect(tokens(TOKENS).issuers[0].locations).toEqual([
      'header Authorization after “Bearer”',
      'query parameter access_token',
    ]);
    expect(
      tokens(TOKENS.replace('audiences: [cart]', 'fromCookies: [session]'))
        .issuers[0].locations,
    ).toEqual(['cookie session']);
  });

  it('R4.9: are required where every ALLOW rule asks for one', () => {
    const { state, verdict, requiredBy } = tokens(
      TOKENS,
      policy(
        "{ rules: [{ from: [{ source: { requestPrincipals: ['*'] } }] }] }",
      ),
    );
    expect(state).toBe('required');
    expect(verdict.state).toBe('pass');
    expect(requiredBy).toEqual([
      expect.objectContaining({ path: 'spec.rules[0]' }),
    ]);
  });

  it('are required where whoever has none is denied', () => {
    expect(
      tokens(
        TOKENS,
        policy(
          "{ action: DENY, rules: [{ from: [{ source: { notRequestPrincipals: ['*'] } }] }] }",
        ),
      ).state,
    ).toBe('required');
  });

  it('are required for some requests only, where another rule lets the rest in', () => {
    expect(
      tokens(
        TOKENS,
        policy(
          "{ rules: [{ from: [{ source: { requestPrincipals: ['*'] } }] }, { to: [{ operation: { paths: [/healthz] } }] }] }",
        ),
      ),
    ).toMatchObject({
      state: 'required-for-some',
      verdict: { state: 'not-applicable' },
    });
  });

  it('cannot be had where a rule asks for one and nothing reads them', () => {
    expect(
      tokens(
        policy(
          "{ rules: [{ from: [{ source: { requestPrincipals: ['*'] } }] }] }",
        ),
      ).verdict,
    ).toMatchObject({
      state: 'fail',
      reason: expect.stringContaining('tokens are never read'),
    });
  });

  it('a dry run requires nothing (R4.27)', () => {
    const dry = policy(
      "{ rules: [{ from: [{ source: { requestPrincipals: ['*'] } }] }] }",
    ).replace(
      'namespace: shop }',
      "namespace: shop, annotations: { istio.io/dry-run: 'true' } }",
    );
    expect(tokens(TOKENS, dry).state).toBe('checked');
  });

  it('R4.9: ztunnel reads none, and says so', () => {
    const ambient = podYaml('shop', 'cart', { sidecar: false }).replace(
      'metadata:\n',
      'metadata:\n  annotations: { ambient.istio.io/redirection: enabled }\n',
    );
    const [answer] = authorizationView(
      entityInYaml(`${serviceYaml('shop', 'cart')}${ambient}${TOKENS}`, {
        services: 'shop/cart',
      }),
    ).workloads;
    expect(answer.requestAuthentication).toMatchObject({
      state: 'not-enforced',
      verdict: { state: 'fail' },
    });
  });

  it('are unknown where the RequestAuthentication is malformed, and it says where', () => {
    expect(
      tokens(TOKENS.replace('issuer: https://issuer.example,', 'issuer: [1],')),
    ).toMatchObject({
      state: 'unknown',
      verdict: {
        state: 'unknown',
        reason: expect.stringContaining('spec.jwtRules[0]'),
      },
    });
  });
});
