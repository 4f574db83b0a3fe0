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

import { parsePromql } from './parse';
import { evalAt, loadTable } from './seriesTable';

const MINUTE = 60_000;
const source = loadTable(
  `
  http{job="a",code="200"} 0+60x20
  http{job="a",code="500"} 0+6x20
  http{job="b",code="200"} 0+30x9 10+30x10
  gone{job="a"}            1 2 3
  born{job="a"}            _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ 30 30 30 30
  limit{job="a",tier="x"}  10+0x20
  limit{job="b",tier="y"}  20+0x20
  d_bucket{le="1"}         0+10x20
  d_bucket{le="2"}         0+30x20
  d_bucket{le="+Inf"}      0+40x20
  odd{v="a.b*c"}           1+0x20
  `,
  MINUTE,
);
const at20 = 20 * MINUTE;

describe.each([
  // selectors and look-back
  ['gone', 7 * MINUTE, ['gone{job="a"} 3']],
  ['gone', 7 * MINUTE + 1, []],
  ['gone offset 15m', at20, ['gone{job="a"} 3']],
  ['gone @ 120', at20, ['gone{job="a"} 3']],
  ['odd{v=~"a\\\\.b\\\\*c"}', at20, ['odd{v="a.b*c"} 1']],
  ['odd{v=~"a"}', at20, []],
  ["odd{v!~'a.*|b',v!=''}", at20, []],
  // rate, increase: extrapolation, resets, newborn series
  [
    'rate(http{job="a"}[5m])',
    at20,
    ['{code="200", job="a"} 1', '{code="500", job="a"} 0.1'],
  ],
  ['increase(http{job="b"}[20m])', at20, ['{code="200", job="b"} 580']],
  ['increase(born[5m])', at20, ['{job="a"} 0']],
  ['sum(born unless born offset 5m)', at20, ['{} 30']],
  // aggregation and its modifiers, before and after
  ['sum by (job) (rate(http[5m]))', at20, ['{job="a"} 1.1', '{job="b"} 0.5']],
  ['count without (job, tier) (limit)', at20, ['{} 2']],
  ['topk(1, limit)', at20, ['limit{job="b", tier="y"} 20']],
  ['bottomk(1, limit)', at20, ['limit{job="a", tier="x"} 10']],
  ['max(limit) - min(limit)', at20, ['{} 10']],
  ['avg(limit)', at20, ['{} 15']],
  // precedence: what the editor's grammar binds too widely
  ['1 + 2 * 3 ^ 2', at20, ['19']],
  ['-2 ^ 2', at20, ['-4']],
  ['2 ^ 3 ^ 2', at20, ['512']],
  ['sum(limit) + sum(limit offset 5m) * 2', at20, ['{} 90']],
  ['limit{job="a"} - limit{job="b"} offset 5m or vector(7)', at20, ['{} 7']],
  // vector matching
  [
    'rate(http[5m]) / on (job) group_left (tier) limit',
    at20,
    [
      '{code="200", job="a", tier="x"} 0.1',
      '{code="200", job="b", tier="y"} 0.025',
      '{code="500", job="a", tier="x"} 0.01',
    ],
  ],
  ['limit > 15', at20, ['limit{job="b", tier="y"} 20']],
  ['limit > bool 15', at20, ['{job="a", tier="x"} 0', '{job="b", tier="y"} 1']],
  ['limit and on (job) born', at20, ['limit{job="a", tier="x"} 10']],
  ['limit unless on (job) born', at20, ['limit{job="b", tier="y"} 20']],
  ['0/0 > bool 1', at20, ['0']],
  // histograms
  ['histogram_quantile(0.5, rate(d_bucket[5m]))', at20, ['{} 1.5']],
  ['histogram_quantile(0.99, rate(d_bucket[5m]))', at20, ['{} 2']],
  ['histogram_quantile(0.5, 0 * d_bucket)', at20, ['{} NaN']],
  // labels
  [
    'label_replace(gone, "w", "$1-x", "job", "(.*)")',
    MINUTE,
    ['gone{job="a", w="a-x"} 2'],
  ],
  [
    'label_join(gone, "w", "/", "job", "job")',
    MINUTE,
    ['gone{job="a", w="a/a"} 2'],
  ],
  // over time, subqueries
  ['max_over_time(timestamp(gone)[1h:1m])', at20, ['{job="a"} 120']],
  ['present_over_time(gone[1h])', at20, ['{job="a"} 1']],
  [
    'count by (job) (present_over_time(gone[1h])) unless count by (job) (gone)',
    at20,
    ['{job="a"} 1'],
  ],
  ['avg_over_time(limit{job="a"}[5m])', at20, ['{job="a", tier="x"} 10']],
  ['sum_over_time(vector(1)[5m:1m])', at20, ['{} 6']],
  ['absent(nothing{job="a",x=~"y"})', at20, ['{job="a"} 1']],
  ['scalar(sum(limit)) + time()', at20, ['1230']],
  [
    'clamp_max(limit, 12)',
    at20,
    ['{job="a", tier="x"} 10', '{job="b", tier="y"} 12'],
  ],
])('%s at %d', (query, time, expected) => {
  it(`gives ${expected.join(' and ') || 'nothing'}`, () => {
    const got = evalAt(source, query, time);
    expect(got.map(roundLast)).toEqual(expected.map(roundLast));
  });
});

function roundLast(line: string): string {
  const cut = line.lastIndexOf(' ') + 1;
  return line.slice(0, cut) + Number(line.slice(cut)).toPrecision(12);
}

describe('what Prometheus would refuse', () => {
  it.each([
    ['rate(http)', 'expected type range vector in call to function "rate"'],
    ['sum(', 'unexpected'],
    ['http{job="a', 'unexpected'],
    ['http{}[5m', 'unexpected'],
    ['{job=~".*"}', 'at least one non-empty matcher'],
    ['http{job=~"(?=a)"}', 'Perl syntax'],
    ['http{job="\\q"}', 'unknown escape sequence'],
    ['1 > 2', 'must use BOOL modifier'],
    ['http and 1', 'not allowed in binary scalar expression'],
    ['rate(sum(http)[5m])', 'ranges only allowed for vector selectors'],
    ['deriv(http[5m])', 'unsupported function with name "deriv"'],
    ['quantile(0.5, http)', 'unsupported aggregation operator "quantile"'],
    ['http atan2 http', 'unsupported operator "atan2"'],
    ['', 'no expression found in input'],
  ])('%s', (query, message) => {
    expect(() => parsePromql(query)).toThrow(message);
  });

  it('refuses to match many series to many', () => {
    expect(() => evalAt(source, 'http / on (job) http', at20)).toThrow(
      /multiple matches|many-to-many/,
    );
  });
});
