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

import { readFile, stat } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { Agent, fetch as undiciFetch, type Dispatcher } from 'undici';
import { messageOf, type ClusterConnection } from '../cluster';
import type { PrometheusConfig } from '../config';
import { PrometheusError } from './response';

/** The two endpoints that are asked. */
export type Endpoint = '/api/v1/query' | '/api/v1/query_range';

/** What came back, not yet read. */
export interface RawAnswer {
  status: number;
  text: string;
}

/** Carries a form to Prometheus and its answer back. Rejects with {@link PrometheusError}. */
export interface PrometheusTransport {
  /** for people: where the numbers come from */
  readonly description: string;
  send(
    endpoint: Endpoint,
    form: URLSearchParams,
    limits: { signal: AbortSignal; maxBytes: number },
  ): Promise<RawAnswer>;
}

/** The part of a response that both `fetch` implementations share. */
interface ReadableResponse {
  status: number;
  body: AsyncIterable<Uint8Array> | null;
}

async function readCapped(
  response: ReadableResponse,
  maxBytes: number,
): Promise<RawAnswer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  if (response.body !== null) {
    for await (const chunk of response.body) {
      size += chunk.byteLength;
      if (size > maxBytes) {
        throw new PrometheusError(
          'too-large',
          `The answer of Prometheus is larger than ${Math.round(
            maxBytes / 1024 / 1024,
          )} MiB`,
        );
      }
      chunks.push(chunk);
    }
  }
  return {
    status: response.status,
    text: Buffer.concat(chunks).toString('utf8'),
  };
}

function asPrometheusError(
  error: unknown,
  signal: AbortSignal,
): PrometheusError {
  if (error instanceof PrometheusError) {
    return error;
  }
  if (signal.aborted) {
    return new PrometheusError(
      'too-expensive',
      'Prometheus did not answer in time',
      { cause: error },
    );
  }
  return new PrometheusError(
    'unreachable',
    `Prometheus cannot be reached (${messageOf(
      error,
    )}). Check its address and the network between the portal and it`,
    { cause: error },
  );
}

/** Asks a Prometheus at a URL: POST, or GET where POST is refused (read-only proxies). Follows no redirect. */
export class DirectTransport implements PrometheusTransport {
  readonly description: string;
  private readonly dispatcher: Dispatcher | undefined;
  private useGet = false;
  private token: { text: string; modified: number } | undefined;

  constructor(
    private readonly url: URL,
    private readonly config: PrometheusConfig,
  ) {
    this.description = `${url.origin}${url.pathname.replace(/\/$/, '')}`;
    this.dispatcher =
      config.caFile === undefined
        ? undefined
        : new Agent({ connect: { ca: readFileSync(config.caFile) } });
  }

  async send(
    endpoint: Endpoint,
    form: URLSearchParams,
    limits: { signal: AbortSignal; maxBytes: number },
  ): Promise<RawAnswer> {
    try {
      if (!this.useGet) {
        const answer = await this.request('POST', endpoint, form, limits);
        if (answer.status !== 403 && answer.status !== 405) {
          return answer;
        }
      }
      const answer = await this.request('GET', endpoint, form, limits);
      this.useGet ||= answer.status === 200;
      return answer;
    } catch (error) {
      throw asPrometheusError(error, limits.signal);
    }
  }

  private async request(
    method: 'POST' | 'GET',
    endpoint: Endpoint,
    form: URLSearchParams,
    limits: { signal: AbortSignal; maxBytes: number },
  ): Promise<RawAnswer> {
    const base = `${this.description}${endpoint}`;
    const url = method === 'GET' ? `${base}?${form}` : base;
    const response = await undiciFetch(url, {
      method,
      headers: {
        accept: 'application/json',
        ...(method === 'POST'
          ? { 'content-type': 'application/x-www-form-urlencoded' }
          : {}),
        ...this.config.headers,
        ...(await this.fileToken()),
      },
      ...(method === 'POST' ? { body: form.toString() } : {}),
      redirect: 'manual',
      signal: limits.signal,
      ...(this.dispatcher === undefined ? {} : { dispatcher: this.dispatcher }),
    });
    if (response.status >= 300 && response.status < 400) {
      await response.body?.cancel();
      throw new PrometheusError(
        'not-prometheus',
        `Prometheus’ address redirects (HTTP ${response.status}), which is not followed: probably to a login page. Write the final address`,
      );
    }
    return readCapped(response, limits.maxBytes);
  }

  /** The token of the file, read again when the file changed. */
  private async fileToken(): Promise<Record<string, string>> {
    const { bearerTokenFile } = this.config;
    if (bearerTokenFile === undefined) {
      return {};
    }
    const { mtimeMs } = await stat(bearerTokenFile);
    if (this.token?.modified !== mtimeMs) {
      const text = (await readFile(bearerTokenFile, 'utf8')).trim();
      this.token = { text, modified: mtimeMs };
    }
    return { authorization: `Bearer ${this.token.text}` };
  }
}

/** Asks the Prometheus of a cluster through its API server. Only GET, as everything that is asked of a cluster. */
export class ServiceProxyTransport implements PrometheusTransport {
  readonly description: string;

  constructor(
    private readonly connection: ClusterConnection,
    private readonly config: PrometheusConfig,
  ) {
    const { namespace, service, port } = config.service;
    this.description = `service ${namespace}/${service}:${port} of cluster ${connection.name}`;
  }

  async send(
    endpoint: Endpoint,
    form: URLSearchParams,
    limits: { signal: AbortSignal; maxBytes: number },
  ): Promise<RawAnswer> {
    try {
      const response = await this.connection.getThroughServiceProxy(
        this.config.service,
        endpoint,
        form,
        limits.signal,
      );
      const answer = await readCapped(response, limits.maxBytes);
      this.checkProxy(answer);
      return answer;
    } catch (error) {
      throw asPrometheusError(error, limits.signal);
    }
  }

  /** The API server answers itself when it cannot forward. */
  private checkProxy({ status, text }: RawAnswer): void {
    if (status === 200 || !text.includes('"kind":"Status"')) {
      return;
    }
    if (status === 403) {
      throw new PrometheusError(
        'unauthorized',
        `The portal may not use the ${this.description}. Grant get on services/proxy, or set istio.prometheus.url`,
      );
    }
    throw new PrometheusError(
      status === 404 ? 'not-found' : 'unreachable',
      `There is no Prometheus at the ${this.description} (HTTP ${status}). Set istio.prometheus.url, or istio.prometheus.enabled: false`,
    );
  }
}
