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

import type { StringMap } from '../objects';
import type { PortClass, RoutableService } from './routableService';
import type { RoutingConfig } from './routingConfig';
import { virtualHostDomains } from './virtualHostDomains';
import { virtualHostsOf } from './virtualHosts';
import { routingConfigOfVirtualService } from './virtualServiceConfig';
import { objectsFromYaml } from '../testing';

function service(
  hostname: string,
  more: Partial<RoutableService> & { classes?: readonly PortClass[] } = {},
): RoutableService {
  const { classes = ['http'], ...rest } = more;
  return {
    hostname,
    namespace: 'shop',
    registry: 'Kubernetes',
    ports: classes.map((portClass, index) => ({
      number: 80 + index,
      name: `port-${index}`,
      class: portClass,
    })),
    resolution: 'CLIENT_SIDE',
    exportTo: ['*'],
    addresses: [],
    aliases: [],
    headless: false,
    meshExternal: false,
    object: undefined,
    ...rest,
  };
}

function virtualService(hosts: string): RoutingConfig {
  const [object] = objectsFromYaml(`
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: routes, namespace: shop}
spec:
  hosts: ${hosts}
  http: [{route: [{destination: {host: a.example.com}}]}]
`);
  if (object.kind !== 'VirtualService') {
    throw new Error('no VirtualService');
  }
  return routingConfigOfVirtualService(object, () => undefined, {
    clusterDomain: 'cluster.local',
    defaultExportTo: ['*'],
  });
}

function hostsOf(
  services: readonly RoutableService[],
  configs: readonly RoutingConfig[] = [],
  port = 80,
): Record<string, readonly string[]> {
  const labels: StringMap = {};
  return Object.fromEntries(
    virtualHostsOf({
      port,
      configs,
      services,
      client: { namespace: 'shop', labels },
      gateways: new Set(['mesh']),
      clientDomain: 'shop.svc.cluster.local',
    }).map(host => [host.name, [...host.domains].sort()]),
  );
}

describe('names of a service', () => {
  it('R5.11: where the search domains share only their end, the name keeps what it does not share, and one label more after a namespace', () => {
    expect(
      virtualHostDomains(
        service('foo.local.campus.net'),
        'remote.campus.net',
      ).sort(),
    ).toEqual([
      'foo.local',
      'foo.local.campus',
      'foo.local.campus.net',
      'foo.local.campus.net.',
    ]);
  });

  it('R5.11: a name with more than a namespace before .svc is shortened, too', () => {
    expect(
      virtualHostDomains(
        service('pod-0.db.shop.svc.cluster.local'),
        'shop.svc.cluster.local',
      ).sort(),
    ).toEqual([
      'pod-0.db.shop',
      'pod-0.db.shop.svc',
      'pod-0.db.shop.svc.cluster.local',
      'pod-0.db.shop.svc.cluster.local.',
    ]);
  });

  it('R5.11: at a proxy for every port an IPv6 address stands without a port as well', () => {
    expect(
      virtualHostDomains(
        service('a.example.com', { addresses: ['2001:db8::1'] }),
        'shop.svc.cluster.local',
        8080,
      ).sort(),
    ).toEqual([
      '[2001:db8::1]',
      '[2001:db8::1]:8080',
      'a.example.com.:8080',
      'a.example.com:8080',
    ]);
  });
});

describe('virtual hosts of a listener', () => {
  it('R5.11: an ExternalName service has no virtual host of its own: the concrete one answers to its name', () => {
    expect(
      hostsOf([
        service('alias.shop.svc.cluster.local', {
          resolution: 'ALIAS',
          externalName: 'concrete.shop.svc.cluster.local',
        }),
        service('concrete.shop.svc.cluster.local', {
          aliases: ['alias.shop.svc.cluster.local'],
        }),
      ]),
    ).toEqual({
      'concrete.shop.svc.cluster.local:80': [
        'alias',
        'alias.shop',
        'alias.shop.svc',
        'alias.shop.svc.cluster.local',
        'alias.shop.svc.cluster.local.',
        'concrete',
        'concrete.shop',
        'concrete.shop.svc',
        'concrete.shop.svc.cluster.local',
        'concrete.shop.svc.cluster.local.',
      ],
    });
  });

  it('R5.11: a short form yields to a service that has it as its full name, unless that one is no HTTP service', () => {
    const named = hostsOf([
      service('test.shop.svc.cluster.local'),
      service('test', { registry: 'External' }),
    ]);
    expect(named['test:80']).toEqual(['test', 'test.']);
    expect(named['test.shop.svc.cluster.local:80']).not.toContain('test');
    const opaque = hostsOf([
      service('test.shop.svc.cluster.local'),
      service('test', { registry: 'External', classes: ['tcp'] }),
    ]);
    expect(opaque['test.shop.svc.cluster.local:80']).toContain('test');
  });

  it('R5.11: at a proxy for every port, a short form with the port yields, too', () => {
    const named = hostsOf(
      [
        service('test.shop.svc.cluster.local'),
        service('test', { registry: 'External' }),
      ],
      [],
      0,
    );
    expect(named['test:80']).toContain('test:80');
    expect(named['test.shop.svc.cluster.local:80']).not.toContain('test:80');
  });

  it('R5.9: a wildcard below a wildcard service is neither kept literally nor applied to that service', () => {
    expect(
      hostsOf(
        [service('*.example.com', { registry: 'External' })],
        [virtualService('["*.a.example.com"]')],
      ),
    ).toEqual({ '*.example.com:80': ['*.example.com', '*.example.com.'] });
  });

  it('R5.10: at a proxy for every port, a host that no service has gets no virtual host next to one on another port than 80', () => {
    const config = virtualService('[a.example.com, b.example.com]');
    const others = [
      service('a.example.com', {
        registry: 'External',
        ports: [{ number: 8080, name: 'http', class: 'http' }],
      }),
    ];
    expect(Object.keys(hostsOf(others, [config], 0))).toEqual([
      'a.example.com:8080',
    ]);
    expect(Object.keys(hostsOf(others, [config], 8080)).sort()).toEqual([
      'a.example.com:8080',
      'b.example.com:8080',
    ]);
  });
});
