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

import type { CachedResult } from '../prometheus';
import { thresholdsFor } from './contributions';
import { triageService, type TriageInput } from './triageService';

const SERVICE = {
  cluster: 'east',
  namespace: 'shop',
  name: 'checkout',
  host: 'checkout.shop.svc.cluster.local',
};
const NOW = Date.UTC(2026, 2, 1, 12);

type Row = [part: string, code: string, rate: number, more?: object];

function answer(rows: readonly Row[]): CachedResult {
  return {
    evaluatedAt: NOW / 1000,
    warnings: [],
    series: rows.map(([part, code, rate, more]) => ({
      labels: {
        part,
        reporter: 'destination',
        destination_service_namespace: 'shop',
        destination_service_name: 'checkout',
        source_workload_namespace: 'shop',
        source_workload: 'web',
        destination_workload: 'checkout-v1',
        destination_canonical_revision: 'v1',
        destination_cluster: 'east',
        request_protocol: 'http',
        response_code: code,
        response_flags: '-',
        ...more,
      },
      samples: [{ at: NOW / 1000, value: rate }],
    })),
  };
}

function triage(
  rows: readonly Row[] | undefined,
  more: Partial<TriageInput> = {},
) {
  return triageService({
    service: SERVICE,
    now: NOW,
    ...(rows && { answer: answer(rows) }),
    slowMs: 500,
    pods: new Map(),
    changes: [],
    problems: [],
    ...more,
  });
}

const CALM: Row[] = [
  ['cellsNow', '200', 50],
  ['cells1h', '200', 50],
];

function failing(part: string, errors: number, more?: object): Row[] {
  return [
    [part, '200', 50 - errors],
    [part, '500', errors, more],
  ];
}

