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

/** A number with its noun: `1 pod`, `3 pods`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** How many of the pods, to begin a sentence with: `Its pod`, `All 3 pods`, `2 of 3 pods`. */
export function podsInWords(part: number, all: number): string {
  if (part !== all) {
    return `${part} of ${counted(all, 'pod')}`;
  }
  return all === 1 ? 'Its pod' : `All ${counted(all, 'pod')}`;
}

/** The form of a verb that fits a number: `agreeing(1, 'is', 'are')`. */
export function agreeing(count: number, one: string, many: string): string {
  return count === 1 ? one : many;
}
