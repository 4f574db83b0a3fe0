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

import type { CompoundEntityRef } from '@backstage/catalog-model';
import { createApiRef } from '@backstage/core-plugin-api';
import type {
  EntityViewName,
  EntityViews,
  MeshServicesView,
  MyServicesView,
  ViewEnvelope,
} from '@mesh-portal/backstage-plugin-istio-common';

/** A request whose way is asked for. */
export interface AskedRequest {
  host?: string;
  port?: string;
  method?: string;
  path?: string;
  /** one `name: value` a line */
  headers?: string;
}

/** Parameters of the entity views that have any. */
export interface EntityViewOptions {
  /** Routes only: id of the client whose view is asked for. */
  client?: string;
  /** Signals and dependencies: the window, for example `1h`. */
  window?: string;
  /** Signals only: also the past, circuit breakers and retries, and what is missing. */
  details?: boolean;
  /** Request path only: the request asked about; what is left out the back end fills in. */
  request?: AskedRequest;
  signal?: AbortSignal;
}

/** Parameters of the list of the user's services. */
export interface MyServicesOptions {
  /** Entity ref of one owner; absent: all the user owns by. */
  group?: string;
  /** Also ask for latency, which costs most. */
  latency?: boolean;
  signal?: AbortSignal;
}

/** What the browser asks of the mesh back end. */
export interface IstioApi {
  /**
   * One view of one catalog entity.
   *
   * @param view - name of the view, for example `mtls`
   * @param entity - the entity asked about
   * @param options - parameters of the view
   * @throws ResponseError when the back end refuses or fails
   */
  getEntityView<V extends EntityViewName>(
    view: V,
    entity: CompoundEntityRef,
    options?: EntityViewOptions,
  ): Promise<ViewEnvelope<EntityViews[V]>>;

  /**
   * The services of the entities that the user owns, worst first.
   *
   * @throws ResponseError when the back end refuses or fails
   */
  getMyServices(
    options?: MyServicesOptions,
  ): Promise<ViewEnvelope<MyServicesView>>;

  /**
   * Every service of every cluster, worst first.
   *
   * @throws ResponseError when the back end refuses or fails
   */
  getMeshServices(options?: {
    signal?: AbortSignal;
  }): Promise<ViewEnvelope<MeshServicesView>>;
}

/** The mesh as the browser sees it. */
export const istioApiRef = createApiRef<IstioApi>({
  id: 'plugin.istio.client',
});
