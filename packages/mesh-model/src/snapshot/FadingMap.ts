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

/** Below this size looking for what nobody asks for any more is not worth the while. */
const SMALLEST_SWEEP = 64;

/** What nobody has asked for through so many versions belongs, most likely, to something that is no longer there. */
export const VERSIONS_UNTIL_FADED = 1_000;

/**
 * Values by key, of which those fade away that nobody has asked for through {@link VERSIONS_UNTIL_FADED} versions: what
 * belongs to namespaces that come and go does not stay for ever.
 */
export class FadingMap<V> {
  private readonly entries = new Map<string, { value: V; askedAt: number }>();
  private sweepAt = SMALLEST_SWEEP;

  get size(): number {
    return this.entries.size;
  }

  get(key: string, version: number): V | undefined {
    const entry = this.entries.get(key);
    if (entry === undefined) {
      return undefined;
    }
    entry.askedAt = version;
    return entry.value;
  }

  set(key: string, value: V, version: number): void {
    this.entries.set(key, { value, askedAt: version });
    if (this.size >= this.sweepAt) {
      this.sweep(version - VERSIONS_UNTIL_FADED);
      this.sweepAt = Math.max(SMALLEST_SWEEP, 2 * this.size);
    }
  }

  private sweep(before: number): void {
    for (const [key, { askedAt }] of this.entries) {
      if (askedAt < before) {
        this.entries.delete(key);
      }
    }
  }
}
