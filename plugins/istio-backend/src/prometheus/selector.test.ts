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

import fc from 'fast-check';
import { parser } from '@prometheus-io/lezer-promql';
import { escapeRegex, quote, selector } from './selector';

function selectorsIn(query: string): { selectors: number; errors: number } {
  let selectors = 0;
  let errors = 0;
  parser.parse(query).iterate({
    enter(node) {
      if (node.name === 'VectorSelector') selectors += 1;
      if (node.type.isError) errors += 1;
    },
  });
  return { selectors, errors };
}

describe('selector', () => {
  it('writes equality and alternatives', () => {
    expect(
      selector('istio_requests_total', [
        {
          label: 'reporter',
          operator: '=~',
          value: ['destination', 'waypoint'],
        },
        { label: 'destination_service_name', operator: '=', value: 'reviews' },
      ]),
    ).toBe(
      'istio_requests_total{reporter=~"destination|waypoint",destination_service_name="reviews"}',
    );
  });

  it('takes values in alternatives literally, and patterns of ours as they are', () => {
    expect(
      selector('m', [
        {
          label: 'response_code',
          operator: '=~',
          value: [{ pattern: '5..' }, '0'],
        },
        { label: 'destination_service_name', operator: '=~', value: ['a.*b'] },
      ]),
    ).toBe(
      'm{response_code=~"5..|0",destination_service_name=~"a\\\\.\\\\*b"}',
    );
  });

  it('appends the configured scope', () => {
    expect(selector('m', [], ['job="istio"'])).toBe('m{job="istio"}');
  });

  it('refuses a list where one value is meant', () => {
    expect(() =>
      selector('m', [{ label: 'pod', operator: '=', value: ['a', 'b'] }]),
    ).toThrow('Matcher pod= takes one value');
  });

  it('is exactly one selector for any value', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.array(fc.string({ unit: 'binary' }), { minLength: 1 }),
        (value, list) => {
          const query = selector('istio_requests_total', [
            { label: 'destination_service_name', operator: '=', value },
            { label: 'source_workload', operator: '=~', value: list },
          ]);
          expect(selectorsIn(query)).toEqual({ selectors: 1, errors: 0 });
        },
      ),
    );
  });
});

describe('quote', () => {
  it.each([
    ['a"b', '"a\\"b"'],
    ['a\\', '"a\\\\"'],
    ['a\nb', '"a\\nb"'],
    ['"} or vector(1) #', '"\\"} or vector(1) #"'],
  ])('%j becomes %j', (value, quoted) => {
    expect(quote(value)).toBe(quoted);
  });
});

describe('escapeRegex', () => {
  it('matches only itself', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (value, other) => {
        const regex = new RegExp(`^(?:${escapeRegex(value)})$`, 's');
        expect(regex.test(value)).toBe(true);
        expect(regex.test(other)).toBe(value === other);
      }),
    );
  });
});
