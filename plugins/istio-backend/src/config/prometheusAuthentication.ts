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

import type { Config } from '@backstage/config';
import { invalid } from './invalidConfiguration';
import { readAddress } from './readAddress';

/** How requests to a source are authenticated, beside fixed headers and client certificates. */
export type PrometheusAuthentication =
  | { type: 'none' }
  | { type: 'bearer-file'; file: string }
  | { type: 'provider'; name: string }
  | { type: 'sigv4'; region: string; service: string; accountId?: string }
  | {
      type: 'oauth2';
      tokenUrl: URL;
      clientId: string;
      clientSecret: string;
      scopes: readonly string[];
      audience?: string;
    };

const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Ways to say who asks; each sets the same header, so there may be one. */
const WAYS = [
  'bearerToken',
  'bearerTokenFile',
  'basicAuth',
  'sigv4',
  'oauth2',
  'tokenProvider',
] as const;

/** Headers that are sent with every request. @throws Error naming the key */
export function readHeaders(
  config: Config | undefined,
  key: string,
): Record<string, string> {
  const ways = WAYS.filter(way => config?.has(way));
  if (ways.length > 1) {
    throw invalid(key, `has both ${ways.join(' and ')}: keep one`);
  }
  const headers: Record<string, string> = {};
  const extra = config?.getOptionalConfig('headers');
  for (const name of extra?.keys() ?? []) {
    if (!HEADER_NAME.test(name)) {
      throw invalid(`${key}.headers.${name}`, 'is not a name of a header');
    }
    headers[name.toLowerCase()] = extra?.getString(name) ?? '';
  }
  const tenant = config?.getOptionalString('tenant');
  if (tenant !== undefined) {
    headers['x-scope-orgid'] = tenant;
  }
  const bearer = config?.getOptionalString('bearerToken');
  if (bearer !== undefined) {
    headers.authorization = `Bearer ${bearer}`;
  }
  const basic = config?.getOptionalConfig('basicAuth');
  if (basic !== undefined) {
    const user = basic.getString('username');
    const pair = `${user}:${basic.getString('password')}`;
    headers.authorization = `Basic ${Buffer.from(pair).toString('base64')}`;
  }
  return headers;
}

/** What is more than a header. @throws Error naming the key */
export function readAuthentication(
  config: Config | undefined,
  key: string,
): PrometheusAuthentication {
  const file = config?.getOptionalString('bearerTokenFile');
  if (file !== undefined) return { type: 'bearer-file', file };
  const name = config?.getOptionalString('tokenProvider');
  if (name !== undefined) return { type: 'provider', name };
  const sigv4 = config?.getOptionalConfig('sigv4');
  if (sigv4) {
    const accountId = sigv4.getOptionalString('accountId');
    return {
      type: 'sigv4',
      region: sigv4.getString('region'),
      service: sigv4.getOptionalString('service') ?? 'aps',
      ...(accountId !== undefined && { accountId }),
    };
  }
  const oauth2 = config?.getOptionalConfig('oauth2');
  if (!oauth2) return { type: 'none' };
  const audience = oauth2.getOptionalString('audience');
  return {
    type: 'oauth2',
    tokenUrl: readAddress(
      oauth2.getString('tokenUrl'),
      `${key}.oauth2.tokenUrl`,
      `${key}.oauth2.clientSecret`,
    ),
    clientId: oauth2.getString('clientId'),
    clientSecret: oauth2.getString('clientSecret'),
    scopes: oauth2.getOptionalStringArray('scopes') ?? [],
    ...(audience !== undefined && { audience }),
  };
}
