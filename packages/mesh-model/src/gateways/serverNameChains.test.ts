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

import { objectsFromYaml } from '../testing';
import { routingConfigOfVirtualService } from '../routing/virtualServiceConfig';
import type { RoutingConfig } from '../routing/routingConfig';
import { selectGatewayServer } from './gatewayRequest';
import { gatewayVirtualHosts } from './gatewayRoutes';
import {
  mergeGatewayServers,
  type GatewayProxy,
  type GatewayServer,
} from './gatewayServers';

const proxy: GatewayProxy = {
  namespace: 'shop',
  labels: { istio: 'ingressgateway' },
  servicePorts: [
    {
      hostname: 'gw.shop.svc.cluster.local',
      port: 80,
      targetPort: 8080,
      translationDisabled: false,
    },
    {
      hostname: 'gw.shop.svc.cluster.local',
      port: 81,
      targetPort: 8080,
      translationDisabled: false,
    },
  ],
};

/** The servers of one Gateway, shop/gw. */
function servers(written: string): readonly GatewayServer[] {
  const [gateway] = objectsFromYaml(`
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: gw, namespace: shop}
spec: {servers: [${written}]}
`);
  if (gateway.kind !== 'Gateway') {
    throw new Error('no Gateway');
  }
  return mergeGatewayServers([{ gateway }], proxy).servers;
}

function virtualService(name: string, spec: string): RoutingConfig {
  const [object] = objectsFromYaml(`
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ${name}, namespace: shop}
spec: {gateways: [gw], ${spec}}
`);
  if (object.kind !== 'VirtualService') {
    throw new Error('no VirtualService');
  }
  return routingConfigOfVirtualService(object, () => undefined, {
    clusterDomain: 'cluster.local',
    defaultExportTo: ['*'],
  });
}

const to = (host: string) => `route: [{destination: {host: ${host}}}]`;

function landing(
  onPort: readonly GatewayServer[],
  configs: readonly RoutingConfig[],
  serverName?: string,
  port = 443,
): string {
  const found = selectGatewayServer(onPort, () => configs, {
    port,
    tls: serverName !== undefined,
    serverName: serverName ?? '',
  });
  return found.kind === 'opaque'
    ? found.route.route.value.route?.[0]?.destination.host ?? ''
    : found.kind;
}

const passthrough = (hosts: string, bind = '') =>
  `{port: {number: 443, name: tls-${hosts.length}${bind.length}, protocol: TLS}, hosts: ${hosts}, tls: {mode: PASSTHROUGH}${bind}}`;
const terminating =
  '{port: {number: 443, name: tls, protocol: TLS}, hosts: [a.example.com], tls: {mode: SIMPLE, credentialName: c}}';
const opaque = '{port: {number: 443, name: tcp, protocol: TCP}, hosts: ["*"]}';

