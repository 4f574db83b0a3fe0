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

const SCHEME = '[a-zA-Z][a-zA-Z0-9+.-]*';
const HOST = '[a-zA-Z0-9._-]+';
const ADDRESS = '\\[[0-9a-fA-F:]+\\]';
const PORT = '(:[0-9]+)?';

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

function texts(value: unknown): string[] {
  return Array.isArray(value)
    ? value.filter((item): item is string => typeof item === 'string')
    : [];
}

/**
 * The origins that a name of `allowOrigins` stands for: scheme, host and port, and nothing else. `*` alone is any origin; at
 * the head of a host it is one or more labels. R7.22
 */
function originOf(origin: string): StringMatch {
  if (!origin.includes('*')) {
    return { exact: origin };
  }
  if (origin === '*') {
    return { regex: `^${SCHEME}://(${HOST}|${ADDRESS})${PORT}$` };
  }
  return { regex: `^${origin.split('*').map(literal).join(HOST)}$` };
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
