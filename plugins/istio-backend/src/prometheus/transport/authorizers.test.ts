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
import type { AddressInfo } from 'node:net';
import { TokenProviders } from '../tokenProviders';
import { providedTokenAuthorizer } from './Authorizer';
import { HttpAgent } from './HttpAgent';
import { OAuth2Authorizer } from './OAuth2Authorizer';
import { sigV4Authorizer } from './SigV4Authorizer';

const never = new AbortController().signal;

describe('OAuth2Authorizer', () => {
  async function tokenServer(answer: (n: number) => [number, string]) {
    const asked: { authorization?: string; body: string }[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', chunk => (body += chunk));
      request.on('end', () => {
        const { authorization } = request.headers;
        asked.push({ authorization, body });
        const [status, text] = answer(asked.length);
        response.writeHead(status, { location: 'http://elsewhere/' }).end(text);
      });
    }).listen(0, '127.0.0.1');
    await new Promise(resolve => server.once('listening', resolve));
    let now = 1_000_000;
    const { port } = server.address() as AddressInfo;
    const authorizer = new OAuth2Authorizer(
      {
        type: 'oauth2',
        tokenUrl: new URL(`http://127.0.0.1:${port}/token`),
        clientId: 'por:tal',
        clientSecret: 's&cret',
        scopes: ['metrics', 'read'],
        audience: 'mimir',
      },
      { agent: new HttpAgent({}), now: () => now },
    );
    return {
      asked,
      header: async () =>
        (await authorizer.headersFor(undefined, never)).authorization,
      refused: () => authorizer.refused(),
      wait: (seconds: number) => {
        now += seconds * 1000;
      },
      stop: () => {
        server.closeAllConnections();
        return new Promise(resolve => server.close(resolve));
      },
    };
  }

  const token = (n: number): [number, string] => [
    200,
    JSON.stringify({ access_token: `t${n}`, expires_in: 120 }),
  ];

  it('gets one token for all, and the next before it ends', async () => {
    const server = await tokenServer(token);
    const { header, asked, wait, refused, stop } = server;
    expect(await Promise.all([header(), header()])).toEqual([
      'Bearer t1',
      'Bearer t1',
    ]);
    wait(85);
    expect(await header()).toBe('Bearer t1');
    wait(10);
    expect(await header()).toBe('Bearer t2');
    refused();
    expect(await header()).toBe('Bearer t3');
    expect(asked).toHaveLength(3);
    const [, pair] = asked[0].authorization?.split(' ') ?? [];
    expect(Buffer.from(pair, 'base64').toString()).toBe('por%3Atal:s%26cret');
    expect(Object.fromEntries(new URLSearchParams(asked[0].body))).toEqual({
      grant_type: 'client_credentials',
      scope: 'metrics read',
      audience: 'mimir',
    });
    await stop();
  });

  it.each([
    ['a refusal', 401, '{}', 'answers 401'],
    ['a redirect', 302, '', 'answers 302'],
    ['a login page', 200, '<html>', 'without an access_token'],
    ['an empty token', 200, '{"access_token":""}', 'without an access_token'],
  ])('says what is wrong: %s', async (_, status, body, message) => {
    const { header, stop } = await tokenServer(() => [status, body]);
    await expect(header()).rejects.toMatchObject({
      problem: 'unauthorized',
      message: expect.stringContaining(message),
    });
    await stop();
  });
});

describe('sigV4Authorizer', () => {
  const request = {
    method: 'POST' as const,
    url: new URL('https://aps.example/workspaces/ws/api/v1/query'),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'query=up&time=1',
  };
  const credentials = async () => ({
    accessKeyId: 'AKID',
    secretAccessKey: 'secret',
    sessionToken: 'session',
  });
  const config = {
    type: 'sigv4',
    region: 'eu-central-1',
    service: 'aps',
  } as const;

  it('signs address, headers and body', async () => {
    const authorizer = sigV4Authorizer(config, async () => credentials);
    const signed = await authorizer.headersFor(request, never);
    expect(signed.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKID\/\d{8}\/eu-central-1\/aps\/aws4_request, SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date;x-amz-security-token, Signature=[0-9a-f]{64}$/,
    );
    // The hash of the body, as sha256sum gives it.
    expect(signed['x-amz-content-sha256']).toBe(
      'cee9c29219717b09750230e076de58a237951381843119d20092ad70fd765219',
    );
    expect(signed['x-amz-security-token']).toBe('session');
    expect(signed.host).toBeUndefined();
  });

  it('signs the same with every order of questions, and another body differently', async () => {
    jest.useFakeTimers({ now: 1_700_000_000_000 });
    try {
      const authorizer = sigV4Authorizer(config, async () => credentials);
      const signature = async (body: string) =>
        (await authorizer.headersFor({ ...request, body }, never))
          .authorization;
      const first = await signature('query=up');
      expect(await signature('query=up')).toBe(first);
      expect(await signature('query=down')).not.toBe(first);
    } finally {
      jest.useRealTimers();
    }
  });

  it('says what to do without credentials', async () => {
    const authorizer = sigV4Authorizer(config, async () => {
      throw new Error('Could not load credentials from any providers');
    });
    await expect(authorizer.headersFor(request, never)).rejects.toMatchObject({
      problem: 'unauthorized',
      message: expect.stringContaining('"aws"'),
    });
  });
});

describe('providedTokenAuthorizer', () => {
  const providers = new TokenProviders();
  let tokens = 0;
  providers.addTokenProvider('cloud', async () => `t${++tokens}`);
  providers.addTokenProvider('broken', async () => {
    throw new Error('secret detail');
  });

  const header = (name: string) =>
    providedTokenAuthorizer(name, providers.get(name)).headersFor(
      {
        method: 'GET',
        url: new URL('https://metrics.example'),
        headers: {},
        body: undefined,
      },
      never,
    );

  it('asks the module for every request', async () => {
    expect(await header('cloud')).toEqual({ authorization: 'Bearer t1' });
    expect(await header('cloud')).toEqual({ authorization: 'Bearer t2' });
  });

  it.each([
    ['nobody', "no module provides the configured tokenProvider 'nobody'"],
    ['broken', "the configured tokenProvider 'broken' gives no token"],
  ])('says what is wrong with %s, without its details', async (name, says) => {
    await expect(header(name)).rejects.toMatchObject({
      problem: 'unauthorized',
      message: says,
    });
  });

  it('has each name once', () => {
    expect(() => providers.addTokenProvider('cloud', async () => '')).toThrow(
      "two token providers named 'cloud'",
    );
  });
});
