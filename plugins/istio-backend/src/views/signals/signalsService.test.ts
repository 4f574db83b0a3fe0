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

import type { QueryResult, Sample } from '../../prometheus/response';
import { type SignalAnswers, signalsService } from './signalsService';

const service = {
  cluster: 'demo',
  namespace: 'shop',
  name: 'checkout',
  host: 'checkout.shop.svc.cluster.local',
};
const END = 1_800_000_000;
const KEY = {
  destination_service_namespace: 'shop',
  destination_service_name: 'checkout',
};

function result(
  ...series: [Record<string, string>, number | Sample[]][]
): QueryResult {
  return {
    warnings: [],
    series: series.map(([labels, value]) => ({
      labels: { ...KEY, ...labels },
      samples: typeof value === 'number' ? [{ at: END, value }] : value,
    })),
  };
}

const http = {
  part: 'now',
  reporter: 'destination',
  response_code: '200',
  response_flags: '-',
  request_protocol: 'http',
  source_workload_namespace: 'shop',
  source_workload: 'web',
  destination_canonical_revision: 'v1',
};

function answers(overrides: Partial<SignalAnswers> = {}): SignalAnswers {
  return {
    requests: result(
      [http, 95],
      [
        { ...http, response_code: '503', destination_canonical_revision: 'v2' },
        5,
      ],
      [{ ...http, reporter: 'source' }, 100],
      [{ ...http, part: 'before' }, 80],
      ...(['100', '250', '+Inf'] as const).map(
        (le, i): [Record<string, string>, number] => [
          { ...http, part: 'latency', le },
          [60, 100, 100][i],
        ],
      ),
      [{ part: 'requestBytes', reporter: 'destination' }, 2048],
      [{ part: 'requestBytes', reporter: 'source' }, 4096],
    ),
    history: result([
      { part: 'requests', reporter: 'destination', response_code: '200' },
      [
        { at: END - 7200, value: 70 },
        { at: END - 60, value: 99 },
        { at: END, value: 100 },
      ],
    ]),
    pods: result(
      [
        { part: 'cpuUsed', namespace: 'shop', pod: 'c-1', container: 'app' },
        0.2,
      ],
      [
        { part: 'cpuLimit', namespace: 'shop', pod: 'c-1', container: 'app' },
        0.5,
      ],
      [
        { part: 'memoryUsed', namespace: 'shop', pod: 'c-1', container: 'app' },
        9,
      ],
      [
        { part: 'cpuUsed', namespace: 'shop', pod: 'other', container: 'app' },
        9,
      ],
    ),
    historyEnd: END,
    stepSeconds: 60,
    windowSeconds: 3600,
    ...overrides,
  };
}

const pods = new Set(['shop/c-1']);

