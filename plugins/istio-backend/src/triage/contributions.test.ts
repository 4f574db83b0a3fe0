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

import type { QueryResult } from '../prometheus/response';
import {
  chooseBaseline,
  decompose,
  sideChange,
  standsOut,
} from './contributions';
import { serviceCells } from './errorCells';

type Labels = Record<string, string>;

function rows(part: string, ...all: [labels: Labels, rate: number][]) {
  return all.map(([labels, rate]) => ({
    labels: {
      part,
      reporter: 'destination',
      destination_service_namespace: 'shop',
      destination_service_name: 'checkout',
      source_workload_namespace: 'shop',
      source_workload: 'web',
      destination_workload: `checkout-${
        labels.destination_canonical_revision ?? 'v1'
      }`,
      destination_canonical_revision: 'v1',
      request_protocol: 'http',
      response_code: '200',
      response_flags: '-',
      ...labels,
    },
    samples: [{ at: 0, value: rate }],
  }));
}

function cellsOf(...series: ReturnType<typeof rows>[]) {
  const result: QueryResult = { series: series.flat(), warnings: [] };
  return serviceCells(result, 'shop/checkout');
}

const V2 = { destination_canonical_revision: 'v2' };

describe('what each cell has to do with the change', () => {
  const cells = cellsOf(
    rows(
      'cellsNow',
      [{}, 96],
      [{ response_code: '500' }, 0.8],
      [V2, 18.8],
      [{ ...V2, response_code: '500' }, 0.3],
      [{ ...V2, response_code: '503' }, 3.9],
    ),
    rows(
      'cells1h',
      [{}, 96],
      [{ response_code: '500' }, 0.8],
      [V2, 18.8],
      [{ ...V2, response_code: '500' }, 0.3],
    ),
  );
  const change = sideChange(cells.at.get('now'), cells.at.get('1h'), 'server');

  it('a cell that is new counts whole: 3.9 of 3.9 errors per second', () => {
    expect(change.delta).toBeCloseTo(3.9);
    expect(change.standsOut).toBe(true);
    expect(
      change.contributions.filter(({ delta }) => Math.abs(delta) > 1e-9),
    ).toHaveLength(1);
    expect(change.contributions[0]).toMatchObject({
      caller: 'web',
      version: 'v2',
      code: '503',
      base: 0,
      delta: expect.closeTo(3.9),
      share: expect.closeTo(1),
    });
  });

  it('a cell that is gone counts against it', () => {
    const back = sideChange(cells.at.get('1h'), cells.at.get('now'), 'server');
    expect(back.delta).toBeCloseTo(-3.9);
    expect(back.standsOut).toBe(false);
    expect(back.contributions.at(-1)).toMatchObject({
      code: '503',
      delta: expect.closeTo(-3.9),
      share: expect.closeTo(1),
    });
  });
});

describe('reporters', () => {
  it('are never added, and what never arrived stands apart', () => {
    const source = { reporter: 'source' };
    const cells = cellsOf(
      rows(
        'cellsNow',
        [{}, 10],
        [{ response_code: '500' }, 1],
        [source, 10],
        [{ ...source, response_code: '500' }, 1],
        [{ ...source, response_code: '503', response_flags: 'UH' }, 2],
      ),
    );
    const now = cells.at.get('now');
    expect(sideChange(now, undefined, 'server').now).toEqual({
      requests: 11,
      errors: 1,
    });
    expect(sideChange(now, undefined, 'client').now).toEqual({
      requests: 13,
      errors: 2,
    });
  });

  it('where only clients report, what never arrived is theirs and the rest is the server’s', () => {
    const source = { reporter: 'source' };
    const cells = cellsOf(
      rows(
        'cellsNow',
        [source, 8],
        [{ ...source, response_code: '500' }, 1],
        [{ ...source, response_code: '503', response_flags: 'UH' }, 1],
      ),
    );
    const now = cells.at.get('now');
    expect(sideChange(now, undefined, 'server').now.errors).toBe(1);
    expect(sideChange(now, undefined, 'client').now).toEqual({
      requests: 10,
      errors: 1,
    });
  });
});

describe('failures', () => {
  it('are 5xx, no response unless the client hung up, and gRPC statuses of the server', () => {
    const cells = cellsOf(
      rows(
        'cellsNow',
        [{ response_code: '500' }, 1],
        [{ response_code: '0' }, 2],
        [{ response_code: '0', response_flags: 'DC' }, 4],
        [{ response_code: '200', grpc_response_status: '14' }, 8],
        [{ response_code: '200', grpc_response_status: '5' }, 16],
        [{ response_code: '200', grpc_response_status: '0' }, 32],
        [{ response_code: '404' }, 64],
      ),
    );
    expect(sideChange(cells.at.get('now'), undefined, 'server').now).toEqual({
      requests: 127,
      errors: 11,
    });
  });
});

