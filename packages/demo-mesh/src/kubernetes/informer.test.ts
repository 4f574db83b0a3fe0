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

import {
  ApiException,
  CoreV1Api,
  KubeConfig,
  makeInformer,
  Watch,
  type Informer,
  type ObjectCache,
  type V1ConfigMap,
} from '@kubernetes/client-node';
import { startDemoMesh, type DemoMesh } from '../startDemoMesh';
import { eventually } from '../testing/eventually';

jest.setTimeout(30_000);

const PATH = '/api/v1/namespaces/legacy/configmaps';

describe('the Kubernetes client against the demo mesh', () => {
  let mesh: DemoMesh;
  let config: KubeConfig;
  let api: CoreV1Api;
  beforeAll(async () => {
    mesh = await startDemoMesh({ token: 'open-sesame' });
    config = new KubeConfig();
    config.loadFromOptions({
      clusters: [
        { name: 'demo', server: mesh.kubernetesUrl, skipTLSVerify: true },
      ],
      users: [{ name: 'demo', token: 'open-sesame' }],
      contexts: [{ name: 'demo', cluster: 'demo', user: 'demo' }],
      currentContext: 'demo',
    });
    api = config.makeApiClient(CoreV1Api);
  });
  afterAll(() => mesh.stop());

  function create(name: string): Promise<V1ConfigMap> {
    return api.createNamespacedConfigMap({
      namespace: 'legacy',
      body: { metadata: { name }, data: { step: '1' } },
    });
  }

  async function change(name: string, step: string): Promise<V1ConfigMap> {
    const where = { namespace: 'legacy', name };
    const current = await api.readNamespacedConfigMap(where);
    return api.replaceNamespacedConfigMap({
      ...where,
      body: { ...current, data: { step } },
    });
  }

  function remove(name: string): Promise<unknown> {
    return api.deleteNamespacedConfigMap({ namespace: 'legacy', name });
  }

  async function rejection(promise: Promise<unknown>): Promise<unknown> {
    return promise.then(
      () => undefined,
      (error: unknown) => error,
    );
  }

  describe('an informer', () => {
    let informer: Informer<V1ConfigMap> & ObjectCache<V1ConfigMap>;
    let seen: string[];
    let lists: number;
    let running: boolean;
    const note = (verb: string, object: V1ConfigMap) =>
      seen.push(`${verb} ${object.metadata?.name} ${object.data?.step}`);
    beforeEach(async () => {
      seen = [];
      lists = 0;
      running = true;
      informer = makeInformer<V1ConfigMap>(config, PATH, () => {
        lists += 1;
        return api.listNamespacedConfigMap({ namespace: 'legacy' });
      });
      for (const verb of ['add', 'update', 'delete'] as const) {
        informer.on(verb, object => note(verb, object));
      }
      // A connection that was cut is an error to the client; its users start the informer again.
      informer.on('error', () => {
        if (running) {
          informer.start().catch(() => undefined);
        }
      });
    });
    afterEach(async () => {
      running = false;
      await informer.stop();
    });

    it('sees what is added, updated and deleted', async () => {
      await create('before');
      await informer.start();
      await create('c');
      await change('c', '2');
      await remove('c');
      await remove('before');
      await eventually(
        () => seen,
        events => events.length >= 5,
      );
      expect(seen).toEqual([
        'add before 1',
        'add c 1',
        'update c 2',
        'delete c 2',
        'delete before 1',
      ]);
      expect(informer.list()).toEqual([]);
      expect(lists).toBe(1);
    });

    it('goes on where it was after its connection was cut', async () => {
      await informer.start();
      await create('kept');
      await eventually(
        () => seen,
        events => events.includes('add kept 1'),
      );
      mesh.dropConnections();
      await change('kept', '2');
      await eventually(
        () => seen,
        events => events.includes('update kept 2'),
      );
      expect(lists).toBe(1);
      await remove('kept');
    });

    it('lists again when the history it needs is forgotten', async () => {
      await informer.start();
      await create('old');
      await eventually(
        () => seen,
        events => events.includes('add old 1'),
      );
      running = false;
      await informer.stop();
      await change('old', '2');
      mesh.forgetHistory();
      running = true;
      await informer.start();
      await eventually(
        () => seen,
        events => events.includes('update old 2'),
      );
      expect(lists).toBe(2);
      await remove('old');
      await eventually(
        () => seen,
        events => events.includes('delete old 2'),
      );
    });
  });

  describe('a watch', () => {
    async function watched(
      resourceVersion: string,
      enough: number,
    ): Promise<string[]> {
      const events: string[] = [];
      const controller = await new Watch(config).watch(
        PATH,
        { resourceVersion },
        (
          type: string,
          object: { metadata?: { name?: string }; code?: number },
        ) => events.push(`${type} ${object.metadata?.name ?? object.code}`),
        () => undefined,
      );
      try {
        return await eventually(
          () => events,
          seen => seen.length >= enough,
        );
      } finally {
        controller.abort();
      }
    }

    it('resumes after the resourceVersion it names', async () => {
      const list = await api.listNamespacedConfigMap({ namespace: 'legacy' });
      const first = await create('one');
      await create('two');
      await remove('one');
      expect(await watched(list.metadata?.resourceVersion ?? '', 3)).toEqual([
        'ADDED one',
        'ADDED two',
        'DELETED one',
      ]);
      expect(await watched(first.metadata?.resourceVersion ?? '', 2)).toEqual([
        'ADDED two',
        'DELETED one',
      ]);
      await remove('two');
    });

    it('gets 410 for a resourceVersion that is forgotten', async () => {
      const list = await api.listNamespacedConfigMap({ namespace: 'legacy' });
      await create('passing');
      await remove('passing');
      mesh.forgetHistory();
      const events: string[] = [];
      const ended = new Promise<void>(resolve => {
        new Watch(config)
          .watch(
            PATH,
            { resourceVersion: list.metadata?.resourceVersion },
            (type: string, status: { code?: number; reason?: string }) =>
              events.push(`${type} ${status.code} ${status.reason}`),
            () => resolve(),
          )
          .catch(() => resolve());
      });
      await ended;
      expect(events).toEqual(['ERROR 410 Expired']);
    });
  });

  describe('a paged list', () => {
    it('gives every object once, as of the first page', async () => {
      const whole = await api.listPodForAllNamespaces();
      const names: (string | undefined)[] = [];
      const versions = new Set<string | undefined>();
      let token: string | undefined;
      const remaining: (number | undefined)[] = [];
      let requests = 0;
      do {
        const page = await api.listPodForAllNamespaces({
          limit: 7,
          _continue: token,
        });
        expect(page.items.length).toBeLessThanOrEqual(7);
        names.push(...page.items.map(pod => pod.metadata?.name));
        versions.add(page.metadata?.resourceVersion);
        token = page.metadata?._continue;
        requests += 1;
        remaining.push(page.metadata?.remainingItemCount);
        if (requests === 1) await create('between-pages');
      } while (token);
      await remove('between-pages');
      expect(requests).toBe(Math.ceil(whole.items.length / 7));
      expect(remaining[0]).toBe(whole.items.length - 7);
      expect(names).toEqual(whole.items.map(pod => pod.metadata?.name));
      expect([...versions]).toEqual([whole.metadata?.resourceVersion]);
    });

    it('gets 410 for a continue token that is forgotten', async () => {
      const page = await api.listPodForAllNamespaces({ limit: 5 });
      mesh.forgetHistory();
      const error = await rejection(
        api.listPodForAllNamespaces({
          limit: 5,
          _continue: page.metadata?._continue,
        }),
      );
      expect(error).toBeInstanceOf(ApiException);
      expect(error).toMatchObject({ code: 410 });
      expect(String(error)).toContain('start a new list');
    });
  });

  it('answers 409 to an update that is based on an old state', async () => {
    const old = await create('contested');
    await change('contested', '2');
    const error = await rejection(
      api.replaceNamespacedConfigMap({
        namespace: 'legacy',
        name: 'contested',
        body: { ...old, data: { step: '3' } },
      }),
    );
    expect(error).toMatchObject({ code: 409 });
    await remove('contested');
  });
});
