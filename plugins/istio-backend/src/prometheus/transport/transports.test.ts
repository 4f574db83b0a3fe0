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

import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClusterConnection } from '../../cluster';
import { PrometheusClient } from '../PrometheusClient';
import { bearerFileAuthorizer } from './Authorizer';
import { serviceProxyTransport } from './serviceProxyTransport';
import { urlTransport } from './urlTransport';

const success = JSON.stringify({
  status: 'success',
  data: { resultType: 'vector', result: [] },
});

describe('urlTransport', () => {
  let server: Server;
  let url: URL;
  let seen: { request: IncomingMessage; body: string }[];

  beforeEach(async () => {
    seen = [];
    server = createServer((request, response) => {
      let body = '';
      request.on('data', chunk => (body += chunk));
      request.on('end', () => {
        seen.push({ request, body });
        if (request.url?.startsWith('/moved')) {
          response.writeHead(302, { location: '/prom/api/v1/query' }).end();
        } else {
          response.end(success);
        }
      });
    }).listen(0, '127.0.0.1');
    await new Promise(resolve => server.once('listening', resolve));
    url = new URL(
      `http://127.0.0.1:${(server.address() as AddressInfo).port}/prom/`,
    );
  });

  afterEach(() => new Promise(resolve => server.close(resolve)));

  const ask = (transport: ReturnType<typeof urlTransport>) =>
    new PrometheusClient({ transport }).query({ expression: 'up', time: 1 });

  it('posts below the configured path with the configured headers', async () => {
    await ask(urlTransport({ url, headers: { 'x-scope-orgid': 'team-a' } }));
    expect(seen[0].request.method).toBe('POST');
    expect(seen[0].request.url).toBe('/prom/api/v1/query');
    expect(seen[0].request.headers['x-scope-orgid']).toBe('team-a');
    expect(seen[0].body).toContain('query=up');
  });

  it('reads the token file for every request', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'token-')), 'token');
    const transport = urlTransport({
      url,
      headers: {},
      authorizer: bearerFileAuthorizer(file),
    });
    await expect(ask(transport)).rejects.toThrow(
      'the configured bearerTokenFile cannot be read',
    );
    for (const token of ['one', 'two']) {
      writeFileSync(file, `${token}\n`);
      await ask(transport);
    }
    expect(seen.map(({ request }) => request.headers.authorization)).toEqual([
      'Bearer one',
      'Bearer two',
    ]);
  });

  it('follows no redirect', async () => {
    const moved = new URL('/moved', url);
    await expect(
      ask(urlTransport({ url: moved, headers: {} })),
    ).rejects.toThrow('not followed');
    expect(seen).toHaveLength(1);
  });

  it('names the host, no path and no credential', () => {
    expect(
      urlTransport({
        url: new URL('https://prom.example.com/tenant/x'),
        headers: { authorization: 'Bearer secret' },
      }).name,
    ).toBe('Prometheus at prom.example.com');
  });
});

describe('serviceProxyTransport', () => {
  const target = {
    namespace: 'istio-system',
    service: 'prometheus',
    port: '9090',
  };

  function answering(status: number, body = success) {
    const asked: string[] = [];
    const connection: Pick<ClusterConnection, 'getThroughServiceProxy'> = {
      async getThroughServiceProxy(_target, path, query) {
        asked.push(`${path}?${query}`);
        return new Response(body, { status });
      },
    };
    const transport = serviceProxyTransport(
      () => connection as ClusterConnection,
      'demo',
      target,
    );
    return { client: new PrometheusClient({ transport }), asked };
  }

  it('asks with GET through the API server', async () => {
    const { client, asked } = answering(200);
    await client.query({ expression: 'up', time: 1 });
    expect(asked).toEqual([
      '/api/v1/query?query=up&time=1&timeout=10s&dedup=true',
    ]);
  });

  it.each([
    [404, /istio\.prometheus\.url/],
    [403, /services\/proxy/],
  ])('says what to do about %i', async (status, message) => {
    const { client } = answering(status, 'x');
    await expect(client.query({ expression: 'up', time: 1 })).rejects.toThrow(
      message,
    );
  });
});
