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

import { fetch } from 'undici';
import type { TlsFiles } from '../../config';
import type { PrometheusTransport } from '../PrometheusClient';
import { PrometheusError } from '../response';
import { checkAddress, hostOf } from './addressGuard';
import { type Authorizer, NO_AUTHORIZER } from './Authorizer';
import { HttpAgent } from './HttpAgent';

export interface UrlTransportOptions {
  /** Where `/api/v1/query` is below */
  url: URL;
  headers: Readonly<Record<string, string>>;
  authorizer?: Authorizer;
  tls?: TlsFiles;
  allowedAddresses?: readonly string[];
  agent?: HttpAgent;
}

/** Reaches a source by its address. The name shows the host only: no path, no credential. */
export function urlTransport(
  options: UrlTransportOptions,
): PrometheusTransport {
  const { url, headers, authorizer = NO_AUTHORIZER } = options;
  const agent = options.agent ?? new HttpAgent(options);
  const base = url.href.replace(/\/+$/, '');
  return {
    name: `Prometheus at ${url.host}`,
    async request({ method, path, form, signal }) {
      checkAddress(hostOf(url), options.allowedAddresses ?? []);
      const address = new URL(`${base}/api/v1/${path}`);
      const post = method === 'POST';
      if (!post) address.search = form.toString();
      const outgoing = {
        method,
        url: address,
        headers: {
          accept: 'application/json',
          ...headers,
          ...(post && { 'content-type': 'application/x-www-form-urlencoded' }),
        },
        body: post ? form.toString() : undefined,
      };
      const credentials = await authorizer.headersFor(outgoing, signal);
      const dispatcher = await agent.current();
      const answer = await fetch(address, {
        method,
        headers: { ...outgoing.headers, ...credentials },
        body: outgoing.body,
        dispatcher,
        redirect: 'manual',
        signal,
      }).catch(refusalInside);
      if (answer.status === 401) authorizer.refused?.();
      return new Response(answer.body as ReadableStream | null, {
        status: answer.status,
        headers: [...answer.headers],
      });
    },
  };
}

/** A refusal of ours arrives as the cause of a failed connection. */
function refusalInside(error: unknown): never {
  if (error instanceof Error && error.cause instanceof PrometheusError) {
    throw error.cause;
  }
  throw error;
}
