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

import { EntityCardBlueprint } from '@backstage/plugin-catalog-react/alpha';
import { istioEntityFilter } from './entityFilter';

/** One sentence and five verdicts. */
export const summaryCard = EntityCardBlueprint.make({
  name: 'summary',
  params: {
    type: 'content',
    filter: istioEntityFilter,
    loader: () =>
      import('../cards').then(({ EntityIstioSummaryCard }) => (
        <EntityIstioSummaryCard />
      )),
  },
});

/** Is the traffic encrypted. */
export const mtlsCard = EntityCardBlueprint.make({
  name: 'mtls',
  params: {
    type: 'content',
    filter: istioEntityFilter,
    loader: () =>
      import('../cards').then(({ EntityIstioMtlsCard }) => (
        <EntityIstioMtlsCard />
      )),
  },
});

/** Where requests go. */
export const routesCard = EntityCardBlueprint.make({
  name: 'routes',
  params: {
    type: 'content',
    filter: istioEntityFilter,
    loader: () =>
      import('../cards').then(({ EntityIstioRoutesCard }) => (
        <EntityIstioRoutesCard />
      )),
  },
});

/** Who may call. */
export const authorizationCard = EntityCardBlueprint.make({
  name: 'authorization',
  params: {
    type: 'content',
    filter: istioEntityFilter,
    loader: () =>
      import('../cards').then(({ EntityIstioAuthorizationCard }) => (
        <EntityIstioAuthorizationCard />
      )),
  },
});

/** Traffic, errors, latency, saturation. */
export const signalsCard = EntityCardBlueprint.make({
  name: 'signals',
  params: {
    type: 'content',
    filter: istioEntityFilter,
    loader: () =>
      import('../cards').then(({ EntityIstioSignalsCard }) => (
        <EntityIstioSignalsCard />
      )),
  },
});

/**
 * Who calls and who is called. Switched off unless the app asks for it (`entity-card:istio/dependencies`): it costs two
 * more requests to Prometheus at the first paint of a page.
 */
export const dependenciesCard = EntityCardBlueprint.make({
  name: 'dependencies',
  disabled: true,
  params: {
    type: 'content',
    filter: istioEntityFilter,
    loader: () =>
      import('../cards').then(({ EntityIstioDependenciesCard }) => (
        <EntityIstioDependenciesCard />
      )),
  },
});