describe('the triage of a service', () => {
  it('is calm where nothing stands out, and says against what', () => {
    const { state, headline, verdict, checks, cells } = triage(CALM);
    expect(state).toBe('calm');
    expect(verdict.state).toBe('pass');
    expect(headline).toBe(
      'Nothing stands out against an hour ago: 50.0/s, 0 % fail',
    );
    expect(checks).toEqual([]);
    expect(cells).toEqual([]);
  });

  it('is not calm where a strict objective burns, however small the share', () => {
    const rows: Row[] = [
      ['cellsNow', '200', 199.2],
      ['cellsNow', '500', 0.8],
      ['cells1h', '200', 200],
    ];
    expect(triage(rows).state).toBe('calm');
    expect(triage(rows, { thresholds: thresholdsFor(99.99) }).state).toBe(
      'incident',
    );
    expect(
      triage([...rows, ['cells1h', '500', 0.8]], {
        thresholds: thresholdsFor(99.99),
      }).state,
    ).toBe('persisting');
  });

  it('says of each query the time of the data it asks about', () => {
    const { evidence } = triage(CALM);
    expect(evidence.map(({ title, at }) => [title, at])).toEqual([
      [
        'Errors by caller, version and outcome, now',
        '2026-03-01T12:00:00.000Z',
      ],
      ['The same an hour ago', '2026-03-01T11:00:00.000Z'],
    ]);
    expect(evidence[1].query).not.toContain('offset');
  });

  it('is never calm on partial numbers', () => {
    const { state, verdict } = triage(CALM, {
      problems: ['a store did not answer'],
    });
    expect(state).toBe('unknown');
    expect(verdict.state).toBe('unknown');
  });

  it('is an incident on partial numbers, too', () => {
    const { state, problems } = triage(
      [...failing('cellsNow', 5), ['cells1h', '200', 50]],
      { problems: ['a store did not answer'] },
    );
    expect(state).toBe('incident');
    expect(problems).toEqual(['a store did not answer']);
  });

  it('is unknown where nothing could be asked, with the reason', () => {
    const { state, headline } = triage(undefined, {
      problems: ['prometheus: connection refused'],
    });
    expect(state).toBe('unknown');
    expect(headline).toBe('Not known: prometheus: connection refused');
  });

  it('is unknown where nobody calls, and says what it was', () => {
    const { state, verdict, headline } = triage([['cells1h', '200', 12]]);
    expect(state).toBe('unknown');
    expect(verdict.state).toBe('unknown');
    expect(headline).toBe('Nobody calls it now; an hour ago it was 12.0/s');
  });

  it('is unknown where there never was a request', () => {
    expect(triage([]).headline).toContain('No requests are counted');
  });

  it('of a new service has nothing to compare with, and no green', () => {
    const { state, verdict, base } = triage([['cellsNow', '200', 50]]);
    expect(state).toBe('no-baseline');
    expect(verdict.state).toBe('unknown');
    expect(base).toBeUndefined();
  });

  it('of a new service that fails says so', () => {
    const { state, verdict, cells } = triage(failing('cellsNow', 5));
    expect(state).toBe('no-baseline');
    expect(verdict.state).toBe('fail');
    expect(cells[0]).toMatchObject({ code: '500', now: 5 });
    expect(cells[0].base).toBeUndefined();
  });

  it('of a failure that lasts says that it is nothing new, and not well', () => {
    const { state, verdict, headline, cells, detail } = triage([
      ...failing('cellsNow', 10),
      ...failing('cells1h', 10),
      ...failing('cells1d', 10),
    ]);
    expect(state).toBe('persisting');
    expect(verdict.state).toBe('fail');
    expect(headline).toBe(
      '20 % of requests fail, as an hour ago (20 %): nothing new, and not well',
    );
    expect(detail[0]).toBe(
      '100 % of the errors: shop/web → checkout v1, 500, answered by the app',
    );
    expect(cells).toHaveLength(1);
  });

  it('of little traffic makes no claim', () => {
    const { state, verdict } = triage([
      ['cellsNow', '200', 0.05],
      ['cells1h', '200', 0.05],
    ]);
    expect(state).toBe('too-little-traffic');
    expect(verdict.state).toBe('unknown');
  });

  it('of little traffic that fails says how many, and is not calm', () => {
    const { state, verdict, headline } = triage([
      ['cellsNow', '500', 0.05],
      ['cells1h', '200', 0.05],
    ]);
    expect(state).toBe('too-little-traffic');
    expect(verdict.state).toBe('unknown');
    expect(headline).toContain('15 of 15 requests in five minutes fail');
  });

  it('compares an old incident with the day before, not with its own first hour', () => {
    const { state, baseline } = triage([
      ...failing('cellsNow', 5),
      ...failing('cells1h', 5),
      ['cells1d', '200', 50],
    ]);
    expect(state).toBe('incident');
    expect(baseline?.moment).toBe('1d');
  });

  it('speaks of what never arrives where that is what grew', () => {
    const lost = {
      reporter: 'source',
      response_flags: 'UO',
      destination_workload: 'unknown',
      destination_canonical_revision: 'unknown',
    };
    const { headline, checks, next } = triage([
      ...CALM,
      ['cellsNow', '503', 6, lost],
      ['cellsNow', '200', 50, { reporter: 'source' }],
      ['cells1h', '200', 50, { reporter: 'source' }],
    ]);
    expect(headline).toBe(
      '100 % of the extra errors: shop/web → checkout, 503, circuit breaker open or overflow',
    );
    expect(checks[0]).toMatchObject({
      check: 'never-arrived',
      outcome: 'points-here',
    });
    expect(next[0]).toContain('connection pool');
  });

  it('says spread where no caller, version or outcome has most of it', () => {
    const from = (caller: string, version: string) => ({
      source_workload: caller,
      destination_canonical_revision: version,
    });
    const { headline, callers } = triage([
      ['cellsNow', '200', 50],
      ['cells1h', '200', 50],
      ['cellsNow', '500', 2, from('a', 'v1')],
      ['cellsNow', '502', 2, from('b', 'v2')],
      ['cellsNow', '503', 2, from('c', 'v3')],
    ]);
    expect(headline).toBe(
      'The extra errors are spread over 3 callers, first of them shop/a',
    );
    expect(callers).toBe(3);
  });

  it('tells that a bad version got more traffic from that it got worse', () => {
    const v2 = { destination_canonical_revision: 'v2' };
    const { rateAndMix } = triage([
      ['cellsNow', '200', 20],
      ['cellsNow', '200', 24, v2],
      ['cellsNow', '500', 6, v2],
      ['cells1h', '200', 45],
      ['cells1h', '200', 4, v2],
      ['cells1h', '500', 1, v2],
    ]);
    expect(rateAndMix?.words).toBe(
      'A version or caller that fails got more of the traffic',
    );
  });

  it('speaks of slow answers where errors are as they were', () => {
    const { state, headline } = triage([
      ...CALM,
      ['answeredNow', '200', 50],
      ['fastNow', '200', 20],
      ['answered1h', '200', 50],
      ['fast1h', '200', 49],
    ]);
    expect(state).toBe('incident');
    expect(headline).toBe(
      'Answers became slow: 30.0/s answers take more than 500 ms instead of 1.00/s',
    );
  });

  it('points to the one pod that answers the errors', () => {
    const pods = new Map([
      ['shop/checkout-v1-a', 'checkout-v1'],
      ['shop/checkout-v1-b', 'checkout-v1'],
    ]);
    const { checks } = triage(
      [
        ...failing('cellsNow', 5),
        ['cells1h', '200', 50],
        ['podErrors', '', 5, { pod: 'checkout-v1-a' }],
        ['podRequests', '', 25, { pod: 'checkout-v1-a' }],
        ['podRequests', '', 25, { pod: 'checkout-v1-b' }],
      ],
      { pods },
    );
    expect(checks.find(({ check }) => check === 'pod')).toEqual({
      check: 'pod',
      outcome: 'points-here',
      words: '100 % of the errors are answered by checkout-v1-a',
    });
  });

  it('points to a dependency whose failures grew', () => {
    const called = { reporter: 'source', destination_service: 'stock.shop' };
    const { checks } = triage([
      ...failing('cellsNow', 5),
      ['cells1h', '200', 50],
      ['calledNow', '503', 5, called],
      ['calledNow', '200', 45, called],
      ['called1h', '200', 50, called],
    ]);
    expect(checks.at(-1)).toMatchObject({
      check: 'dependency',
      outcome: 'points-here',
      words: 'Its own calls fail more: stock.shop 5.00/s instead of 0.00/s',
    });
  });

  it('does not call configuration clear where it cannot be read', () => {
    const { checks } = triage(
      [...failing('cellsNow', 5), ['cells1h', '200', 50]],
      { changesUnknown: 'Cluster east is stale: changes may be missing' },
    );
    expect(checks.find(({ check }) => check === 'configuration')).toMatchObject(
      {
        outcome: 'unknown',
        words: 'Cluster east is stale: changes may be missing',
      },
    );
  });
});
