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

import { createServer } from 'node:http';

/**
 * Stands between the portal and Prometheus, so that tests can see what is asked, replace the source and break it.
 *
 * `PUT /-/mode` with `{ "mode": "forward", "target": "http://…" }` passes requests on, `"down"` cuts connections,
 * `"html"` answers a web page as a proxy with a sign-in would. `GET /-/asked` gives the queries so far, as a list.
 *
 * @param {string} target - address that requests go to at first
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>}
 */
export async function startPrometheusSwitch(target) {
  let state = { mode: 'forward', target };
  const asked = [];

  const bodyOf = async request => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    return Buffer.concat(chunks);
  };

  const handle = async (request, response) => {
    const body = await bodyOf(request);
    if (request.url === '/-/mode' && request.method === 'PUT') {
      state = { target, ...JSON.parse(body.toString()) };
      response.end('ok');
      return;
    }
    if (request.url === '/-/asked') {
      response.end(JSON.stringify(asked));
      return;
    }
    asked.push(new URLSearchParams(body.toString()).get('query') ?? '');
    if (state.mode === 'down') {
      request.socket.destroy();
      return;
    }
    if (state.mode === 'html') {
      response.setHeader('content-type', 'text/html');
      response.end('<html><body>Please sign in</body></html>');
      return;
    }
    const {
      host,
      connection,
      'content-length': length,
      ...headers
    } = request.headers;
    const answer = await fetch(new URL(request.url, state.target), {
      method: request.method,
      headers,
      body: body.length > 0 ? body : undefined,
    });
    response.writeHead(answer.status, {
      'content-type': answer.headers.get('content-type') ?? 'text/plain',
    });
    response.end(Buffer.from(await answer.arrayBuffer()));
  };

  const server = createServer((request, response) => {
    handle(request, response).catch(() => request.socket.destroy());
  });
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    stop: () =>
      new Promise(resolve => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}
