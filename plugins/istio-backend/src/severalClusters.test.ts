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

import { startDemoMesh, type DemoMesh } from '@mesh-portal/demo-mesh';
import {
  clustersViewSchema,
  envelopeSchema,
} from '@mesh-portal/backstage-plugin-istio-common';
import { eventually } from './__testUtils__/eventually';
import { component, startPortal, type Portal } from './__testUtils__/portal';

jest.setTimeout(90_000);

const RESPONSE = envelopeSchema(clustersViewSchema).strict();

describe('services of two clusters, in front of two demo meshes', () => {
  let east: DemoMesh;
  let west: DemoMesh;
  let portal: Portal;

  beforeAll(async () => {
    east = await startDemoMesh({ token: 'token' });
    west = await startDemoMesh({ token: 'token' });
    portal = await startPortal({
      clusterUrl: east.kubernetesUrl,
      otherClusters: { west: west.kubernetesUrl },
      entities: [
        component('reviews', {
          'backstage.io/istio-services': 'bookinfo/reviews',
        }),
        component('east-only', {
          'backstage.io/istio-services': 'bookinfo/reviews',
          'backstage.io/kubernetes-cluster': 'demo',
        }),
      ],
    });
    await portal.settled();
  });
  afterAll(async () => {
    await portal.stop();
    await Promise.all([east.stop(), west.stop()]);
  });

  const ask = async (entity: string, query = '') => {
    const { status, body } = await portal.get(
      `/v1/entities/component/default/${entity}/clusters${query}`,
    );
    expect(status).toBe(200);
    return RESPONSE.parse(body).view.services;
  };
  const send = async (
    mesh: DemoMesh,
    method: string,
    path: string,
    body: object,
  ) => {
    const { ok } = await fetch(`${mesh.kubernetesUrl}${path}`, {
      method,
      headers: {
        authorization: 'Bearer token',
        'content-type':
          method === 'PATCH'
            ? 'application/merge-patch+json'
            : 'application/json',
      },
      body: JSON.stringify(body),
    });
    expect(ok).toBe(true);
  };

  it('are told for callers of each cluster; for those of one where the entity names it', async () => {
    const both = await ask('reviews');
    expect(both.map(({ service }) => service.cluster).sort()).toEqual([
      'demo',
      'west',
    ]);
    for (const { clusters, verdict } of both) {
      expect(clusters.map(({ reach }) => reach)).toEqual(['direct', 'direct']);
      expect(clusters.map(({ endpoints }) => endpoints.ready)).toEqual([4, 4]);
      expect(verdict.state).toBe('unknown');
    }
    const [only, ...others] = await ask('east-only');
    expect(only.clusters.map(({ cluster, own }) => [cluster, own])).toEqual([
      ['demo', true],
      ['west', false],
    ]);
    expect(others).toEqual([]);
  });

  it('follow a change: another network, entered through its east-west gateway', async () => {
    const network = { 'topology.istio.io/network': 'n-west' };
    await send(west, 'PATCH', '/api/v1/namespaces/istio-system', {
      metadata: { labels: network },
    });
    await send(east, 'PATCH', '/api/v1/namespaces/istio-system', {
      metadata: { labels: { 'topology.istio.io/network': 'n-east' } },
    });
    const rowOfWest = async () => {
      const [{ clusters, unknown }] = await ask('east-only');
      return { row: clusters.find(({ own }) => !own), unknown };
    };
    const without = await eventually(
      rowOfWest,
      ({ row, unknown }) =>
        row?.network === 'n-west' &&
        unknown.some(what => what.includes('How network n-west is entered')),
    );
    expect(without.row?.reach).toBe('direct');
    await send(west, 'POST', '/api/v1/namespaces/istio-system/services', {
      metadata: { name: 'eastwest', labels: network },
      spec: {
        type: 'LoadBalancer',
        selector: { app: 'istio-ingressgateway' },
        ports: [{ name: 'tls', port: 15443 }],
      },
    });
    const { row } = await eventually(
      rowOfWest,
      found => found.row?.reach === 'gateway',
    );
    expect(row?.entrances).toMatchObject([
      {
        address: expect.stringMatching(/:15443$/),
        provenance: { object: { kind: 'Service', name: 'eastwest' } },
      },
    ]);
  });

  it('are answered for another caller, and not for one that is not there', async () => {
    const [{ clients }] = await ask('east-only');
    const caller = clients.find(({ workload }) => workload !== undefined);
    const [answer] = await ask(
      'east-only',
      `?client=${encodeURIComponent(caller?.id ?? '')}`,
    );
    expect(answer.client.id).toBe(caller?.id);
    const { status } = await portal.get(
      '/v1/entities/component/default/east-only/clusters?client=nobody',
    );
    expect(status).toBe(400);
  });
});
