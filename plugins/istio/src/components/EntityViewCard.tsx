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

import type { ReactNode } from 'react';
import { ErrorBoundary } from '@backstage/core-components';
import { EntityInfoCard } from '@backstage/plugin-catalog-react';
import type { EntityViewName } from '@mesh-portal/backstage-plugin-istio-common';
import { IstioQueryProvider } from '../queries';
import { AgeLabel } from './AgeLabel';
import { EntityViewBody } from './EntityViewBody';
import type { EntityViewBodyProps } from './EntityViewBody';

/** Puts a failure of one card in that card's place, and gives it the shared cache. */
export function CardBoundary(props: { children: ReactNode }) {
  return (
    <ErrorBoundary>
      <IstioQueryProvider>{props.children}</IstioQueryProvider>
    </ErrorBoundary>
  );
}

/** A card with one view of the entity of this page, in every state, with its age. */
export function EntityViewCard<V extends EntityViewName>(
  props: Omit<EntityViewBodyProps<V>, 'loadingLabel'> & {
    title: string;
    action?: ReactNode;
  },
) {
  const { title, action, query, ...body } = props;
  const { data } = query;
  return (
    <EntityInfoCard
      title={title}
      headerActions={action}
      footerActions={
        data && (
          <AgeLabel
            snapshot={data.snapshot}
            clusters={data.clusters}
            confirmedAt={query.dataUpdatedAt}
            failing={query.isError}
          />
        )
      }
    >
      <EntityViewBody
        {...body}
        query={query}
        loadingLabel={`Loading ${title}`}
      />
    </EntityInfoCard>
  );
}
