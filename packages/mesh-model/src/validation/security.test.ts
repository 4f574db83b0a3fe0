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

import { validateObject } from './validateObject';

function problems(spec: object): string[] | undefined {
  return validateObject({
    kind: 'AuthorizationPolicy',
    metadata: { namespace: 'shop' },
    spec,
  })?.errors.map(({ path }) => path);
}

function ofSource(source: object) {
  return problems({ rules: [{ from: [{ source }] }] });
}

function ofPath(path: string) {
  return problems({ rules: [{ to: [{ operation: { paths: [path] } }] }] });
}

describe('what istiod refuses of an AuthorizationPolicy', () => {
  const SOURCE = 'spec.rules[0].from[0].source';

  it('a source or an operation whose lists are all empty', () => {
    expect(ofSource({ principals: [] })).toEqual([SOURCE]);
    expect(
      problems({ rules: [{ to: [{ operation: { hosts: [] } }] }] }),
    ).toEqual(['spec.rules[0].to[0].operation']);
  });

  it('R4.16: service accounts beside principals; empty lists of them do not count', () => {
    expect(ofSource({ serviceAccounts: ['a'], principals: ['b'] })).toEqual([
      SOURCE,
    ]);
    expect(ofSource({ serviceAccounts: ['a'], principals: [] })).toEqual([]);
  });

  it.each([
    ['account', true],
    ['ns/account', true],
    ['/account', false],
    ['ns/', false],
    ['a/b/c', false],
    ['ns/*', false],
    ['a'.repeat(320), true],
    ['a'.repeat(321), false],
  ])('R4.16: service account %s is admitted: %s', (account, admitted) => {
    expect(ofSource({ serviceAccounts: [account] })).toEqual(
      admitted ? [] : [`${SOURCE}.serviceAccounts[0]`],
    );
  });

  it('R4.16: more than 16 service accounts', () => {
    const accounts = Array.from({ length: 17 }, (_, index) => `a${index}`);
    expect(ofSource({ serviceAccounts: accounts })).toEqual([
      `${SOURCE}.serviceAccounts`,
    ]);
    expect(
      problems({
        rules: [{ when: [{ key: 'source.serviceAccount', values: accounts }] }],
      }),
    ).toEqual(['spec.rules[0].when[0].values']);
  });

  it.each([
    ['/a/{*}/b', true],
    ['/a/{**}', true],
    ['//a/{*}/', true],
    ['/a*', true],
    ['/a b', true],
    ['/a//{*}', false],
    ['/a b/{*}', false],
    ['/a{b}', false],
    ['/a/{*}b', false],
    ['/{**}/{*}', false],
    ['/a*/{*}', false],
  ])('R4.21: path %s is admitted: %s', (path, admitted) => {
    expect(ofPath(path)).toEqual(
      admitted ? [] : ['spec.rules[0].to[0].operation.paths[0]'],
    );
  });

  it.each([
    ['10.0.0.0/8', true],
    ['10.0.0.0/08', false],
    ['10.0.0.0/33', false],
    ['::/0', true],
    ['10.0.0', false],
  ])('R4.18: block %s is admitted: %s', (block, admitted) => {
    expect(ofSource({ ipBlocks: [block] })).toEqual(
      admitted ? [] : [`${SOURCE}.ipBlocks[0]`],
    );
  });

  it('R4.22: a key without a name in brackets', () => {
    expect(
      problems({
        rules: [{ when: [{ key: 'request.headers', values: ['a'] }] }],
      }),
    ).toEqual(['spec.rules[0].when[0].key']);
  });
});

describe('what istiod refuses of a RequestAuthentication', () => {
  it.each([
    [{ issuer: 'a' }, true],
    [{ jwksUri: 'https://a.example:99999/keys' }, true],
    [{ jwksUri: 'https://a.example:port/keys' }, false],
    [{ jwksUri: 'ftp://a.example/keys' }, false],
    [{ jwks: '{"keys": []}' }, false],
    [{ issuer: 'a', jwks: '{"keys": []}' }, true],
    [{ issuer: 'a', jwks: '{"kty": "oct", "k": "YQ"}' }, true],
    [{ issuer: 'a', jwks: '{}' }, false],
  ])('the rule %j is admitted: %s', (rule, admitted) => {
    const result = validateObject({
      kind: 'RequestAuthentication',
      metadata: { namespace: 'shop' },
      spec: { jwtRules: [rule] },
    });
    expect(result?.errors.length === 0).toBe(admitted);
  });
});