describe('new series', () => {
  const first = rows('newborn', [{ response_code: '503' }, 0.1]);

  it('count with their first sample, which no rate holds', () => {
    const cells = cellsOf(rows('cellsNow', [{}, 10]), first, [
      {
        ...first[0],
        labels: { ...first[0].labels, part: 'established' },
        samples: [{ at: 0, value: 3 }],
      },
    ]);
    expect(cells.includesNewSeries).toBe(true);
    expect(
      sideChange(cells.at.get('now'), undefined, 'server').now.errors,
    ).toBeCloseTo(0.1);
  });

  it('do not count where everything is new: that is a gap of the monitoring', () => {
    const cells = cellsOf(rows('cellsNow', [{}, 10]), first);
    expect(cells.includesNewSeries).toBe(false);
    expect(
      sideChange(cells.at.get('now'), undefined, 'server').now.errors,
    ).toBe(0);
  });
});

describe('what stands out', () => {
  const of = (requests: number, errors: number) => ({ requests, errors });

  it.each([
    ['a new failure of 3 %', of(119, 5), of(115, 1.1), true],
    ['an outage', of(10, 10), of(10, 0), true],
    ['less than 0.1 per second', of(2, 0.09), of(2, 0), false],
    ['less than half a percent', of(1000, 5), of(1000, 0.5), false],
    ['less than double', of(100, 15), of(100, 10), false],
    [
      'more errors because there is more traffic',
      of(500, 5),
      of(100, 1),
      false,
    ],
    ['noise', of(100, 101 / 300), of(100, 60 / 300), false],
    ['fewer errors', of(100, 1), of(100, 5), false],
  ])('%s', (_what, now, base, wanted) => {
    expect(standsOut(now, base)).toBe(wanted);
  });
});

describe('the baseline', () => {
  const at = (part: string, errors: number) =>
    rows(part, [{}, 100 - errors], [{ response_code: '500' }, errors]);

  it('is the median of an hour, a day and a week ago', () => {
    expect(
      chooseBaseline(
        cellsOf(at('cells1h', 5), at('cells1d', 1), at('cells1w', 2)),
      ),
    ).toEqual({ baseline: '1w', available: ['1h', '1d', '1w'] });
  });

  it('of two is the one with fewer errors: an old incident must not hide itself', () => {
    expect(chooseBaseline(cellsOf(at('cells1h', 5), at('cells1d', 1)))).toEqual(
      { baseline: '1d', available: ['1h', '1d'] },
    );
  });

  it('of equals is the latest', () => {
    expect(
      chooseBaseline(
        cellsOf(at('cells1h', 0), at('cells1d', 0), at('cells1w', 0)),
      )?.baseline,
    ).toBe('1h');
  });

  it('is none for a new service', () => {
    expect(chooseBaseline(cellsOf(at('cellsNow', 5)))).toBeUndefined();
  });
});

describe('rate and mix', () => {
  const moment = (...all: Parameters<typeof rows>[1][]) => {
    const found = cellsOf(rows('cellsNow', ...all)).at.get('now');
    if (!found) throw new Error('no cells');
    return found;
  };

  it('a version that fails more often is rate', () => {
    const { rate, mix } = decompose(
      moment([{}, 90], [{ response_code: '500' }, 10]),
      moment([{}, 100]),
    );
    expect(rate).toBeCloseTo(0.1);
    expect(mix).toBeCloseTo(0);
  });

  it('a bad version that got more traffic is mix', () => {
    const bad = { ...V2, response_code: '500' };
    const { rate, mix } = decompose(
      moment([{}, 50], [V2, 40], [bad, 10]),
      moment([{}, 90], [V2, 8], [bad, 2]),
    );
    expect(rate).toBeCloseTo(0);
    expect(mix).toBeCloseTo(0.08);
  });

  it('a new version that fails is mix, and both add up to the change', () => {
    const { rate, mix } = decompose(
      moment(
        [{}, 88],
        [{ response_code: '500' }, 2],
        [{ ...V2, response_code: '500' }, 10],
      ),
      moment([{}, 100]),
    );
    expect(mix).toBeCloseTo(0.1);
    expect(rate + mix).toBeCloseTo(0.12);
  });
});
