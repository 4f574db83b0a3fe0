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

import { PrometheusClient, type PrometheusTransport } from './PrometheusClient';
import { PrometheusError } from './response';

type Answer = () => Response | Promise<Response>;

function clientAnswering(answers: Answer[], options = {}) {
  const sent: { method: string; path: string; form: string }[] = [];
  const transport: PrometheusTransport = {
    name: 'test',
    async request({ method, path, form }) {
      sent.push({ method, path, form: form.toString() });
      return answers[Math.min(sent.length, answers.length) - 1]();
    },
  };
  return { client: new PrometheusClient({ transport, ...options }), sent };
}

function json(body: unknown, status = 200): Answer {
  return () => new Response(JSON.stringify(body), { status });
}

const vector = (...values: string[]) => ({
  status: 'success',
  data: {
    resultType: 'vector',
    result: values.map((value, i) => ({
      metric: { i: String(i) },
      value: [100, value],
    })),
  },
});

const query = { expression: 'up', time: 100 };

async function problemOf(promise: Promise<unknown>) {
  const error = await promise.catch((e: unknown) => e);
  expect(error).toBeInstanceOf(PrometheusError);
  const { problem, message } = error as PrometheusError;
  return { problem, message };
}

describe('PrometheusClient', () => {
  it('posts a form with a timeout', async () => {
    const { client, sent } = clientAnswering([json(vector('1'))]);
    const { series } = await client.query(query);
    expect(series).toEqual([
      { labels: { i: '0' }, samples: [{ at: 100, value: 1 }] },
    ]);
    expect(sent).toEqual([
      {
        method: 'POST',
        path: 'query',
        form: 'query=up&time=100&timeout=10s&dedup=true',
      },
    ]);
  });

  it('reads ranges', async () => {
    const { client } = clientAnswering([
      json({
        status: 'success',
        data: {
          resultType: 'matrix',
          result: [
            {
              metric: {},
              values: [
                [1, '2'],
                [2, 'NaN'],
              ],
            },
          ],
        },
      }),
    ]);
    const { series } = await client.queryRange({
      expression: 'up',
      start: 1,
      end: 2,
      step: 1,
    });
    expect(series[0].samples).toEqual([
      { at: 1, value: 2 },
      { at: 2, value: undefined },
    ]);
  });

  it('falls back to GET where POST is refused, and stays with it', async () => {
    const { client, sent } = clientAnswering([
      () => new Response('no', { status: 405 }),
      json(vector('1')),
    ]);
    await client.query(query);
    await client.query(query);
    expect(sent.map(({ method }) => method)).toEqual(['POST', 'GET', 'GET']);
  });

  it('has no number for NaN and infinities', async () => {
    const { client } = clientAnswering([json(vector('NaN', '+Inf', '-Inf'))]);
    const { series } = await client.query(query);
    expect(series.map(({ samples }) => samples[0].value)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('keeps warnings', async () => {
    const { client } = clientAnswering([
      json({ ...vector('1'), warnings: ['store x is missing'] }),
    ]);
    expect((await client.query(query)).warnings).toEqual([
      'store x is missing',
    ]);
  });

  it.each<[string, Answer, string, RegExp]>([
    ['401', () => new Response('', { status: 401 }), 'unauthorized', /401/],
    [
      'a login page',
      () => new Response('<html>', { status: 200 }),
      'not-prometheus',
      /login page/,
    ],
    [
      '404 text/plain',
      () => new Response('404 page not found', { status: 404 }),
      'not-prometheus',
      /404/,
    ],
    [
      '422 time-out text',
      json(
        {
          status: 'error',
          errorType: 'execution',
          error: 'expanding series: context deadline exceeded',
        },
        422,
      ),
      'timeout',
      /too long/,
    ],
    [
      '422 too many samples',
      json(
        {
          status: 'error',
          errorType: 'execution',
          error: 'query processing would load too many samples',
        },
        422,
      ),
      'too-expensive',
      /too many samples/,
    ],
    [
      '400 parse error',
      json({ status: 'error', errorType: 'bad_data', error: 'parse' }, 400),
      'bad-query',
      /parse/,
    ],
    ['503', () => new Response('x', { status: 503 }), 'busy', /503/],
    [
      'a redirect',
      () =>
        new Response(null, {
          status: 302,
          headers: { location: 'http://evil' },
        }),
      'redirect',
      /not followed/,
    ],
    [
      'JSON of another form',
      json({ status: 'success', data: { resultType: 'vector', result: 7 } }),
      'not-prometheus',
      /data\.result/,
    ],
    [
      'no connection',
      () => {
        throw new TypeError('fetch failed', {
          cause: { code: 'ECONNREFUSED' },
        });
      },
      'unreachable',
      /ECONNREFUSED/,
    ],
  ])('says what is wrong: %s', async (_, answer, problem, message) => {
    const { client } = clientAnswering([answer]);
    const found = await problemOf(client.query(query));
    expect(found.problem).toBe(problem);
    expect(found.message).toMatch(message);
  });

  it('stops reading a body that is too large', async () => {
    const { client } = clientAnswering([json(vector(...Array(50).fill('1')))], {
      maxBytes: 200,
    });
    expect((await problemOf(client.query(query))).problem).toBe('too-large');
  });

  it('gives up on a body that never ends, and cancels it', async () => {
    let cancelled = false;
    const endless = new ReadableStream<Uint8Array>({
      start: controller => controller.enqueue(Buffer.from('{"status"')),
      cancel: () => {
        cancelled = true;
      },
    });
    const { client } = clientAnswering([() => new Response(endless)], {
      timeoutSeconds: 0.05,
      graceSeconds: 0.05,
    });
    const { problem } = await problemOf(client.query(query));
    expect({ problem, cancelled }).toEqual({
      problem: 'timeout',
      cancelled: true,
    });
  });

  it('gives up on a source that never answers', async () => {
    const transport: PrometheusTransport = {
      name: 'silent',
      request: ({ signal }) =>
        new Promise((_, fail) => {
          signal.addEventListener('abort', () => fail(signal.reason));
        }),
    };
    const client = new PrometheusClient({
      transport,
      timeoutSeconds: 0.05,
      graceSeconds: 0.05,
    });
    expect((await problemOf(client.query(query))).problem).toBe('timeout');
  });

  it('refuses more series than the limit', async () => {
    const { client } = clientAnswering([json(vector('1', '2', '3'))], {
      maxSeries: 2,
    });
    expect((await problemOf(client.query(query))).problem).toBe('too-large');
  });

  it('has at most the given number of requests under way, and a bounded queue', async () => {
    const gates: (() => void)[] = [];
    const held: Answer = () =>
      new Promise(resolve =>
        gates.push(() => resolve(new Response(JSON.stringify(vector('1'))))),
      );
    const { client, sent } = clientAnswering([held], {
      maxConcurrent: 2,
      maxQueued: 1,
    });
    const running = [1, 2, 3].map(() => client.query(query));
    expect((await problemOf(client.query(query))).problem).toBe('overloaded');
    expect(sent).toHaveLength(2);
    gates.shift()!();
    await running[0];
    expect(sent).toHaveLength(3);
    for (const open of gates) open();
    await Promise.all(running);
  });
});
