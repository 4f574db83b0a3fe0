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

import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { projectObject, snapshotOf } from '@mesh-portal/mesh-model';
import { bookinfo } from '../__testUtils__/bookinfo';
import { component } from '../__testUtils__/component';
import { catalogKnowledge } from './catalogKnowledge';
import { EntityIndex } from './entityIndex';

const clusters = [
  {
    name: 'demo',
    snapshot: snapshotOf(bookinfo().flatMap(raw => projectObject(raw) ?? [])),
    complete: true,
  },
];

function related(
  name: string,
  relations: [type: string, targetRef: string][],
): Entity {
  return {
    ...component(name, {
      'backstage.io/istio-services': `bookinfo/${name}`,
    }),
    relations: relations.map(([type, targetRef]) => ({ type, targetRef })),
  };
}

const reviews = related('reviews', [['ownedBy', 'group:default/books']]);
const productpage = related('productpage', [
  ['dependsOn', 'component:default/reviews'],
]);

/** Alice may see all, Bob only productpage: the catalog answers each by their own credentials. */
function catalogOf() {
  const seenBy = (options: object | undefined) =>
    JSON.stringify(options).includes('user:default/alice')
      ? [reviews, productpage]
      : [productpage];
  return catalogServiceMock.mock({
    getEntities: async (_request, options) => ({ items: seenBy(options) }),
    getEntitiesByRefs: async ({ entityRefs }, options) => ({
      items: entityRefs.map(ref =>
        seenBy(options).find(
          ({ metadata }) => `component:default/${metadata.name}` === ref,
        ),
      ),
    }),
  });
}

function knowledgeOf(user: string, catalog = catalogOf()) {
  return catalogKnowledge(
    {
      catalog,
      entities: new EntityIndex({ catalog }),
      logger: mockServices.logger.mock(),
    },
    productpage,
    clusters,
    mockCredentials.user(`user:default/${user}`),
  );
}

describe('what the catalog tells a user', () => {
  it('names services and workloads by their entities, with owners', async () => {
    const { services, workloads } = await knowledgeOf('alice');
    const named = {
      entityRef: 'component:default/reviews',
      owner: 'group:default/books',
    };
    expect(services.get('demo')?.get('bookinfo/reviews')).toEqual(named);
    expect(workloads.get('demo')?.get('bookinfo/reviews-v2')).toEqual(named);
  });

  it('names nothing that the user may not see, nor what stands behind it', async () => {
    const { services, workloads, declarations } = await knowledgeOf('bob');
    expect(services.get('demo')?.has('bookinfo/reviews')).toBe(false);
    expect(workloads.get('demo')?.has('bookinfo/reviews-v2')).toBe(false);
    expect(declarations?.dependsOn).toEqual([
      {
        entityRef: 'component:default/reviews',
        written: 'component:default/reviews',
        matches: new Map(),
        reason: 'There is no such entity, or you may not see it',
      },
    ]);
  });

  it('finds what is declared where the user may see it', async () => {
    const { declarations } = await knowledgeOf('alice');
    const [target] = declarations?.dependsOn ?? [];
    expect(
      target.matches.get('demo')?.services.map(({ metadata }) => metadata.name),
    ).toEqual(['reviews']);
  });

  it('leaves plain names and no comparison when the catalog fails', async () => {
    const failing = catalogServiceMock.mock({
      getEntities: async () => {
        throw new Error('the catalog is down');
      },
      getEntitiesByRefs: async () => {
        throw new Error('the catalog is down');
      },
    });
    const knowledge = await knowledgeOf('alice', failing);
    expect(knowledge.services.size + knowledge.workloads.size).toBe(0);
    expect(knowledge.declarations).toBeUndefined();
  });
});
