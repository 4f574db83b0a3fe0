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

import { clustersViewSchema } from '@mesh-portal/backstage-plugin-istio-common';
import type { ClusterStatus } from '@mesh-portal/backstage-plugin-istio-common';
import { component } from '../../__testUtils__/component';
import { snapshotFromYaml, SYNCED } from '../../__testUtils__/meshYaml';
import { resolveEntity } from '../../entity';
import { NOT_CONFIGURED } from '../observation';
import { clustersView } from './clustersView';
import type { ReadCluster } from './meshNames';

interface Options {
  region?: string;
  zone?: string;
  network?: string;
  /** east-west gateway of the network */
  entrance?: string;
  ready?: boolean;
  port?: number;
  config?: string;
  meshNetworks?: string;
  rule?: boolean;
  clusterId?: string;
  status?: Partial<ClusterStatus>;
}

function read(name: string, options: Options = {}): ReadCluster {
  const {
    region = name,
    zone = 'a',
    network,
    entrance,
    ready = true,
    port = 80,
  } = options;
  const {
    config = '{}',
    meshNetworks = '{}',
    rule = false,
    clusterId,
    status,
  } = options;
  const documents = [
    `
apiVersion: v1
kind: Namespace
metadata: {name: istio-system, labels: {${
      network ? `topology.istio.io/network: ${network}` : ''
    }}}`,
    `
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio-injection: enabled}}`,
    `
apiVersion: v1
kind: ConfigMap
metadata: {name: istio, namespace: istio-system}
data: {mesh: '${config}', meshNetworks: '${meshNetworks}'}`,
    `
apiVersion: v1
kind: Node
metadata: {name: n1, labels: {topology.kubernetes.io/region: ${region}, topology.kubernetes.io/zone: ${zone}}}`,
    `
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop}
spec: {clusterIP: 10.0.0.1, selector: {app: api}, ports: [{name: http, port: ${port}}]}`,
    `
apiVersion: v1
kind: Pod
metadata: {name: api-${name}, namespace: shop, labels: {app: api, security.istio.io/tlsMode: istio}}
spec: {nodeName: n1, containers: [{name: app}, {name: istio-proxy, image: "istio/proxyv2:1.30.1"}]}
status: {phase: Running, podIP: 10.1.0.1, conditions: [{type: Ready, status: "${
      ready ? 'True' : 'False'
    }"}]}`,
    `
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: api-x, namespace: shop, labels: {kubernetes.io/service-name: api}}
addressType: IPv4
endpoints: [{addresses: [10.1.0.1], targetRef: {kind: Pod, name: api-${name}}, conditions: {ready: ${ready}}}]
ports: [{name: http, port: 8080, protocol: TCP}]`,
    ...(entrance
      ? [
          `
apiVersion: v1
kind: Service
metadata: {name: eastwest, namespace: istio-system, labels: {topology.istio.io/network: ${network}}}
spec: {type: LoadBalancer, clusterIP: 10.0.0.9, ports: [{name: tls, port: 15443}]}
status: {loadBalancer: {ingress: [{ip: ${entrance}}]}}`,
        ]
      : []),
    ...(rule
      ? [
          `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: api, namespace: shop}
spec: {host: api, trafficPolicy: {outlierDetection: {consecutive5xxErrors: 3}}}`,
        ]
      : []),
    ...(clusterId
      ? [
          `
apiVersion: apps/v1
kind: Deployment
metadata: {name: istiod, namespace: istio-system, labels: {app: istiod}}
spec:
  template:
    metadata: {labels: {app: istiod}}
    spec: {containers: [{name: discovery, env: [{name: CLUSTER_ID, value: ${clusterId}}]}]}`,
        ]
      : []),
  ];
  return {
    name,
    snapshot: snapshotFromYaml(documents.join('\n---')),
    status: { ...SYNCED, name, ...status },
  };
}

function viewOf(all: readonly ReadCluster[], client?: string) {
  const { resolution, matches } = resolveEntity(
    component('api', {
      'backstage.io/istio-services': 'shop/api',
      'backstage.io/kubernetes-cluster': 'east',
    }),
    all.map(({ name, snapshot }) => ({ name, snapshot, complete: true })),
    undefined,
  );
  const input = {
    resolution,
    clusters: all.flatMap(cluster => {
      const match = matches.get(cluster.name);
      return match ? [{ ...cluster, match, observation: NOT_CONFIGURED }] : [];
    }),
  };
  const view = clustersView(
    input,
    all,
    all.map(({ status }) => status),
    client,
  );
  expect(clustersViewSchema.parse(view)).toEqual(view);
  return view;
}

function only(all: readonly ReadCluster[], client?: string) {
  const { services } = viewOf(all, client);
  expect(services).toHaveLength(1);
  return services[0];
}

