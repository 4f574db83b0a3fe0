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

import { EntityContentBlueprint } from '@backstage/plugin-catalog-react/alpha';
import {
  dependenciesTabRouteRef,
  serviceMeshTabRouteRef,
  triageTabRouteRef,
} from '../routes';
import { istioEntityFilter, serviceMeshTabFilter } from './entityFilter';

/** The *Service mesh* tab. */
export const serviceMeshContent = EntityContentBlueprint.make({
  name: 'service-mesh',
  params: {
    path: '/service-mesh',
    title: 'Service mesh',
    group: 'deployment',
    filter: serviceMeshTabFilter,
    routeRef: serviceMeshTabRouteRef,
    loader: () =>
      import('../tab').then(({ ServiceMeshTab }) => <ServiceMeshTab />),
  },
});

/** The *Mesh dependencies* tab. A tab of its own, so that its queries are asked only where it is open. */
export const dependenciesContent = EntityContentBlueprint.make({
  name: 'mesh-dependencies',
  params: {
    path: '/mesh-dependencies',
    title: 'Mesh dependencies',
    group: 'deployment',
    filter: istioEntityFilter,
    routeRef: dependenciesTabRouteRef,
    loader: () =>
      import('../tab/dependencies').then(({ DependenciesTab }) => (
        <DependenciesTab />
      )),
  },
});

/** The *Triage* tab. A tab of its own, so that its queries are asked only where it is open. */
export const triageContent = EntityContentBlueprint.make({
  name: 'triage',
  params: {
    path: '/triage',
    title: 'Triage',
    group: 'deployment',
    filter: istioEntityFilter,
    routeRef: triageTabRouteRef,
    loader: () =>
      import('../tab/triage').then(({ TriageTab }) => <TriageTab />),
  },
});
