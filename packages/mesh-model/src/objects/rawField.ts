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

import { EMPTY_LIST, internArray } from './interning';
import { isRecord, list, type Reading, type Shape } from './shape';

export type Raw = Readonly<Record<string, unknown>>;

export function field<T>(
  raw: unknown,
  path: readonly string[],
  shape: Shape<T>,
  reading: Reading,
): T | undefined {
  let value: unknown = raw;
  for (const segment of path) {
    reading.enter(segment);
    value = isRecord(value) ? value[segment] : undefined;
  }
  const result = shape(value, reading);
  for (let depth = 0; depth < path.length; depth++) {
    reading.leave();
  }
  return result;
}

/** All instances of one shape's result share equal ones. */
export function sharedList<T>(item: Shape<T>): Shape<readonly T[]> {
  const shape = list(item);
  return (raw, reading) => {
    const items = shape(raw, reading);
    return items === undefined ? undefined : internArray(items);
  };
}

export function definedStrings(
  items: readonly (string | undefined)[],
): readonly string[] {
  const result = items.filter(
    (item): item is string => item !== undefined && item !== '',
  );
  return result.length === 0 ? EMPTY_LIST : result;
}
