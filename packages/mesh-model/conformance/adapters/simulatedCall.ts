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

import { difference } from './routingCase';

/** A request of Istio's simulation tables. */
export interface Call {
  address?: string;
  port: number;
  path?: string;
  hostHeader?: string;
  sni?: string;
  protocol: 'http' | 'http2' | 'tcp';
  tls?: 'plaintext' | 'tls' | 'mtls';
  callMode?: 'inbound' | 'outbound' | 'gateway';
  headers?: Readonly<Record<string, string | readonly string[]>>;
  method?: string;
  /** whose certificates both sides use, as Envoy names them; empty: the mesh's */
  mtlsSecretConfigName?: string;
}

/** What the tables expect of it. */
export interface Result {
  error?: string;
  listenerMatched?: string;
  virtualHostMatched?: string;
  routeConfigMatched?: string;
  clusterMatched?: string;
}

/** Headers of a call by their names in lower case. */
export function headersOf({ headers = {} }: Call): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, values]) => [
      name.toLowerCase(),
      typeof values === 'string' ? values : values.join(','),
    ]),
  );
}

/** Compares what both sides say: a field that is absent or empty in the expectation is not compared. */
export function compared(
  expected: Result,
  actual: Result,
  sidecar: boolean,
): string | undefined {
  const fields = (
    [
      'error',
      'clusterMatched',
      'virtualHostMatched',
      ...(sidecar ? [] : (['listenerMatched', 'routeConfigMatched'] as const)),
    ] as const
  ).filter(field => (expected[field] ?? '') !== '');
  const wanted = fields.map(field => [field, expected[field]]);
  return (
    difference(
      wanted,
      fields.map(field => [field, actual[field]]),
    ) ??
    (expected.error === undefined && actual.error !== undefined
      ? `unexpected ${actual.error}`
      : undefined)
  );
}
