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

import type { PrometheusError } from '../response';

const FIRST_MS = 5_000;
const LONGEST_MS = 60_000;
const BREAKER_FAILURES = 5;
const BREAKER_OPEN_MS = 30_000;
const MAX_KEPT = 10_000;

interface Failure {
  error: PrometheusError;
  until: number;
  waitMs: number;
}

/**
 * When not to ask: a question that failed waits 5 s, then twice as long each time up to 60 s; after five failures of the
 * source in a row nothing is sent for 30 s (golden-signals §7).
 */
export class Failures {
  readonly #byKey = new Map<string, Failure>();
  #inARow = 0;
  #openUntil = 0;
  #last: PrometheusError | undefined;

  /** The latest failure of the source; undefined since it answered. */
  get last(): PrometheusError | undefined {
    return this.#last;
  }

  /** Why a question must not be sent now; undefined when it may. */
  refusal(key: string, now: number): PrometheusError | undefined {
    if (now < this.#openUntil) return this.#last;
    const failure = this.#byKey.get(key);
    return failure && now < failure.until ? failure.error : undefined;
  }

  succeeded(keys: Iterable<string>): void {
    this.#inARow = 0;
    this.#openUntil = 0;
    this.#last = undefined;
    for (const key of keys) this.#byKey.delete(key);
  }

  /** One request failed; it was for all these questions. */
  failed(keys: Iterable<string>, error: PrometheusError, now: number): void {
    this.#last = error;
    // A query that is wrong, too expensive or never sent says nothing about the source's health.
    if (error.blamesSource) {
      this.#inARow += 1;
      if (this.#inARow >= BREAKER_FAILURES) {
        this.#openUntil = now + BREAKER_OPEN_MS;
        this.#inARow = 0;
      }
    }
    if (this.#byKey.size > MAX_KEPT) this.#forget(now);
    for (const key of keys) {
      const before = this.#byKey.get(key);
      const waitMs = before
        ? Math.min(before.waitMs * 2, LONGEST_MS)
        : FIRST_MS;
      this.#byKey.set(key, { error, waitMs, until: now + waitMs });
    }
  }

  #forget(now: number): void {
    for (const [key, { until }] of this.#byKey) {
      if (until <= now) this.#byKey.delete(key);
    }
  }
}
