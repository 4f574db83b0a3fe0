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
 * Waits until `read` gives something that `until` accepts.
 *
 * @throws with the last value when that does not happen in time
 */
export async function eventually<T>(
  read: () => T | Promise<T>,
  until: (value: T) => boolean,
  timeoutMs = 8_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const value = await read();
    if (until(value)) {
      return value;
    }
    if (Date.now() > deadline) {
      throw new Error(
        `Still not as expected after ${timeoutMs} ms: ${JSON.stringify(
          value,
        )?.slice(0, 1500)}`,
      );
    }
    await new Promise(resolve => setTimeout(resolve, 25));
  }
}
