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
import { isIstioAvailable } from './availability';
import {
  EntityIstioAuthorizationCard,
  EntityIstioDependenciesCard,
  EntityIstioMtlsCard,
  EntityIstioRoutesCard,
  EntityIstioSignalsCard,
  EntityIstioSummaryCard,
  istioPlugin,
} from './plugin';
import { reviewsEntity, unannotatedEntity } from './testing/entities';
import { renderWithFixtures } from './__testUtils__/renderWithFixtures';
import { scenes } from './testing/scenes';

describe('legacy front-end system', () => {
  it.each([
    ['Service mesh', EntityIstioSummaryCard],
    ['Golden signals', EntityIstioSignalsCard],
    ['mTLS', EntityIstioMtlsCard],
    ['Routes', EntityIstioRoutesCard],
    ['Authorization', EntityIstioAuthorizationCard],
    ['Dependencies', EntityIstioDependenciesCard],
  ])('shows the card %s', async (title, Card) => {
    await renderWithFixtures(<Card />, { answers: scenes[0].answers });
    expect(
      await screen.findByRole('heading', { name: title, level: 3 }),
    ).toBeVisible();
  });

  it('has tabs and pages to mount', () => {
    expect(Object.keys(istioPlugin.routes).sort()).toEqual([
      'dependencies',
      'mesh',
      'myServices',
      'serviceMesh',
      'triage',
    ]);
  });

  it('brings its own APIs', () => {
    expect([...istioPlugin.getApis()].map(({ api }) => api.id)).toEqual([
      'plugin.istio.client',
      'plugin.istio.query-client',
    ]);
  });
});

describe('isIstioAvailable', () => {
  it.each([
    'backstage.io/istio-services',
    'backstage.io/kubernetes-id',
    'backstage.io/kubernetes-label-selector',
  ])('is so with %s', annotation => {
    const entity = {
      ...unannotatedEntity,
      metadata: {
        ...unannotatedEntity.metadata,
        annotations: { [annotation]: 'reviews' },
      },
    };
    expect(isIstioAvailable(entity)).toBe(true);
  });

  it('is not so without any, or with an empty one', () => {
    expect(isIstioAvailable(unannotatedEntity)).toBe(false);
    const entity = {
      ...reviewsEntity,
      metadata: {
        ...reviewsEntity.metadata,
        annotations: { 'backstage.io/kubernetes-id': ' ' },
      },
    };
    expect(isIstioAvailable(entity)).toBe(false);
  });
});
