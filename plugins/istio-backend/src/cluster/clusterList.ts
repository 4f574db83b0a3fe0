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

import type {
  AuthService,
  DiscoveryService,
} from '@backstage/backend-plugin-api';
import { ResponseError } from '@backstage/errors';
import { deadline } from './deadline';

/** A cluster as the Kubernetes plugin lists it. */
export interface ListedCluster {
  name: string;
  title?: string;
  authProvider: string;
  /** It needs a token of the user's browser. */
  clientSide: boolean;
}

const CLIENT_SIDE_PROVIDERS: ReadonlySet<string> = new Set([
  'google',
  'oidc',
  'aks',
]);

/** Asks the Kubernetes plugin which clusters there are, with this plugin's own credentials. */
export async function fetchClusterList(
  discovery: DiscoveryService,
  auth: AuthService,
  signal: AbortSignal,
): Promise<ListedCluster[]> {
  const [baseUrl, { token }] = await Promise.all([
    discovery.getBaseUrl('kubernetes'),
    auth.getPluginRequestToken({
      onBehalfOf: await auth.getOwnServiceCredentials(),
      targetPluginId: 'kubernetes',
    }),
  ]);
  const limit = deadline(signal, 30_000);
  try {
    const response = await fetch(`${baseUrl}/clusters`, {
      headers: { Authorization: `Bearer ${token}` },
      signal: limit.signal,
    });
    return await readClusters(response);
  } finally {
    limit.release();
  }
}

async function readClusters(response: Response): Promise<ListedCluster[]> {
  if (!response.ok) {
    throw await ResponseError.fromResponse(response);
  }
  const body: unknown = await response.json();
  const items =
    typeof body === 'object' && body !== null && 'items' in body
      ? body.items
      : undefined;
  if (!Array.isArray(items)) {
    throw new Error('the answer is not a list of clusters');
  }
  return items.flatMap(readCluster);
}

function readCluster(item: unknown): ListedCluster[] {
  if (typeof item !== 'object' || item === null || !('name' in item)) {
    return [];
  }
  const { name, title, authProvider } = item as Record<string, unknown>;
  const provider = typeof authProvider === 'string' ? authProvider : '';
  return typeof name === 'string'
    ? [
        {
          name,
          ...(typeof title === 'string' ? { title } : {}),
          authProvider: provider,
          clientSide: CLIENT_SIDE_PROVIDERS.has(provider),
        },
      ]
    : [];
}