describe('connections to a gateway', () => {
  it('R5.32: a server that passes TLS on does not use tcp routes', () => {
    const config = virtualService(
      'vs',
      `hosts: [a.example.com], tcp: [{${to('a.shop')}}]`,
    );
    expect(
      landing(
        servers(passthrough('[a.example.com]')),
        [config],
        'a.example.com',
      ),
    ).toBe('no-listener');
  });

  it('R5.32: a server at which TLS ends uses tcp routes, not tls routes', () => {
    const tls = virtualService(
      'vs',
      `hosts: [a.example.com], tls: [{match: [{sniHosts: [a.example.com]}], ${to(
        'tls.shop',
      )}}]`,
    );
    const tcp = virtualService(
      'vs',
      `hosts: [a.example.com], tcp: [{${to('tcp.shop')}}]`,
    );
    const onPort = servers(terminating);
    expect(landing(onPort, [tls], 'a.example.com')).toBe('no-listener');
    expect(landing(onPort, [tls, tcp], 'a.example.com')).toBe('tcp.shop');
    expect(landing(onPort, [tcp], 'b.example.com')).toBe('refused');
    expect(landing(onPort, [tcp])).toBe('refused');
  });

  it('R5.32: where TLS ends, what a TLSRoute says holds for every name of the server', () => {
    const route: RoutingConfig = {
      ...virtualService(
        'route',
        `hosts: [a.example.com], tls: [{match: [{sniHosts: [a.example.com]}], ${to(
          'backend.shop',
        )}}]`,
      ),
      semantics: 'gateway-api',
    };
    expect(landing(servers(terminating), [route], 'a.example.com')).toBe(
      'backend.shop',
    );
  });

  it('R5.32: a tls match with a name that an older one has on the port is left out as a whole', () => {
    const older = virtualService(
      'older',
      `hosts: ["*.example.com"], tls: [{match: [{sniHosts: [a.example.com]}], ${to(
        'older.shop',
      )}}]`,
    );
    const newer = virtualService(
      'newer',
      `hosts: ["*.example.com"], tls: [{match: [{sniHosts: [a.example.com, b.example.com]}], ${to(
        'newer.shop',
      )}}]`,
    );
    const onPort = servers(passthrough('["*.example.com"]'));
    expect(landing(onPort, [older, newer], 'a.example.com')).toBe('older.shop');
    expect(landing(onPort, [older, newer], 'b.example.com')).toBe('refused');
  });

  it('R5.15: at a gateway the labels of a client do not count in tcp and tls matches', () => {
    const config = virtualService(
      'vs',
      `hosts: ["*"], tcp: [{match: [{sourceLabels: {app: a}}], ${to(
        'a.shop',
      )}}]`,
    );
    expect(landing(servers(opaque), [config])).toBe('a.shop');
  });

  it('R7.5: a name that no TLS server takes lands on plain TCP of the same port', () => {
    const onPort = servers(
      `${terminating}, {port: {number: 443, name: plain, protocol: TCP}, bind: 0.0.0.0, hosts: ["*"]}`,
    );
    const config = virtualService(
      'vs',
      `hosts: ["*"], tcp: [{${to('tcp.shop')}}]`,
    );
    expect(landing(onPort, [config], 'b.example.com')).toBe('tcp.shop');
  });
});

describe('virtual hosts of a gateway', () => {
  const http = (port: number, hosts: string, more = '') =>
    `{port: {number: ${port}, name: http-${port}, protocol: HTTP}, hosts: ${hosts}${more}}`;
  const shown = (
    onPort: readonly GatewayServer[],
    configs: readonly RoutingConfig[],
  ) =>
    gatewayVirtualHosts(onPort, proxy, () => configs).map(
      ({ name, domains, redirectsToHttps }) => ({
        name,
        domains,
        redirectsToHttps,
      }),
    );

  it('R5.12: hosts with the same routes are one virtual host, named after the most specific', () => {
    const config = virtualService(
      'vs',
      `hosts: ["*.example.com", b.example.com, a.example.com], http: [{${to(
        'a',
      )}}]`,
    );
    expect(shown(servers(http(80, '["*"]')), [config])).toEqual([
      {
        name: 'a.example.com:80',
        domains: ['a.example.com', 'b.example.com', '*.example.com'],
        redirectsToHttps: false,
      },
    ]);
  });

  it('R7.5: a host of two servers that end at one port of the pod is one virtual host, named after the first server’s port', () => {
    const config = virtualService(
      'vs',
      `hosts: [A.example.com], http: [{${to('a')}}]`,
    );
    expect(
      shown(servers(`${http(81, '["*"]')}, ${http(80, '["*"]')}`), [config]),
    ).toEqual([
      {
        name: 'a.example.com:81',
        domains: ['a.example.com'],
        redirectsToHttps: false,
      },
    ]);
  });

  it('R7.7: without routes, httpsRedirect acts for hosts of every namespace only', () => {
    const redirect = ', tls: {httpsRedirect: true}';
    expect(
      shown(
        servers(http(80, '[a.example.com, web/b.example.com]', redirect)),
        [],
      )
        .filter(host => host.redirectsToHttps)
        .flatMap(host => host.domains)
        .sort(),
    ).toEqual(['a.example.com', 'web/b.example.com']);
  });
});
