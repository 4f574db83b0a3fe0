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
import { subjectKey } from './Queries';

/** Pages refresh at least every 30 s, give or take a fifth; a page that was not heard of for longer is closed. */
const FORGOTTEN_AFTER_MS = 45_000;

/**
 * Which subjects open pages ask about. A request for one of them takes along others whose answers are ageing, so that
 * many pages, each with its own service, cost the requests of a few.
 */
export class Interest {
  readonly #asked = new Map<string, { subject: Subject; at: number }>();

  /** Somebody asks about a subject now (epoch milliseconds). */
  add(subject: Subject, now: number): void {
    const key = subjectKey(subject);
    // Set anew, so that the order of the map is the order of time.
    this.#asked.delete(key);
    this.#asked.set(key, { subject, at: now });
  }

  /** Subjects of pages that are open, as far as is known. */
  subjects(now: number): Subject[] {
    for (const [key, { at }] of this.#asked) {
      if (at >= now - FORGOTTEN_AFTER_MS) break;
      this.#asked.delete(key);
    }
    return [...this.#asked.values()].map(({ subject }) => subject);
  }
}
