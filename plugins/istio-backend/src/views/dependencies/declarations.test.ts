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

import type { Entity } from '@backstage/catalog-model';
import { projectObject, snapshotOf } from '@mesh-portal/mesh-model';
import { bookinfo } from '../../__testUtils__/bookinfo';
import { declarationsOf, declaredRefs, providerRefs } from './declarations';

const clusters = [
  {
    name: 'demo',
    snapshot: snapshotOf(bookinfo().flatMap(raw => projectObject(raw) ?? [])),
    complete: true,
  },
];

function entity(
  ref: string,
  relations: [type: string, target: string][] = [],
  more: { annotations?: Record<string, string>; spec?: Entity['spec'] } = {},
): [string, Entity] {
  const [, kind, namespace, name] = ref.match(/^(.+):(.+)\/(.+)$/) ?? [];
  return [
    ref,
    {
      apiVersion: 'backstage.io/v1alpha1',
      kind,
      metadata: { name, namespace, annotations: more.annotations },
      spec: more.spec,
      relations: relations.map(([type, targetRef]) => ({ type, targetRef })),
    },
  ];
}

const reviews = { 'backstage.io/istio-services': 'bookinfo/reviews' };

const [, web] = entity(
  'component:default/web',
  [
    ['dependsOn', 'component:default/reviews'],
    ['dependsOn', 'resource:default/bucket'],
    ['dependsOn', 'component:default/secret'],
    ['dependsOn', 'api:default/reviews-api'],
    ['dependsOn', 'api:default/orphan'],
    ['consumesApi', 'api:default/reviews-api'],
    ['providesApi', 'api:default/web-api'],
    ['dependencyOf', 'component:default/edge'],
    ['ownedBy', 'group:default/team'],
  ],
  { spec: { dependsOn: ['Component:reviews', 'resource:bucket', 7] } },
);

const loaded = new Map([
  entity('component:default/reviews', [], { annotations: reviews }),
  entity('resource:default/bucket'),
  entity('api:default/reviews-api', [
    ['apiProvidedBy', 'component:default/reviews-backend'],
  ]),
  entity('api:default/orphan'),
  entity('api:default/web-api', [
    ['apiConsumedBy', 'component:default/mobile'],
  ]),
]);

const providers = new Map([
  entity('component:default/reviews-backend', [], { annotations: reviews }),
]);

describe('what the catalog declares', () => {
  it('is read from relations: targets first, then who provides their APIs', () => {
    expect(declaredRefs(web)).toEqual([
      'component:default/reviews',
      'resource:default/bucket',
      'component:default/secret',
      'api:default/reviews-api',
      'api:default/orphan',
      'api:default/web-api',
    ]);
    expect(providerRefs(loaded)).toEqual(['component:default/reviews-backend']);
  });

  const declarations = declarationsOf(
    web,
    new Map([...loaded, ...providers]),
    clusters,
  );
  const target = (ref: string) =>
    declarations.dependsOn.find(({ entityRef }) => entityRef === ref);
  const servicesOf = (ref: string) =>
    [...(target(ref)?.matches.values() ?? [])].flatMap(({ services }) =>
      services.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`),
    );

  it('finds the services of components, and of APIs through their providers', () => {
    expect(servicesOf('component:default/reviews')).toEqual([
      'bookinfo/reviews',
    ]);
    expect(servicesOf('api:default/reviews-api')).toEqual(['bookinfo/reviews']);
  });

  it.each([
    [
      'component:default/secret',
      'There is no such entity, or you may not see it',
    ],
    ['api:default/orphan', 'No component that you may see provides this API'],
    [
      'resource:default/bucket',
      'It is nothing that a mesh sees: no annotation says which services it is',
    ],
  ])('says why %s is no service', (ref, reason) => {
    expect(target(ref)?.matches.size).toBe(0);
    expect(target(ref)?.reason).toBe(reason);
  });

  it('remembers how the file writes a target', () => {
    expect(target('component:default/reviews')?.written).toBe(
      'Component:reviews',
    );
    expect(target('component:default/secret')?.written).toBe(
      'component:default/secret',
    );
  });

  it('counts consumed APIs in both directions', () => {
    expect([...declarations.consumed]).toEqual([
      'component:default/reviews-backend',
    ]);
    expect([...declarations.declaredCallers]).toEqual([
      'component:default/edge',
      'component:default/mobile',
    ]);
  });
});
