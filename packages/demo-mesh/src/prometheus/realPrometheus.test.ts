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

import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPrometheusHandler, openMetricsBackfill, Series } from '.';
import { EventCounter } from '../traffic/counterSeries';
import { seriesOfCounter } from '../traffic/standardMetrics';
import { Wave } from '../traffic/wave';
import { ArraySeries, seriesSourceOf } from './series/arraySeries';

const binary = '/usr/bin/prometheus';
const END = Math.floor(Date.UTC(2026, 0, 10, 12) / 60_000) * 60_000;
const SPAN = 3 * 3_600_000;

function counted(
  perSecond: number,
  labels: Record<string, string>,
  born: number,
): Series[] {
  const counter = new EventCounter();
  counter.regimes.push({
    from: born,
    to: Infinity,
    perSecond,
    wave: new Wave(JSON.stringify(labels)),
    latencyShare: bound => bound / (bound + 80),
    latencyMean: 90,
    requestBytes: 300,
    responseBytes: 900,
  });
  const common = {
    destination_service_namespace: 'shop',
    destination_service_name: 'api',
    request_protocol: 'http',
    response_flags: '-',
    connection_security_policy: 'mutual_tls',
    source_workload: 'web',
    destination_canonical_revision: 'v1',
  };
  return seriesOfCounter(counter, { ...common, ...labels }, 'http');
}

const resetTimes = Array.from(
  { length: 400 },
  (_, i) => END - SPAN + i * 15_000,
);
const source = seriesSourceOf([
  ...counted(20, { reporter: 'destination', response_code: '200' }, END - SPAN),
  ...counted(
    0.7,
    { reporter: 'destination', response_code: '503' },
    END - 900_000,
  ),
  ...counted(21, { reporter: 'source', response_code: '200' }, END - SPAN),
  ...counted(
    1,
    {
      reporter: 'destination',
      response_code: '200',
      connection_security_policy: 'none',
      source_workload: 'unknown',
      destination_canonical_revision: 'v2',
    },
    END - SPAN,
  ),
  new ArraySeries(
    { __name__: 'gone_total', a: 'x' },
    resetTimes,
    resetTimes.map((_, i) => (i < 200 ? i * 3 : (i - 200) * 5 + 2)),
  ),
]);

const K = 'destination_service_namespace,destination_service_name';
const R = 'istio_requests_total{reporter="destination"}';
const BAD = 'istio_requests_total{reporter="destination",response_code=~"5.."}';
const ratio = (w: string) =>
  `((sum by (${K})(rate(${BAD}[${w}])) or 0*sum by (${K})(rate(${R}[${w}]))) / (sum by (${K})(rate(${R}[${w}])) > 0))`;
const B = 'istio_request_duration_milliseconds_bucket{reporter="destination"}';

