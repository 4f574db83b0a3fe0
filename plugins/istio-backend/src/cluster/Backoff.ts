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

/** Waiting times that double from `firstMs` to `maxMs`, each between half and all of it so that retries spread out. */
export class Backoff {
  private attempts = 0;

  constructor(
    private readonly firstMs: number,
    private readonly maxMs: number,
    private readonly random: () => number = Math.random,
  ) {}

  /** The next waiting time in milliseconds. */
  next(): number {
    const full = Math.min(this.maxMs, this.firstMs * 2 ** this.attempts);
    this.attempts = Math.min(this.attempts + 1, 30);
    return full * (0.5 + this.random() / 2);
  }

  /** After a success the next failure waits short again. */
  reset(): void {
    this.attempts = 0;
  }
}

/** Resolves after `ms` milliseconds, or at once when `signal` aborts. Keeps no process alive. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) {
    return Promise.resolve();
  }
  return new Promise(resolve => {
    const ended = new AbortController();
    const done = () => {
      ended.abort();
      resolve();
    };
    const timer = setTimeout(done, ms);
    timer.unref();
    // `ended` takes the listener away with the wait, lest a long-lived signal gathers them.
    ended.signal.addEventListener('abort', () => clearTimeout(timer), {
      once: true,
    });
    signal.addEventListener('abort', done, {
      once: true,
      signal: ended.signal,
    });
  });
}