describe('signalsService', () => {
  it('is not healthy where most answers are 4xx, whoever is at fault', () => {
    const { verdict } = signalsService(
      service,
      answers({ requests: result([{ ...http, response_code: '403' }, 100]) }),
      pods,
    );
    expect(verdict).toMatchObject({
      state: 'unknown',
      reason: expect.stringContaining('100 % are answered with 4xx'),
    });
  });

  it('counts one reporter only and compares with the window before', () => {
    const signals = signalsService(service, answers(), pods);
    expect(signals.reporter).toBe('destination');
    expect(signals.current).toMatchObject({
      requestsPerSecond: 100,
      share5xx: 0.05,
      requestBytesPerSecond: 2048,
      clientOnlyFailuresPerSecond: 0,
    });
    expect(signals.previous?.requestsPerSecond).toBe(80);
    expect(signals.current.latency).toMatchObject({
      p50: expect.closeTo((100 * 50) / 60, 9),
      p95: 100 + (150 * 35) / 40,
      buckets: { p95: [100, 250] },
    });
    expect(signals.byVersion.map(v => [v.version, v.share5xx])).toEqual([
      ['v1', 0],
      ['v2', 1],
    ]);
    expect(signals.state).toBe('traffic');
    expect(signals.verdict).toMatchObject({
      state: 'fail',
      reason: '5 % of requests fail with 5xx',
    });
  });

  it('splits the history at the window', () => {
    const signals = signalsService(service, answers(), pods);
    expect(signals.previousSeries.map(({ at }) => at)).toEqual([END - 7200]);
    expect(
      signals.series.map(({ requestsPerSecond }) => requestsPerSecond),
    ).toEqual([99, 100]);
  });

  it('shows saturation of its own pods, and says where there is no limit', () => {
    const { saturation } = signalsService(service, answers(), pods);
    expect(saturation.containers).toEqual([
      expect.objectContaining({
        pod: 'c-1',
        container: 'app',
        cpuOfLimit: 0.4,
        memoryOfLimit: undefined,
        note: 'no memory limit set',
      }),
    ]);
  });

  it('is idle when the proxies report zero', () => {
    const signals = signalsService(
      service,
      answers({
        history: result([
          { part: 'requests', reporter: 'destination', response_code: '200' },
          [{ at: END, value: 0 }],
        ]),
      }),
      pods,
    );
    expect(signals.state).toBe('idle');
  });

  it('is gone when the series ended, with when', () => {
    const signals = signalsService(
      service,
      answers({
        history: result([
          { part: 'requests', reporter: 'destination', response_code: '200' },
          [{ at: END - 1800, value: 5 }],
        ]),
      }),
      pods,
    );
    expect(signals).toMatchObject({
      state: 'gone',
      lastSeen: new Date((END - 1800) * 1000).toISOString(),
      verdict: { state: 'unknown' },
    });
  });

  it('never was when there is no series: no zeros are made up', () => {
    const none = result();
    const signals = signalsService(
      service,
      answers({ requests: none, history: none, pods: none }),
      pods,
    );
    expect(signals.state).toBe('never');
    expect(signals.reporter).toBe('none');
    expect(signals.current.requestsPerSecond).toBeUndefined();
    expect(signals.previous).toBeUndefined();
    expect(signals.verdict.state).toBe('unknown');
    expect(signals.saturation.state).toBe('unavailable');
  });

  it('has traffic when the window saw it before the first step of its history', () => {
    const signals = signalsService(
      service,
      answers({ history: result() }),
      pods,
    );
    expect(signals.state).toBe('traffic');
    expect(signals.current.requestsPerSecond).toBeGreaterThan(0);
  });

  it('speaks of connections only where no L7 proxy reports', () => {
    const none = result();
    const opened = { part: 'tcpOpened', reporter: 'destination' };
    const signals = signalsService(
      service,
      answers({
        requests: result([opened, 3], [{ ...opened, reporter: 'source' }, 3]),
        history: result([opened, [{ at: END, value: 3 }]]),
        pods: none,
      }),
      pods,
    );
    expect(signals.layer).toBe('tcp');
    expect(signals.current.tcp?.connectionsOpenedPerSecond).toBe(3);
    expect(signals.verdict.state).toBe('unknown');
  });

  it('counts what an older ztunnel refused by the flag it closed with', () => {
    const none = result();
    const opened = { part: 'tcpOpened', reporter: 'destination' };
    const closed = { part: 'tcpClosedBy', reporter: 'destination' };
    const signals = signalsService(
      service,
      answers({
        requests: result(
          [opened, 3],
          [{ ...closed, response_flags: 'DENY' }, 1],
          [{ ...closed, response_flags: 'UC' }, 0.5],
        ),
        history: result([opened, [{ at: END, value: 3 }]]),
        pods: none,
      }),
      pods,
    );
    expect(signals.current.tcp?.failedPerSecond).toBe(1);
    expect(signals.byFlag.map(({ flag }) => flag)).toEqual(['DENY', 'UC']);
    expect(signals.verdict.state).toBe('fail');
  });

  it('names the scrape that fails where there is silence', () => {
    const none = result();
    const signals = signalsService(
      service,
      answers({
        requests: none,
        history: none,
        pods: result([{ part: 'scraped', namespace: 'shop', pod: 'c-1' }, 0]),
      }),
      pods,
    );
    expect(signals.state).toBe('never');
    expect(signals.stateReason).toContain('the scrape of its pod fails');
  });

  it('says that pods count into different buckets, in place of a wrong quantile', () => {
    const bucket = { part: 'latency', reporter: 'destination' };
    const { current, latencyNote } = signalsService(
      service,
      answers({
        requests: result(
          [{ part: 'now', reporter: 'destination', response_code: '200' }, 9],
          [{ ...bucket, le: '100' }, 60],
          [{ ...bucket, le: '250' }, 40],
          [{ ...bucket, le: '+Inf' }, 100],
        ),
      }),
      pods,
    );
    expect(current.latency).toBeUndefined();
    expect(latencyNote).toContain('different buckets');
  });

  it('reads native histograms where there are no buckets', () => {
    const native = { part: 'nativeLatency', reporter: 'destination' };
    const { current } = signalsService(
      service,
      answers({
        requests: result(
          [{ part: 'now', reporter: 'destination', response_code: '200' }, 9],
          [{ ...native, q: '0.5' }, 12],
          [{ ...native, q: '0.95' }, 80],
        ),
      }),
      pods,
    );
    expect(current.latency).toEqual({ p50: 12, p95: 80 });
  });

  it('is not green while something is missing', () => {
    const { verdict } = signalsService(
      service,
      answers({
        requests: result([
          { part: 'now', reporter: 'destination', response_code: '200' },
          9,
        ]),
        incomplete: 'store east is unreachable',
      }),
      pods,
    );
    expect(verdict.state).toBe('unknown');
    expect(verdict.reason).toContain('store east is unreachable');
  });
});
