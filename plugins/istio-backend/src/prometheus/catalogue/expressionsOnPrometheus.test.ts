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

interface Row {
  metric: Record<string, string>;
  value?: [number, string];
  values?: [number, string][];
}

type Points = Map<string, [number, number][]>;

async function ask(
  url: string,
  path: 'query' | 'query_range',
  form: Record<string, string>,
): Promise<Row[]> {
  const response = await fetch(`${url}/api/v1/${path}`, {
    method: 'POST',
    body: new URLSearchParams(form),
  });
  const answer: { error?: string; data?: { result: Row[] } } = JSON.parse(
    await response.text(),
  );
  if (!answer.data) throw new Error(answer.error);
  return answer.data.result;
}

function pointsOf(rows: readonly Row[]): Points {
  return new Map(
    rows.map(({ metric, value, values }) => [
      JSON.stringify(Object.entries(metric).sort()),
      (values ?? (value ? [value] : [])).map(([time, text]) => [
        time,
        Number(text),
      ]),
    ]),
  );
}

/** The greatest relative error; infinite where an instant is missing on one side. */
function errorBetween(
  mine: [number, number][],
  theirs: [number, number][],
): number {
  if (mine.length !== theirs.length) return Infinity;
  return Math.max(
    0,
    ...theirs.map(([time, wanted], index) => {
      const [at, got] = mine[index];
      if (at !== time) return Infinity;
      return Object.is(got, wanted)
        ? 0
        : Math.abs(got - wanted) / Math.max(1e-9, Math.abs(wanted));
    }),
  );
}

/** Raw samples of a selector as OpenMetrics lines. */
async function samplesOf(url: string, selector: string): Promise<string[]> {
  const rows = await ask(url, 'query', {
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
      '{destination_service_namespace="payments",destination_service_name=~"ledger|payments-db|fraud-check"}';
    const ofPods = `{namespace="payments",pod=~"(ledger|payments-db)-.*"}`;
    const names = new Set(
      Object.values(expressions).flatMap(
        text => text.match(/\b(istio|container|kube|envoy)_\w+(?=\{)/g) ?? [],
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

  async function expectSame(
    path: 'query' | 'query_range',
    form: Record<string, string>,
  ): Promise<Points> {
    const mine = pointsOf(await ask(mesh.prometheusUrl, path, form));
    const theirs = pointsOf(await ask(real.url, path, form));
    expect([...mine.keys()].sort()).toEqual([...theirs.keys()].sort());
    for (const [key, points] of theirs) {
      const error = errorBetween(mine.get(key) ?? [], points);
      expect({ key, same: error <= 1e-6, error }).toMatchObject({ same: true });
    }
    return theirs;
  }

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
      const rows = await ask(real.url, 'query', { query, time: String(END) });
      const found = new Set(rows.map(({ metric }) => metric.part));
      absent.push(...wanted.filter(part => !found.has(part)));
    }
    // Its connections never fail and its containers have no limits.
    expect(absent).toEqual(['tcpFailed', 'cpuLimit', 'memoryLimit']);
  });
});
