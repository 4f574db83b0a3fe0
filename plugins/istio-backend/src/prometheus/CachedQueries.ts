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

import type { PrometheusClient } from './PrometheusClient';
import { PrometheusError, type QueryResult } from './response';

/** A result and when it was evaluated. */
export interface CachedResult extends QueryResult {
  /** epoch seconds of the evaluation */
  evaluatedAt: number;
  /** set when the source fails now and an older answer serves; the reason of the failure */
  staleBecause?: string;
}

export interface CachedQueriesOptions {
  client: PrometheusClient;
  /** epoch milliseconds */
  now?: () => number;
}

interface Entry {
  /** epoch ms */
  storedAt: number;
  freshForMs: number;
  result: CachedResult;
  points: number;
}

/** Instants are aligned to this grid, so that pages that look at the same time share their queries. */
const INSTANT_GRID_SECONDS = 15;
const FRESH_WHEN_PARTIAL_MS = 5_000;
const STALE_FOR_MS = 5 * 60_000;
const BREAKER_FAILURES = 5;
const BREAKER_OPEN_MS = 30_000;
const ERROR_FOR_MS = 5_000;
/** Samples kept in all: at some 50 bytes each, some 50 MB. */
const MAX_POINTS = 1_000_000;

/**
 * Shares queries between requests (golden-signals §7, Client rules): aligned times, single-flight, a bounded cache,
 * stale answers while the source fails, and a breaker that gives a failing source time to recover.
 */
export class CachedQueries {
  readonly #client: PrometheusClient;
  readonly #now: () => number;
  readonly #entries = new Map<string, Entry>();
  readonly #running = new Map<string, Promise<CachedResult>>();
  readonly #failed = new Map<
    string,
    { until: number; error: PrometheusError }
  >();
  #points = 0;
  #failures = 0;
  #openUntil = 0;
  #lastError: PrometheusError | undefined;

  constructor(options: CachedQueriesOptions) {
    this.#client = options.client;
    this.#now = options.now ?? Date.now;
  }

  /** The latest failure; undefined when the last query went well or none was sent. */
  get lastError(): PrometheusError | undefined {
    return this.#lastError;
  }

  get name(): string {
    return this.#client.name;
  }

  /** Evaluates at the current instant of the 15 s grid. Throws `PrometheusError`. */
  instant(expression: string): Promise<CachedResult> {
    const time = this.#aligned(INSTANT_GRID_SECONDS);
    return this.#get(`instant ${expression}`, INSTANT_GRID_SECONDS, time, () =>
      this.#client.query({ expression, time }),
    );
  }

  /** Evaluates over the last `seconds`, ending on the grid of the step. Throws `PrometheusError`. */
  range(
    expression: string,
    seconds: number,
    step: number,
  ): Promise<CachedResult> {
    const end = this.#aligned(step);
    return this.#get(
      `range ${seconds} ${step} ${expression}`,
      Math.max(step, 30),
      end,
      () =>
        this.#client.queryRange({
          expression,
          start: end - seconds,
          end,
          step,
        }),
    );
  }

  #aligned(grid: number): number {
    return Math.floor(this.#now() / 1000 / grid) * grid;
  }

  #get(
    key: string,
    freshSeconds: number,
    at: number,
    ask: () => Promise<QueryResult>,
  ): Promise<CachedResult> {
    const now = this.#now();
    const entry = this.#entries.get(key);
    if (entry && now - entry.storedAt < entry.freshForMs) {
      return Promise.resolve(entry.result);
    }
    const running = this.#running.get(key);
    if (running) return running;

    const failed = this.#failed.get(key);
    const refused =
      failed && now < failed.until ? failed.error : this.#breaker(now);
    if (refused) return this.#orStale(entry, refused);

    const asked = this.#ask(key, freshSeconds, at, ask)
      .catch((error: unknown) => this.#onFailure(key, entry, error))
      .finally(() => this.#running.delete(key));
    this.#running.set(key, asked);
    return asked;
  }

  #breaker(now: number): PrometheusError | undefined {
    return now < this.#openUntil ? this.#lastError : undefined;
  }

  async #ask(
    key: string,
    freshSeconds: number,
    at: number,
    ask: () => Promise<QueryResult>,
  ): Promise<CachedResult> {
    const result: CachedResult = { ...(await ask()), evaluatedAt: at };
    this.#failures = 0;
    this.#lastError = undefined;
    this.#failed.delete(key);
    this.#store(key, {
      storedAt: this.#now(),
      freshForMs:
        result.warnings.length > 0
          ? FRESH_WHEN_PARTIAL_MS
          : freshSeconds * 1000,
      result,
      points: result.series.reduce((sum, s) => sum + s.samples.length, 1),
    });
    return result;
  }

  async #onFailure(
    key: string,
    entry: Entry | undefined,
    error: unknown,
  ): Promise<CachedResult> {
    if (!(error instanceof PrometheusError)) throw error;
    const now = this.#now();
    this.#lastError = error;
    // A query that is wrong or too expensive says nothing about the source's health.
    if (error.problem !== 'bad-query' && error.problem !== 'too-expensive') {
      this.#failures += 1;
      if (this.#failures >= BREAKER_FAILURES) {
        this.#openUntil = now + BREAKER_OPEN_MS;
        this.#failures = 0;
      }
    }
    for (const [other, { until }] of this.#failed) {
      if (until <= now) this.#failed.delete(other);
    }
    this.#failed.set(key, { until: now + ERROR_FOR_MS, error });
    return this.#orStale(entry, error);
  }

  async #orStale(
    entry: Entry | undefined,
    error: PrometheusError,
  ): Promise<CachedResult> {
    if (entry && this.#now() - entry.storedAt < STALE_FOR_MS) {
      return { ...entry.result, staleBecause: error.message };
    }
    throw error;
  }

  #store(key: string, entry: Entry): void {
    this.#drop(key);
    this.#entries.set(key, entry);
    this.#points += entry.points;
    for (const oldest of this.#entries.keys()) {
      if (this.#points <= MAX_POINTS || oldest === key) break;
      this.#drop(oldest);
    }
  }

  #drop(key: string): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    this.#entries.delete(key);
    this.#points -= entry.points;
  }
}
