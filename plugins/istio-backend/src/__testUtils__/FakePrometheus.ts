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

import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

/** One series of the answer to every instant query: its labels and value. */
export interface FakeSeries {
  labels: Record<string, string>;
  value: string;
}

/** Counts what it is asked and answers every instant query with the same series, as text of the API. */
export class FakePrometheus {
  readonly asked: { path: string; query: string }[] = [];
  series: FakeSeries[] = [];
  fault: ((response: ServerResponse) => void) | undefined;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<FakePrometheus> {
    const server = createServer();
    const prometheus = new FakePrometheus(server);
    server.on('request', (request, response) =>
      prometheus.answer(request, response),
    );
    await new Promise<void>(resolve => {
      server.listen(0, '127.0.0.1', resolve);
    });
    return prometheus;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise(resolve => this.server.close(resolve));
  }

  private async answer(
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk);
    }
    const path = request.url ?? '';
    const form = new URLSearchParams(Buffer.concat(chunks).toString());
    this.asked.push({ path, query: form.get('query') ?? '' });
    if (this.fault) {
      this.fault(response);
      return;
    }
    const range = path.startsWith('/api/v1/query_range');
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({
        status: 'success',
        data: range
          ? { resultType: 'matrix', result: [] }
          : {
              resultType: 'vector',
              result: this.series.map(({ labels, value }) => ({
                metric: labels,
                value: [Number(form.get('time')), value],
              })),
            },
      }),
    );
  }
}

/** Requests per second from productpage to a version of reviews, as the source reports them. */
export function reviewsRequests(
  version: string,
  value: string,
  labels: Record<string, string> = {},
): FakeSeries {
  return {
    labels: {
      part: 'now',
      reporter: 'destination',
      destination_service_namespace: 'bookinfo',
      destination_service_name: 'reviews',
      destination_workload: `reviews-${version}`,
      destination_canonical_revision: version,
      source_workload: 'productpage-v1',
      source_workload_namespace: 'bookinfo',
      source_principal:
        'spiffe://cluster.local/ns/bookinfo/sa/bookinfo-productpage',
      connection_security_policy: 'mutual_tls',
      request_protocol: 'http',
      response_code: '200',
      grpc_response_status: '',
      response_flags: '-',
      ...labels,
    },
    value,
  };
}
