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

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConfigReader } from '@backstage/config';
import type { JsonObject } from '@backstage/types';
import { readIstioConfig } from '../config';
import { serviceWindow } from './catalogue';
import { PrometheusSources } from './PrometheusSources';

/** A source that answers every query with one request per second to shop/cart, and remembers what it is asked. */
class Source {
  readonly asked: string[] = [];
  readonly server: Server = createServer((request, response) => {
    let body = '';
    request.on('data', chunk => (body += chunk));
    request.on('end', () => {
      this.asked.push(new URLSearchParams(body).get('query') ?? '');
      response.end(
        JSON.stringify({
          status: 'success',
          data: {
            resultType: 'vector',
            result: [
              {
                metric: {
                  part: 'now',
                  reporter: 'destination',
                  destination_service_namespace: 'shop',
                  destination_service_name: 'cart',
                },
                value: [1, '1'],
              },
            ],
          },
        }),
      );
    });
  }).listen(0, '127.0.0.1');

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }
}

describe('PrometheusSources', () => {
  let east: Source;
  let west: Source;
  beforeEach(async () => {
    [east, west] = [new Source(), new Source()];
    await Promise.all(
      [east, west].map(
        ({ server }) => new Promise(done => server.once('listening', done)),
      ),
    );
  });
  afterEach(() => {
    for (const { server } of [east, west]) {
      server.closeAllConnections();
      server.close();
    }
  });

  function sources(istio: JsonObject) {
    const config = readIstioConfig(new ConfigReader({ istio }));
    return new PrometheusSources({ config, connectionOf: () => undefined });
  }

  async function rate(all: PrometheusSources, cluster: string) {
    const answer = await all
      .of(cluster)
      ?.queries.ofSubjects(
        serviceWindow,
        [{ namespace: 'shop', name: 'cart' }],
        { window: '5m' },
      );
    return answer?.series[0]?.samples[0].value;
  }

  it('asks the source of each cluster', async () => {
    const all = sources({
      clusters: [
        { name: 'east', prometheus: { url: east.url } },
        { name: 'west', prometheus: { url: west.url } },
        { name: 'off', prometheus: { enabled: false } },
      ],
    });
    await rate(all, 'east');
    expect([east.asked.length, west.asked.length]).toEqual([1, 0]);
    await rate(all, 'west');
    expect([east.asked.length, west.asked.length]).toEqual([1, 1]);
    expect(all.of('off')).toBeUndefined();
    expect(all.status(['east', 'off']).map(({ state }) => state)).toEqual([
      'ok',
      'not-configured',
    ]);
  });

  it('shares one answer between clusters of one source', async () => {
    const all = sources({ prometheus: { url: east.url } });
    await Promise.all([rate(all, 'a'), rate(all, 'b')]);
    expect(east.asked).toHaveLength(1);
  });

  it('tells the clusters of one source apart by a label', async () => {
    const all = sources({
      prometheus: { url: east.url, clusterLabel: 'cluster' },
    });
    await Promise.all([rate(all, 'a'), rate(all, 'b')]);
    expect(east.asked).toHaveLength(2);
    expect(east.asked.some(text => text.includes('cluster="a"'))).toBe(true);
    expect(east.asked.some(text => text.includes('cluster="b"'))).toBe(true);
  });

  it('adds up the shards of one cluster, and takes one of its replicas', async () => {
    const both = [{ url: east.url }, { url: west.url }];
    const shards = sources({ prometheus: { sources: both } });
    expect(await rate(shards, 'a')).toBe(2);
    const replicas = sources({
      prometheus: { sources: both, combine: 'replicas' },
    });
    expect(await rate(replicas, 'a')).toBe(1);
  });
});
