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
import fc from 'fast-check';
import { catalogueExpressions, longExpressions } from './expressions';
import { meshTrafficTemplate } from './meshTraffic';

const SAMPLE = {
  services: [{ namespace: 'a', name: 'b' }],
  callers: [{ namespace: 'a', name: 'c' }],
  pods: [{ namespace: 'a', name: 'b-1' }],
};

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

function nodes(query: string, kind: string): number {
  let count = 0;
  parser.parse(query).iterate({
    enter(node) {
      if (node.name === kind) count += 1;
    },
  });
  return count;
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
    const expressions = catalogueExpressions({
      services,
      callers: services,
      pods: ['reviews-v1-1', ...hostile].map(name => ({
        namespace: 'bookinfo',
        name,
      })),
      scope: ['job="i"'],
    });
    for (const [name, expression] of Object.entries(expressions)) {
      expect([name, syntaxErrors(expression)]).toEqual([name, 0]);
    }
  });

  it('keeps reporters apart in every request metric', () => {
    const all = catalogueExpressions(SAMPLE);
    const about = Object.entries(all).filter(([, text]) =>
      text.includes('istio_requests_total'),
    );
    expect(about.length).toBeGreaterThan(2);
    for (const [name, expression] of about) {
      const groupings = expression.match(/sum by \([^)]*\)/g) ?? [];
      expect([name, groupings.length > 0]).toEqual([name, true]);
      expect([
        name,
        groupings.filter(each => !each.includes('reporter')),
      ]).toEqual([name, []]);
    }
  });

  it('never asks for the buckets of a whole mesh', () => {
    const mesh = catalogueExpressions(SAMPLE)[meshTrafficTemplate.name];
    expect(mesh).toContain('istio_requests_total');
    expect(mesh).not.toContain('_bucket');
  });

  it('has the same selectors whatever the names are', () => {
    const selectorsOf = (name: string) => {
      const subjects = [{ namespace: name, name }];
      const sample = { services: subjects, callers: subjects, pods: subjects };
      return Object.entries({
        ...catalogueExpressions(sample),
        ...longExpressions(sample),
      }).map(([template, text]) => [
        template,
        nodes(text, 'VectorSelector'),
        syntaxErrors(text),
      ]);
    };
    const usual = selectorsOf('reviews');
    expect(usual.every(([, , errors]) => errors === 0)).toBe(true);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), name => {
        expect(selectorsOf(name)).toEqual(usual);
      }),
      { numRuns: 30 },
    );
  });
});
