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
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import kubernetesPlugin from '@backstage/plugin-kubernetes-backend';
import request from 'supertest';
import istioPlugin from './index';
import { eventually } from './testing/eventually';
import { FakeCluster } from './testing/FakeCluster';

const entity = (name: string, annotations: Record<string, string>) => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name, namespace: 'default', annotations },
  spec: { type: 'service', owner: 'team-a', lifecycle: 'production' },
});

jest.setTimeout(30_000);

describe('istioPlugin', () => {
  let cluster: FakeCluster;
  beforeAll(async () => {
    cluster = await FakeCluster.start();
    cluster.put({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'reviews', namespace: 'bookinfo' },
    });
  });
  afterAll(() => cluster.stop());

  it('answers valid envelopes from a cluster of the Kubernetes plugin', async () => {
    const { server } = await startTestBackend({
      features: [
        istioPlugin,
        kubernetesPlugin,
        catalogServiceMock.factory({
          entities: [
            entity('reviews', {
              'backstage.io/istio-services': 'bookinfo/reviews',
            }),
          ],
        }),
        mockServices.rootConfig.factory({
          data: {
            kubernetes: {
              serviceLocatorMethod: { type: 'multiTenant' },
              clusterLocatorMethods: [
                {
                  type: 'config',
                  clusters: [
                    {
                      name: 'demo',
                      url: cluster.url,
                      authProvider: 'serviceAccount',
                      serviceAccountToken: 'token',
                    },
                  ],
                },
              ],
            },
          },
        }),
      ],
    });
    const read = async (path: string) =>
      (await request(server).get(`/api/istio${path}`)).body;
    const health = await eventually(
      () => read('/v1/health'),
      body => body.clusters?.[0]?.state === 'synced',
    );
    expect(health.status).toBe('ok');
    const overview = await read(
      '/v1/entities/component/default/reviews/overview',
    );
    expect(overview.resolution.state).toBe('resolved');
    expect(overview.resolution.services).toEqual([
      expect.objectContaining({ namespace: 'bookinfo', name: 'reviews' }),
    ]);
  });
});
