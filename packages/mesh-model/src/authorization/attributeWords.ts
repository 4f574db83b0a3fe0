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

const ATTRIBUTE_WORDS: ReadonlyMap<string, string> = new Map([
  ['remoteIp', 'the client address'],
  ['sourceIp', 'the peer address'],
  ['destinationIp', 'the destination address'],
  ['peer', 'the identity of the caller'],
  ['sni', 'the TLS server name'],
  ['token', 'the token'],
]);

/** What an open decision waits for, for example `method, path, the client address`. */
export function attributesInWords(dependsOn: readonly string[]): string {
  return dependsOn.length === 0
    ? 'the request'
    : dependsOn.map(name => ATTRIBUTE_WORDS.get(name) ?? name).join(', ');
}
