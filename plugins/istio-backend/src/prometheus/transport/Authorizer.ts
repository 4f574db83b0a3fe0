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

import { readFile } from 'node:fs/promises';
import { PrometheusError } from '../response';
import type { PrometheusTokenProvider } from '../tokenProviders';

/** A request as it will be sent: what is signed is what leaves. */
export interface OutgoingRequest {
  method: 'GET' | 'POST';
  url: URL;
  headers: Readonly<Record<string, string>>;
  body: string | undefined;
}

/** Says who asks. */
export interface Authorizer {
  /**
   * Headers to send in addition.
   *
   * @throws PrometheusError `unauthorized` when there are no credentials
   */
  headersFor(
    request: OutgoingRequest,
    signal: AbortSignal,
  ): Promise<Readonly<Record<string, string>>>;
  /** The source refused what was sent. */
  refused?(): void;
}

/** Nothing beside the fixed headers. */
export const NO_AUTHORIZER: Authorizer = { headersFor: async () => ({}) };

/** A token from a file, read for every request: projected tokens rotate. */
export function bearerFileAuthorizer(file: string): Authorizer {
  return {
    async headersFor() {
      try {
        const token = (await readFile(file, 'utf8')).trim();
        return { authorization: `Bearer ${token}` };
      } catch {
        throw new PrometheusError(
          'unauthorized',
          'the configured bearerTokenFile cannot be read',
        );
      }
    },
  };
}

/** A token of a module of the portal. */
export function providedTokenAuthorizer(
  name: string,
  provider: PrometheusTokenProvider | undefined,
): Authorizer {
  return {
    async headersFor() {
      if (!provider) {
        throw new PrometheusError(
          'unauthorized',
          `no module provides the configured tokenProvider '${name}'`,
        );
      }
      try {
        return { authorization: `Bearer ${await provider()}` };
      } catch {
        throw new PrometheusError(
          'unauthorized',
          `the configured tokenProvider '${name}' gives no token`,
        );
      }
    },
  };
}
