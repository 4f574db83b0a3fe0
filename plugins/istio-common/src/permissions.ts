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

import { RESOURCE_TYPE_CATALOG_ENTITY } from '@backstage/plugin-catalog-common/alpha';
import { createPermission } from '@backstage/plugin-permission-common';

/**
 * Read the mesh views of a catalog entity. A resource permission on `catalog-entity`, so that a policy can answer
 * with the catalog's own conditions, for example "owners only".
 */
export const istioEntityReadPermission = createPermission({
  name: 'istio.entity.read',
  attributes: { action: 'read' },
  resourceType: RESOURCE_TYPE_CATALOG_ENTITY,
});

/** Read the views of the whole mesh. */
export const istioMeshReadPermission = createPermission({
  name: 'istio.mesh.read',
  attributes: { action: 'read' },
});

/** Ask what a change would do before it is applied. */
export const istioSimulatePermission = createPermission({
  name: 'istio.simulate',
  attributes: { action: 'read' },
});

export const istioPermissions = [
  istioEntityReadPermission,
  istioMeshReadPermission,
  istioSimulatePermission,
];
