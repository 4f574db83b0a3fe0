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

import { KINDS, type MeshObject } from '@mesh-portal/mesh-model';
import { eventually } from '../__testUtils__/eventually';
import { answerStatus, FakeCluster } from '../__testUtils__/FakeCluster';
import { ClusterSync } from './ClusterSync';
import { KubernetesPluginConnection } from './KubernetesPluginConnection';

jest.setTimeout(20_000);

const COLLECTION = '/api/v1/services';

const service = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'shop' },
  spec: { ports: [] },
});

/** Reads the fake API server directly, in place of the Kubernetes plugin’s proxy. */
function connectionTo(cluster: FakeCluster): KubernetesPluginConnection {
  return new KubernetesPluginConnection(
    'demo',
    undefined,
    {
      getBaseUrl: async () => cluster.url,
      getExternalBaseUrl: async () => cluster.url,
    },
    Object.assign(Object.create(null), {
      getOwnServiceCredentials: async () => ({}),
      getPluginRequestToken: async () => ({ token: 'token' }),
    }),
  );
}

describe('keeping a cluster’s snapshot warm', () => {
  let cluster: FakeCluster;
  let sync: ClusterSync;

  const names = () =>
    sync.snapshot
      .list('Service')
      .map(({ metadata }: MeshObject) => metadata.name)
      .sort();

  const start = async (pageSize = 500) => {
    sync = new ClusterSync({
      connection: connectionTo(cluster),
      configMapNamespaces: ['istio-system'],
      timing: { retryFirstMs: 5, retryMaxMs: 20, probeMs: 50, pageSize },
    });
    sync.start();
    await eventually(
      () => sync.status().state,
      state => state === 'synced',
    );
    await eventually(
      () => cluster.watching(`/proxy${COLLECTION}`),
      watching => watching,
    );
  };

  beforeEach(async () => {
    cluster = await FakeCluster.start('/proxy');
    cluster.put(service('cart'));
    cluster.put(service('orders'));
  });
  afterEach(async () => {
    await sync.stop();
    await cluster.stop();
  });

  it('lists in pages and then watches', async () => {
    await start(1);
    expect(names()).toEqual(['cart', 'orders']);
    expect(
      cluster.requests.filter(each => each.includes('continue=')),
    ).not.toHaveLength(0);
    cluster.put(service('checkout'));
    await eventually(names, list => list.includes('checkout'));
    cluster.remove(service('cart'));
    await eventually(names, list => !list.includes('cart'));
  });

  it('resumes a broken watch from the last version, without a new list', async () => {
    await start();
    cluster.put(service('checkout'));
    await eventually(names, list => list.includes('checkout'));
    const lists = () =>
      cluster.requests.filter(each =>
        each.startsWith(`GET /proxy${COLLECTION}?limit`),
      ).length;
    const before = lists();
    cluster.breakWatches();
    await eventually(
      () => cluster.watching(`/proxy${COLLECTION}`),
      watching => watching,
    );
    cluster.put(service('late'));
    await eventually(names, list => list.includes('late'));
    expect(lists()).toBe(before);
  });

  it('lists again when the version is too old, and swaps in one step', async () => {
    await start();
    cluster.removeSilently(service('cart'));
    const version = sync.snapshot.version;
    cluster.sendLine(
      `/proxy${COLLECTION}`,
      JSON.stringify({
        type: 'ERROR',
        object: { kind: 'Status', code: 410, message: 'too old' },
      }),
    );
    await eventually(names, list => !list.includes('cart'));
    expect(names()).toEqual(['orders']);
    expect(sync.snapshot.version).toBe(version + 1);
  });

  it('survives garbage in a watch', async () => {
    await start();
    cluster.sendLine(`/proxy${COLLECTION}`, '<html>');
    cluster.put(service('checkout'));
    await eventually(names, list => list.includes('checkout'));
    await eventually(
      () => sync.status().state,
      state => state === 'synced',
    );
    expect(names()).toEqual(['cart', 'checkout', 'orders']);
  });

  it('keeps the last good snapshot, marked stale, while the cluster is down', async () => {
    await start();
    cluster.fault = (_request, response) =>
      answerStatus(response, 503, 'down for maintenance');
    cluster.breakWatches();
    await eventually(
      () => sync.status().state,
      state => state === 'stale',
    );
    expect(names()).toEqual(['cart', 'orders']);
    expect(sync.status().message).toContain('last good state');
    cluster.fault = undefined;
    await eventually(
      () => sync.status().state,
      state => state === 'synced',
    );
  });

  it('tells a kind that is absent from one that is forbidden, and tries both again', async () => {
    const deny = (url: string | undefined, part: string) =>
      url?.includes(part) === true;
    cluster.fault = (request, response) =>
      (deny(request.url, 'virtualservices') &&
        answerStatus(response, 404, 'not found')) ||
      (deny(request.url, 'peerauthentications') &&
        answerStatus(response, 403, 'forbidden'));
    await start();
    const missing = () =>
      sync.status().missingKinds.map(({ kind, reason }) => [kind, reason]);
    expect(missing()).toEqual([
      ['VirtualService', 'absent'],
      ['PeerAuthentication', 'forbidden'],
    ]);
    cluster.fault = undefined;
    await eventually(missing, list => list.length === 0);
  });

  it('says that an address without a Kubernetes API is none', async () => {
    cluster.fault = (_request, response) =>
      answerStatus(response, 404, 'page not found');
    sync = new ClusterSync({
      connection: connectionTo(cluster),
      configMapNamespaces: ['istio-system'],
      timing: { retryFirstMs: 5, retryMaxMs: 20, probeMs: 50 },
    });
    sync.start();
    await eventually(
      () => sync.status().state,
      state => state === 'unreachable',
    );
    expect(sync.status().message).toContain('address');
  });

  it('asks only with GET, and only for kinds of the closed table', async () => {
    await start();
    const plurals = KINDS.map(({ plural }) => plural as string);
    for (const each of cluster.requests) {
      const path = each.split('?')[0];
      expect(path.startsWith('GET ')).toBe(true);
      expect(plurals).toContain(path.split('/').at(-1));
    }
  });
});
