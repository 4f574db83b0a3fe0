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

/** After `threshold` failures in a row nothing is asked for `openMs` milliseconds. */
export class CircuitBreaker {
  private failures = 0;
  private openUntil = 0;
  private last: unknown;

  constructor(
    private readonly threshold: number,
    private readonly openMs: number,
    private readonly now: () => number = Date.now,
  ) {}

  /** Runs `task`, or rejects with the last failure while open. `counts` says which failures are the source's. */
  async run<T>(
    task: () => Promise<T>,
    counts: (error: unknown) => boolean,
  ): Promise<T> {
    if (this.now() < this.openUntil) {
      throw this.last;
    }
    try {
      const result = await task();
      this.failures = 0;
      return result;
    } catch (error) {
      if (counts(error)) {
        this.failures++;
        this.last = error;
        if (this.failures >= this.threshold) {
          this.openUntil = this.now() + this.openMs;
        }
      }
      throw error;
    }
  }

  /** The failure that keeps it from asking, while it does. */
  get failure(): unknown {
    return this.failures > 0 ? this.last : undefined;
  }
}
