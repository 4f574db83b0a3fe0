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

import { type DemoMesh, startDemoMesh } from '@mesh-portal/demo-mesh';
import { askApi, expectSameRows } from '../../__testUtils__/prometheusApi';
import {
  type RealPrometheus,
  realPrometheusMissing,
  startRealPrometheus,
} from '../../__testUtils__/RealPrometheus';
import { catalogueExpressions } from './expressions';

/** Epoch seconds, on the grid of scrapes. */
const END = Date.UTC(2026, 0, 10, 12) / 1000;
/** One of HTTP with refused callers, one of TCP. */
const SELECTION = {
  services: [
    { namespace: 'payments', name: 'ledger' },
    { namespace: 'payments', name: 'payments-db' },
  ],
  // One calls over HTTP and gRPC, the other opens connections.
  callers: [
    { namespace: 'payments', name: 'payment-api' },
    { namespace: 'payments', name: 'ledger' },
  ],
  scope: ['destination_service_namespace="payments"'],
};
/** Two windows of an hour, and the instants before now that are asked for. */
const SPAN = '8400s';

/** Raw samples of a selector as OpenMetrics lines. */
async function samplesOf(url: string, selector: string): Promise<string[]> {
  const rows = await askApi(url, 'query', {
    query: `${selector}[${SPAN}]`,
    time: String(END),
  });
  return rows.flatMap(({ metric, values = [] }) => {
    const { __name__: name, ...labels } = metric;
    const pairs = Object.entries(labels).map(
      ([label, value]) => `${label}=${JSON.stringify(value)}`,
    );
    return values.map(
      ([time, value]) => `${name}{${pairs.join(',')}} ${value} ${time}`,
    );
  });
}

const missing = realPrometheusMissing();
if (missing) process.stderr.write(`${missing}\n`);
const describeWithPrometheus = missing ? describe.skip : describe;

describeWithPrometheus('every expression against a real Prometheus', () => {
  let mesh: DemoMesh;
  let real: RealPrometheus;
  let expressions: Readonly<Record<string, string>>;

  beforeAll(async () => {
    mesh = await startDemoMesh({ now: () => END * 1000 });
    const pods = mesh.store
      .list('pods', 'payments')
      .map(({ metadata }) => metadata.name)
      .filter(name => /^(ledger|payments-db)-/.test(name));
    expressions = catalogueExpressions({
      ...SELECTION,
      pods: pods.map(name => ({ namespace: 'payments', name })),
    });
    const ofServices =
      '{destination_service_namespace="payments",destination_service_name=~"ledger|payments-db|fraud-check|api[.]bank[.]example"}';
    const ofPods = `{namespace="payments",pod=~"(ledger|payments-db)-.*"}`;
    const names = new Set(
      Object.values(expressions).flatMap(
        text =>
          text.match(/\b((istio|container|kube|envoy)_\w+|up)(?=\{)/g) ?? [],
      ),
    );
    const families: string[][] = [];
    for (const name of [...names].sort()) {
      const matchers =
        name === 'istio_requests_total' ? `{${SELECTION.scope}}` : undefined;
      const part = name.startsWith('istio_') ? ofServices : ofPods;
      families.push(
        [`# TYPE ${name} unknown`],
        await samplesOf(mesh.prometheusUrl, name + (matchers ?? part)),
      );
    }
    const lines = [...families.flat(), '# EOF', ''];
    real = await startRealPrometheus(lines.join('\n'));
  }, 60_000);

  afterAll(async () => {
    await real?.stop();
    await mesh?.stop();
  });

  const expectSame = (
    path: 'query' | 'query_range',
    form: Record<string, string>,
  ) =>
    expectSameRows({ mine: mesh.prometheusUrl, theirs: real.url }, path, form);

  const NAMES = Object.keys(
    catalogueExpressions({
      ...SELECTION,
      pods: [{ namespace: 'a', name: 'b' }],
    }),
  );

  it.each(NAMES)('%s at an instant', async name => {
    expect.hasAssertions();
    for (const time of [END, END - 123]) {
      const found = await expectSame('query', {
        query: expressions[name],
        time: String(time),
      });
      expect(found.size).toBeGreaterThan(0);
    }
  });

  it.each(NAMES)('%s over ten minutes', async name => {
    const found = await expectSame('query_range', {
      query: expressions[name],
      start: String(END - 600),
      end: String(END),
      step: '60',
    });
    expect(found.size).toBeGreaterThan(0);
  });

  it('finds every part of every union but what the demo has not', async () => {
    const absent: string[] = [];
    for (const query of Object.values(expressions)) {
      const wanted = [...query.matchAll(/"part", "(\w+)"/g)].map(m => m[1]);
      const rows = await askApi(real.url, 'query', {
        query,
        time: String(END),
      });
      const found = new Set(rows.map(({ metric }) => metric.part));
      absent.push(...wanted.filter(part => !found.has(part)));
    }
    // Its histograms are classic, its connections never fail, it sends no gRPC, and its containers have no limits.
    expect(absent).toEqual([
      'nativeLatency',
      'nativeLatencyBefore',
      'tcpFailed',
      'tcpClosedBy',
      'requestMessages',
      'responseMessages',
      'cpuLimit',
      'memoryLimit',
    ]);
  });
});
