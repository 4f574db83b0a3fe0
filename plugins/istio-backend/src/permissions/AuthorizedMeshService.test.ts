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

import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import type { MyServicesView } from '@mesh-portal/backstage-plugin-istio-common';
import type { MeshService, MyServicesParameters } from '../service';
import { AuthorizedMeshService } from './AuthorizedMeshService';

const EMPTY: MyServicesView = {
  services: [],
  groups: [],
  total: 0,
  truncated: false,
  entities: 0,
  unresolved: [],
  latency: 'absent',
};

describe('my services', () => {
  it('are asked about only where the user may read the entity', async () => {
    const permissions = mockServices.permissions.mock({
      authorize: async requests =>
        requests.map(request => ({
          result:
            'resourceRef' in request &&
            request.resourceRef === 'component:default/mine'
              ? AuthorizeResult.ALLOW
              : AuthorizeResult.DENY,
        })),
    });
    const asked: MyServicesParameters[] = [];
    const service: Pick<MeshService, 'myServices'> = {
      myServices: async parameters => {
        asked.push(parameters);
        return {
          view: EMPTY,
          clusters: [],
          snapshot: { version: 1, stale: false },
        };
      },
    };
    // Of the service only what is under test is there.
    const authorized = new AuthorizedMeshService(
      service as MeshService,
      permissions,
    );
    await authorized.myServices(
      { group: 'group:default/books' },
      { credentials: mockCredentials.user() },
    );
    expect(asked[0].group).toBe('group:default/books');
    const readable = await asked[0].mayRead?.([
      'component:default/mine',
      'component:default/theirs',
    ]);
    expect([...(readable ?? [])]).toEqual(['component:default/mine']);
  });
});
