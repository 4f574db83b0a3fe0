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

import { screen } from '@testing-library/react';
import { renderTestApp } from '@backstage/frontend-test-utils';
import { entityRouteRef } from '@backstage/plugin-catalog-react';
import { createTestEntityPage } from '@backstage/plugin-catalog-react/testUtils';
import { filterPredicateToFilterFunction } from '@backstage/filter-predicates';
import { istioApiRef } from '../api';
import { istioQueryClientApiRef } from '../queries';
import { FixtureIstioApi } from '../testing/FixtureIstioApi';
import { reviewsEntity, unannotatedEntity } from '../testing/entities';
import { brokenMine, envelope, meshOf } from '../testing/fixtures';
import { testQueryClient } from '../__testUtils__/renderWithFixtures';
import { scenes } from '../testing/scenes';
import istioPlugin from '.';
import { istioEntityFilter, serviceMeshTabFilter } from './entityFilter';
import {
  authorizationCard,
  mtlsCard,
  routesCard,
  signalsCard,
  summaryCard,
} from './entityCards';
import {
  dependenciesContent,
  serviceMeshContent,
  triageContent,
} from './entityContents';
import { meshPage, myServicesPage } from './pages';

const [calm] = scenes;

const answers = {
  ...calm.answers,
  mesh: envelope(meshOf(3)),
  mine: envelope(brokenMine),
};

describe('new front-end system', () => {
  it.each([
    ['Service mesh', summaryCard],
    ['Golden signals', signalsCard],
    ['mTLS', mtlsCard],
    ['Routes', routesCard],
    ['Authorization', authorizationCard],
  ])('shows the card %s on an entity page', async (title, card) => {
    renderTestApp({
      extensions: [createTestEntityPage({ entity: reviewsEntity }), card],
      apis: [
        [istioApiRef, new FixtureIstioApi(answers)],
        [istioQueryClientApiRef, testQueryClient()],
      ],
      mountedRoutes: { '/catalog/:namespace/:kind/:name': entityRouteRef },
    });
    expect(
      await screen.findByRole('heading', { name: title, level: 3 }),
    ).toBeVisible();
    expect(await screen.findByText('up to date')).toBeVisible();
  });

  it('shows the tab', async () => {
    renderTestApp({
      extensions: [
        createTestEntityPage({ entity: reviewsEntity }),
        serviceMeshContent,
      ],
      apis: [
        [istioApiRef, new FixtureIstioApi(answers)],
        [istioQueryClientApiRef, testQueryClient()],
      ],
      mountedRoutes: { '/catalog/:namespace/:kind/:name': entityRouteRef },
    });
    expect(
      await screen.findByText(/How this entity was matched/),
    ).toBeVisible();
  });

  it('shows the tab of dependencies', async () => {
    renderTestApp({
      extensions: [
        createTestEntityPage({ entity: reviewsEntity }),
        dependenciesContent,
      ],
      apis: [
        [istioApiRef, new FixtureIstioApi(answers)],
        [istioQueryClientApiRef, testQueryClient()],
      ],
      mountedRoutes: { '/catalog/:namespace/:kind/:name': entityRouteRef },
    });
    expect(
      await screen.findByRole('heading', { name: 'Dependencies', level: 3 }),
    ).toBeVisible();
  });

  it('shows the tab of triage', async () => {
    renderTestApp({
      extensions: [
        createTestEntityPage({ entity: reviewsEntity }),
        triageContent,
      ],
      apis: [
        [istioApiRef, new FixtureIstioApi(answers)],
        [istioQueryClientApiRef, testQueryClient()],
      ],
      mountedRoutes: { '/catalog/:namespace/:kind/:name': entityRouteRef },
    });
    expect(
      await screen.findByRole('heading', { name: 'Triage', level: 3 }),
    ).toBeVisible();
  });

  it('shows the page My services', async () => {
    renderTestApp({
      extensions: [myServicesPage],
      apis: [
        [istioApiRef, new FixtureIstioApi(answers)],
        [istioQueryClientApiRef, testQueryClient()],
      ],
      mountedRoutes: { '/catalog/:namespace/:kind/:name': entityRouteRef },
      initialRouteEntries: ['/my-services'],
    });
    expect(
      await screen.findByText('3 services, 1 with a problem, 1 not known'),
    ).toBeVisible();
  });

  it('shows the Mesh page', async () => {
    renderTestApp({
      extensions: [meshPage],
      apis: [
        [istioApiRef, new FixtureIstioApi(answers)],
        [istioQueryClientApiRef, testQueryClient()],
      ],
      mountedRoutes: { '/catalog/:namespace/:kind/:name': entityRouteRef },
      initialRouteEntries: ['/mesh'],
    });
    expect(
      await screen.findByText('3 of 3 services; of all: 1 with a problem'),
    ).toBeVisible();
  });

  it('offers APIs, cards, the tab and the page', () => {
    const ids = [
      'api:istio',
      'api:istio/query-client',
      'entity-card:istio/summary',
      'entity-card:istio/signals',
      'entity-card:istio/mtls',
      'entity-card:istio/routes',
      'entity-card:istio/authorization',
      'entity-card:istio/dependencies',
      'entity-content:istio/service-mesh',
      'entity-content:istio/mesh-dependencies',
      'entity-content:istio/triage',
      'page:istio/my-services',
      'page:istio',
    ] as const;
    for (const id of ids) {
      expect(istioPlugin.getExtension(id)).toBeDefined();
    }
  });

  it('puts cards on entities that say where they run, and the tab on every service', () => {
    const cards = filterPredicateToFilterFunction(istioEntityFilter);
    const tab = filterPredicateToFilterFunction(serviceMeshTabFilter);
    const website = {
      ...unannotatedEntity,
      spec: { ...unannotatedEntity.spec, type: 'website' },
    };
    expect(cards(reviewsEntity)).toBe(true);
    expect(cards(unannotatedEntity)).toBe(false);
    expect(tab(reviewsEntity)).toBe(true);
    expect(tab(unannotatedEntity)).toBe(true);
    expect(tab(website)).toBe(false);
  });
});
