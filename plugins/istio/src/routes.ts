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

import { createRouteRef } from '@backstage/core-plugin-api';

/** The page with all services of the mesh. */
export const meshPageRouteRef = createRouteRef({ id: 'istio:mesh' });

/** The tab of an entity page. */
export const serviceMeshTabRouteRef = createRouteRef({
  id: 'istio:service-mesh',
});

/** The tab of an entity page with callers and dependencies. */
export const dependenciesTabRouteRef = createRouteRef({
  id: 'istio:mesh-dependencies',
});

/** The tab of an entity page for whoever is on call. */
export const triageTabRouteRef = createRouteRef({ id: 'istio:triage' });

/** The page with the services of the user. */
export const myServicesPageRouteRef = createRouteRef({
  id: 'istio:my-services',
});
