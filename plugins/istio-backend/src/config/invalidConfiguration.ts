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

/** An error that names a key and what is wrong with its value. */
export function invalid(key: string, problem: string): Error {
  return new Error(`Invalid configuration: '${key}' ${problem}`);
}

const DNS_LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

/** A name of a Kubernetes object. @throws Error naming the key */
export function checkedName(key: string, value: string): string {
  if (!DNS_LABEL.test(value) || value.length > 63) {
    throw invalid(
      key,
      `must be a Kubernetes name (lower-case letters, digits and -), but is '${value}'`,
    );
  }
  return value;
}
