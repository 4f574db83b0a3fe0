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

import type { CorsPolicy, StringMatch } from '../../objects';

const ANY_ORIGIN = '^[a-zA-Z][a-zA-Z0-9+.-]*://[^/\\s?#]+$';

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

function texts(value: unknown): string[] {
  return Array.isArray(value)
    ? value.filter((item): item is string => typeof item === 'string')
    : [];
}

/**
 * The origins that a name of `allowOrigins` stands for. `*` alone is any origin; a `*` at the end is a prefix, whatever
 * follows; elsewhere it stands for any text. R7.22
 */
function originOf(origin: string): StringMatch {
  if (!origin.includes('*')) {
    return { exact: origin };
  }
  if (origin === '*') {
    return { regex: ANY_ORIGIN };
  }
  const parts = origin.split('*');
  return parts.length === 2 && parts[1] === ''
    ? { prefix: parts[0] }
    : { regex: `^${parts.map(literal).join('.*')}$` };
}

/**
 * A CORS filter as Istio's policy. A preflight request of another origin is answered by the proxy and does not reach the
 * service. R7.22
 */
export function corsOf(cors: Readonly<Record<string, unknown>>): CorsPolicy {
  const origins = texts(cors.allowOrigins).filter(origin => origin !== '');
  const lists = {
    allowMethods: texts(cors.allowMethods),
    allowHeaders: texts(cors.allowHeaders),
    exposeHeaders: texts(cors.exposeHeaders),
  };
  const maxAge = typeof cors.maxAge === 'number' ? cors.maxAge : 0;
  return {
    ...(origins.length === 0 ? {} : { allowOrigins: origins.map(originOf) }),
    ...Object.fromEntries(
      Object.entries(lists).filter(([, list]) => list.length > 0),
    ),
    ...(cors.allowCredentials === true ? { allowCredentials: true } : {}),
    unmatchedPreflights: 'IGNORE',
    ...(maxAge > 0 ? { maxAge: `${maxAge}s` } : {}),
  };
}
