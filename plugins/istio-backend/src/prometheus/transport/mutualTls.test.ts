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

import { mkdtempSync, renameSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import selfsigned from 'selfsigned';
import { PrometheusClient } from '../PrometheusClient';
import { HttpAgent } from './HttpAgent';
import { urlTransport } from './urlTransport';

function certificate(commonName: string) {
  const { cert, private: key } = selfsigned.generate(
    [{ name: 'commonName', value: commonName }],
    {
      keySize: 2048,
      extensions: [
        { name: 'basicConstraints', cA: true },
        {
          name: 'subjectAltName',
          altNames: [{ type: 7, ip: '127.0.0.1' }],
        },
      ],
    },
  );
  return { cert, key };
}

describe('client certificates', () => {
  const own = certificate('prometheus');
  const clients = ['first', 'second'].map(certificate);
  const directory = mkdtempSync(join(tmpdir(), 'tls-'));
  const file = (name: string) => join(directory, name);
  let server: Server;
  let url: URL;
  let seen: string[];
  let now = 0;

  /** As a projected volume does: the new file takes the place of the old one in one step. */
  function put(name: string, text: string): void {
    writeFileSync(file(`${name}.new`), text);
    renameSync(file(`${name}.new`), file(name));
  }

  function show({ cert, key }: { cert: string; key: string }): void {
    put('cert.pem', cert);
    put('key.pem', key);
  }

  function client(): PrometheusClient {
    const agent = new HttpAgent({
      tls: {
        caFile: file('ca.pem'),
        certFile: file('cert.pem'),
        keyFile: file('key.pem'),
      },
      now: () => now,
    });
    return new PrometheusClient({
      transport: urlTransport({ url, headers: {}, agent }),
    });
  }

  const query = { expression: 'up', time: 1 };

  beforeEach(async () => {
    seen = [];
    server = createServer(
      {
        ...own,
        ca: clients.map(({ cert }) => cert),
        requestCert: true,
        rejectUnauthorized: true,
      },
      (request, response) => {
        const peer = (request.socket as TLSSocket).getPeerCertificate();
        seen.push(String(peer.subject.CN));
        response.end(
          '{"status":"success","data":{"resultType":"vector","result":[]}}',
        );
      },
    ).listen(0, '127.0.0.1');
    await new Promise(resolve => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    url = new URL(`https://127.0.0.1:${port}`);
    put('ca.pem', own.cert);
  });

  afterEach(() => {
    server.closeAllConnections();
    return new Promise(resolve => server.close(resolve));
  });

  it('are read again when they change', async () => {
    show(clients[0]);
    const asking = client();
    await asking.query(query);
    show(clients[1]);
    now += 6_000;
    await asking.query(query);
    expect(seen).toEqual(['first', 'second']);
  });

  it('of an unknown authority are not trusted', async () => {
    show(clients[0]);
    put('ca.pem', clients[0].cert);
    await expect(client().query(query)).rejects.toMatchObject({
      problem: 'unreachable',
    });
    expect(seen).toEqual([]);
  });

  it('that cannot be read are named', async () => {
    const agent = new HttpAgent({ tls: { caFile: file('nowhere.pem') } });
    await expect(agent.current()).rejects.toThrow(
      'the configured caFile cannot be read',
    );
  });
});
