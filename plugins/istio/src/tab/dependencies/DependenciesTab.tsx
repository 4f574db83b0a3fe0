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

import { lazy, Suspense } from 'react';
import { useEntity } from '@backstage/plugin-catalog-react';
import type { DependenciesView } from '@mesh-portal/backstage-plugin-istio-common';
import {
  CardBoundary,
  EmptyAnswer,
  EntityViewCard,
  LoadingState,
  Section,
  Stack,
  VerdictLine,
  VisuallyHidden,
  WindowSelect,
} from '../../components';
import { useDependencies, useWindowInAddress } from '../../queries';
import { CatalogDifferences } from './CatalogDifferences';
import { DependencyTable } from './DependencyTable';

const DependencyGraph = lazy(() =>
  import('./DependencyGraph').then(module => ({
    default: module.DependencyGraph,
  })),
);

/** The picture points to the table that says the same. */
const TABLE_ID = 'mesh-dependencies-table';

function useOwnName(): string {
  const { entity } = useEntity();
  return entity.metadata.title ?? entity.metadata.name;
}

function Answer(props: { view: DependenciesView }) {
  const name = useOwnName();
  const { view } = props;
  const { edges, omitted, verdict, state, stateReason, window } = view;
  return (
    <Stack>
      <VerdictLine strong verdict={verdict} />
      {state !== 'traffic' && stateReason !== verdict.reason && (
        <div>{stateReason}</div>
      )}
      {edges.length > 0 ? (
        <>
          <Suspense
            fallback={<LoadingState lines={6} label="Loading the graph" />}
          >
            <DependencyGraph
              name={name}
              edges={edges}
              tableId={TABLE_ID}
              unknown={view.unknownDirections}
            />
          </Suspense>
          <Section title="All callers and dependencies">
            <DependencyTable
              edges={edges}
              omitted={omitted}
              window={window}
              id={TABLE_ID}
            />
          </Section>
        </>
      ) : (
        state !== 'unknown' && (
          <EmptyAnswer>
            There is no caller and no dependency to show.
          </EmptyAnswer>
        )
      )}
      <Section title="The catalog against the traffic">
        <CatalogDifferences catalog={view.catalog} />
      </Section>
    </Stack>
  );
}

function Dependencies() {
  const [window, setWindow] = useWindowInAddress();
  const query = useDependencies(window);
  return (
    <EntityViewCard
      title="Dependencies"
      query={query}
      lines={14}
      metrics
      inFull
      action={
        <WindowSelect
          window={window}
          onChange={setWindow}
          loading={query.isPlaceholderData}
        />
      }
    >
      {view => <Answer view={view} />}
    </EntityViewCard>
  );
}

/** Who calls this entity and what it calls. Asks nothing until it is opened. */
export function DependenciesTab() {
  return (
    <CardBoundary>
      <VisuallyHidden component="h2">Mesh dependencies</VisuallyHidden>
      <Dependencies />
    </CardBoundary>
  );
}
