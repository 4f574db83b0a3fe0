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

import type {
  EntityViewName,
  EntityViews,
} from '@mesh-portal/backstage-plugin-istio-common';
import type { Clusters } from '../cluster';
import type { Window } from '../prometheus';
import { authorizationView } from '../views/authorizationView';
import { bindingsView } from '../views/bindings';
import { clustersView, readCluster } from '../views/clusters';
import { type CatalogKnowledge, dependenciesView } from '../views/dependencies';
import type { EntityInput } from '../views/entityInput';
import { exposureView } from '../views/exposure';
import { externalView } from '../views/external';
import { mtlsView } from '../views/mtlsView';
import { overviewView } from '../views/overviewView';
import { requestPathView } from '../views/requestPath';
import { resilienceView } from '../views/resilience';
import { routesView } from '../views/routesView';
import { signalsView } from '../views/signalsView';
import type { ViewParameters } from './MeshService';

/** What a view is made from beside the entity. */
interface Surroundings extends ViewParameters {
  window: Window;
  catalog?: CatalogKnowledge;
  /** all that the portal reads: a service may be in others than the entity */
  clusters: Pick<Clusters, 'all' | 'statuses'>;
}

/** Neither names nor declarations. */
const NO_CATALOG: CatalogKnowledge = {
  services: new Map(),
  workloads: new Map(),
  declarations: undefined,
};

/**
 * The view of this name.
 *
 * @throws InputError when a parameter names what is not there
 */
export function viewOfEntity<N extends EntityViewName>(
  view: N,
  input: EntityInput,
  { window, catalog = NO_CATALOG, clusters, client, request }: Surroundings,
): EntityViews[N] {
  const views: { [V in EntityViewName]: () => EntityViews[V] } = {
    overview: () => overviewView(input),
    mtls: () => mtlsView(input),
    routes: () => routesView(input, client),
    authorization: () => authorizationView(input),
    signals: () => signalsView(input, window),
    dependencies: () => dependenciesView(input, window, catalog),
    exposure: () => exposureView(input),
    external: () => externalView(input),
    bindings: () => bindingsView(input),
    clusters: () =>
      clustersView(
        input,
        clusters.all().map(readCluster),
        clusters.statuses(),
        client,
      ),
    'request-path': () => requestPathView(input, client, request ?? {}),
    triage: () => ({
      services: input.clusters.flatMap(({ triage = [] }) => triage),
    }),
    resilience: () => resilienceView(input, client),
  };
  return views[view]();
}