const QUERIES = [
  `sum by (reporter, ${K}, request_protocol, response_code, grpc_response_status, response_flags) (rate(istio_requests_total{destination_service_name="api"}[5m]))`,
  `sum by (${K})(rate(istio_requests_total{reporter="waypoint"}[5m])) or sum by (${K})(rate(${R}[5m])) or sum by (${K})(rate(istio_requests_total{reporter="source"}[5m]))`,
  ratio('5m'),
  `sum(rate(istio_requests_total{response_code=~"5..|0",response_flags!~".*DC.*"}[5m]) or rate(istio_requests_total{response_code!~"5..|0",grpc_response_status=~"2|4|8"}[5m]))`,
  `sum by (le, ${K}, destination_canonical_revision)(rate(${B}[5m]))`,
  `histogram_quantile(0.95, sum by (le, ${K})(rate(${B}[5m])))`,
  `label_replace(histogram_quantile(0.5,sum by (le)(rate(${B}[5m]))),"q","0.5","","") or label_replace(histogram_quantile(0.99,sum by (le)(rate(${B}[5m]))),"q","0.99","","")`,
  'sum(rate(istio_request_duration_milliseconds_sum[5m])) / sum(rate(istio_request_duration_milliseconds_count[5m]))',
  'sum(rate(istio_request_duration_milliseconds_bucket{le=~"250(\\\\.0)?"}[5m])) / sum(rate(istio_request_duration_milliseconds_count[5m]))',
  `sum by (destination_canonical_revision)(rate(${R}[5m])) / scalar(sum(rate(${R}[5m])))`,
  `sum by (source_workload)(increase(istio_requests_total{reporter=~"destination|waypoint",connection_security_policy!="mutual_tls"}[2h])) > 0`,
  `(${ratio('1h')} > 14.4*0.001) and (${ratio('5m')} > 14.4*0.001)`,
  `label_replace(${ratio('5m')},"w","5m","","") or label_replace(${ratio(
    '1h',
  )},"w","1h","","")`,
  `label_replace(sum by (source_workload,response_code)(rate(${R}[5m])),"w","now","","") or label_replace(sum by (source_workload,response_code)(rate(${R}[5m] offset 1h)),"w","1h","","")`,
  `sum(increase(${BAD}[15m]) and ${BAD} offset 15m) or sum(${BAD} unless ${BAD} offset 15m)`,
  `topk(1, (${ratio('5m')} - ${ratio(
    '1h',
  )}) and on(${K}) sum by (${K})(rate(${R}[5m])) > 1)`,
  'max_over_time(timestamp(gone_total)[3h:1m])',
  'count(present_over_time(gone_total[3h])) unless count(gone_total)',
  'increase(gone_total[2h] offset 1h)',
  'rate(gone_total[1h] offset 70m)',
  'count by (__name__)({__name__=~"gone_total|istio_requests_total"})',
  `avg_over_time(${R}[30m]) / on() group_left() count(${R})`,
  'sum(rate(istio_requests_total[5m])) by (reporter) * 2 - -1 ^ 2',
  `stddev(rate(${R}[5m])) + min(${R}) % 7 + max(${R} @ end())`,
  `sum_over_time(rate(gone_total[5m])[1h:30s] offset 1h30m)`,
  `rate(istio_requests_total[40s])`,
  `irate(${R}[1m])`,
];

const itWithPrometheus = existsSync(binary) ? describe : describe.skip;
if (!existsSync(binary)) {
  process.stderr.write(
    `${binary} is absent: install Debian's prometheus package to compare the evaluator with it\n`,
  );
}

