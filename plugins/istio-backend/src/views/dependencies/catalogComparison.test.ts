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

import { projectObject, snapshotOf } from '@mesh-portal/mesh-model';
import type { SlimObjectByKind } from '@mesh-portal/mesh-model';
import { bookinfo } from '../../__testUtils__/bookinfo';
import {
  type ComparableEdge,
  compareWithCatalog,
  declarationOf,
} from './catalogComparison';
import type { Declarations } from './declarations';

const snapshot = snapshotOf(
  bookinfo().flatMap(raw => projectObject(raw) ?? []),
);
const SELF = 'component:default/productpage';
const REVIEWS = 'component:default/reviews';

function service(name: string): SlimObjectByKind['Service'] {
  const found = snapshot.get('Service', 'bookinfo', name);
  if (!found) throw new Error(`There is no ${name}`);
  return found;
}

/** productpage declares to depend on reviews. */
const declarations: Declarations = {
  entityRef: SELF,
  dependsOn: [
    {
      entityRef: REVIEWS,
      written: 'component:reviews',
      matches: new Map([
        [
          'demo',
          {
            services: [service('reviews')],
            serviceEntries: [],
            workloads: [],
          },
        ],
      ]),
      reason: undefined,
    },
  ],
  consumed: new Set(),
  declaredCallers: new Set(['component:default/gateway-bff']),
};

const NOTHING_DECLARED = { ...declarations, dependsOn: [] };

function edge(
  direction: 'inbound' | 'outbound',
  entityRef: string | undefined,
  requestsPerSecond = 1,
): ComparableEdge {
  const outbound = direction === 'outbound';
  return {
    callee: outbound ? 'demo/bookinfo/reviews' : undefined,
    edge: {
      id: direction,
      direction,
      cluster: 'demo',
      own: [outbound ? 'bookinfo/productpage-v1' : 'bookinfo/productpage'],
      neighbour: {
        kind: outbound ? 'service' : 'workload',
        title: outbound ? 'bookinfo/reviews' : 'web/bff',
        ...(entityRef && { entityRef }),
      },
      state: 'traffic',
      reporter: 'destination',
      protocol: 'http',
      requestsPerSecond,
      failures: [],
      mutualTls: {},
      versions: [],
      crossCluster: [],
    },
  };
}

const certain = { unknown: undefined, silent: undefined, window: '7d' };

describe('dependsOn against what was observed', () => {
  it('finds no difference where what is called is declared', () => {
    const compared = compareWithCatalog(
      [edge('outbound', REVIEWS)],
      declarations,
      certain,
    );
    expect(compared).toMatchObject({
      state: 'compared',
      undeclared: [],
      unused: [],
      notObservable: [],
    });
  });

  it('lists what is called and not declared, with the line to add', () => {
    const { undeclared } = compareWithCatalog(
      [edge('outbound', REVIEWS)],
      NOTHING_DECLARED,
      certain,
    );
    expect(undeclared).toEqual([
      {
        of: SELF,
        target: REVIEWS,
        reason:
          'bookinfo/productpage-v1 called bookinfo/reviews in the last 7d',
        line: '- component:default/reviews',
      },
    ]);
  });

  it('lists callers that do not declare it, with the line for their file', () => {
    const { undeclared } = compareWithCatalog(
      [
        edge('inbound', 'component:default/web'),
        edge('inbound', 'component:default/gateway-bff'),
      ],
      declarations,
      certain,
    );
    expect(undeclared).toEqual([
      expect.objectContaining({
        of: 'component:default/web',
        target: SELF,
        line: `- ${SELF}`,
      }),
    ]);
  });

  it('takes a consumed API for a declaration', () => {
    const { undeclared } = compareWithCatalog(
      [edge('outbound', REVIEWS)],
      { ...NOTHING_DECLARED, consumed: new Set([REVIEWS]) },
      certain,
    );
    expect(undeclared).toEqual([]);
  });

  it('compares by the service too: two entities may name the same one', () => {
    const other = edge('outbound', 'component:default/reviews-v2');
    expect(declarationOf(other, declarations)).toBe('declared');
  });

  it('declares nothing for neighbours that are no entities, and not itself', () => {
    expect(declarationOf(edge('inbound', undefined), declarations)).toBe(
      'not-declarable',
    );
    expect(declarationOf(edge('outbound', SELF), NOTHING_DECLARED)).toBe(
      'not-declarable',
    );
    expect(declarationOf(edge('inbound', REVIEWS), undefined)).toBe(
      'not-declarable',
    );
  });

  it('lists what is declared and was not called, with the window and the line as it is written', () => {
    const { unused } = compareWithCatalog([], declarations, certain);
    expect(unused).toEqual([
      {
        of: SELF,
        target: REVIEWS,
        reason:
          'No traffic was observed in the last 7d; rarer calls are not seen in it',
        line: '- component:reviews',
      },
    ]);
  });

  it('takes an edge without a request in the window for no call', () => {
    const { unused, undeclared } = compareWithCatalog(
      [edge('outbound', REVIEWS, 0)],
      declarations,
      certain,
    );
    expect(unused).toHaveLength(1);
    expect(undeclared).toEqual([]);
  });

  it('concludes nothing from silence that proves nothing', () => {
    const silent = 'bookinfo/productpage-v1 has no proxy';
    const compared = compareWithCatalog([], declarations, {
      ...certain,
      silent,
    });
    expect(compared.unused).toEqual([]);
    expect(compared.notObservable).toEqual([
      { of: SELF, target: REVIEWS, reason: silent },
    ]);
  });

  it('says why a target cannot be observed, whatever was seen', () => {
    const reason = 'It is nothing that a mesh sees';
    const { notObservable, unused } = compareWithCatalog(
      [],
      {
        ...declarations,
        dependsOn: [
          {
            entityRef: 'resource:default/bucket',
            written: 'resource:bucket',
            matches: new Map(),
            reason,
          },
        ],
      },
      certain,
    );
    expect(unused).toEqual([]);
    expect(notObservable).toEqual([
      { of: SELF, target: 'resource:default/bucket', reason },
    ]);
  });

  it('compares nothing while metrics are missing or partial, or the catalog cannot be asked', () => {
    const unknown =
      'Callers could not be read: prometheus: the query took too long';
    expect(
      compareWithCatalog([], declarations, { ...certain, unknown }),
    ).toMatchObject({ state: 'unknown', reason: unknown, unused: [] });
    expect(compareWithCatalog([], undefined, certain)).toMatchObject({
      state: 'unknown',
      reason: 'The catalog could not be asked what is declared',
    });
  });
});
