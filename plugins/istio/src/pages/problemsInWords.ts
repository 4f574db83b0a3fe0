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

/**
 * How many of the services of a list have a problem, and of how many that is not known: none with a problem is no good
 * news where nothing is known.
 */
export function problemsInWords(failing: number, unknown: number): string {
  const number = (count: number) => count.toLocaleString('en-US');
  return [
    `${failing === 0 ? 'none' : number(failing)} with a problem`,
    ...(unknown === 0 ? [] : [`${number(unknown)} not known`]),
  ].join(', ');
}
