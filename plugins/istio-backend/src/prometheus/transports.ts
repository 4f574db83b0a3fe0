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
import { readFileSync } from 'node:fs';
import { Agent, fetch as undiciFetch } from 'undici';
import type { ClusterConnection, ServiceProxyTarget } from '../cluster';
import type { PrometheusTransport } from './PrometheusClient';
import { PrometheusError } from './response';

export interface UrlTransportOptions {
  /** Where `/api/v1/query` is below */
  url: URL;
  headers: Readonly<Record<string, string>>;
  /** read again for every request: projected tokens rotate */
  bearerTokenFile?: string;
  caFile?: string;
}

/** Reaches a source by its address. The name shows the host only: no path, no credential. */
export function urlTransport(
  options: UrlTransportOptions,
): PrometheusTransport {
  const { url, headers, bearerTokenFile, caFile } = options;
  const base = url.href.replace(/\/+$/, '');
  const dispatcher = caFile
    ? new Agent({ connect: { ca: readFileSync(caFile) } })
    : undefined;
  return {
    name: `Prometheus at ${url.host}`,
    async request({ method, path, form, signal }) {
      const address = `${base}/api/v1/${path}`;
      const credentials = await fileCredentials(bearerTokenFile);
      const answer = await undiciFetch(
        method === 'GET' ? `${address}?${form}` : address,
        {
          method,
          headers: {
            accept: 'application/json',
            ...headers,
            ...credentials,
            ...(method === 'POST' && {
              'content-type': 'application/x-www-form-urlencoded',
            }),
          },
          ...(method === 'POST' && { body: form.toString() }),
          ...(dispatcher && { dispatcher }),
          redirect: 'manual',
          signal,
        },
      );
      return new Response(answer.body as ReadableStream | null, {
        status: answer.status,
        headers: [...answer.headers],
      });
    },
  };
}

async function fileCredentials(
  file: string | undefined,
): Promise<Record<string, string>> {
  if (!file) return {};
  try {
    return { authorization: `Bearer ${(await readFile(file, 'utf8')).trim()}` };
  } catch {
    throw new PrometheusError(
      'unauthorized',
      'the configured bearerTokenFile cannot be read',
    );
  }
}

/**
 * Reaches a source through the API server's service proxy, with the cluster's own credentials. Always `GET`: nothing
 * but reads may pass there.
 */
export function serviceProxyTransport(
  connection: () => ClusterConnection | undefined,
  cluster: string,
  target: ServiceProxyTarget,
): PrometheusTransport {
  return {
    name: `Prometheus (service ${target.namespace}/${target.service} of cluster ${cluster})`,
    async request({ path, form, signal }) {
      const found = connection();
      if (!found) {
        throw new PrometheusError('unreachable', 'the cluster is not known');
      }
      const answer = await found.getThroughServiceProxy(
        target,
        `/api/v1/${path}`,
        form,
        signal,
      );
      if (answer.status === 404) {
        await answer.body?.cancel();
        throw new PrometheusError(
          'unreachable',
          `there is no service ${target.namespace}/${target.service} in the cluster: write its address to istio.prometheus.url, or its name to istio.prometheus.service`,
        );
      }
      if (answer.status === 403) {
        await answer.body?.cancel();
        throw new PrometheusError(
          'unauthorized',
          `the cluster role lacks "get" on services/proxy in namespace ${target.namespace}`,
        );
      }
      return answer;
    },
  };
}
