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

import { isBadEvent } from './badEvents';

const fine = { code: '200', grpcStatus: '', flags: '-' };

describe('isBadEvent', () => {
  it.each([
    ['an answer', fine, false],
    ['a 5xx', { ...fine, code: '503' }, true],
    ['a 4xx, which blames the caller', { ...fine, code: '404' }, false],
    ['no response', { ...fine, code: '0', flags: 'UF,URX' }, true],
    ['a client that hung up', { ...fine, code: '0', flags: 'DC' }, false],
    [
      'a 5xx to a client that was gone',
      { ...fine, code: '503', flags: 'UT,DC' },
      false,
    ],
    ['an empty gRPC status', { ...fine, grpcStatus: '' }, false],
    ['gRPC OK', { ...fine, grpcStatus: '0' }, false],
    ['a gRPC fault of the server', { ...fine, grpcStatus: '14' }, true],
    ['a gRPC fault of the caller', { ...fine, grpcStatus: '7' }, false],
    [
      'a 5xx that is a gRPC fault too: once',
      { ...fine, code: '503', grpcStatus: '14' },
      true,
    ],
  ])('%s', (_what, outcome, bad) => {
    expect(isBadEvent(outcome)).toBe(bad);
  });
});
