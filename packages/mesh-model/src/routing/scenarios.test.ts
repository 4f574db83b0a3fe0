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

import { defaultClient, type Client } from '../membership';
import { scopeOf } from '../scoping';
import { egressHostsByNamespace } from '../scoping/egressHosts';
import { importsConfig } from '../scoping/virtualServiceImports';
import { mesh } from '../testing';
import { routeRequest, wayOfRequest } from '.';
import { virtualHostsOfListener } from './selectedVirtualHost';

function service(
  name: string,
  namespace = 'shop',
  spec = 'clusterIP: 10.0.0.1, ports: [{name: http, port: 80}, {name: http-alt, port: 8080}]',
) {
  return `
apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: ${namespace}}
spec: {${spec}}
---`;
}

function istio(
  kind: string,
  name: string,
  spec: string,
  { namespace = 'shop', created = '2024-01-01T00:00:00Z' } = {},
) {
  return `
apiVersion: networking.istio.io/v1
kind: ${kind}
metadata: {name: ${name}, namespace: ${namespace}, creationTimestamp: "${created}"}
spec: ${spec}
---`;
}

const CLIENT = defaultClient('shop');
const fqdn = (name: string, namespace = 'shop') =>
  `${name}.${namespace}.svc.cluster.local`;
const to = (host: string) =>
  `http: [{route: [{destination: {host: ${host}}}]}]`;

/** Virtual hosts of a client's listener, each with the hosts that its rules lead to. */
function virtualHosts(yaml: string, port = 80, client: Client = CLIENT) {
  const snapshot = mesh`${yaml}`;
  const listener = scopeOf(snapshot, client).listener(port);
  return listener === undefined
    ? {}
    : Object.fromEntries(
        virtualHostsOfListener({ snapshot, client, listener, port }).map(
          ({ host, routes }) => [
            host,
            routes.flatMap(({ route }) =>
              (route.value.route ?? []).map(
                ({ destination }) => destination.host,
              ),
            ),
          ],
        ),
      );
}

const KNOWN = `${service('known')}${service('alt-known')}`;
const NEW = fqdn('new');

describe('which hosts a VirtualService acts on', () => {
  it('S71: a wildcard that matches no service is a virtual host by itself', () => {
    expect(
      virtualHosts(
        `${KNOWN}${istio(
          'VirtualService',
          'wild',
          `{hosts: ["*.random.com"], ${to('new')}}`,
        )}`,
      ),
    ).toEqual({
      '*.random.com': [NEW],
      [fqdn('known')]: [],
      [fqdn('alt-known')]: [],
    });
  });

  const ONE = istio(
    'Sidecar',
    'default',
    `{egress: [{hosts: ["shop/${fqdn('known')}"]}]}`,
  );

  it('S72: a wildcard acts on the one service that a Sidecar imports; a wildcard of Gateway API does not', () => {
    expect(
      virtualHosts(
        `${KNOWN}${ONE}${istio(
          'VirtualService',
          'wild',
          `{hosts: ["*.cluster.local"], ${to('new')}}`,
        )}`,
      ),
    ).toEqual({ [fqdn('known')]: [NEW] });
    const { hosts } = egressHostsByNamespace([`shop/${fqdn('known')}`], 'shop');
    const config = { namespace: 'shop', hosts: ['*.cluster.local'] };
    expect(
      (['virtual-service', 'gateway-api'] as const).map(semantics =>
        importsConfig({ ...config, semantics }, hosts),
      ),
    ).toEqual([true, false]);
  });

  it('S73: a wildcard of a namespace that the Sidecar does not import does not act', () => {
    expect(
      virtualHosts(
        `${KNOWN}${ONE}${istio(
          'VirtualService',
          'wild',
          `{hosts: ["*.cluster.local"], ${to('new')}}`,
          { namespace: 'other' },
        )}`,
      ),
    ).toEqual({ [fqdn('known')]: [] });
  });

  it('S74: all hosts of a VirtualService act when one is imported; of a mesh route only the imported ones', () => {
    expect(
      virtualHosts(
        `${KNOWN}${ONE}${istio(
          'VirtualService',
          'two',
          `{hosts: [known, alt-known], ${to('new')}}`,
        )}`,
      ),
    ).toEqual({ [fqdn('known')]: [NEW], [fqdn('alt-known')]: [NEW] });
    const parent = (name: string) =>
      `{group: "", kind: Service, name: ${name}}`;
    expect(
      virtualHosts(`${KNOWN}${ONE}
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: two, namespace: shop}
spec: {parentRefs: [${parent('known')}, ${parent(
        'alt-known',
      )}], rules: [{backendRefs: [{name: new, port: 80}]}]}`),
    ).toEqual({ [fqdn('known')]: [NEW] });
  });

  it('S75: a host that no service has gets routes on port 80 only', () => {
    const yaml = `${KNOWN}${istio(
      'VirtualService',
      'unknown',
      `{hosts: [foo.example.com], ${to('new')}}`,
    )}`;
    expect(virtualHosts(yaml, 80)).toHaveProperty(['foo.example.com'], [NEW]);
    expect(virtualHosts(yaml, 8080)).not.toHaveProperty(['foo.example.com']);
  });
});

