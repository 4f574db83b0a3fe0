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

import { registerMswTestHooks } from '@backstage/test-utils';
import { http, HttpResponse } from 'msw';
import { setupServer } from 'msw/node';
import { calmMtls, envelope, brokenMine, meshOf } from '../testing/fixtures';
import { IstioClient } from './IstioClient';

const BASE = 'http://backend.test/api/istio';
const MTLS = `${BASE}/v1/entities/component/default/reviews/mtls`;
const reviews = { kind: 'Component', namespace: 'default', name: 'Reviews' };

function client() {
  return new IstioClient({
    discoveryApi: { getBaseUrl: async () => BASE },
    fetchApi: { fetch },
  });
}

describe('IstioClient', () => {
  const server = setupServer();
  registerMswTestHooks(server);

  it('asks for one view of one entity, by its lower-case name', async () => {
    server.use(http.get(MTLS, () => HttpResponse.json(envelope(calmMtls))));
    await expect(client().getEntityView('mtls', reviews)).resolves.toEqual(
      envelope(calmMtls),
    );
  });

  it('passes client and window on, escaped', async () => {
    let asked = '';
    server.use(
      http.get(`${BASE}/v1/entities/*`, ({ request }) => {
        asked = request.url;
        return HttpResponse.json(envelope({ services: [] }));
      }),
    );
    await client().getEntityView('routes', reviews, {
      client: 'bookinfo/Deployment/a&b',
    });
    expect(asked).toBe(
      `${BASE}/v1/entities/component/default/reviews/routes?client=bookinfo%2FDeployment%2Fa%26b`,
    );
  });

  it('sends the ETag back and gives the same object on 304', async () => {
    const sent: Array<string | null> = [];
    server.use(
      http.get(MTLS, ({ request }) => {
        const etag = request.headers.get('if-none-match');
        sent.push(etag);
        return etag === 'W/"42"'
          ? new HttpResponse(null, { status: 304 })
          : HttpResponse.json(envelope(calmMtls), {
              headers: { ETag: 'W/"42"' },
            });
      }),
    );
    const api = client();
    const first = await api.getEntityView('mtls', reviews);
    const second = await api.getEntityView('mtls', reviews);
    expect(sent).toEqual([null, 'W/"42"']);
    expect(second).toBe(first);
  });

  it('keeps answers of different clients apart', async () => {
    server.use(
      http.get(`${BASE}/v1/entities/*`, ({ request }) =>
        request.headers.get('if-none-match')
          ? new HttpResponse(null, { status: 304 })
          : HttpResponse.json(
              envelope({ services: [], from: new URL(request.url).search }),
              { headers: { ETag: 'W/"1"' } },
            ),
      ),
    );
    const api = client();
    await api.getEntityView('routes', reviews, { client: 'a' });
    const other = await api.getEntityView('routes', reviews, { client: 'b' });
    expect(other.view).toEqual({ services: [], from: '?client=b' });
  });

  it.each([
    [400, 'InputError', 'client must be an id of the clients list'],
    [403, 'NotAllowedError', 'istio.entity.read is missing'],
    [404, 'NotFoundError', 'There is no such entity'],
    [503, 'ServiceUnavailableError', 'The snapshot is not ready'],
  ])(
    'gives %i as an error with the name and message of the back end',
    async (statusCode, name, message) => {
      server.use(
        http.get(MTLS, () =>
          HttpResponse.json(
            { error: { name, message }, response: { statusCode } },
            { status: statusCode },
          ),
        ),
      );
      await expect(
        client().getEntityView('mtls', reviews),
      ).rejects.toMatchObject({
        name: 'ResponseError',
        statusCode,
        cause: { name, message },
      });
    },
  );

  it('does not answer from memory after a refusal', async () => {
    let refused = false;
    server.use(
      http.get(MTLS, ({ request }) => {
        if (refused) {
          return HttpResponse.json(
            { error: { name: 'NotAllowedError' } },
            { status: 403 },
          );
        }
        return request.headers.get('if-none-match')
          ? new HttpResponse(null, { status: 304 })
          : HttpResponse.json(envelope(calmMtls), {
              headers: { ETag: 'W/"1"' },
            });
      }),
    );
    const api = client();
    await api.getEntityView('mtls', reviews);
    refused = true;
    await expect(api.getEntityView('mtls', reviews)).rejects.toMatchObject({
      statusCode: 403,
    });
    refused = false;
    await expect(api.getEntityView('mtls', reviews)).resolves.toEqual(
      envelope(calmMtls),
    );
  });

  it('fails on an answer that is not JSON', async () => {
    server.use(http.get(MTLS, () => HttpResponse.html('<html>log in</html>')));
    await expect(client().getEntityView('mtls', reviews)).rejects.toThrow();
  });

  it('lists the services of the mesh', async () => {
    server.use(
      http.get(`${BASE}/v1/mesh/services`, () =>
        HttpResponse.json(envelope(meshOf(3))),
      ),
    );
    const { view } = await client().getMeshServices();
    expect(view.total).toBe(3);
  });

  it('asks for my services, of one owner and with latency only where it is wanted', async () => {
    const asked: string[] = [];
    server.use(
      http.get(`${BASE}/v1/mine/services`, ({ request }) => {
        asked.push(new URL(request.url).search);
        return HttpResponse.json(envelope(brokenMine));
      }),
    );
    await client().getMyServices();
    await client().getMyServices({ group: 'group:default/a b', latency: true });
    expect(asked).toEqual(['', '?group=group%3Adefault%2Fa+b&latency=true']);
  });
});
