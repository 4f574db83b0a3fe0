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

import type { Series } from '../response';
import type { CachedResult } from './Queries';

/** An answer that is kept. */
export interface KeptAnswer {
  result: CachedResult;
  /** epoch milliseconds */
  storedAt: number;
  freshForMs: number;
}

export interface AnswerCacheOptions {
  /** of all answers; default 64 MiB */
  maxBytes?: number;
  /** of one answer; default 1 MiB */
  maxEntryBytes?: number;
}

const MIB = 1024 * 1024;

/** What a series takes in memory, roughly: its labels as text, two numbers and an object a sample. */
function bytesOf({ labels, samples }: Series): number {
  let bytes = 100 + samples.length * 40;
  for (const [name, value] of Object.entries(labels)) {
    bytes += 16 + name.length + value.length;
  }
  return bytes;
}

/** Answers, the least recently used leaving first (golden-signals §7: at most 64 MiB, entries at most 1 MiB). */
export class AnswerCache {
  readonly #maxBytes: number;
  readonly #maxEntryBytes: number;
  readonly #kept = new Map<string, KeptAnswer & { bytes: number }>();
  #bytes = 0;

  constructor(options: AnswerCacheOptions = {}) {
    this.#maxBytes = options.maxBytes ?? 64 * MIB;
    this.#maxEntryBytes = options.maxEntryBytes ?? MIB;
  }

  /** Bytes of all answers, as they are counted. */
  get bytes(): number {
    return this.#bytes;
  }

  get(key: string): KeptAnswer | undefined {
    const found = this.#kept.get(key);
    if (found) {
      this.#kept.delete(key);
      this.#kept.set(key, found);
    }
    return found;
  }

  /** Keeps an answer; one that is too large replaces its predecessor by nothing. */
  set(key: string, answer: KeptAnswer): void {
    this.delete(key);
    const bytes = answer.result.series.reduce(
      (sum, series) => sum + bytesOf(series),
      200 + key.length,
    );
    if (bytes > this.#maxEntryBytes) return;
    this.#kept.set(key, { ...answer, bytes });
    this.#bytes += bytes;
    for (const oldest of this.#kept.keys()) {
      if (this.#bytes <= this.#maxBytes) break;
      this.delete(oldest);
    }
  }

  delete(key: string): void {
    const found = this.#kept.get(key);
    if (!found) return;
    this.#kept.delete(key);
    this.#bytes -= found.bytes;
  }
}
