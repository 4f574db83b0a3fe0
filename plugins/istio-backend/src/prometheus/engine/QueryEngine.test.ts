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

import type { SourceTemplate } from '../catalogue';
import { PrometheusClient } from '../PrometheusClient';
import { QueryEngine } from './QueryEngine';

const INSTANT: SourceTemplate<{ metric: string }> = {
  name: 'instant',
  parts: (_scope, { metric }) => ({ value: metric }),
};
const RANGE: SourceTemplate<{ metric: string }> = {
  ...INSTANT,
  name: 'range',
  range: () => ({ seconds: 3600, stepSeconds: 60 }),
};

function source() {
  let clock = 1_000_000_007_000;
  let failing = false;
  let warnings: string[] = [];
  const sent: URLSearchParams[] = [];
  const client = new PrometheusClient({
    transport: {
      name: 'test',
      async request({ form }) {
        sent.push(form);
        if (failing) throw new TypeError('fetch failed');
        return new Response(
          JSON.stringify({
            status: 'success',
            warnings,
            data: {
              resultType: 'vector',
              result: [{ metric: {}, value: [1, String(sent.length)] }],
            },
          }),
        );
      },
    },
  });
  const engine = new QueryEngine({ client, now: () => clock });
  return {
    queries: {
      instant: (metric: string) => engine.ofSource(INSTANT, { metric }),
      range: (metric: string) => engine.ofSource(RANGE, { metric }),
      get lastError() {
        return engine.lastError;
      },
    },
    sent,
    wait: (seconds: number) => {
      clock += seconds * 1000;
    },
    fail: (value: boolean) => {
      failing = value;
    },
    warn: (...texts: string[]) => {
      warnings = texts;
    },
  };
}

describe('QueryEngine about a source', () => {
  it('sends one query for all who ask at once, at the aligned time', async () => {
    const { queries, sent } = source();
    const results = await Promise.all([
      queries.instant('up'),
      queries.instant('up'),
      queries.instant('up'),
    ]);
    expect(sent).toHaveLength(1);
    expect(sent[0].get('time')).toBe('1000000005');
    expect(new Set(results).size).toBe(1);
    expect(results[0].evaluatedAt).toBe(1000000005);
  });

  it('answers from the cache for 15 s, a range for its step', async () => {
    const { queries, sent, wait } = source();
    await queries.instant('up');
    await queries.range('up');
    wait(14);
    await queries.instant('up');
    await queries.range('up');
    expect(sent).toHaveLength(2);
    wait(2);
    await queries.instant('up');
    await queries.range('up');
    expect(sent).toHaveLength(3);
    wait(60);
    await queries.range('up');
    expect(sent).toHaveLength(4);
  });

  it('keeps a partial answer only for 5 s', async () => {
    const { queries, sent, wait, warn } = source();
    warn('store missing');
    await queries.instant('up');
    wait(6);
    await queries.instant('up');
    expect(sent).toHaveLength(2);
  });

  it('serves the older answer while the source fails, and says so, for 5 min', async () => {
    const { queries, wait, fail } = source();
    const good = await queries.instant('up');
    fail(true);
    wait(20);
    expect(await queries.instant('up')).toEqual({
      ...good,
      staleBecause: 'connection failed',
    });
    wait(300);
    await expect(queries.instant('up')).rejects.toThrow('connection failed');
    expect(queries.lastError?.problem).toBe('unreachable');
  });

  it('does not repeat a failing query for 5 s, nor any after 5 failures for 30 s', async () => {
    const { queries, sent, wait, fail } = source();
    fail(true);
    const ask = (expression: string) =>
      queries.instant(expression).catch(() => undefined);
    await ask('a');
    await ask('a');
    expect(sent).toHaveLength(1);
    for (const expression of ['b', 'c', 'd', 'e']) await ask(expression);
    expect(sent).toHaveLength(5);
    await ask('f');
    expect(sent).toHaveLength(5);
    wait(31);
    fail(false);
    expect((await queries.instant('f')).series).toHaveLength(1);
    expect(queries.lastError).toBeUndefined();
  });
});
