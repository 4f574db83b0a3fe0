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

import { CardBoundary, EntityViewCard } from '../components';
import { DependenciesTabLink } from '../links';
import { useDependencies } from '../queries';
import { DependenciesAnswer } from './DependenciesAnswer';

const WINDOW = '1h';

function DependenciesCard() {
  return (
    <EntityViewCard
      title="Dependencies"
      query={useDependencies(WINDOW)}
      lines={6}
      metrics
      action={
        <DependenciesTabLink label="Details of the dependencies">
          Details
        </DependenciesTabLink>
      }
    >
      {view => <DependenciesAnswer view={view} />}
    </EntityViewCard>
  );
}

/** Who calls the entity and whom it calls, of the last hour. Costs two requests to Prometheus. */
export function EntityIstioDependenciesCard() {
  return (
    <CardBoundary>
      <DependenciesCard />
    </CardBoundary>
  );
}