describe('services of several clusters', () => {
  it('are none where only one cluster has the name, or is read', () => {
    const other = read('west');
    const elsewhere = {
      ...other,
      snapshot: snapshotFromYaml(
        'apiVersion: v1\nkind: Service\nmetadata: {name: api, namespace: other}\nspec: {ports: [{port: 80}]}',
      ),
    };
    expect(viewOf([read('east')]).services).toEqual([]);
    expect(viewOf([read('east'), elsewhere]).services).toEqual([]);
  });

  it('have rows for each cluster, the caller’s first, also where the entity names one cluster only', () => {
    const answer = only([read('west'), read('east')]);
    expect(answer.service).toMatchObject({ cluster: 'east', name: 'api' });
    expect(answer.clusters).toMatchObject([
      { cluster: 'east', own: true, reach: 'direct', endpoints: { ready: 1 } },
      { cluster: 'west', own: false, reach: 'direct', endpoints: { ready: 1 } },
    ]);
  });

  it('are never green: whether the control planes read each other’s clusters cannot be seen', () => {
    const { verdict, unknown } = only([read('east'), read('west')]);
    expect(verdict).toMatchObject({
      state: 'unknown',
      reason:
        'For callers in east, api has 1 ready endpoint in east; 1 ready endpoint in west; if the control planes read each other’s clusters, which cannot be seen',
    });
    expect(unknown).toEqual([
      expect.stringContaining('Whether istiod of east reads west'),
    ]);
  });

  it('name the east-west gateway between networks, with the object', () => {
    const [, west] = only([
      read('east', { network: 'n-east' }),
      read('west', { network: 'n-west', entrance: '203.0.113.7' }),
    ]).clusters;
    expect(west).toMatchObject({ network: 'n-west', reach: 'gateway' });
    expect(west.entrances).toMatchObject([
      {
        address: '203.0.113.7:15443',
        provenance: { object: { kind: 'Service', name: 'eastwest' } },
      },
    ]);
  });

  it('say what to label where no entrance of a network is known', () => {
    const { unknown } = only([
      read('east', { network: 'n-east' }),
      read('west', { network: 'n-west' }),
    ]);
    expect(unknown.at(-1)).toBe(
      'How network n-west is entered: label the Service of its east-west gateway with topology.istio.io/network: n-west.',
    );
  });

  it('keep to their cluster where they are cluster-local; then nothing about others matters', () => {
    const { verdict, clusters } = only([
      read('east', {
        config:
          'serviceSettings: [{settings: {clusterLocal: true}, hosts: ["*.shop.svc.cluster.local"]}]',
      }),
      read('west'),
    ]);
    expect(verdict.state).toBe('not-applicable');
    expect(verdict.reason).toContain('in west, which callers do not get');
    expect(clusters[1]).toMatchObject({ reach: 'none', localities: [] });
  });

  it('fail where no endpoint is ready, and where the Services differ', () => {
    expect(
      only([read('east', { ready: false }), read('west', { ready: false })])
        .verdict,
    ).toMatchObject({
      state: 'fail',
      reason: expect.stringContaining('requests fail'),
    });
    expect(
      only([read('east'), read('west', { port: 81 })]).verdict,
    ).toMatchObject({
      state: 'fail',
      reason: expect.stringContaining('The Services of east and west differ'),
    });
  });

  it('use the near endpoints first where there is failover', () => {
    const all = [
      read('east', { region: 'eu', rule: true }),
      read('west', { region: 'us' }),
    ];
    const { locality, clusters } = only(all);
    expect(locality).toMatchObject({ caller: 'eu/a' });
    expect(clusters.map(({ localities }) => localities)).toEqual([
      [{ locality: 'eu/a', ready: 1, rank: 0 }],
      [{ locality: 'us/a', ready: 1, rank: 1 }],
    ]);
    const unlabelled = only([
      read('east', { region: '""', zone: '""', rule: true }),
      read('west'),
    ]);
    expect(unlabelled.unknown.at(-1)).toMatch(/^Where the caller runs: /);
    const [plain] = only([read('east'), read('west')]).clusters;
    expect(plain.localities).toEqual([{ locality: 'east/a', ready: 1 }]);
  });

  it('answer for the caller that is asked about', () => {
    const all = [read('east'), read('west')];
    const { clients } = only(all);
    const pod = clients.find(({ workload }) => workload !== undefined);
    expect(pod).toBeDefined();
    expect(only(all, pod?.id).client).toEqual(pod);
    expect(() => viewOf(all, 'nobody/at/home')).toThrow(/client/);
  });

  it('say which clusters are not completely read, or not at all', () => {
    const { unknown } = only([
      read('east'),
      read('west', { status: { state: 'syncing' } }),
      {
        name: 'north',
        snapshot: snapshotFromYaml(''),
        status: { ...SYNCED, name: 'north', state: 'unreachable' },
      },
    ]);
    expect(unknown).toContain('Cluster west is not completely read yet');
    expect(unknown).toContain('Whether north has it, too: it cannot be read.');
  });

  it('are joined under the names that istiod has for the clusters', () => {
    const meshNetworks =
      'networks: {n-west: {endpoints: [{fromRegistry: w1}], gateways: [{address: 203.0.113.9, port: 443}]}, n-east: {endpoints: [{fromRegistry: e1}]}}';
    const { clusters, unknown } = only([
      read('east', { meshNetworks, clusterId: 'e1' }),
      read('west', { meshNetworks, clusterId: 'w1' }),
    ]);
    expect(clusters).toMatchObject([
      { cluster: 'east', network: 'n-east' },
      { cluster: 'west', network: 'n-west', reach: 'gateway' },
    ]);
    expect(unknown).toHaveLength(1);
  });
});
