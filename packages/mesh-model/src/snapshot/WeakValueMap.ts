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

/** Below this size looking for what is gone is not worth the while. */
const SMALLEST_SWEEP = 64;

/** Looking whether each value is still there costs more than going through them: it is done once in so many times. */
const LISTINGS_UNTIL_CHECK = 32;

/** Values by key, each at least as long as somebody else holds it. */
export class WeakValueMap<V extends object> {
  private readonly references = new Map<string, WeakRef<V>>();
  private sweepAt = SMALLEST_SWEEP;
  /** All values, held until the next check. */
  private listed: V[] | undefined;
  private listings = 0;

  get(key: string): V | undefined {
    return this.references.get(key)?.deref();
  }

  set(key: string, value: V): void {
    this.references.set(key, new WeakRef(value));
    this.listed?.push(value);
    if (this.references.size >= this.sweepAt) {
      this.sweep();
      this.sweepAt = Math.max(SMALLEST_SWEEP, 2 * this.references.size);
    }
  }

  /** Every value; one whose key was set again may come twice. */
  values(): readonly V[] {
    this.listings = (this.listings + 1) % LISTINGS_UNTIL_CHECK;
    if (this.listings === 0) {
      this.listed = undefined;
    } else if (this.listed !== undefined) {
      return this.listed;
    }
    const values: V[] = [];
    for (const reference of this.references.values()) {
      const value = reference.deref();
      if (value !== undefined) {
        values.push(value);
      }
    }
    if (this.listings !== 0) {
      this.listed = values;
    }
    return values;
  }

  private sweep(): void {
    for (const [key, reference] of this.references) {
      if (reference.deref() === undefined) {
        this.references.delete(key);
      }
    }
  }
}
