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

import { createApiRef } from '@backstage/core-plugin-api';
import { isError } from '@backstage/errors';
import { QueryClient } from '@tanstack/react-query';

/** The cache that all cards, the tab and the pages of one app instance share. */
export const istioQueryClientApiRef = createApiRef<QueryClient>({
  id: 'plugin.istio.query-client',
});

/** The HTTP status of a failed request, if the error came from one. */
export function httpStatusOf(error: unknown): number | undefined {
  if (isError(error) && typeof error.statusCode === 'number') {
    return error.statusCode;
  }
  return undefined;
}

/** A refusal stays one: asking again would only cost. Anything else is tried twice more. */
export function shouldRetry(failures: number, error: unknown): boolean {
  const status = httpStatusOf(error);
  if (status !== undefined && status >= 400 && status < 500) {
    return false;
  }
  return failures < 2;
}

/**
 * A fresh cache with the rules of this plugin: no polling in hidden tabs, no retry after a refusal. Whether a browser believes
 * that it is offline decides nothing: a portal is often reached over a VPN or the machine itself, and what does not answer is
 * said instead of waited for.
 */
export function createIstioQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        retry: shouldRetry,
        networkMode: 'always',
        refetchOnReconnect: true,
        refetchIntervalInBackground: false,
        refetchOnWindowFocus: true,
        staleTime: 2_000,
      },
    },
  });
}
