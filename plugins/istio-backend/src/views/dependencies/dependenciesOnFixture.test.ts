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
  describeWithGoldenSignals,
  END,
  MINUTE,
  startGoldenSignals,
} from '../../__testUtils__/goldenSignals';
import {
  entityInYaml,
  podYaml,
  serviceYaml,
} from '../../__testUtils__/meshYaml';
import type { RealPrometheus } from '../../__testUtils__/RealPrometheus';
import { engineOf } from '../../__testUtils__/signalsFrom';
import type { Window } from '../../prometheus';
import { dependenciesView } from './dependenciesView';
import { observeEdges } from './observeEdges';

const NO_CATALOG = {
  services: new Map(),
  workloads: new Map(),
  declarations: undefined,
};

describeWithGoldenSignals(
  'dependencies of the fixture, from a real Prometheus',
  () => {
    let prometheus: RealPrometheus;

    beforeAll(async () => {
      prometheus = await startGoldenSignals();
    }, 60_000);
    afterAll(() => prometheus?.stop());

    async function dependenciesOf(service: string, window: Window = '5m') {
      const [namespace, name] = service.split('/');
      const input = entityInYaml(
        podYaml(namespace, name) + serviceYaml(namespace, name),
        { services: service },
      );
      const [cluster] = input.clusters;
      const observation = await observeEdges(
        { queries: engineOf(prometheus.url, END), learned: {}, explicit: true },
        cluster.match,
        window,
      );
      expect(observation.problems).toEqual([]);
      const view = dependenciesView(
        { ...input, clusters: [{ ...cluster, observation }] },
        window,
        NO_CATALOG,
      );
      const callers = new Map(
        view.edges
          .filter(({ direction }) => direction === 'inbound')
          .map(edge => [edge.neighbour.title, edge]),
      );
      const callees = new Map(
        view.edges
          .filter(({ direction }) => direction === 'outbound')
          .map(edge => [edge.neighbour.title, edge]),
      );
      return { view, callers, callees };
    }

    it('checkout: 119.35 rps are those of its callers, each counted once', async () => {
      const { view, callers } = await dependenciesOf('shop/checkout');
      expect([...callers.keys()].sort()).toEqual([
        'shop/cart',
        'shop/web',
        'unknown',
      ]);
      const rate = (name: string) => callers.get(name)?.requestsPerSecond ?? 0;
      expect(rate('shop/web')).toBeCloseTo(94.85, 6);
      expect(rate('shop/cart')).toBeCloseTo(20, 6);
      expect(rate('unknown')).toBeCloseTo(4.5, 6);
      expect(
        rate('shop/web') + rate('shop/cart') + rate('unknown'),
      ).toBeCloseTo(119.35, 6);
      const web = callers.get('shop/web');
      expect(web?.reporter).toBe('destination');
      expect(web?.errorsPerSecond).toBeCloseTo(5, 6);
      // UT 0.45, UO 0.5 and UH 0.2 never arrived; a client that hung up (DC) is no failure.
      expect(web?.clientOnlyFailuresPerSecond).toBeCloseTo(1.15, 6);
      expect(web?.failures.map(({ code, flag }) => [code, flag])).toEqual([
        ['503', undefined],
        ['500', undefined],
        ['503', 'UO'],
        ['504', 'UT'],
        ['503', 'UH'],
      ]);
      expect(view.verdict.state).toBe('fail');
    });

    it('checkout: plaintext is what the callee saw of callers without identity', async () => {
      const { callers } = await dependenciesOf('shop/checkout');
      expect(callers.get('shop/web')?.mutualTls.share).toBe(1);
      expect(callers.get('unknown')?.mutualTls.share).toBe(0);
    });

    it('checkout: versions and their errors of the caller that fails', async () => {
      const { callers } = await dependenciesOf('shop/checkout');
      const versions = callers.get('shop/web')?.versions ?? [];
      expect(versions.map(({ version }) => version)).toEqual(['v1', 'v2']);
      expect(versions[1].requestsPerSecond).toBeCloseTo(23, 6);
      expect(versions[1].errorShare).toBeCloseTo(4.2 / 23, 6);
    });

    it('catalog: the waypoint counts, the gateway’s own report is not added', async () => {
      const { callers } = await dependenciesOf('shop/catalog');
      const gateway = callers.get('istio-system/ingressgateway');
      expect(gateway?.reporter).toBe('waypoint');
      expect(gateway?.requestsPerSecond).toBeCloseTo(6, 6);
      expect(callers.get('shop/web')?.requestsPerSecond).toBeCloseTo(21, 6);
    });

    it('pricing: gRPC faults of the server, and HTTP beside them', async () => {
      const web = (await dependenciesOf('shop/pricing')).callers.get(
        'shop/web',
      );
      expect(web?.protocol).toBe('http+grpc');
      expect(web?.requestsPerSecond).toBeCloseTo(50.5, 6);
      expect(web?.errorsPerSecond).toBeCloseTo(6, 6);
      expect(web?.latency?.p95).toBeCloseTo(250 + (250 * 0.15) / 0.2, 3);
    });

    it('geo: the part that crosses clusters', async () => {
      const web = (await dependenciesOf('shop/geo')).callers.get('shop/web');
      expect(web?.requestsPerSecond).toBeCloseTo(8, 6);
      expect(web?.crossCluster).toEqual([
        { from: 'c1', to: 'c2', perSecond: expect.closeTo(3, 6) },
      ]);
    });

    it('vault: refusals are no errors', async () => {
      const web = (await dependenciesOf('shop/vault')).callers.get('shop/web');
      expect(web?.errorShare).toBe(0);
      expect(web?.refusedPerSecond).toBeCloseTo(0.4, 6);
    });

    it('postgres: connections, and bytes as the server sees them', async () => {
      const web = (await dependenciesOf('data/postgres')).callers.get(
        'shop/web',
      );
      expect(web?.protocol).toBe('tcp');
      expect(web?.tcp).toEqual({
        connectionsOpenedPerSecond: expect.closeTo(2, 6),
        requestBytesPerSecond: expect.closeTo(1000, 3),
        responseBytesPerSecond: expect.closeTo(5000, 3),
      });
    });

    it.each([
      ['shop/wishlist', 'idle'],
      ['shop/legacy', 'gone'],
      ['shop/ghost', 'never'],
      ['shop/catalog', 'traffic'],
    ])('%s is %s', async (service, state) => {
      const { view } = await dependenciesOf(service);
      expect(view.state).toBe(state);
    });

    it('legacy: gone before the window, with when it was last seen and no rate', async () => {
      const web = (await dependenciesOf('shop/legacy')).callers.get('shop/web');
      expect(web?.requestsPerSecond).toBeUndefined();
      const age = END - Date.parse(web?.lastSeen ?? '') / 1000;
      expect(age).toBeGreaterThanOrEqual(40 * MINUTE);
      expect(age).toBeLessThanOrEqual(41 * MINUTE);
    });

    it('web: the same edges from the other end', async () => {
      const { callees } = await dependenciesOf('shop/web');
      expect([...callees.keys()].sort()).toEqual([
        'data/postgres',
        'shop/catalog',
        'shop/checkout',
        'shop/geo',
        'shop/ledger',
        'shop/legacy',
        'shop/pricing',
        'shop/resetter',
        'shop/vault',
        'shop/wishlist',
      ]);
      const checkout = callees.get('shop/checkout');
      expect(checkout?.requestsPerSecond).toBeCloseTo(94.85, 6);
      expect(checkout?.clientOnlyFailuresPerSecond).toBeCloseTo(1.15, 6);
      // The buckets of other teams' services are not asked for.
      expect(checkout?.latency?.p95).toBeUndefined();
      expect(callees.get('shop/legacy')?.state).toBe('gone');
      expect(callees.get('shop/wishlist')?.state).toBe('idle');
    });
  },
);
