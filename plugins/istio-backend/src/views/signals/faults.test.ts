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

import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  CHECKOUT,
  END,
  startEmbeddedGoldenSignals,
} from '../../__testUtils__/goldenSignals';
import type { RealPrometheus } from '../../__testUtils__/RealPrometheus';
import { engineOf, signalsFrom } from '../../__testUtils__/signalsFrom';
import { ReplicatedQueries, ShardedQueries } from '../../prometheus/engine';

type Answer = (response: ServerResponse, query: string) => void;

const ROW = {
  reporter: 'destination',
  destination_service_namespace: 'shop',
  destination_service_name: 'checkout',
  response_code: '200',
};

/** A well-formed answer with these values for requests and 5xx. */
function vector(all: string, bad: string, warnings: string[] = []): Answer {
  return (response, query) => {
    const range = !query.includes('"part", "now"');
    const row = (code: string, value: string) => ({
      metric: { ...ROW, part: range ? 'requests' : 'now', response_code: code },
      ...(range ? { values: [[END, value]] } : { value: [END, value] }),
    });
    response.end(
      JSON.stringify({
        status: 'success',
        warnings,
        data: {
          resultType: range ? 'matrix' : 'vector',
          result: [row('200', all), row('503', bad)],
        },
      }),
    );
  };
}

function refusal(status: number, error: string): Answer {
  return response => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify({ status: 'error', errorType: 'execution', error }),
    );
  };
}

