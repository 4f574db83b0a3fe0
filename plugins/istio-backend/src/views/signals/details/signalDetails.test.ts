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
  END,
  startEmbeddedGoldenSignals,
} from '../../../__testUtils__/goldenSignals';
import type { RealPrometheus } from '../../../__testUtils__/RealPrometheus';
import { engineOf, signalsFrom } from '../../../__testUtils__/signalsFrom';
import {
  capabilitiesOf,
  servicePast,
  serviceUpstream,
  serviceWindow,
} from '../../../prometheus';
import { signalDetails } from './signalDetails';
import { STATS_ANNOTATION } from './upstream';

const WINDOW = { window: '5m' } as const;

describe('signalDetails', () => {
  let prometheus: RealPrometheus;
  beforeAll(async () => {
    prometheus = await startEmbeddedGoldenSignals();
  });
  afterAll(() => prometheus.stop());

  async function detailsOf(name: string, namespace = 'shop') {
    const service = { namespace, name };
    const engine = engineOf(prometheus.url, END);
    const { signals } = await signalsFrom(engine, service, '5m');
    const [window, past, upstream, capabilities] = await Promise.all([
      engine.ofSubjects(serviceWindow, [service], WINDOW),
      engine.ofSubjects(servicePast, [service], WINDOW),
      engine.ofSubjects(serviceUpstream, [service], WINDOW),
      capabilitiesOf(engine),
    ]);
    return signalDetails(
      `${namespace}/${name}`,
      window,
      { past, upstream, capabilities },
      signals,
      {
        disabled: [],
        describe: (_namespace, pod) => ({ workload: pod.split('-')[0] }),
      },
    );
  }

  it('compares with the window, the day and the week before', async () => {
    const { baselines } = await detailsOf('checkout');
    expect(
      baselines.map(({ against, numbers }) => [
        against,
        Number(numbers?.requestsPerSecond?.toFixed(6)),
      ]),
    ).toEqual([
      ['window', 119.35],
      ['day', 100],
      ['week', 90],
    ]);
    expect(baselines[1].numbers?.share5xx).toBeCloseTo(1.1 / 100, 6);
    expect(baselines[1].numbers?.latency?.p95).toBeGreaterThan(0);
  });

  it('has no baseline where there was nothing: that is not a change from zero', async () => {
    const { baselines } = await detailsOf('ghost');
    expect(baselines.map(({ state }) => state)).toEqual([
      'no-baseline',
      'no-baseline',
      'no-baseline',
    ]);
    expect(baselines.every(({ numbers }) => numbers === undefined)).toBe(true);
  });

  it('tells circuit breakers, ejections and retries of each caller', async () => {
    const { upstream } = await detailsOf('checkout');
    // cart calls it too, and exports nothing.
    expect(upstream.state).toBe('partly');
    expect(upstream.reason).toBe(
      'Not exported by shop/cart. Among those who export it: circuit breakers refuse requests, endpoints are ejected, requests are retried',
    );
    expect(upstream.remedy?.lines).toBe(STATS_ANNOTATION);
    expect(upstream.clients).toEqual([
      {
        namespace: 'shop',
        pod: 'web-xyz',
        workload: 'web',
        port: '80',
        requestsPerSecond: expect.closeTo(110, 6),
        pendingOverflowPerSecond: expect.closeTo(0.5, 6),
        connectionOverflowPerSecond: expect.closeTo(0.2, 6),
        breakerOpen: true,
        retriesPerSecond: expect.closeTo(2, 6),
        retrySuccessShare: expect.closeTo(0.75, 6),
        retriesRefusedPerSecond: expect.closeTo(0.3, 6),
        timeoutsPerSecond: expect.closeTo(0.45, 6),
        ejections: expect.closeTo(3, 6),
        ejectedNow: 1,
        healthyShare: expect.closeTo(2 / 3, 6),
      },
    ]);
    // 114.85 arrived of the 115.3 that web and cart sent to a pod.
    expect(upstream.attemptsPerRequest).toBeCloseTo(114.85 / 115.3, 6);
  });

  it('gives the lines to add where callers do not export them', async () => {
    const { upstream } = await detailsOf('pricing');
    expect(upstream).toMatchObject({ state: 'not-exported', clients: [] });
    expect(upstream.remedy?.lines).toBe(STATS_ANNOTATION);
    expect(STATS_ANNOTATION).toContain(
      '    proxy.istio.io/config: |\n      proxyStatsMatcher:\n        inclusionRegexps:\n          - ".*outlier_detection.*"\n',
    );
  });

  it('says that there is L4 only', async () => {
    const { gaps } = await detailsOf('postgres', 'data');
    expect(gaps.map(({ what }) => what)).toEqual([
      'Requests, errors and latency',
    ]);
    expect(gaps[0].reason).toContain('no waypoint');
  });

  it('names latency that nobody reports', async () => {
    const { gaps } = await detailsOf('vault');
    expect(gaps.find(({ what }) => what === 'Latency')?.reason).toContain(
      'REQUEST_DURATION',
    );
  });
});
