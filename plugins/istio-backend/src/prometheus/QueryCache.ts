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

/** How long an answer may serve. */
export interface CacheTimes {
  freshMs: number;
  /** how long an old answer may serve when the source fails */
  staleMs: number;
}

interface Entry {
  value: unknown;
  storedAt: number;
  times: CacheTimes;
}

/** An answer, and whether it had to be an old one because the source fails. */
export interface Cached<T> {
  value: T;
  /** epoch milliseconds at which the answer was got */
  storedAt: number;
  staleBecause?: unknown;
}

/**
 * Answers of a source by key: asked once however many ask at the same time, kept for a while, and kept longer for the
 * time the source fails. The oldest go when there are too many.
 */
export class QueryCache {
  private readonly entries = new Map<string, Entry>();
  private readonly flights = new Map<string, Promise<unknown>>();

  constructor(
    private readonly maxEntries: number,
    private readonly now: () => number = Date.now,
  ) {}

  /** The answer for `key`: kept, on its way, or asked for by `load`. */
  async get<T>(
    key: string,
    times: CacheTimes,
    load: () => Promise<T>,
  ): Promise<Cached<T>> {
    const entry = this.entries.get(key);
    if (entry && this.now() - entry.storedAt < entry.times.freshMs) {
      // Keys name the query and with it the type of the answer.
      return { value: entry.value as T, storedAt: entry.storedAt };
    }
    try {
      const value = await this.singleFlight(key, times, load);
      return { value, storedAt: this.now() };
    } catch (error) {
      if (entry && this.now() - entry.storedAt < entry.times.staleMs) {
        return {
          value: entry.value as T,
          storedAt: entry.storedAt,
          staleBecause: error,
        };
      }
      throw error;
    }
  }

  private singleFlight<T>(
    key: string,
    times: CacheTimes,
    load: () => Promise<T>,
  ): Promise<T> {
    const under = this.flights.get(key);
    if (under) {
      return under as Promise<T>;
    }
    const flight = load()
      .then(value => {
        this.store(key, value, times);
        return value;
      })
      .finally(() => this.flights.delete(key));
    this.flights.set(key, flight);
    return flight;
  }

  private store(key: string, value: unknown, times: CacheTimes): void {
    this.entries.delete(key);
    this.entries.set(key, { value, storedAt: this.now(), times });
    for (const oldest of this.entries.keys()) {
      if (this.entries.size <= this.maxEntries) {
        break;
      }
      this.entries.delete(oldest);
    }
  }
}
