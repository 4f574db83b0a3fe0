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
  CHECKOUT,
  describeWithGoldenSignals,
  END,
  startGoldenSignals,
} from '../../__testUtils__/goldenSignals';
import type { RealPrometheus } from '../../__testUtils__/RealPrometheus';
import { engineOf, signalsFrom } from '../../__testUtils__/signalsFrom';
import type { Window } from '../../prometheus';

describeWithGoldenSignals(
  'signals of the fixture, from a real Prometheus',
  () => {
    let prometheus: RealPrometheus;

    beforeAll(async () => {
      prometheus = await startGoldenSignals();
    }, 60_000);
    afterAll(() => prometheus?.stop());

    const signalsOf = async (
      service: string,
      window: Window = '5m',
      pods: string[] = [],
    ) => {
      const namespace = service === 'postgres' ? 'data' : 'shop';
      const { signals, problems } = await signalsFrom(
        engineOf(prometheus.url, END),
        { namespace, name: service },
        window,
        pods.map(name => ({ namespace, name })),
      );
      expect(problems).toEqual([]);
      return signals;
    };

    it('checkout: the numbers computed by hand', async () => {
      const { reporter, current, previous, verdict, byFlag, byVersion } =
        await signalsOf(CHECKOUT.name);
      expect(reporter).toBe('destination');
      // Both reporters together would be 235.35.
      expect(current.requestsPerSecond).toBeCloseTo(119.35, 6);
      expect(current.share5xx).toBeCloseTo(0.04189, 5);
      expect(current.share4xx).toBeCloseTo(1.2 / 119.35, 6);
      // A client that hung up (DC) is not a failure.
      expect(current.shareNoResponse).toBe(0);
      expect(current.clientOnlyFailuresPerSecond).toBeCloseTo(1.15, 6);
      expect(current.latency?.p95).toBeCloseTo(442.7, 1);
      expect(current.latency?.buckets?.p95).toEqual([250, 500]);
      expect(current.requestBytesPerSecond).toBeCloseTo(119.35 * 300, 3);
      expect(previous?.requestsPerSecond).toBeCloseTo(119.35, 6);
      expect(verdict).toMatchObject({
        state: 'fail',
        reason: expect.stringContaining('4.2 % of requests fail with 5xx'),
      });
      expect(byFlag.map(({ flag, seenBy }) => [flag, seenBy])).toEqual([
        ['UO', 'client'],
        ['UT', 'client'],
        ['UH', 'client'],
        ['DC', 'server'],
      ]);
      expect(
        byVersion.map(({ version, requestsPerSecond }) => [
          version,
          Number((requestsPerSecond / 119.35).toFixed(4)),
        ]),
      ).toEqual([
        ['v1', 0.8073],
        ['v2', 0.1927],
      ]);
    });

    it('checkout over an hour: the hour before had fewer errors', async () => {
      const { current, previous } = await signalsOf(CHECKOUT.name, '1h');
      expect(current.share5xx).toBeCloseTo(0.0259, 4);
      expect(previous?.share5xx).toBeCloseTo(1.1 / 115.45, 6);
    });

    it('saturation: shares of limits, and where there is no limit', async () => {
      const { saturation } = await signalsOf(CHECKOUT.name, '5m', [
        'checkout-v1-abc',
      ]);
      expect(saturation.containers).toEqual([
        expect.objectContaining({
          container: 'app',
          cpuOfLimit: expect.closeTo(0.8, 6),
          memoryOfLimit: 0.5,
          throttledShare: expect.closeTo(0.1, 6),
        }),
        expect.objectContaining({
          container: 'istio-proxy',
          cpuOfLimit: undefined,
          note: 'no CPU and memory limit set',
        }),
      ]);
    });

    it.each([
      ['wishlist', 'idle', 'unknown'],
      ['legacy', 'gone', 'unknown'],
      ['ghost', 'never', 'unknown'],
      ['catalog', 'traffic', 'pass'],
    ])('%s is %s, and its verdict %s', async (service, state, verdict) => {
      const signals = await signalsOf(service, '1h');
      expect([signals.state, signals.verdict.state]).toEqual([state, verdict]);
    });

    it('legacy is gone, not never seen, however short the window', async () => {
      expect((await signalsOf('legacy', '5m')).state).toBe('gone');
      expect((await signalsOf('ghost', '5m')).state).toBe('never');
    });

    it('legacy: when it was last seen', async () => {
      const { lastSeen = '' } = await signalsOf('legacy', '1h');
      const age = END - Date.parse(lastSeen) / 1000;
      // Its last sample is of 40 minutes ago; a rate over 5m sees it for some minutes more.
      expect(age).toBeGreaterThan(34 * 60);
      expect(age).toBeLessThanOrEqual(41 * 60);
    });

    it('catalog: the waypoint counts, and what came through the ingress gateway is not counted twice', async () => {
      const { reporter, current } = await signalsOf('catalog');
      expect(reporter).toBe('waypoint');
      expect(current.requestsPerSecond).toBeCloseTo(27, 6);
    });

    it('pricing: gRPC statuses, without the requests that have none; bounds as Prometheus 3 writes them', async () => {
      const { current, byGrpcStatus } = await signalsOf('pricing');
      expect(current.requestsPerSecond).toBeCloseTo(50.5, 6);
      expect(current.grpcRequestsPerSecond).toBeCloseTo(50, 6);
      expect(current.shareGrpcErrors).toBeCloseTo(6 / 50, 6);
      expect(
        byGrpcStatus.map(({ name, fault, requestsPerSecond }) => [
          name,
          fault,
          Number(requestsPerSecond.toFixed(3)),
        ]),
      ).toEqual([
        ['OK', 'none', 42],
        ['UNAVAILABLE', 'server', 5],
        ['NOT_FOUND', 'caller', 2],
        ['UNKNOWN', 'server', 1],
      ]);
      // Half within 100 ms.
      expect(current.latency?.p50).toBeCloseTo(100, 6);
    });

    it('postgres: connections, and bytes as the server sees them', async () => {
      const { layer, current, byFlag } = await signalsOf('postgres');
      expect(layer).toBe('tcp');
      expect(current.requestsPerSecond).toBeUndefined();
      expect(current.tcp).toEqual({
        connectionsOpenedPerSecond: expect.closeTo(2, 6),
        connectionsClosedPerSecond: expect.closeTo(1.5, 6),
        requestBytesPerSecond: expect.closeTo(1000, 6),
        responseBytesPerSecond: expect.closeTo(5000, 6),
        failedPerSecond: expect.closeTo(0.1, 6),
      });
      expect(byFlag).toEqual([
        expect.objectContaining({
          flag: 'CONNECT',
          requestsPerSecond: expect.closeTo(0.1, 6),
        }),
      ]);
    });

    it('resetter: a restart loses what was not scraped', async () => {
      const { current } = await signalsOf('resetter');
      expect(current.requestsPerSecond).toBeCloseTo(8.85, 6);
    });

    it('geo: one service, wherever it runs', async () => {
      const { current } = await signalsOf('geo');
      expect(current.requestsPerSecond).toBeCloseTo(8, 6);
    });
  },
);
