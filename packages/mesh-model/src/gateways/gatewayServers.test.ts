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

import type { IstioServer, SlimObjectByKind } from '../objects';
import { objectsFromYaml } from '../testing';
import { listenPorts, mergeGatewayServers } from './gatewayServers';

function gateway(
  name: string,
  ...servers: IstioServer[]
): { gateway: SlimObjectByKind['Gateway'] } {
  const [object] = objectsFromYaml(
    JSON.stringify({
      apiVersion: 'networking.istio.io/v1',
      kind: 'Gateway',
      metadata: { name, namespace: 'edge' },
      spec: { servers },
    }),
  );
  if (object?.kind !== 'Gateway') {
    throw new Error('Not a Gateway');
  }
  return { gateway: object };
}

const PROXY = { namespace: 'edge', labels: {}, servicePorts: [] };
const on = (
  protocol: string,
  number: number,
  tls?: IstioServer['tls'],
): IstioServer => ({
  port: { number, protocol, name: protocol.toLowerCase() },
  hosts: ['a.example.com'],
  ...(tls === undefined ? {} : { tls }),
});

describe('servers of one proxy', () => {
  it('S107: TCP first, so HTTP on the same port is skipped with the reason', () => {
    const { servers, skipped } = mergeGatewayServers(
      [gateway('alpha', on('TCP', 80)), gateway('beta', on('HTTP', 80))],
      PROXY,
    );
    expect(servers.map(server => server.gateway.metadata.name)).toEqual([
      'alpha',
    ]);
    expect(skipped[0].why).toContain('edge/alpha already listens on port 80');
  });

  it('S108: a second TLS server with the same host is skipped', () => {
    const https = on('HTTPS', 443, { mode: 'SIMPLE' });
    const { servers, skipped } = mergeGatewayServers(
      [gateway('alpha', https), gateway('beta', https)],
      PROXY,
    );
    expect(servers).toHaveLength(1);
    expect(skipped[0].why).toContain(
      'already has the TLS host */a.example.com',
    );
  });

  it('S110: the target port of the Service is listened on, unless translation is disabled', () => {
    const port = { hostname: 'gw', port: 80, targetPort: 8080 };
    expect(listenPorts(80, [{ ...port, translationDisabled: false }])).toEqual([
      8080,
    ]);
    expect(listenPorts(80, [{ ...port, translationDisabled: true }])).toEqual([
      80,
    ]);
  });
});
