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

import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import kubernetesPlugin from '@backstage/plugin-kubernetes-backend';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import type { ServiceFactory } from '@backstage/backend-plugin-api';
import type { JsonObject } from '@backstage/types';
import request from 'supertest';
import istioPlugin from '../index';
import { eventually } from './eventually';

export { component } from './component';

/** JSON of an answer; tests parse it with the schema of the contract before they look inside. */
export type Answer = ReturnType<typeof JSON.parse>;

/** A running portal with the real Kubernetes plugin in front of a cluster. */
export interface Portal {
  get(
    path: string,
  ): Promise<{ status: number; body: Answer; headers: Record<string, string> }>;
  /** Waits until every cluster has this state. */
  settled(state?: string): Promise<void>;
  stop(): Promise<void>;
}

export async function startPortal(options: {
  clusterUrl: string;
  /** addresses of clusters beside the one named `demo`, by name */
  otherClusters?: Readonly<Record<string, string>>;
  entities: Entity[];
  istio?: JsonObject;
  features?: ServiceFactory[];
}): Promise<Portal> {
  const backend = await startTestBackend({
    features: [
      istioPlugin,
      kubernetesPlugin,
      catalogServiceMock.factory({ entities: options.entities }),
      mockServices.rootConfig.factory({
        data: {
          kubernetes: {
            serviceLocatorMethod: { type: 'multiTenant' },
            clusterLocatorMethods: [
              {
                type: 'config',
                clusters: Object.entries({
                  demo: options.clusterUrl,
                  ...options.otherClusters,
                }).map(([name, url]) => ({
                  name,
                  url,
                  authProvider: 'serviceAccount',
                  serviceAccountToken: 'token',
                })),
              },
            ],
          },
          ...(options.istio === undefined ? {} : { istio: options.istio }),
        },
      }),
      ...(options.features ?? []),
    ],
  });
  const get = async (path: string) => {
    const { status, body, headers } = await request(backend.server).get(
      `/api/istio${path}`,
    );
    return { status, body, headers };
  };
  return {
    get,
    settled: async (state = 'synced') => {
      await eventually(
        async (): Promise<{ state: string }[]> =>
          (await get('/v1/health')).body.clusters ?? [],
        clusters =>
          clusters.length > 0 && clusters.every(each => each.state === state),
      );
    },
    stop: () => backend.stop(),
  };
}
