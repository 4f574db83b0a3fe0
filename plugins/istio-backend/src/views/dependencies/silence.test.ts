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

import type { RawObject } from '../../__testUtils__/FakeCluster';
import {
  answer,
  cluster,
  inputOf,
  nothingKnown,
  queries,
  seen,
  view,
} from './__testUtils__/scene';
import type { CatalogKnowledge } from './dependenciesView';
import { dependenciesView } from './dependenciesView';

describe('what silence proves', () => {
  const reviewsOnProductpage: CatalogKnowledge = {
    ...nothingKnown,
    declarations: {
      entityRef: 'component:default/reviews',
      consumed: new Set(),
      declaredCallers: new Set(),
      dependsOn: [
        {
          entityRef: 'component:default/productpage',
          written: 'component:productpage',
          reason: undefined,
          matches: new Map([
            [
              'demo',
              {
                services: cluster({})
                  .snapshot.list('Service', 'bookinfo')
                  .filter(({ metadata }) => metadata.name === 'productpage'),
                serviceEntries: [],
                workloads: [],
              },
            ],
          ]),
        },
      ],
    },
  };

  it('nobody called it, where a call would have been seen', () => {
    const { catalog } = view({ callers: seen({}, 1) }, reviewsOnProductpage);
    expect(catalog.unused.map(({ target }) => target)).toEqual([
      'component:default/productpage',
    ]);
  });

  it('nothing, where the source does not hold the whole window', () => {
    const input = cluster({ callers: seen({}, 1) });
    const made = dependenciesView(
      inputOf({
        ...input,
        observation: {
          ...input.observation,
          edges: {
            queries,
            callers: answer(...seen({}, 1)),
            callees: answer(),
          },
        },
      }),
      '7d',
      reviewsOnProductpage,
    );
    expect(made.catalog.unused).toEqual([]);
    expect(made.catalog.notObservable[0].reason).toContain(
      'the source holds nothing of it from 7d ago',
    );
  });

  it('nothing, where a workload of the entity has no proxy', () => {
    const bare: RawObject = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'reviews-bare', namespace: 'bookinfo' },
      spec: {
        selector: { matchLabels: { app: 'bare' } },
        template: {
          metadata: {
            labels: { app: 'bare', 'sidecar.istio.io/inject': 'false' },
          },
          spec: {},
        },
      },
    };
    const input = cluster({ callers: seen({}, 1), extra: [bare] });
    const made = dependenciesView(
      inputOf({
        ...input,
        match: {
          ...input.match,
          workloads: [
            ...input.match.workloads,
            {
              namespace: 'bookinfo',
              kind: 'Deployment',
              name: 'reviews-bare',
            },
          ],
        },
      }),
      '1h',
      reviewsOnProductpage,
    );
    expect(made.catalog.unused).toEqual([]);
    expect(made.catalog.notObservable[0].reason).toBe(
      'bookinfo/reviews-bare has no proxy, so nobody counts what is called from there',
    );
  });
});
