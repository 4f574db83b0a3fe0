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
  INCIDENT,
  startGoldenSignals,
} from '../__testUtils__/goldenSignals';
import type { RealPrometheus } from '../__testUtils__/RealPrometheus';
import { contribution, errorHistory, inventoryParameter } from '../prometheus';
import { QueryEngine } from '../prometheus/engine';
import { PrometheusClient } from '../prometheus/PrometheusClient';
import { SloReader, sloService } from '../slo';
import type { FoundChange } from './configChanges';
import { assess, lookBackSeconds } from './assessment';
import { triageService } from './triageService';

const SERVICE = {
  cluster: 'c1',
  ...CHECKOUT,
  host: 'checkout.shop.svc.cluster.local',
};

describeWithGoldenSignals('the fixture, through the catalogue', () => {
  let prometheus: RealPrometheus;
  let engine: QueryEngine;
  let requests = 0;

  beforeAll(async () => {
    prometheus = await startGoldenSignals();
    engine = new QueryEngine({
      client: new PrometheusClient({
        transport: {
          name: 'fixture',
          request: ({ path, form, signal }) => {
            requests += 1;
            return fetch(`${prometheus.url}/api/v1/${path}`, {
              method: 'POST',
              body: form,
              signal,
            });
          },
        },
      }),
      now: () => END * 1000,
    });
  }, 60_000);
  afterAll(() => prometheus?.stop());

  describe('objectives', () => {
    const definition = {
      origin: 'annotation' as const,
      originWords: 'annotation',
      availability: 99.9,
      latency: { target: 99, thresholdMs: 300 },
      periodDays: 30,
      view: 'server' as const,
      exclude: [],
    };

    async function read(more: Partial<typeof definition> = {}) {
      const reader = new SloReader(() => END * 1000);
      const slo = { ...definition, ...more };
      const answer = await reader.read(
        { queries: engine, explicit: true },
        CHECKOUT,
        slo,
      );
      return sloService(SERVICE, { definition: slo }, answer);
    }

    it('burn 41.9 times over 5m and 30m, from 4.19, 4.19, 2.59 and 1.23 % errors', async () => {
      const before = requests;
      const { objectives, reporter, problems } = await read();
      expect(requests - before).toBe(1);
      expect(problems).toEqual([]);
      expect(reporter).toBe('destination');
      const [availability] = objectives;
      const shares = Object.fromEntries(
        availability.windows.map(({ window, errorShare }) => [
          window,
          errorShare,
        ]),
      );
      expect(shares['5m']).toBeCloseTo(0.0419, 4);
      expect(shares['30m']).toBeCloseTo(0.0419, 4);
      expect(shares['1h']).toBeCloseTo(0.0259, 4);
      expect(shares['6h']).toBeCloseTo(0.0123, 4);
      expect(availability.windows[0].burn).toBeCloseTo(41.9, 1);
      expect(
        availability.conditions.map(({ long, short, outcome }) => [
          long,
          short,
          outcome,
        ]),
      ).toEqual([
        ['1h', '5m', 'met'],
        ['6h', '30m', 'met'],
        ['3d', '6h', 'met'],
      ]);
      expect(availability.state).toBe('page');
    });

    it('say which part of the period the budget is of', async () => {
      const { objectives } = await read();
      const { budget } = objectives[0];
      expect(budget.complete).toBe(false);
      expect(budget.coveredSeconds).toBeGreaterThan(12 * 3600);
      expect(budget.coveredSeconds).toBeLessThan(30 * 86_400);
      expect(budget.left).toBeLessThan(0);
    });

    it('count answers within the bucket below the threshold, and say so', async () => {
      const { objectives } = await read();
      const [, latency] = objectives;
      expect(latency).toMatchObject({
        indicator: 'latency',
        thresholdMs: 250,
        note: '300 ms is no bucket boundary: answers within 250 ms count as fast',
      });
      // v1: 87.73 of 96.35 within 250 ms, v2: 15 of 23; answers are those without 5xx and with a response.
      const answeredV1 = 96.35 - 0.8 - 0.05;
      const fast = (87.73 / 96.35) * answeredV1 + (15 / 23) * 18.8;
      expect(latency.windows[0].errorShare).toBeCloseTo(
        1 - fast / (answeredV1 + 18.8),
        3,
      );
    });

    it('of clients count what never arrived, too', async () => {
      const { objectives } = await read({ view: 'client' as 'server' });
      // UO and UH: 0.7 of 0.7 requests that the server never saw
      expect(objectives[0].windows[0].errorShare).toBeCloseTo(
        5.7 / (119.35 + 0.7),
        4,
      );
    });

    it('leave out codes that do not count', async () => {
      const { objectives } = await read({ exclude: ['503'] as never[] });
      expect(objectives[0].windows[0].errorShare).toBeCloseTo(
        1.1 / (119.35 - 3.9),
        4,
      );
    });
  });

  describe('triage', () => {
    const changes: FoundChange[] = [
      {
        cluster: 'c1',
        object: { group: 'apps', kind: 'Deployment', name: 'checkout-v2' },
        what: 'changed',
        at: (INCIDENT - 60) * 1000,
        source: 'managedFields',
        relation: 'workload',
        fields: [],
      },
    ];

    async function triage() {
      const answer = await engine.ofSubjects(contribution, [CHECKOUT], {
        slowMs: 500,
        inventory: inventoryParameter(
          new Map([
            [
              'shop/checkout',
              { workloads: [{ namespace: 'shop', name: 'web' }], pods: [] },
            ],
          ]),
        ),
      });
      const seconds = lookBackSeconds(assess(answer, 'shop/checkout', 500));
      const result = await engine.ofSubjects(errorHistory, [CHECKOUT], {
        seconds,
        stepSeconds: 60,
        windowSeconds: 120,
      });
      return triageService({
        service: SERVICE,
        now: END * 1000,
        answer,
        history: {
          result,
          end: result.evaluatedAt,
          seconds,
          stepSeconds: 60,
          windowSeconds: 120,
        },
        slowMs: 500,
        pods: new Map(),
        changes,
        problems: [],
      });
    }

    it('finds 3.9 of 3.9 extra errors per second: web → checkout v2, 503, answered by the app', async () => {
      const before = requests;
      const { state, headline, cells, baseline, now, base, rateAndMix } =
        await triage();
      expect(requests - before).toBe(2);
      expect(state).toBe('incident');
      expect(headline).toBe(
        '100 % of the extra errors: shop/web → checkout v2, 503, answered by the app',
      );
      expect(cells[0]).toMatchObject({
        caller: 'web',
        version: 'v2',
        code: '503',
        how: 'answered by the app',
        delta: expect.closeTo(3.9, 2),
        share: expect.closeTo(1, 2),
      });
      expect(
        (now?.errorsPerSecond ?? 0) - (base?.errorsPerSecond ?? 0),
      ).toBeCloseTo(3.9, 2);
      expect(baseline).toMatchObject({
        moment: '1d',
        available: ['1h', '1d', '1w'],
      });
      expect(rateAndMix?.words).toBe('The same traffic fails more often');
    });

    it('finds when it began, to a minute', async () => {
      const { since } = await triage();
      const began = Date.parse(since?.at ?? '') / 1000;
      expect(Math.abs(began - INCIDENT)).toBeLessThanOrEqual(90);
      expect(since?.uncertaintySeconds).toBe(60);
    });

    it('finds what was changed just before', async () => {
      const { changes: found, checks } = await triage();
      expect(found[0]).toMatchObject({ object: { name: 'checkout-v2' } });
      expect(checks).toContainEqual(
        expect.objectContaining({
          check: 'configuration',
          outcome: 'points-here',
        }),
      );
      expect(checks.find(({ check }) => check === 'version')).toMatchObject({
        outcome: 'points-here',
        words:
          '100 % of the extra errors are of v2, which has 19 % of the traffic',
      });
      expect(
        checks.find(({ check }) => check === 'never-arrived')?.outcome,
      ).toBe('clear');
    });

    it('gives the queries behind it', async () => {
      const { evidence } = await triage();
      expect(evidence[0].query).toContain(
        'destination_service_name="checkout"',
      );
      expect(evidence[0].at).toBe(new Date(END * 1000).toISOString());
    });
  });
});
