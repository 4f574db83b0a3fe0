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

import {
  createApiFactory,
  createComponentExtension,
  createPlugin,
  createRoutableExtension,
  discoveryApiRef,
  fetchApiRef,
} from '@backstage/core-plugin-api';
import { IstioClient, istioApiRef } from './api';
import { createIstioQueryClient, istioQueryClientApiRef } from './queries';
import {
  dependenciesTabRouteRef,
  meshPageRouteRef,
  myServicesPageRouteRef,
  serviceMeshTabRouteRef,
  triageTabRouteRef,
} from './routes';

/** Istio on the service pages of a portal (legacy front-end system). */
export const istioPlugin = createPlugin({
  id: 'istio',
  apis: [
    createApiFactory({
      api: istioApiRef,
      deps: { discoveryApi: discoveryApiRef, fetchApi: fetchApiRef },
      factory: deps => new IstioClient(deps),
    }),
    createApiFactory({
      api: istioQueryClientApiRef,
      deps: {},
      factory: () => createIstioQueryClient(),
    }),
  ],
  routes: {
    mesh: meshPageRouteRef,
    serviceMesh: serviceMeshTabRouteRef,
    dependencies: dependenciesTabRouteRef,
    triage: triageTabRouteRef,
    myServices: myServicesPageRouteRef,
  },
});

/** The *Service mesh* tab of an entity page. Mount it at `/service-mesh`, where the cards link to. */
export const EntityServiceMeshContent = istioPlugin.provide(
  createRoutableExtension({
    name: 'EntityServiceMeshContent',
    component: () => import('./tab').then(module => module.ServiceMeshTab),
    mountPoint: serviceMeshTabRouteRef,
  }),
);

/** The *Mesh dependencies* tab of an entity page. Mount it at `/mesh-dependencies`, where its card links to. */
export const EntityMeshDependenciesContent = istioPlugin.provide(
  createRoutableExtension({
    name: 'EntityMeshDependenciesContent',
    component: () =>
      import('./tab/dependencies').then(module => module.DependenciesTab),
    mountPoint: dependenciesTabRouteRef,
  }),
);

/** The *Triage* tab of an entity page. Mount it at `/triage`, where *My services* links to. */
export const EntityTriageContent = istioPlugin.provide(
  createRoutableExtension({
    name: 'EntityTriageContent',
    component: () => import('./tab/triage').then(module => module.TriageTab),
    mountPoint: triageTabRouteRef,
  }),
);

/** The page *My services*: those of the entities the user owns, worst first. */
export const MyServicesPage = istioPlugin.provide(
  createRoutableExtension({
    name: 'MyServicesPage',
    component: () =>
      import('./pages/mine').then(module => module.LegacyMyServicesPage),
    mountPoint: myServicesPageRouteRef,
  }),
);

/** The *Mesh* page: every service, worst first. */
export const MeshPage = istioPlugin.provide(
  createRoutableExtension({
    name: 'MeshPage',
    component: () => import('./pages').then(module => module.LegacyMeshPage),
    mountPoint: meshPageRouteRef,
  }),
);

/** One sentence about what the mesh does to the entity, and five verdicts. */
export const EntityIstioSummaryCard = istioPlugin.provide(
  createComponentExtension({
    name: 'EntityIstioSummaryCard',
    component: {
      lazy: () =>
        import('./cards').then(module => module.EntityIstioSummaryCard),
    },
  }),
);

/** Is the traffic of the entity encrypted. */
export const EntityIstioMtlsCard = istioPlugin.provide(
  createComponentExtension({
    name: 'EntityIstioMtlsCard',
    component: {
      lazy: () => import('./cards').then(module => module.EntityIstioMtlsCard),
    },
  }),
);

/** Where requests to the entity go. */
export const EntityIstioRoutesCard = istioPlugin.provide(
  createComponentExtension({
    name: 'EntityIstioRoutesCard',
    component: {
      lazy: () =>
        import('./cards').then(module => module.EntityIstioRoutesCard),
    },
  }),
);

/** Who may call the entity. */
export const EntityIstioAuthorizationCard = istioPlugin.provide(
  createComponentExtension({
    name: 'EntityIstioAuthorizationCard',
    component: {
      lazy: () =>
        import('./cards').then(module => module.EntityIstioAuthorizationCard),
    },
  }),
);

/** Traffic, errors, latency and saturation of the entity. */
export const EntityIstioSignalsCard = istioPlugin.provide(
  createComponentExtension({
    name: 'EntityIstioSignalsCard',
    component: {
      lazy: () =>
        import('./cards').then(module => module.EntityIstioSignalsCard),
    },
  }),
);

/** Who calls the entity and whom it calls. Costs two more requests to Prometheus where it stands. */
export const EntityIstioDependenciesCard = istioPlugin.provide(
  createComponentExtension({
    name: 'EntityIstioDependenciesCard',
    component: {
      lazy: () =>
        import('./cards').then(module => module.EntityIstioDependenciesCard),
    },
  }),
);
