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

import { Gate } from '../cluster';
import { CircuitBreaker } from './CircuitBreaker';
import { QueryCache, type Cached, type CacheTimes } from './QueryCache';
import {
  PrometheusError,
  readInstant,
  readRange,
  type InstantRow,
  type PrometheusAnswer,
  type PrometheusFailure,
  type RangeRow,
} from './response';
import type { Endpoint, PrometheusTransport } from './transport';

/** An instant query of the catalogue, at an aligned time. */
export interface InstantQuery {
  /** name in the catalogue, for messages and counting */
  template: string;
  expression: string;
  /** epoch seconds */
  at: number;
  maxRows?: number;
  maxBytes?: number;
}

/** A range query of the catalogue; `start`, `end` are aligned to `step`. */
export interface RangeQuery {
  template: string;
  expression: string;
  /** epoch seconds */
  start: number;
  end: number;
  /** seconds */
  step: number;
}

const INTERACTIVE_SECONDS = 10;
const MAX_BYTES = 8 * 1024 * 1024;
const MAX_ROWS = 10_000;
const PARALLEL = 6;
const STALE_MS = 5 * 60_000;
/** golden-signals §7: the grid of instant queries, milliseconds */
const INSTANT_MS = 15_000;
const RANGE_MIN_MS = 30_000;
const BREAKER_THRESHOLD = 5;
const BREAKER_OPEN_MS = 30_000;

const SOURCE_FAILURES: ReadonlySet<PrometheusFailure> = new Set([
  'unauthorized',
  'not-found',
  'overloaded',
  'unreachable',
  'not-prometheus',
]);

function isSourceFailure(error: unknown): boolean {
  return error instanceof PrometheusError && SOURCE_FAILURES.has(error.failure);
}

/** Asks one Prometheus: cached, once for all who ask the same at the same time, few at a time, with limits. */
export class PrometheusClient {
  private readonly cache: QueryCache;
  private readonly breaker: CircuitBreaker;
  private readonly gate = new Gate(PARALLEL);
  private sent = 0;
  private answered = false;

  constructor(
    private readonly transport: PrometheusTransport,
    options: { now?: () => number } = {},
  ) {
    this.cache = new QueryCache(500, options.now);
    this.breaker = new CircuitBreaker(
      BREAKER_THRESHOLD,
      BREAKER_OPEN_MS,
      options.now,
    );
  }

  get description(): string {
    return this.transport.description;
  }

  /** How many requests were sent so far. */
  get requestCount(): number {
    return this.sent;
  }

  /** How the source stands, from the requests so far. */
  get status(): { asked: boolean; failure?: unknown } {
    const { failure } = this.breaker;
    return {
      asked: this.answered || failure !== undefined,
      ...(failure === undefined ? {} : { failure }),
    };
  }

  instant(query: InstantQuery): Promise<Cached<PrometheusAnswer<InstantRow>>> {
    const form = new URLSearchParams({
      query: query.expression,
      time: String(query.at),
      timeout: `${INTERACTIVE_SECONDS}s`,
    });
    return this.ask(
      '/api/v1/query',
      form,
      `instant\n${query.expression}`,
      { freshMs: INSTANT_MS, staleMs: STALE_MS },
      query.maxBytes ?? MAX_BYTES,
      (text, status) => readInstant(text, status, query.maxRows ?? MAX_ROWS),
    );
  }

  range(query: RangeQuery): Promise<Cached<PrometheusAnswer<RangeRow>>> {
    const form = new URLSearchParams({
      query: query.expression,
      start: String(query.start),
      end: String(query.end),
      step: String(query.step),
      timeout: `${INTERACTIVE_SECONDS}s`,
    });
    return this.ask(
      '/api/v1/query_range',
      form,
      `range\n${query.step}\n${query.end - query.start}\n${query.expression}`,
      {
        freshMs: Math.max(RANGE_MIN_MS, query.step * 1000),
        staleMs: STALE_MS,
      },
      MAX_BYTES,
      (text, status) => readRange(text, status, MAX_ROWS),
    );
  }

  private ask<Row>(
    endpoint: Endpoint,
    form: URLSearchParams,
    key: string,
    times: CacheTimes,
    maxBytes: number,
    read: (text: string, status: number) => PrometheusAnswer<Row>,
  ): Promise<Cached<PrometheusAnswer<Row>>> {
    return this.cache.get(key, times, () =>
      this.gate.run(() =>
        this.breaker.run(async () => {
          this.sent++;
          const signal = AbortSignal.timeout((INTERACTIVE_SECONDS + 2) * 1000);
          const { text, status } = await this.transport.send(endpoint, form, {
            signal,
            maxBytes,
          });
          const answer = read(text, status);
          this.answered = true;
          return answer;
        }, isSourceFailure),
      ),
    );
  }
}
