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

import type { BurnCounts } from './burnCounts';
import type { SloDefinition } from './sloDefinition';
import { sloService, type SloAnswer } from './sloService';

const SERVICE = {
  cluster: 'east',
  namespace: 'shop',
  name: 'checkout',
  host: 'checkout.shop.svc.cluster.local',
};

const DEFINITION: SloDefinition = {
  origin: 'annotation',
  originWords: 'annotation backstage.io/istio-slo',
  availability: 99.9,
  periodDays: 30,
  view: 'server',
  exclude: [],
};

const SECONDS = {
  '5m': 300,
  '30m': 1800,
  '1h': 3600,
  '6h': 21_600,
  '3d': 259_200,
  Period: 2_592_000,
} as const;

type Name = keyof typeof SECONDS;

function counts(
  perSecond: number,
  shares: Partial<Record<Name, number>> & { all?: number },
  more: Partial<BurnCounts> = {},
): BurnCounts {
  const names = Object.keys(SECONDS) as Name[];
  return {
    reporter: 'destination',
    availability: new Map(
      names.flatMap(name => {
        const share = shares[name] ?? shares.all;
        const all = perSecond * SECONDS[name];
        return share === undefined ? [] : [[name, { all, bad: all * share }]];
      }),
    ),
    latency: new Map(),
    boundaryMissing: false,
    coveredSeconds: SECONDS.Period,
    recordedSeconds: undefined,
    ...more,
  };
}

function judged(
  numbers: BurnCounts | undefined,
  more: Partial<SloAnswer> = {},
  definition = DEFINITION,
) {
  return sloService(
    SERVICE,
    { definition },
    {
      ...(numbers && { counts: numbers }),
      problems: [],
      partial: false,
      recorded: false,
      ...more,
    },
  );
}

describe('an objective', () => {
  it('is within its budget', () => {
    const { state, verdict } = judged(counts(100, { all: 0.0005 }));
    expect(state).toBe('ok');
    expect(verdict).toMatchObject({
      state: 'pass',
      reason:
        'The error budget burns 0.5× as fast as allowed over the last hour; 50 % of the budget of 30 days left',
    });
  });

  it('pages when an hour and five minutes burn 14.4 times', () => {
    const { state, verdict } = judged(
      counts(100, { all: 0.0005, '5m': 0.02, '30m': 0.02, '1h': 0.015 }),
    );
    expect(state).toBe('page');
    expect(verdict.state).toBe('fail');
    expect(verdict.reason).toContain(
      '15× as fast as allowed over the last hour',
    );
    expect(verdict.reason).toContain('spent in 24 hours at this rate');
  });

  it('is a ticket when three days and six hours burn once', () => {
    const { state, verdict } = judged(
      counts(100, { all: 0.0012, Period: 0.0004 }),
    );
    expect(state).toBe('ticket');
    expect(verdict.reason).toContain('over the last 3 days');
  });

  it('is spent when nothing is left, however calm it is now', () => {
    const { state, verdict } = judged(
      counts(100, { all: 0.0001, Period: 0.002 }),
    );
    expect(state).toBe('spent');
    expect(verdict.reason).toBe(
      'The error budget of 30 days is spent (-100 %)',
    );
  });

  it('above the pace of the budget without a condition is neither green nor red', () => {
    const { state, verdict } = judged(
      counts(100, { all: 0.0005, '5m': 0.004, '1h': 0.004 }),
    );
    expect(state).toBe('elevated');
    expect(verdict.state).toBe('unknown');
  });

  it('never pages for one error of four', () => {
    const { state, verdict } = judged(
      counts(4 / 300, { all: 0, '5m': 0.25, '30m': 0.04, '1h': 0.02 }),
    );
    expect(state).toBe('too-little-traffic');
    expect(verdict.state).toBe('unknown');
  });

  it('without requests is not judged', () => {
    expect(judged(counts(0, { all: 0 })).state).toBe('too-little-traffic');
  });

  it('with the numbers of a window missing is not judged', () => {
    const { state } = judged(
      counts(100, { '5m': 0, '30m': 0, '1h': 0, '6h': 0.002 }),
    );
    expect(state).toBe('unknown');
  });

  it('on partial numbers is not well, but may burn', () => {
    const partial = { partial: true, problems: ['a store is missing'] };
    expect(judged(counts(100, { all: 0 }), partial).state).toBe('unknown');
    expect(judged(counts(100, { all: 0.05 }), partial).state).toBe('page');
  });

  it('without Prometheus is unknown, with the reason', () => {
    const { state, verdict } = judged(undefined, {
      problems: ['prometheus: connection refused'],
      partial: true,
    });
    expect(state).toBe('unknown');
    expect(verdict.reason).toBe('prometheus: connection refused');
  });

  it('says which part of the period its budget is of', () => {
    const { objectives, verdict } = judged(
      counts(100, { all: 0.0005 }, { coveredSeconds: 8 * 86_400 }),
    );
    expect(objectives[0].budget).toMatchObject({
      complete: false,
      coveredSeconds: 691_200,
    });
    expect(verdict.reason).toContain('over the 8 days there are numbers for');
  });

  it('of a day is judged without a window of three days', () => {
    const { objectives } = judged(
      counts(100, { all: 0.0001 }),
      {},
      { ...DEFINITION, periodDays: 1 },
    );
    expect(objectives[0].conditions.map(({ long }) => long)).toEqual([
      '1h',
      '6h',
    ]);
  });

  it('in a list is judged by the fast windows only', () => {
    const { state, verdict } = judged(
      counts(100, { '5m': 0.0005, '30m': 0.0005, '1h': 0.0005, '6h': 0.0005 }),
      { shortOnly: true },
    );
    expect(state).toBe('ok');
    expect(verdict.reason).toBe(
      'The error budget burns 0.5× as fast as allowed over the last hour',
    );
  });
});

describe('a latency objective', () => {
  const definition: SloDefinition = {
    ...DEFINITION,
    availability: undefined,
    latency: { target: 99, thresholdMs: 300 },
  };
  const threshold = {
    boundary: 250,
    note: '300 ms is no bucket boundary: answers within 250 ms count as fast',
  };

  it('is in words with the boundary that is used', () => {
    const { objectives } = judged(
      {
        ...counts(100, { all: 0 }),
        latency: counts(100, { all: 0.005 }).availability,
      },
      { threshold },
      definition,
    );
    expect(objectives[0]).toMatchObject({
      indicator: 'latency',
      words: '99 % of answers within 250 ms',
      note: threshold.note,
      state: 'ok',
    });
  });

  it('is unknown where the bucket of the boundary is not there', () => {
    const { state, verdict } = judged(
      counts(100, { all: 0 }, { boundaryMissing: true }),
      { threshold },
      definition,
    );
    expect(state).toBe('unknown');
    expect(verdict.reason).toContain('No histogram bucket ends at 250 ms');
  });
});

describe('an objective that cannot be understood', () => {
  it('is unknown and says what to write; no default covers it', () => {
    const { origin, state, verdict, objectives } = sloService(
      SERVICE,
      { problem: 'Annotation backstage.io/istio-slo is not JSON' },
      { problems: [], partial: false, recorded: false },
    );
    expect(origin).toBe('invalid');
    expect(state).toBe('unknown');
    expect(verdict.reason).toContain('is not JSON');
    expect(objectives).toEqual([]);
  });
});