describe('what the page says when a source fails', () => {
  let server: Server;
  let url: string;
  let answer: Answer;

  beforeEach(async () => {
    server = createServer((request, response) => {
      let body = '';
      request.on('data', chunk => (body += chunk));
      request.on('end', () =>
        answer(response, new URLSearchParams(body).get('query') ?? ''),
      );
    }).listen(0, '127.0.0.1');
    await new Promise(resolve => server.once('listening', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterEach(() => {
    server.closeAllConnections();
    return new Promise(resolve => server.close(resolve));
  });

  const page = (timeoutSeconds = 5) =>
    signalsFrom(engineOf(url, END, timeoutSeconds), CHECKOUT, '5m');

  it('answers well: the numbers, and nothing to say', async () => {
    answer = vector('99', '0');
    const { signals, problems } = await page();
    expect(signals.current.requestsPerSecond).toBe(99);
    expect(signals.verdict.state).toBe('pass');
    expect(problems).toEqual([]);
  });

  it.each(['NaN', '+Inf', '-Inf'])(
    '%s is no number: what fails is not known, and nothing is green',
    async value => {
      answer = vector(value, value);
      const { signals } = await page();
      expect(signals.current.requestsPerSecond).toBeUndefined();
      expect(signals.current.share5xx).toBeUndefined();
      expect(signals.verdict.state).toBe('unknown');
    },
  );

  it('NaN beside a number leaves the number', async () => {
    answer = vector('99', 'NaN');
    const { signals } = await page();
    expect(signals.current.requestsPerSecond).toBe(99);
  });

  it('422 with the text of a time-out', async () => {
    answer = refusal(
      422,
      'query timed out in expression: context deadline exceeded',
    );
    const { signals, problems } = await page();
    expect(signals.state).toBe('unknown');
    expect(problems[0]).toContain('took too long');
  });

  it('404 as plain text', async () => {
    answer = response => {
      response.writeHead(404, { 'content-type': 'text/plain' });
      response.end('404 page not found');
    };
    const { signals, problems } = await page();
    expect(signals.verdict.state).toBe('unknown');
    expect(problems[0]).toContain('not a Prometheus API');
  });

  it('warnings only: what is there, as not complete, and not green', async () => {
    answer = vector('99', '0', ['store east is unreachable']);
    const { signals, problems } = await page();
    expect(signals.current.requestsPerSecond).toBe(99);
    expect(signals.verdict).toMatchObject({
      state: 'unknown',
      reason: expect.stringContaining('store east is unreachable'),
    });
    expect(problems.join()).toContain('store east is unreachable');
  });

  it('warnings do not clear an incident', async () => {
    answer = vector('50', '50', ['store east is unreachable']);
    const { signals } = await page();
    expect(signals.verdict.state).toBe('fail');
  });

  it('a login page', async () => {
    answer = response => {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<!doctype html><form>Sign in</form>');
    };
    const { signals, problems } = await page();
    expect(signals.state).toBe('unknown');
    expect(problems[0]).toContain('login page');
  });

  it('a body of more than 8 MiB', async () => {
    const block = Buffer.alloc(1024 * 1024, 'x');
    answer = response => {
      for (let i = 0; i < 9; i++) response.write(block);
      response.end();
    };
    const { signals, problems } = await page();
    expect(signals.state).toBe('unknown');
    expect(problems[0]).toContain('larger than 8 MiB');
  }, 20_000);

  it('a slow body', async () => {
    answer = response => {
      response.write('{"status":');
    };
    const { signals, problems } = await page(0.2);
    expect(signals.state).toBe('unknown');
    expect(problems[0]).toMatch(/did not end in time|no answer in time/);
  });

  it('a redirect to another host', async () => {
    let followed = false;
    const other = createServer((_request, response) => {
      followed = true;
      response.end();
    }).listen(0, '127.0.0.1');
    await new Promise(resolve => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    answer = response => {
      response.writeHead(307, { location: `http://127.0.0.1:${port}/` }).end();
    };
    const { signals, problems } = await page();
    await new Promise(resolve => other.close(resolve));
    expect(followed).toBe(false);
    expect(signals.state).toBe('unknown');
    expect(problems[0]).toContain('redirect');
  });
});

describe('half of the sources down', () => {
  let prometheus: RealPrometheus;
  beforeAll(async () => {
    prometheus = await startEmbeddedGoldenSignals();
  });
  afterAll(() => prometheus.stop());

  const DOWN = 'http://127.0.0.1:1';

  it('shards: what is there, with what is missing, and not green', async () => {
    const engines = [prometheus.url, DOWN].map(url => engineOf(url, END));
    const { signals, problems } = await signalsFrom(
      new ShardedQueries(engines),
      { namespace: 'shop', name: 'geo' },
      '5m',
    );
    expect(signals.current.requestsPerSecond).toBeCloseTo(8, 6);
    expect(problems.join()).toContain('127.0.0.1:1 is missing');
    expect(signals.verdict.state).toBe('unknown');
  });

  it('shards: rows of the same labels are added up', async () => {
    const engines = [0, 1].map(() => engineOf(prometheus.url, END));
    const { signals } = await signalsFrom(
      new ShardedQueries(engines),
      CHECKOUT,
      '5m',
    );
    expect(signals.current.requestsPerSecond).toBeCloseTo(2 * 119.35, 6);
    expect(signals.current.latency?.p95).toBeCloseTo(442.7, 1);
  });

  it('replicas: the other one answers, and nothing is missing', async () => {
    const engines = [DOWN, prometheus.url].map(url => engineOf(url, END));
    const queries = new ReplicatedQueries(engines);
    const { signals, problems } = await signalsFrom(queries, CHECKOUT, '5m');
    expect(signals.current.requestsPerSecond).toBeCloseTo(119.35, 6);
    expect(problems).toEqual([]);
    expect(queries.lastError).toBeUndefined();
  });

  it('all down: no numbers, with the reason', async () => {
    const engines = [DOWN, DOWN].map(url => engineOf(url, END));
    for (const queries of [
      new ShardedQueries(engines),
      new ReplicatedQueries(engines),
    ]) {
      const { signals, problems } = await signalsFrom(queries, CHECKOUT, '5m');
      expect(signals.state).toBe('unknown');
      expect(problems[0]).toContain('connection failed');
    }
  });
});
