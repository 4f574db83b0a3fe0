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

import { sameAnswer } from './reading';

/** What a list has that another has not, each in the order of its list. */
export interface ListDifference<T> {
  gone: readonly T[];
  came: readonly T[];
}

/** How two lists differ; `undefined` when the elements that both have are not in the same order. */
export function listDifference<T>(
  before: readonly T[],
  after: readonly T[],
): ListDifference<T> | undefined {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) {
    start += 1;
  }
  let end = 0;
  while (
    end < shorter - start &&
    before[before.length - 1 - end] === after[after.length - 1 - end]
  ) {
    end += 1;
  }
  const left = before.slice(start, before.length - end);
  const right = after.slice(start, after.length - end);
  const inLeft = new Set(left);
  const inRight = new Set(right);
  return sameAnswer(
    left.filter(element => inRight.has(element)),
    right.filter(element => inLeft.has(element)),
  )
    ? {
        gone: left.filter(element => !inRight.has(element)),
        came: right.filter(element => !inLeft.has(element)),
      }
    : undefined;
}

/** Elements that only one of two lists has, as {@link listDifference} finds them. */
export function differentElements<T>(
  before: readonly T[],
  after: readonly T[],
): readonly T[] | undefined {
  const found = listDifference(before, after);
  return found && [...found.gone, ...found.came];
}
