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

import { ConfigReader } from '@backstage/config';
import type { JsonObject } from '@backstage/types';
import { readIstioConfig } from './istioConfig';

const read = (istio?: JsonObject) =>
  readIstioConfig(new ConfigReader(istio === undefined ? {} : { istio }));

describe('readIstioConfig', () => {
  it('has a default for everything', () => {
    expect(read()).toMatchObject({
      rootNamespace: 'istio-system',
      prometheus: {
        enabled: true,
        explicit: false,
        service: {
          namespace: 'istio-system',
          service: 'prometheus',
          port: '9090',
        },
      },
    });
    expect(read().clusters).toBeUndefined();
  });

  it('reads credentials as headers', () => {
    const { prometheus } = read({
      prometheus: {
        url: 'https://mimir.example/prometheus',
        basicAuth: { username: 'reader', password: 'secret' },
        tenant: 'books',
      },
    });
    expect(prometheus.headers).toEqual({
      authorization: `Basic ${Buffer.from('reader:secret').toString('base64')}`,
      'x-scope-orgid': 'books',
    });
  });

  it.each([
    [{ bearerTokenFile: '/token' }, { type: 'bearer-file', file: '/token' }],
    [
      { sigv4: { region: 'eu-central-1' } },
      { type: 'sigv4', region: 'eu-central-1', service: 'aps' },
    ],
    [
      {
        oauth2: {
          tokenUrl: 'https://login.example/token',
          clientId: 'portal',
          clientSecret: 'secret',
          scopes: ['metrics'],
        },
      },
      {
        type: 'oauth2',
        tokenUrl: new URL('https://login.example/token'),
        clientId: 'portal',
        clientSecret: 'secret',
        scopes: ['metrics'],
      },
    ],
    [{ tokenProvider: 'google' }, { type: 'provider', name: 'google' }],
    [{}, { type: 'none' }],
  ])('reads the authentication of %j', (block, authentication) => {
    const { prometheus } = read({ prometheus: block });
    expect(prometheus.authentication).toEqual(authentication);
  });

  it('reads several sources', () => {
    const { prometheus } = read({
      prometheus: {
        combine: 'replicas',
        sources: [{ url: 'http://a' }, { url: 'http://b', tenant: 't' }],
      },
    });
    expect(prometheus.combine).toBe('replicas');
    expect(prometheus.sources?.map(({ url }) => url?.host)).toEqual(['a', 'b']);
    expect(prometheus.explicit).toBe(true);
  });

  it('keeps the Prometheus of a cluster apart', () => {
    const config = read({
      clusters: [
        { name: 'east', prometheus: { enabled: false } },
        { name: 'west' },
      ],
    });
    expect(config.clusters).toEqual(['east', 'west']);
    expect(config.prometheusByCluster.get('east')?.enabled).toBe(false);
    expect(config.prometheusByCluster.has('west')).toBe(false);
  });

  it.each<[string, JsonObject]>([
    ['istio.prometheus.url', { prometheus: { url: 'prometheus:9090' } }],
    ['istio.prometheus.url', { prometheus: { url: 'http://u:p@host' } }],
    [
      'istio.prometheus.queryScope.a-b',
      { prometheus: { queryScope: { 'a-b': 'x' } } },
    ],
    [
      'istio.prometheus.scrapeInterval',
      { prometheus: { scrapeInterval: { minutes: 11 } } },
    ],
    [
      'istio.prometheus.service.port',
      { prometheus: { service: { port: '9090/x' } } },
    ],
    ['istio.rootNamespace', { rootNamespace: 'Istio_System' }],
    ['istio.clusters[1].name', { clusters: [{ name: 'a' }, { name: 'a' }] }],
    [
      'bearerToken and basicAuth',
      {
        prometheus: {
          bearerToken: 't',
          basicAuth: { username: 'u', password: 'p' },
        },
      },
    ],
    [
      'basicAuth and oauth2',
      {
        prometheus: {
          basicAuth: { username: 'u', password: 'p' },
          oauth2: { tokenUrl: 'https://a', clientId: 'i', clientSecret: 's' },
        },
      },
    ],
    [
      'istio.prometheus.oauth2.tokenUrl',
      {
        prometheus: {
          oauth2: { tokenUrl: 'a', clientId: 'i', clientSecret: 's' },
        },
      },
    ],
    ['certFile and keyFile together', { prometheus: { certFile: 'a.pem' } }],
    ['istio.prometheus.clusterLabel', { prometheus: { clusterLabel: 'a-b' } }],
    ['istio.prometheus.combine', { prometheus: { combine: 'sum' } }],
    [
      'istio.prometheus.sources[1].url',
      { prometheus: { sources: [{ url: 'http://a' }, { url: 'b' }] } },
    ],
    ['istio.prometheus.sources', { prometheus: { sources: [] } }],
    [
      'istio.prometheus.tenant',
      { prometheus: { tenant: 'a', sources: [{ url: 'http://a' }] } },
    ],
  ])('names %s when it is wrong', (key, istio) => {
    expect(() => read(istio)).toThrow(key);
  });
});
