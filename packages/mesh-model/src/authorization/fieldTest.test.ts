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
import { compilePolicy, ruleMatches } from './compiledPolicy';
import { conditionKeyProblem } from './fieldTest';
import type { AuthorizationRequest, RequestToken } from './request';
import { resolveRequest } from './request';
import {
  audienceTest,
  claimTest,
  presenterTest,
  requestPrincipalTest,
} from './tokenPattern';

const TOKEN: RequestToken = {
  issuer: 'https://issuer/realm',
  subject: 'user',
  valid: true,
};

function resolved(
  token: Partial<RequestToken> = {},
  request: AuthorizationRequest = {},
) {
  return resolveRequest(
    { protocol: 'http', headers: {}, ...request },
    'cluster.local',
    { ...TOKEN, ...token },
  );
}

/** Does the only rule match; a dropped rule never does. */
function matches(
  action: 'ALLOW' | 'DENY',
  condition: string,
  request: AuthorizationRequest = {},
) {
  const snapshot = mesh`
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: p, namespace: foo }
spec: { action: ${action}, rules: [{ when: [${condition}] }] }
`;
  const [policy] = snapshot.list('AuthorizationPolicy', 'foo');
  const rule =
    policy && compilePolicy(policy, 'http', ['cluster.local']).rules[0];
  return rule && ruleMatches(rule, resolved({}, request));
}

describe('request principals', () => {
  it.each([
    ['*', { issuer: 'i', subject: 's' }, true],
    ['*', { issuer: 'i', subject: '' }, false],
    ['*/user', { issuer: 'any', subject: 'user' }, true],
    ['*realm/user', { subject: 'user' }, true],
    ['*realm/us*', { subject: 'user' }, false],
    ['*realm/us*', { subject: 'us*' }, true],
    ['*/*', { subject: 'user' }, false],
    ['*/*', { subject: '*' }, true],
    ['*ser', { subject: 'user' }, true],
    ['https://issuer/realm/*', { subject: 'user' }, true],
    ['https://issuer/realm/*', { subject: '' }, false],
    ['https://issuer/realm/us*', { subject: 'user' }, true],
    ['https://iss*', { subject: 'user' }, false],
    ['iss*', { issuer: 'issuer', subject: 'user' }, true],
    ['iss*', { issuer: 'issuer', subject: '' }, false],
    ['issuer', { issuer: 'issuer', subject: '' }, true],
  ])('R4.20: %s against %j: %s', (value, token, expected) => {
    expect(requestPrincipalTest(value)(resolved(token))).toBe(expected);
  });
});

describe('claims', () => {
  it('R4.22: audiences and presenter are also read from the claims', () => {
    const byClaims = resolved({
      claims: { aud: 'web', azp: ['app', 'other'] },
    });
    expect(audienceTest('web')(byClaims)).toBe(true);
    expect(presenterTest('app')(byClaims)).toBe(true);
    expect(claimTest(['aud'], 'web')(byClaims)).toBe(true);
    expect(claimTest(['azp'], 'app')(byClaims)).toBe(true);
    expect(presenterTest('none')(byClaims)).toBe(false);
  });

  it('R4.22: the parts of the token win over its claims', () => {
    const both = resolved({ audiences: ['a'], claims: { aud: 'b', iss: 'c' } });
    expect(audienceTest('b')(both)).toBe(false);
    expect(claimTest(['iss'], TOKEN.issuer)(both)).toBe(true);
  });
});

describe('headers that hold lists', () => {
  it.each([
    ['b', 'a,b,c', true],
    ['a', 'a,b', true],
    ['c', 'a,b,c', true],
    ['b', 'b', true],
    ['b', 'a,bb', false],
    ['b*', 'a,bb', true],
    ['*b', 'ab,c', true],
    ['*b', 'a,bc', false],
    ['*', 'anything', true],
    ['a,b', 'x,a,b', true],
  ])('R4.22: inline value %s against %s: %s', (value, header, expected) => {
    expect(
      matches(
        'ALLOW',
        `{ key: "request.experimental.inline.headers[x-a]", values: ["${value}"] }`,
        { headers: { 'x-a': header } },
      ),
    ).toBe(expected);
  });
});

describe('keys that istiod refuses', () => {
  it.each([
    ['request.headers[a]', undefined],
    ['request.experimental.inline.headers[a]', undefined],
    ['source.ip', undefined],
    ['foo', 'unknown attribute: foo'],
    ['request.headers', 'request.headers must have the form a[b]'],
    ['request.headers[]', 'request.headers[] must have the form a[b]'],
    ['request.auth.claims[a', 'request.auth.claims[a must have the form a[b]'],
  ])('R4.22: %s: %s', (key, problem) => {
    expect(conditionKeyProblem(key)).toBe(problem);
  });
});

describe('condition keys whose brackets are malformed', () => {
  it.each([
    'request.headers',
    'request.headersX',
    'request.auth.claims',
    'request.auth.claims[a',
    'experimental.envoy.filters.a.b',
  ])('R4.22: %s makes ALLOW drop the rule', key => {
    expect(matches('ALLOW', `{ key: "${key}", values: [x] }`)).toBe(false);
  });

  it.each([
    'request.headers',
    'request.auth.claims[a',
    'experimental.envoy.filters.a.b',
  ])('R4.22: %s is left out of a DENY rule, which then matches more', key => {
    expect(matches('DENY', `{ key: "${key}", values: [x] }`)).toBe(true);
  });

  it('R4.22: a key Istio does not know drops the rule of a DENY as well', () => {
    expect(matches('DENY', '{ key: foo.bar, values: [x] }')).toBe(false);
  });

  it('R4.22: the name of a header is all between the outer brackets', () => {
    expect(
      matches('ALLOW', '{ key: "request.headers[x[0]]", values: [v] }', {
        headers: { 'x[0]': 'v' },
      }),
    ).toBe(true);
  });

  it('R4.22: metadata is keyed by all behind the first bracket', () => {
    expect(
      matches(
        'ALLOW',
        '{ key: "experimental.envoy.filters.a.b[c[d]", values: ["[v]"] }',
        { filterMetadata: { 'envoy.filters.a.b': { 'c[d': ['u', 'v'] } } },
      ),
    ).toBe(true);
  });
});