describe('the port of a destination', () => {
  it('S76: is that of the request unless the route names one', () => {
    const cluster = (port: string) =>
      routeRequest(
        mesh`${KNOWN}${service('new')}${istio(
          'VirtualService',
          'producer',
          `{hosts: [known], http: [{route: [{destination: {host: new${port}}}]}]}`,
        )}`,
        CLIENT,
        { port: 8080, protocol: 'http', authority: 'known' },
      ).clusters;
    expect(cluster('')).toEqual([`outbound|8080||${NEW}`]);
    expect(cluster(', port: {number: 80}')).toEqual([`outbound|80||${NEW}`]);
  });
});

describe('delegates', () => {
  it('S81: a root for callers of one namespace excludes a delegate for any', () => {
    const routed = (delegate: string) =>
      routeRequest(
        mesh`${KNOWN}${istio(
          'VirtualService',
          'root',
          '{hosts: [known], http: [{match: [{sourceNamespace: shop}], delegate: {name: leaf}}, {directResponse: {status: 418}}]}',
        )}${istio(
          'VirtualService',
          'leaf',
          `{http: [{match: [{uri: {prefix: /}${delegate}}], directResponse: {status: 200}}]}`,
        )}`,
        CLIENT,
        { port: 80, protocol: 'http', authority: 'known', path: '/' },
      ).code;
    expect(routed('')).toBe(418);
    expect(routed(', sourceNamespace: shop')).toBe(200);
  });
});

describe('ExternalName services', () => {
  const SERVICES = `${service(
    'alias',
    'shop',
    `type: ExternalName, externalName: ${fqdn('concrete')}`,
  )}${service(
    'concrete',
    'shop',
    'clusterIP: 10.0.0.4, ports: [{name: http, port: 80}, {name: auto, port: 81}, {name: tcp, port: 82}]',
  )}`;

  it('S90: a VirtualService for the alias acts on its full name on HTTP ports, and on nothing else', () => {
    const snapshot = mesh`${SERVICES}${istio(
      'VirtualService',
      'alias',
      `{hosts: [${fqdn(
        'alias',
      )}], http: [{directResponse: {status: 418}}], tcp: [{route: [{destination: {host: nowhere}}]}]}`,
    )}`;
    const outcome = (authority: string, port = 80) => {
      const { code, clusters } = routeRequest(snapshot, CLIENT, {
        port,
        protocol: port === 82 ? 'tcp' : 'http',
        authority,
        address: '10.0.0.4',
      });
      return clusters[0] ?? code;
    };
    expect(outcome(fqdn('alias'))).toBe(418);
    expect(outcome('alias.shop')).toBe(`outbound|80||${fqdn('concrete')}`);
    expect(outcome(fqdn('concrete'))).toBe(`outbound|80||${fqdn('concrete')}`);
    expect(outcome(fqdn('alias'), 81)).toBe(`outbound|81||${fqdn('concrete')}`);
    expect(outcome(fqdn('alias'), 82)).toBe(`outbound|82||${fqdn('concrete')}`);
  });
});

describe('several VirtualServices for one host of a gateway', () => {
  it('S93: what takes everything goes last, whichever VirtualService is older', () => {
    const snapshot = mesh`${istio(
      'Gateway',
      'gw',
      '{selector: {istio: ingressgateway}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]}',
    )}${istio(
      'VirtualService',
      'older',
      '{hosts: [a.example.com], gateways: [gw], http: [{directResponse: {status: 200}}]}',
    )}${istio(
      'VirtualService',
      'newer',
      '{hosts: [a.example.com], gateways: [gw], http: [{match: [{uri: {prefix: /special}}], directResponse: {status: 418}}]}',
      { created: '2024-02-01T00:00:00Z' },
    )}
apiVersion: v1
kind: Pod
metadata: {name: gw-1, namespace: istio-system, labels: {istio: ingressgateway}}
spec: {containers: [{name: istio-proxy, image: p}]}
status: {phase: Running, conditions: [{type: Ready, status: "True"}]}`;
    const gateway: Client = {
      namespace: 'istio-system',
      labels: { istio: 'ingressgateway' },
      serviceAccount: 'gw',
      proxy: 'gateway',
    };
    const code = (path: string) =>
      wayOfRequest(snapshot, gateway, { host: 'a.example.com', port: 80, path })
        .outcome?.code;
    expect(code('/special/x')).toBe(418);
    expect(code('/other')).toBe(200);
  });
});

