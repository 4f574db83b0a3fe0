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

import { useMemo } from 'react';
import type { ReactNode } from 'react';
import type { Entity } from '@backstage/catalog-model';
import { ApiProvider } from '@backstage/core-app-api';
import { useApiHolder } from '@backstage/core-plugin-api';
import type { ApiHolder, ApiRef } from '@backstage/core-plugin-api';
import { EntityProvider } from '@backstage/plugin-catalog-react';
import { QueryClient } from '@tanstack/react-query';
import { istioApiRef } from '../src/api';
import { istioQueryClientApiRef } from '../src/queries';
import { FixtureIstioApi } from '../src/testing/FixtureIstioApi';
import type { FixtureAnswers } from '../src/testing/FixtureIstioApi';
import { reviewsEntity } from '../src/testing/entities';

/** The APIs of the app, with some of them replaced. */
function withReplaced(
  parent: ApiHolder,
  replaced: Map<string, unknown>,
): ApiHolder {
  return {
    get<T>(ref: ApiRef<T>): T | undefined {
      return replaced.has(ref.id)
        ? (replaced.get(ref.id) as T)
        : parent.get(ref);
    },
  };
}

/** Children as they look when the back end gives these answers for this entity. */
export function FixtureScene(props: {
  answers: FixtureAnswers;
  entity?: Entity;
  children: ReactNode;
}) {
  const { answers, entity = reviewsEntity, children } = props;
  const parent = useApiHolder();
  const apis = useMemo(
    () =>
      withReplaced(
        parent,
        new Map<string, unknown>([
          [istioApiRef.id, new FixtureIstioApi(answers)],
          [
            istioQueryClientApiRef.id,
            new QueryClient({ defaultOptions: { queries: { retry: false } } }),
          ],
        ]),
      ),
    [parent, answers],
  );
  return (
    <ApiProvider apis={apis}>
      <EntityProvider entity={entity}>{children}</EntityProvider>
    </ApiProvider>
  );
}
