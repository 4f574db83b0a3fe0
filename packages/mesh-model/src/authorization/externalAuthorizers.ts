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

import type { ExternalAuthorizer } from './policyTarget';

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const STATUS_RANGES = [
  [100, 100],
  [200, 208],
  [226, 226],
  [300, 305],
  [307, 308],
  [400, 417],
  [421, 424],
  [426, 426],
  [428, 429],
  [431, 431],
  [500, 508],
  [510, 511],
] as const;

/** Is it a status that Envoy has a name for? Others cannot be configured. */
function isEnvoyStatus(text: string): boolean {
  return (
    /^\d+$/.test(text) &&
    STATUS_RANGES.some(
      ([first, last]) => Number(text) >= first && Number(text) <= last,
    )
  );
}

/** Lists of header names of a provider that speaks HTTP: prefixes and suffixes are fine, `*` alone is not. */
const HEADER_LISTS = [
  'includeRequestHeadersInCheck',
  'includeHeadersInCheck',
  'headersToDownstreamOnDeny',
  'headersToDownstreamOnAllow',
  'headersToUpstreamOnAllow',
] as const;

function headersProblem(settings: Fields): string | undefined {
  const field = HEADER_LISTS.find(name => {
    const headers = settings[name];
    return Array.isArray(headers) && headers.includes('*');
  });
  return field === undefined
    ? undefined
    : `its ${field} has "*" alone, where only a prefix or a suffix may be left open`;
}

function pathProblem({ pathPrefix }: Fields): string | undefined {
  return typeof pathPrefix === 'string' &&
    pathPrefix !== '' &&
    !pathPrefix.startsWith('/')
    ? `its pathPrefix "${pathPrefix}" does not begin with /`
    : undefined;
}

function problemOf(settings: Fields): string | undefined {
  const { port, service, statusOnError } = settings;
  if (typeof service !== 'string' || service === '') {
    return 'it names no service';
  }
  if (
    typeof port !== 'number' ||
    !Number.isInteger(port) ||
    port < 1 ||
    port > 65535
  ) {
    return `its port ${String(port)} is not between 1 and 65535`;
  }
  if (statusOnError !== undefined && statusOnError !== '') {
    if (!isEnvoyStatus(String(statusOnError))) {
      return `its statusOnError ${String(statusOnError)} is not an HTTP status`;
    }
  }
  return undefined;
}

/**
 * The external authorizers among `meshConfig.extensionProviders`, each with why istiod cannot use it, if so. Whether
 * the service exists is another question, see `providerServiceProblem`. R4.25
 */
export function externalAuthorizersOf(
  extensionProviders: unknown,
): readonly ExternalAuthorizer[] {
  const providers: readonly unknown[] = Array.isArray(extensionProviders)
    ? extensionProviders
    : [];
  const found = new Map<string, ExternalAuthorizer>();
  for (const provider of providers) {
    if (!isFields(provider) || typeof provider.name !== 'string') continue;
    const { name, envoyExtAuthzHttp, envoyExtAuthzGrpc } = provider;
    const settings = envoyExtAuthzHttp ?? envoyExtAuthzGrpc;
    if (!isFields(settings)) continue;
    const protocol = envoyExtAuthzHttp === undefined ? 'grpc' : 'http';
    const ofHttp =
      protocol === 'http'
        ? pathProblem(settings) ?? headersProblem(settings)
        : undefined;
    const invalid = found.has(name)
      ? `the mesh configuration has several extension providers named "${name}"`
      : problemOf(settings) ?? ofHttp;
    found.set(name, {
      name,
      protocol,
      service: String(settings.service ?? ''),
      ...(invalid !== undefined && { invalid }),
    });
  }
  return [...found.values()];
}
