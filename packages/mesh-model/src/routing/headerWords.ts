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

import type { HeaderOperations, Headers, HttpRoute } from '../objects';

/** Setting the host of a request is no header change: it is sent under that name. */
function setting(what: 'request' | 'response', name: string, value: string) {
  return what === 'request' && /^(host|:authority)$/i.test(name)
    ? `sends requests to the host name ${value}`
    : `sets ${what} header ${name}: ${value}`;
}

function operations(
  what: 'request' | 'response',
  changes: HeaderOperations | undefined,
): string[] {
  return [
    ...Object.entries(changes?.set ?? {}).map(([name, value]) =>
      setting(what, name, value),
    ),
    ...Object.entries(changes?.add ?? {}).map(
      ([name, value]) => `adds ${what} header ${name}: ${value}`,
    ),
    ...(changes?.remove ?? []).map(name => `removes ${what} header ${name}`),
  ];
}

function ofHeaders(headers: Headers | undefined): string[] {
  return [
    ...operations('request', headers?.request),
    ...operations('response', headers?.response),
  ];
}

/** What a rule does to headers, one change each; those of one destination name it. R5.27 */
export function headersInWords(route: HttpRoute): string[] {
  return [
    ...ofHeaders(route.headers),
    ...(route.route ?? []).flatMap(({ destination, headers }) =>
      ofHeaders(headers).map(
        change =>
          `${change} (only towards ${destination.host}${
            destination.subset === undefined
              ? ''
              : `, subset ${destination.subset}`
          })`,
      ),
    ),
  ];
}
