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

import { headersInWords } from './headerWords';

describe('what a rule does to headers', () => {
  it('is told one change at a time, request before response', () => {
    expect(
      headersInWords({
        headers: {
          request: { set: { 'x-stage': 'beta' }, remove: ['cookie'] },
          response: { add: { 'x-served-by': 'mesh' } },
        },
      }),
    ).toEqual([
      'sets request header x-stage: beta',
      'removes request header cookie',
      'adds response header x-served-by: mesh',
    ]);
  });

  it('names the destination where only that one does it', () => {
    expect(
      headersInWords({
        route: [
          {
            destination: { host: 'cart', subset: 'v2' },
            headers: { request: { set: { 'x-canary': 'yes' } } },
          },
        ],
      }),
    ).toEqual([
      'sets request header x-canary: yes (only towards cart, subset v2)',
    ]);
  });

  it('R5.27: setting the host changes the name under which requests are sent', () => {
    expect(
      headersInWords({
        headers: { request: { set: { ':authority': 'cart.internal' } } },
      }),
    ).toEqual(['sends requests to the host name cart.internal']);
  });

  it('is nothing where nothing is written', () => {
    expect(headersInWords({})).toEqual([]);
  });
});
