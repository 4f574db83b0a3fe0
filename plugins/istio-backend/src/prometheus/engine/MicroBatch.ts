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

import type { Subject } from '../catalogue';
import type { AskOptions, Priority } from './Queries';

/** Those who ask within this time share a request (golden-signals §7). */
const BATCH_MS = 25;

/** A subject that waits for the next request. */
export interface Waiting<A> {
  subject: Subject;
  options: AskOptions;
  resolve(answer: A): void;
  reject(error: unknown): void;
}

const ORDER: readonly Priority[] = ['card', 'tab', 'background'];

/** What a request for several is sent with: the most urgent priority, and a user only where all are the same. */
export function sharedOptions(all: readonly AskOptions[]): AskOptions {
  const priorities = all.map(({ priority = 'card' }) => priority);
  const users = new Set(all.map(({ user }) => user));
  const [user] = users;
  return {
    priority: ORDER.find(each => priorities.includes(each)) ?? 'background',
    ...(users.size === 1 && user !== undefined && { user }),
  };
}

/** Collects subjects for a moment, then hands them over together. */
export class MicroBatch<A> {
  readonly #flush: (all: Waiting<A>[]) => void;
  readonly #delayMs: number;
  #waiting: Waiting<A>[] = [];

  constructor(flush: (all: Waiting<A>[]) => void, delayMs: number = BATCH_MS) {
    this.#flush = flush;
    this.#delayMs = delayMs;
  }

  get idle(): boolean {
    return this.#waiting.length === 0;
  }

  add(subject: Subject, options: AskOptions): Promise<A> {
    if (this.#waiting.length === 0) {
      setTimeout(() => {
        const all = this.#waiting;
        this.#waiting = [];
        this.#flush(all);
      }, this.#delayMs);
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ subject, options, resolve, reject });
    });
  }
}
