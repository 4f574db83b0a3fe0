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

import { PrometheusError } from './response';

/** Who wants a place, and how urgently. */
export interface SlotOptions {
  /** default: card */
  priority?: 'card' | 'tab' | 'background';
  /** absent: of no single user */
  user?: string;
}

export interface SlotsOptions {
  /** places in all */
  size: number;
  /** who may wait */
  maxQueued: number;
  /** places of one user */
  maxPerUser: number;
  /** told how long each waited, in seconds */
  onWaited?: (seconds: number) => void;
}

interface Waiting extends SlotOptions {
  enter(): void;
}

const URGENCY = { card: 0, tab: 1, background: 2 } as const;

/** A counting semaphore with a bounded queue: the most urgent first, and nobody takes all places. */
export class Slots {
  readonly #options: SlotsOptions;
  readonly #waiting: Waiting[] = [];
  readonly #byUser = new Map<string, number>();
  #running = 0;

  constructor(options: SlotsOptions) {
    this.#options = options;
  }

  /**
   * Works when there is a place.
   *
   * @throws PrometheusError `overloaded` when too many wait
   */
  async run<T>(slot: SlotOptions, work: () => Promise<T>): Promise<T> {
    const asked = performance.now();
    if (!this.#mayEnter(slot)) {
      if (this.#waiting.length >= this.#options.maxQueued) {
        throw new PrometheusError(
          'overloaded',
          'too many queries are waiting for it; try again in a few seconds',
        );
      }
      await new Promise<void>(enter => this.#waiting.push({ ...slot, enter }));
    } else {
      this.#enter(slot);
    }
    this.#options.onWaited?.((performance.now() - asked) / 1000);
    try {
      return await work();
    } finally {
      this.#leave(slot);
    }
  }

  #mayEnter({ user }: SlotOptions): boolean {
    return (
      this.#running < this.#options.size &&
      (user === undefined ||
        (this.#byUser.get(user) ?? 0) < this.#options.maxPerUser)
    );
  }

  #enter({ user }: SlotOptions): void {
    this.#running += 1;
    if (user !== undefined) {
      this.#byUser.set(user, (this.#byUser.get(user) ?? 0) + 1);
    }
  }

  #leave({ user }: SlotOptions): void {
    this.#running -= 1;
    if (user !== undefined) {
      const left = (this.#byUser.get(user) ?? 1) - 1;
      if (left > 0) this.#byUser.set(user, left);
      else this.#byUser.delete(user);
    }
    this.#admit();
  }

  #admit(): void {
    const may = this.#waiting.filter(each => this.#mayEnter(each));
    if (may.length === 0) return;
    const [next] = may.sort((a, b) => urgencyOf(a) - urgencyOf(b));
    this.#waiting.splice(this.#waiting.indexOf(next), 1);
    this.#enter(next);
    next.enter();
  }
}

function urgencyOf({ priority = 'card' }: SlotOptions): number {
  return URGENCY[priority];
}
