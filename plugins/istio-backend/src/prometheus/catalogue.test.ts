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

import { parser } from '@prometheus-io/lezer-promql';
import { catalogueExpressions } from './catalogue';

const hostile = ['a"} or vector(1) or m{x="', 'x\\', 'a.*|b', 'new\nline'];

function syntaxErrors(query: string): number {
  let errors = 0;
  parser.parse(query).iterate({
    enter(node) {
      if (node.type.isError) errors += 1;
    },
  });
  return errors;
}

describe('catalogue', () => {
  it.each([
    ['one service', [{ namespace: 'bookinfo', name: 'reviews' }]],
    [
      'services of two namespaces',
      [
        { namespace: 'bookinfo', name: 'reviews' },
        { namespace: 'shop', name: 'cart' },
      ],
    ],
    ['hostile names', hostile.map(name => ({ namespace: name, name }))],
  ])('is well-formed for %s', (_, services) => {
    const expressions = catalogueExpressions({ services, scope: ['job="i"'] }, [
      { namespace: 'bookinfo', pods: ['reviews-v1-1', ...hostile] },
    ]);
    for (const [name, expression] of Object.entries(expressions)) {
      expect([name, syntaxErrors(expression)]).toEqual([name, 0]);
    }
  });

  it('asks for no pods where none are known', () => {
    const { volume } = catalogueExpressions(
      { services: [{ namespace: 'a', name: 'b' }] },
      [],
    );
    expect(volume).not.toContain('container_');
  });

  it('keeps reporters apart in every request metric', () => {
    const { requests, latency, history, mesh } = catalogueExpressions(
      { services: [{ namespace: 'a', name: 'b' }] },
      [],
    );
    for (const expression of [requests, latency, history, mesh]) {
      const groupings = expression.match(/sum by \([^)]*\)/g) ?? [];
      expect(groupings.length).toBeGreaterThan(0);
      expect(groupings.every(each => each.includes('reporter'))).toBe(true);
    }
  });
});
