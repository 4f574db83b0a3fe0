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

import { externalAuthorizersOf } from './externalAuthorizers';

function isUsable(settings: object): boolean {
  const [authorizer] = externalAuthorizersOf([
    {
      name: 'opa',
      envoyExtAuthzHttp: { service: 'opa.ns', port: 80, ...settings },
    },
  ]);
  return authorizer?.invalid === undefined;
}

describe('external authorizers', () => {
  it.each([
    ['403', true],
    ['', true],
    ['226', true],
    ['308', true],
    ['511', true],
    ['306', false],
    ['418', false],
    ['450', false],
    ['509', false],
    ['999', false],
    ['4e2', false],
    ['four', false],
  ])('R4.25: statusOnError %s is usable: %s', (statusOnError, usable) => {
    expect(isUsable({ statusOnError })).toBe(usable);
  });

  it('R4.25: needs a service, a port in range, and a path that begins with /', () => {
    expect(isUsable({})).toBe(true);
    expect(isUsable({ service: '' })).toBe(false);
    expect(isUsable({ port: 0 })).toBe(false);
    expect(isUsable({ port: 65536 })).toBe(false);
    expect(isUsable({ pathPrefix: 'check' })).toBe(false);
    expect(isUsable({ pathPrefix: '/check' })).toBe(true);
  });

  it.each([
    'includeRequestHeadersInCheck',
    'includeHeadersInCheck',
    'headersToDownstreamOnDeny',
    'headersToDownstreamOnAllow',
    'headersToUpstreamOnAllow',
  ])('R4.25: %s takes prefixes and suffixes, and no * alone', field => {
    expect(isUsable({ [field]: ['x-*', '*-id'] })).toBe(true);
    expect(isUsable({ [field]: ['x-user', '*'] })).toBe(false);
  });

  it('R4.25: a name that stands twice is the name of none', () => {
    const settings = { service: 'opa.ns', port: 80 };
    const authorizers = externalAuthorizersOf([
      { name: 'opa', envoyExtAuthzGrpc: settings },
      { name: 'opa', envoyExtAuthzHttp: settings },
      { name: 'other', envoyExtAuthzHttp: settings },
    ]);
    expect(
      authorizers.map(({ name, invalid }) => [name, invalid !== undefined]),
    ).toEqual([
      ['opa', true],
      ['other', false],
    ]);
  });
});
