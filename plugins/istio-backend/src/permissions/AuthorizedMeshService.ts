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

import type { PermissionsService } from '@backstage/backend-plugin-api';
import { NotAllowedError } from '@backstage/errors';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  istioEntityReadPermission,
  istioMeshReadPermission,
  type EntityViewName,
  type EntityViews,
  type Health,
  type MeshServicesView,
  type MyServicesView,
  type ViewEnvelope,
} from '@mesh-portal/backstage-plugin-istio-common';
import type {
  CallOptions,
  MeshService,
  MyServicesParameters,
  ViewParameters,
} from '../service/MeshService';

/** Asks the permission framework before the service around which it is put answers. */
export class AuthorizedMeshService implements MeshService {
  constructor(
    private readonly service: MeshService,
    private readonly permissions: PermissionsService,
  ) {}

  async entityView<N extends EntityViewName>(
    view: N,
    entityRef: string,
    parameters: ViewParameters,
    options: CallOptions,
  ): Promise<ViewEnvelope<EntityViews[N]>> {
    const [{ result }] = await this.permissions.authorize(
      [{ permission: istioEntityReadPermission, resourceRef: entityRef }],
      { credentials: options.credentials },
    );
    if (result !== AuthorizeResult.ALLOW) {
      throw new NotAllowedError(
        `The permission ${istioEntityReadPermission.name} is needed for ${entityRef}`,
      );
    }
    return this.service.entityView(view, entityRef, parameters, options);
  }

  /** Each entity is asked about only where the user may read it: the others are left out, as the catalog does. */
  async myServices(
    parameters: MyServicesParameters,
    options: CallOptions,
  ): Promise<ViewEnvelope<MyServicesView>> {
    const mayRead = async (entityRefs: readonly string[]) => {
      const decisions = await this.permissions.authorize(
        entityRefs.map(resourceRef => ({
          permission: istioEntityReadPermission,
          resourceRef,
        })),
        { credentials: options.credentials },
      );
      return new Set(
        entityRefs.filter(
          (_, index) => decisions[index].result === AuthorizeResult.ALLOW,
        ),
      );
    };
    return this.service.myServices({ ...parameters, mayRead }, options);
  }

  async meshServices(
    options: CallOptions,
  ): Promise<ViewEnvelope<MeshServicesView>> {
    await this.needMeshRead(options);
    return this.service.meshServices(options);
  }

  /** Names of clusters and their failures are facts about the platform, not about any entity. */
  async health(): Promise<Health> {
    return this.service.health();
  }

  private async needMeshRead(options: CallOptions): Promise<void> {
    const [{ result }] = await this.permissions.authorize(
      [{ permission: istioMeshReadPermission }],
      { credentials: options.credentials },
    );
    if (result !== AuthorizeResult.ALLOW) {
      throw new NotAllowedError(
        `The permission ${istioMeshReadPermission.name} is needed`,
      );
    }
  }
}
