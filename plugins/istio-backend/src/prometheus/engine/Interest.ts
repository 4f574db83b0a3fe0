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

/** A page that asked this long ago will soon ask again: pages refresh every 30 s, give or take a fifth. */
const DUE_AFTER_MS = 15_000;
const FORGOTTEN_AFTER_MS = 45_000;

/**
 * Which subjects open pages ask about. A request for one of them takes along those that will be asked about next, so
 * that many pages, each with its own service, cost the requests of a few.
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

  get empty(): boolean {
    return this.#asked.size === 0;
  }

  /** Subjects that will be asked about soon, the soonest first. */
  due(now: number, isWanted: (subject: Subject) => boolean, most: number) {
    const found: Subject[] = [];
    for (const [key, { subject, at }] of this.#asked) {
      if (at < now - FORGOTTEN_AFTER_MS) {
        this.#asked.delete(key);
        continue;
      }
      if (found.length >= most || at > now - DUE_AFTER_MS) break;
      if (isWanted(subject)) found.push(subject);
    }
    return found;
  }
}
