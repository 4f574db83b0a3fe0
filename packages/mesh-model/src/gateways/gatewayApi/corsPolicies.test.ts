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

import { matchesString } from '../../routing/stringMatch';
import { corsOf } from './corsPolicies';

const allowed = (allowOrigins: readonly string[], origin: string) =>
  (corsOf({ allowOrigins }).allowOrigins ?? []).some(match =>
    matchesString(match, origin),
  );

describe('CORS filters (R7.22)', () => {
  it('answers preflight requests of other origins at the proxy', () => {
    expect(
      corsOf({
        allowOrigins: ['https://a.example'],
        allowMethods: ['GET'],
        allowHeaders: [],
        allowCredentials: true,
        maxAge: 10,
      }),
    ).toEqual({
      allowOrigins: [{ exact: 'https://a.example' }],
      allowMethods: ['GET'],
      allowCredentials: true,
      maxAge: '10s',
      unmatchedPreflights: 'IGNORE',
    });
  });

  it.each([
    ['https://web.a.example', true],
    ['https://eu.web.a.example', true],
    ['https://a.example', false],
    ['http://web.a.example', false],
    ['https://webaaexample', false],
    ['https://web.a.example:8443', false],
    ['https://web.a.example.org', false],
    ['https://other.org/.a.example', true],
  ])('a wildcard inside a name is any text: %s %s', (origin, expected) => {
    expect(allowed(['https://*.a.example'], origin)).toBe(expected);
  });

  it.each([
    ['https://a.example', true],
    ['http://localhost:3000', true],
    ['http://[::1]:3000', true],
    ['https://a.example/path', false],
    ['https://a.example?query', false],
    ['a.example', false],
    ['', false],
  ])(
    'any origin is any scheme, host and port, no more: %s %s',
    (origin, expected) => {
      expect(allowed(['*'], origin)).toBe(expected);
    },
  );

  it.each([
    ['https://a.example', true],
    ['https://a.example:8443', true],
    ['https://a.example.org/path', true],
    ['https://b.example', false],
  ])('a wildcard at the end is a prefix: %s %s', (origin, expected) => {
    expect(allowed(['https://a.example*'], origin)).toBe(expected);
  });

  it('allows nothing where nothing is named', () => {
    expect(allowed([], 'https://a.example')).toBe(false);
    expect(allowed([''], '')).toBe(false);
  });
});