itWithPrometheus('the embedded API against a real Prometheus', () => {
  const directory = mkdtempSync(join(tmpdir(), 'demo-prometheus-'));
  const embedded = createServer(
    createPrometheusHandler({ seriesSource: source, now: () => END }),
  );
  const urls = { embedded: '', real: '' };
  let child: ReturnType<typeof spawn>;

  beforeAll(async () => {
    await new Promise<void>(done => embedded.listen(0, '127.0.0.1', done));
    const { port } = embedded.address() as AddressInfo;
    urls.embedded = `http://127.0.0.1:${port}`;
    const free = createServer();
    await new Promise<void>(done => free.listen(0, '127.0.0.1', done));
    urls.real = `http://127.0.0.1:${(free.address() as AddressInfo).port}`;
    await new Promise(done => free.close(done));
    const text = join(directory, 'series.txt');
    const config = join(directory, 'prometheus.yml');
    writeFileSync(text, openMetricsBackfill(source, END - SPAN, END));
    writeFileSync(config, 'global: {}\n');
    execFileSync('promtool', [
      'tsdb',
      'create-blocks-from',
      'openmetrics',
      text,
      join(directory, 'data'),
    ]);
    child = spawn(
      binary,
      [
        `--config.file=${config}`,
        `--storage.tsdb.path=${join(directory, 'data')}`,
        '--storage.tsdb.retention.time=100y',
        `--web.listen-address=${urls.real.slice('http://'.length)}`,
      ],
      { stdio: 'ignore' },
    );
    for (let attempt = 0; attempt < 150; attempt++) {
      const ready = await fetch(`${urls.real}/-/ready`).catch(() => undefined);
      if (ready?.ok) {
        return;
      }
      await new Promise(done => setTimeout(done, 200));
    }
    throw new Error('Prometheus did not become ready');
  }, 60_000);

  afterAll(async () => {
    child?.kill();
    await new Promise(done => embedded.close(done));
    rmSync(directory, { recursive: true, force: true });
  });

  interface Row {
    metric: Record<string, string>;
    value?: [number, string];
    values?: Array<[number, string]>;
  }

  async function ask(
    base: string,
    path: string,
    form: Record<string, string>,
  ): Promise<Map<string, Array<[number, number]>>> {
    const response = await fetch(`${base}/api/v1/${path}`, {
      method: 'POST',
      body: new URLSearchParams(form),
    });
    const answer: { status: string; error?: string; data?: { result: Row[] } } =
      JSON.parse(await response.text());
    if (answer.status !== 'success' || !answer.data) {
      throw new Error(answer.error);
    }
    return new Map(
      answer.data.result.map(({ metric, value, values }) => [
        JSON.stringify(Object.entries(metric).sort()),
        (values ?? (value ? [value] : [])).map(([t, v]) => [t, Number(v)]),
      ]),
    );
  }

  function expectSame(
    got: Map<string, Array<[number, number]>>,
    wanted: Map<string, Array<[number, number]>>,
  ): void {
    expect([...got.keys()].sort()).toEqual([...wanted.keys()].sort());
    for (const [key, points] of wanted) {
      const mine = got.get(key) ?? [];
      expect(mine.map(([t]) => t)).toEqual(points.map(([t]) => t));
      points.forEach(([, value], i) => {
        const [, other] = mine[i];
        const error = Math.abs(other - value) / Math.max(1e-9, Math.abs(value));
        expect(Object.is(other, value) || error <= 1e-6).toBe(true);
      });
    }
  }

  it.each(QUERIES)('%s', async query => {
    expect.hasAssertions();
    for (const time of [END, END - 7_000, END - 4_000_000]) {
      const form = { query, time: String(time / 1000) };
      expectSame(
        await ask(urls.embedded, 'query', form),
        await ask(urls.real, 'query', form),
      );
    }
    const range = {
      query,
      start: String((END - 3_600_000) / 1000),
      end: String(END / 1000),
      step: '60',
    };
    expectSame(
      await ask(urls.embedded, 'query_range', range),
      await ask(urls.real, 'query_range', range),
    );
  });

  it.each([
    ['query', { query: 'sum(' }],
    ['query', { query: 'rate(x)' }],
    ['query', { query: `${R} / on (reporter) ${R}`, time: String(END / 1000) }],
    ['query_range', { query: 'up', start: '0', end: '20000', step: '1' }],
    ['query_range', { query: 'up', start: '2', end: '1', step: '1' }],
    ['series', {}],
    ['nothing', {}],
  ])('answers a wrong request to %s alike: %j', async (path, form) => {
    const [mine, theirs] = await Promise.all(
      [urls.embedded, urls.real].map(async base => {
        const response = await fetch(
          `${base}/api/v1/${path}?${new URLSearchParams(form)}`,
        );
        const body = await response.text();
        const type = /"errorType":"(\w+)"/.exec(body)?.[1];
        return { status: response.status, type };
      }),
    );
    expect(mine).toEqual(theirs);
  });

  it('serves promtool', () => {
    const run = (...args: string[]) =>
      new Promise<string>((done, fail) => {
        const tool = spawn('promtool', args);
        let out = '';
        tool.stdout.on('data', chunk => {
          out += String(chunk);
        });
        tool.on('error', fail);
        tool.on('close', () => done(out));
      });
    const at = String(END / 1000);
    return Promise.all([
      expect(
        run(
          'query',
          'instant',
          `--time=${at}`,
          urls.embedded,
          'count(istio_requests_total)',
        ),
      ).resolves.toMatch(/=> 4 @/),
      expect(
        run(
          'query',
          'range',
          `--start=${END / 1000 - 120}`,
          `--end=${at}`,
          '--step=60s',
          urls.embedded,
          'vector(2)',
        ),
      ).resolves.toMatch(/2 @/),
      expect(
        run(
          'query',
          'series',
          `--match=istio_requests_total`,
          `--start=${END / 1000 - 120}`,
          `--end=${at}`,
          urls.embedded,
        ),
      ).resolves.toMatch(/istio_requests_total/),
    ]);
  });
});
