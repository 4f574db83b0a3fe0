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

const TRUE: ReadonlySet<string> = new Set([
  '1',
  't',
  'T',
  'true',
  'TRUE',
  'True',
]);
const FALSE: ReadonlySet<string> = new Set([
  '0',
  'f',
  'F',
  'false',
  'FALSE',
  'False',
]);

/** A boolean in a label or annotation as Istio reads it; `undefined` when it is none. */
export function parseGoBool(text: string): boolean | undefined {
  if (TRUE.has(text)) {
    return true;
  }
  return FALSE.has(text) ? false : undefined;
}
