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

/** What a request must tell so that a match can be decided, for example `method` or `header x-user`. */
export type RequestAttribute = string;

/** A match that cannot be decided, and what it waits for. */
export interface Undecided {
  on: readonly RequestAttribute[];
}

/** Three-valued truth: `undefined` attributes of a request make a match undecided, never false. */
export type Match = boolean | Undecided;

export function isUndecided(match: Match): match is Undecided {
  return typeof match === 'object';
}

export function undecided(...on: RequestAttribute[]): Undecided {
  return { on };
}

/** NOT of a match. */
export function not(match: Match): Match {
  return isUndecided(match) ? match : !match;
}

function fold<T>(
  items: Iterable<T>,
  test: (item: T) => Match,
  absorbing: boolean,
): Match {
  let waiting: Set<RequestAttribute> | undefined;
  for (const item of items) {
    const match = test(item);
    if (match === absorbing) {
      return absorbing;
    }
    if (isUndecided(match)) {
      waiting ??= new Set();
      for (const attribute of match.on) {
        waiting.add(attribute);
      }
    }
  }
  return waiting ? { on: [...waiting] } : !absorbing;
}

/** AND: true when `items` is empty. */
export function every<T>(items: Iterable<T>, test: (item: T) => Match): Match {
  return fold(items, test, false);
}

/** OR: false when `items` is empty. */
export function some<T>(items: Iterable<T>, test: (item: T) => Match): Match {
  return fold(items, test, true);
}
