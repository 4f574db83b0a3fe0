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

import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import type {
  EntityViewName,
  EntityViews,
  Health,
  MeshServicesView,
  MyServicesView,
  ViewEnvelope,
} from '@mesh-portal/backstage-plugin-istio-common';

import type { AskedRequest } from '../views/requestPath';

/** What a view may be asked with, beside its entity. */
export interface ViewParameters {
  /** id of a client, for the view `routes` */
  client?: string;
  /** for example `1h`, for the views `signals` and `dependencies` */
  window?: string;
  /** for the view `signals`: also the past, circuit breakers and retries, and what is missing */
  details?: boolean;
  /** for the view `request-path` */
  request?: AskedRequest;
}

export interface CallOptions {
  credentials: BackstageCredentials;
}

/** What the list of a user's services may be asked with. */
export interface MyServicesParameters {
  /** entity ref of one owner, for example `group:default/books` */
  group?: string;
  /** ask for latency, too */
  latency?: boolean;
  /** those of the entities that the user may ask about; absent: all */
  mayRead?(entityRefs: readonly string[]): Promise<ReadonlySet<string>>;
}

/**
 * Answers the views of the contract. The plain implementation trusts its caller, except that it loads entities with
 * the caller's credentials; permissions are the business of the decorator around it.
 */
export interface MeshService {
  /** @throws NotFoundError when there is no such entity or the caller may not see it */
  entityView<N extends EntityViewName>(
    view: N,
    entityRef: string,
    parameters: ViewParameters,
    options: CallOptions,
  ): Promise<ViewEnvelope<EntityViews[N]>>;

  /**
   * The services of the entities that the user owns, worst first.
   *
   * @throws NotAllowedError when the caller is no user
   */
  myServices(
    parameters: MyServicesParameters,
    options: CallOptions,
  ): Promise<ViewEnvelope<MyServicesView>>;

  meshServices(options: CallOptions): Promise<ViewEnvelope<MeshServicesView>>;

  health(): Promise<Health>;
}
