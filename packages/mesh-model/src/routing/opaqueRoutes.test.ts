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

import { defaultClient } from '../membership';
import { mesh } from '../testing';
import { routeRequest, routesOfService, type SentRequest } from '.';

const ENTRY = `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: api, namespace: shop}
spec:
  hosts: [api.example.com]
  addresses: [10.1.0.1]
  location: MESH_EXTERNAL
  resolution: DNS
  ports:
    - {number: 443, name: tls, protocol: TLS}
    - {number: 9000, name: tcp, protocol: TCP}
---`;

const virtualService = (name: string, spec: string, created = '2024') => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ${name}, namespace: shop, creationTimestamp: "${created}-01-01T00:00:00Z"}
spec: ${spec}
---`;

const to = (host: string) => `route: [{destination: {host: ${host}.shop}}]`;
const names = (hosts: string, target: string) =>
  `{match: [{sniHosts: ${hosts}}], ${to(target)}}`;

function clusters(
  objects: string,
  request: Partial<SentRequest>,
): readonly string[] {
  return routeRequest(mesh`${ENTRY}${objects}`, defaultClient('shop'), {
    port: 443,
    protocol: 'tcp',
    tls: true,
    address: '10.1.0.1',
    serverName: 'api.example.com',
    ...request,
  }).clusters;
}

const OWN = 'outbound|443||api.example.com';

describe('tls routes', () => {
  it('R5.29: tcp routes do not act on TLS ports', () => {
    expect(
      clusters(
        virtualService('vs', `{hosts: [api.example.com], tcp: [{${to('x')}}]}`),
        {},
      ),
    ).toEqual([OWN]);
  });

  it('R5.30: the most specific server name wins, whatever the order', () => {
    const objects = virtualService(
      'vs',
      `{hosts: [api.example.com], tls: [${names(
        '["*.example.com"]',
        'wide',
      )}, ${names('[api.example.com]', 'narrow')}]}`,
    );
    expect(clusters(objects, {})).toEqual(['outbound|443||narrow.shop']);
    expect(clusters(objects, { serverName: 'b.example.com' })).toEqual([
      'outbound|443||wide.shop',
    ]);
  });

  it('R5.30: of equal server names the older VirtualService’s', () => {
    expect(
      clusters(
        `${virtualService(
          'newer',
          `{hosts: [api.example.com], tls: [${names(
            '[api.example.com]',
            'newer',
          )}]}`,
          '2025',
        )}${virtualService(
          'older',
          `{hosts: [api.example.com], tls: [${names(
            '[api.example.com]',
            'older',
          )}]}`,
        )}`,
        {},
      ),
    ).toEqual(['outbound|443||older.shop']);
  });

  it('R5.30: a name that no tls route of the service has counts as unknown', () => {
    const objects = virtualService(
      'vs',
      `{hosts: [api.example.com], tls: [${names('[other.example.com]', 'x')}]}`,
    );
    expect(clusters(objects, {})).toEqual(['PassthroughCluster']);
    const routes = routesOfService(
      mesh`${ENTRY}${objects}`,
      defaultClient('shop'),
      { host: 'api.example.com' },
    );
    const port = routes?.ports.find(({ name }) => name === 'tls');
    expect(port?.rules).toEqual([]);
    expect(port?.says).toContain('count as unknown');
  });

  it('R5.29: VirtualServices with a wildcard over the service contribute, too', () => {
    expect(
      clusters(
        `${virtualService(
          'exact',
          `{hosts: [api.example.com], http: [{${to('h')}}]}`,
        )}${virtualService(
          'wide',
          `{hosts: ["*.example.com"], tls: [${names(
            '["*.example.com"]',
            'wide',
          )}]}`,
        )}`,
        {},
      ),
    ).toEqual(['outbound|443||wide.shop']);
  });
});

describe('tcp routes', () => {
  const tcp = { port: 9000, tls: false };

  it('R5.30: a match on destinationSubnets takes connections to these addresses only', () => {
    const objects = virtualService(
      'vs',
      `{hosts: [api.example.com], tcp: [{match: [{destinationSubnets: [10.2.0.0/16]}], ${to(
        'there',
      )}}]}`,
    );
    expect(clusters(objects, tcp)).toEqual(['outbound|9000||api.example.com']);
    const near = objects.replace('10.2.0.0/16', '10.1.0.0/16');
    expect(clusters(near, tcp)).toEqual(['outbound|9000||there.shop']);
  });

  it('R5.30: the first that matches acts, of whichever VirtualService with a host over the service', () => {
    expect(
      clusters(
        `${virtualService(
          'exact',
          `{hosts: [api.example.com], tcp: [{match: [{port: 1}], ${to(
            'no',
          )}}]}`,
        )}${virtualService(
          'wide',
          `{hosts: ["*.com"], tcp: [{${to('wide')}}]}`,
        )}`,
        tcp,
      ),
    ).toEqual(['outbound|9000||wide.shop']);
  });
});