describe('connections to a port', () => {
  const ENTRY = istio(
    'ServiceEntry',
    'database',
    '{hosts: [db.example.com], location: MESH_EXTERNAL, resolution: DNS, ports: [{number: 82, name: tcp, protocol: TCP}]}',
  );

  it('S121: a TCP ServiceEntry without an address takes every connection to its port, whatever the outbound policy', () => {
    for (const mode of ['ALLOW_ANY', 'REGISTRY_ONLY']) {
      const snapshot = mesh`${ENTRY}${istio(
        'Sidecar',
        'default',
        `{outboundTrafficPolicy: {mode: ${mode}}, egress: [{hosts: ["*/*"]}]}`,
      )}`;
      const clusters = (port: number) =>
        routeRequest(snapshot, CLIENT, {
          port,
          protocol: 'tcp',
          address: '198.51.100.7',
        }).clusters;
      expect(clusters(82)).toEqual(['outbound|82||db.example.com']);
      expect(clusters(83)).toEqual([
        mode === 'ALLOW_ANY' ? 'PassthroughCluster' : 'BlackHoleCluster',
      ]);
      const way = wayOfRequest(snapshot, CLIENT, {
        host: 'other.example.com',
        port: 82,
        protocol: 'tcp',
      });
      expect(
        way.steps.find(({ stage }) => stage === 'listener')?.says,
      ).toContain('db.example.com has no address of its own');
    }
  });
});

describe('R8.9: requests to an address that no service has', () => {
  const outcome = (
    addresses: string,
    port: number,
    protocol: 'http' | 'tcp',
  ) => {
    const { virtualHost, clusters } = routeRequest(
      mesh`${istio(
        'ServiceEntry',
        'entry',
        `{hosts: [istio.io], ${addresses} location: MESH_EXTERNAL, resolution: DNS, ports: [{number: 80, name: http, protocol: HTTP}, {number: 81, name: auto}, {number: 82, name: tcp, protocol: TCP}]}`,
      )}${istio(
        'Sidecar',
        'default',
        '{outboundTrafficPolicy: {mode: REGISTRY_ONLY}, egress: [{hosts: ["*/*"]}]}',
      )}`,
      CLIENT,
      { port, protocol, authority: 'foo', address: '198.51.100.7' },
    );
    return virtualHost ?? clusters[0];
  };

  it('are read as HTTP on a sniffed port only where the service has no address of its own', () => {
    expect(outcome('', 81, 'http')).toBe('block_all');
    expect(outcome('addresses: [1.1.1.1],', 81, 'http')).toBe(
      'BlackHoleCluster',
    );
    expect(outcome('addresses: [1.1.1.1],', 80, 'http')).toBe('block_all');
  });

  it('are taken as bytes by a service without an address, and refused beside one that has one', () => {
    expect(outcome('', 82, 'tcp')).toBe('outbound|82||istio.io');
    expect(outcome('addresses: [1.1.1.1],', 82, 'tcp')).toBe(
      'BlackHoleCluster',
    );
  });
});

describe('R1.5: ServiceEntries of one host in one namespace', () => {
  const entry = (name: string, port: number, more = '') => `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: ${name}, namespace: shop, creationTimestamp: "2024-01-0${
    port - 80
  }T00:00:00Z"${more}}
spec: {hosts: [api.example.com], resolution: DNS, ports: [{number: ${port}, name: http, protocol: HTTP}]}
---`;
  const ports = (yaml: string) =>
    scopeOf(mesh`${yaml}`, CLIENT)
      .serviceOf('api.example.com')
      ?.ports.map(({ number }) => number);

  it('are one service with the ports of both, unless their labels differ', () => {
    expect(ports(`${entry('a', 81)}${entry('b', 82)}`)).toEqual([81, 82]);
    expect(
      ports(`${entry('a', 81)}${entry('b', 82, ', labels: {team: x}')}`),
    ).toEqual([81]);
  });
});
