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

import type { ReactElement } from 'react';
import type { Entity } from '@backstage/catalog-model';
import { configApiRef } from '@backstage/core-plugin-api';
import {
  EntityProvider,
  entityRouteRef,
} from '@backstage/plugin-catalog-react';
import {
  mockApis,
  renderInTestApp,
  TestApiProvider,
} from '@backstage/test-utils';
import { QueryClient } from '@tanstack/react-query';
import { istioApiRef } from '../api';
import type { IstioApi } from '../api';
import { istioQueryClientApiRef } from '../queries';
import { FixtureIstioApi } from '../testing/FixtureIstioApi';
import type { FixtureAnswers } from '../testing/FixtureIstioApi';
import { reviewsEntity } from '../testing/entities';

/** A cache for one test: nothing is tried twice, nothing is thrown away. */
export function testQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: { queries: { retry: false, gcTime: Infinity } },
  });
}

/** Renders an element as on the page of an entity, with a back end that gives these answers. */
export async function renderWithFixtures(
  element: ReactElement,
  options: {
    answers?: FixtureAnswers;
    api?: IstioApi;
    entity?: Entity;
    path?: string;
    config?: Record<string, number>;
  } = {},
) {
  const { entity = reviewsEntity, path } = options;
  const api = options.api ?? new FixtureIstioApi(options.answers ?? {});
  return renderInTestApp(
    <TestApiProvider
      apis={[
        [istioApiRef, api],
        [istioQueryClientApiRef, testQueryClient()],
        [
          configApiRef,
          mockApis.config({ data: { istio: options.config ?? {} } }),
        ],
      ]}
    >
      <EntityProvider entity={entity}>{element}</EntityProvider>
    </TestApiProvider>,
    {
      mountedRoutes: { '/catalog/:namespace/:kind/:name': entityRouteRef },
      ...(path && { routeEntries: [path] }),
    },
  );
}
