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

import { mesh } from '../testing';
import { endpointsFor } from './endpointReach';
import { parseMeshNetworks } from './meshNetworks';
import {
  hostnamesAcrossClusters,
  serviceAcrossClusters,
} from './serviceAcrossClusters';

interface ClusterOptions {
  network?: string;
  config?: string;
  port?: number;
  labels?: string;
  more?: string;
}

const HOST = 'api.shop.svc.cluster.local';

function cluster(name: string, options: ClusterOptions = {}) {
  const { network = '', config = '{}', port = 80, labels = '' } = options;
  const networkLabel =
    network === '' ? '' : `topology.istio.io/network: ${network}`;
  return {
    cluster: name,
    snapshot: mesh`
apiVersion: v1
kind: Namespace
metadata: {name: istio-system, labels: {${networkLabel}}}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: istio, namespace: istio-system}
data: {mesh: '${config}'}
---
apiVersion: v1
kind: Node
metadata: {name: n1, labels: {topology.kubernetes.io/region: ${name}, topology.kubernetes.io/zone: a}}
---
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop, labels: {${labels}}}
spec: {clusterIP: 10.0.0.1, selector: {app: api}, ports: [{name: http, port: ${port}}]}
---
apiVersion: v1
kind: Pod
metadata: {name: api-${name}, namespace: shop, labels: {app: api, security.istio.io/tlsMode: istio}}
spec: {nodeName: n1, containers: [{name: app}, {name: istio-proxy}]}
status: {phase: Running, podIP: 10.1.0.1}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: api-x, namespace: shop, labels: {kubernetes.io/service-name: api}}
addressType: IPv4
endpoints: [{addresses: [10.1.0.1], targetRef: {kind: Pod, name: api-${name}}, conditions: {ready: true}}]
ports: [{name: http, port: 8080, protocol: TCP}]
${options.more ?? ''}`,
  };
}

const ENTRANCE = `---
apiVersion: v1
kind: Service
metadata: {name: istio-eastwestgateway, namespace: istio-system, labels: {topology.istio.io/network: west}}
spec: {type: LoadBalancer, clusterIP: 10.0.0.9, ports: [{name: tls, port: 15443}]}
status: {loadBalancer: {ingress: [{ip: 203.0.113.7}]}}
`;

function joined(...clusters: ReturnType<typeof cluster>[]) {
  const service = serviceAcrossClusters(clusters, HOST);
  if (service === undefined) {
    throw new Error('The service must be found.');
  }
  return { clusters, service };
}

function reach(
  { clusters, service }: ReturnType<typeof joined>,
  proxy: 'sidecar' | 'ambient' = 'sidecar',
) {
  return endpointsFor(clusters, service, { cluster: 'c1', proxy }).map(
    item => item.reach,
  );
}

describe('one service in several clusters (R1.19)', () => {
  it('joins by host name, with cluster, network and locality of every endpoint', () => {
    const { service } = joined(
      cluster('c1', { network: 'east' }),
      cluster('c2', { network: 'west' }),
    );
    expect(service.endpoints).toMatchObject([
      { cluster: 'c1', network: 'east', locality: { region: 'c1', zone: 'a' } },
      { cluster: 'c2', network: 'west', locality: { region: 'c2', zone: 'a' } },
    ]);
    expect(service.differences).toEqual([]);
    expect(serviceAcrossClusters([], HOST)).toBeUndefined();
  });

  it('lists the host names with the clusters that have them', () => {
    expect([
      ...hostnamesAcrossClusters([cluster('c1'), cluster('c2')]),
    ]).toEqual([[HOST, ['c1', 'c2']]]);
  });

  it('tells where the Services of one host differ', () => {
    const { service } = joined(cluster('c1'), cluster('c2', { port: 81 }));
    expect(service.differences).toMatchObject([{ path: 'spec.ports' }]);
  });

  it('reaches endpoints of one network directly', () => {
    expect(reach(joined(cluster('c1'), cluster('c2')))).toEqual([
      'direct',
      'direct',
    ]);
  });

  it('reaches another network through its entrance, and only with mutual TLS', () => {
    const west = cluster('c2', { network: 'west', more: ENTRANCE });
    const both = joined(cluster('c1', { network: 'east' }), west);
    expect(reach(both)).toEqual(['direct', 'gateway']);
    const [, remote] = endpointsFor(both.clusters, both.service, {
      cluster: 'c1',
      proxy: 'sidecar',
    });
    expect(remote.entrances).toMatchObject([
      { address: '203.0.113.7', port: 15443 },
    ]);
    const plain = {
      ...both.service,
      endpoints: both.service.endpoints.map(endpoint => ({
        ...endpoint,
        mutualTls: false,
      })),
    };
    expect(reach({ clusters: both.clusters, service: plain })).toEqual([
      'direct',
      'none',
    ]);
  });

  it('keeps cluster-local services to their cluster', () => {
    const local = `serviceSettings: [{settings: {clusterLocal: true}, hosts: ["*.shop.svc.cluster.local"]}]`;
    expect(
      reach(joined(cluster('c1', { config: local }), cluster('c2'))),
    ).toEqual(['direct', 'none']);
  });

  it('lets the more specific setting win', () => {
    const settings = `serviceSettings: [{settings: {clusterLocal: true}, hosts: ["*.shop.svc.cluster.local"]}, {settings: {clusterLocal: false}, hosts: ["${HOST}"]}]`;
    expect(
      reach(joined(cluster('c1', { config: settings }), cluster('c2'))),
    ).toEqual(['direct', 'direct']);
  });

  it('shares with ambient clients only what is global, and only where several networks are supported', () => {
    const istiod = `---
apiVersion: apps/v1
kind: Deployment
metadata: {name: istiod, namespace: istio-system}
spec:
  template:
    metadata: {labels: {app: istiod}}
    spec: {containers: [{name: discovery, env: [{name: AMBIENT_ENABLE_MULTI_NETWORK, value: "true"}]}]}
`;
    const global = `serviceScopeConfigs: [{servicesSelector: {matchLabels: {istio.io/global: "true"}}, scope: GLOBAL}]`;
    const here = (more: string) => cluster('c1', { more });
    const there = (labels: string) => cluster('c2', { config: global, labels });
    const shared = 'istio.io/global: "true"';
    expect(reach(joined(here(istiod), there(shared)), 'ambient')).toEqual([
      'direct',
      'direct',
    ]);
    expect(reach(joined(here(istiod), there('')), 'ambient')).toEqual([
      'direct',
      'none',
    ]);
    expect(reach(joined(here(''), there(shared)), 'ambient')).toEqual([
      'direct',
      'none',
    ]);
  });
});

describe('meshNetworks', () => {
  it('reads networks with what belongs to them, and names what it cannot read', () => {
    const { networks, problems } = parseMeshNetworks(
      'networks: {east: {endpoints: [{fromRegistry: c1}], gateways: [{address: 1.2.3.4, port: many}]}}',
    );
    expect(networks.east.endpoints).toEqual([{ fromRegistry: 'c1' }]);
    expect(problems[0].path).toContain('gateways');
  });
});
