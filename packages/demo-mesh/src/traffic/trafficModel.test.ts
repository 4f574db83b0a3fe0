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

import { KubernetesObject } from '../kubernetes/object';
import { ObjectChange, ObjectReader } from '../kubernetes/storeTypes';
import { DemoTopology } from '../mesh/topology';
import { evalAt } from '../prometheus/promql/seriesTable';
import { createTrafficModel } from './trafficModel';

const START = Date.UTC(2026, 0, 10, 12);
const MINUTE = 60_000;

class FakeStore implements ObjectReader {
  resourceVersion = 0;
  private readonly objects = new Map<string, KubernetesObject>();
  private readonly listeners = new Set<(change: ObjectChange) => void>();

  put(resource: string, object: KubernetesObject): void {
    const { namespace = '', name } = object.metadata;
    this.objects.set(`${resource}|${namespace}|${name}`, object);
    this.resourceVersion++;
    for (const listener of this.listeners) {
      listener({
        type: 'ADDED',
        resource,
        object,
        resourceVersion: this.resourceVersion,
      });
    }
  }

  list(resource: string, namespace?: string) {
    return [...this.objects]
      .filter(([key]) =>
        key.startsWith(
          namespace === undefined
            ? `${resource}|`
            : `${resource}|${namespace}|`,
        ),
      )
      .map(([, object]) => object);
  }

  get(resource: string, namespace: string, name: string) {
    return this.objects.get(`${resource}|${namespace}|${name}`);
  }

  onChange(listener: (change: ObjectChange) => void) {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }
}

const topology: DemoTopology = {
  clusterId: 'Kubernetes',
  trustDomain: 'cluster.local',
  network: '',
  workloads: [],
  ingress: [],
  edges: [
    {
      id: 'web -> api',
      from: { namespace: 'shop', workload: 'web' },
      to: { namespace: 'shop', service: 'api', port: 80 },
      protocol: 'http',
      requestsPerSecond: 100,
      requestBytes: 100,
      responseBytes: 1000,
    },
  ],
  incidents: [
    {
      id: 'broken',
      title: 'api answers 500',
      startMinutesAgo: 30,
      effects: [
        {
          kind: 'server-errors',
          workload: { namespace: 'shop', workload: 'api-v1' },
          share: 0.5,
        },
      ],
      cause: {
        resource: 'x',
        namespace: 'shop',
        name: 'x',
        what: 'x',
        by: 'x',
        before: [],
      },
    },
  ],
};

function pod(workload: string, app: string, version: string) {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      namespace: 'shop',
      name: `${workload}-abc-1`,
      labels: { app, version },
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'ReplicaSet',
          name: `${workload}-abc`,
          uid: '1',
        },
      ],
    },
    spec: {
      serviceAccountName: app,
      containers: [{ name: app }, { name: 'istio-proxy' }],
    },
    status: { phase: 'Running' },
  };
}

function istioObject(
  kind: string,
  name: string,
  spec: KubernetesObject['spec'],
) {
  return {
    apiVersion: 'istio.io/v1',
    kind,
    metadata: { namespace: 'shop', name },
    spec,
  };
}

function start() {
  const store = new FakeStore();
  store.put('pods', pod('web', 'web', 'v1'));
  store.put('pods', pod('api-v1', 'api', 'v1'));
  store.put('pods', pod('api-v2', 'api', 'v2'));
  store.put('services', {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace: 'shop', name: 'api' },
    spec: { selector: { app: 'api' }, ports: [{ port: 80 }] },
  });
  const clock = { now: START };
  const model = createTrafficModel(store, topology, {
    now: () => clock.now,
    seed: 'test',
  });
  const value = (query: string, time = clock.now) => {
    const [line] = evalAt(model, query, time);
    return line === undefined
      ? undefined
      : Number(line.slice(line.lastIndexOf(' ') + 1));
  };
  return { store, clock, model, value };
}

describe('createTrafficModel', () => {
  it('has a week of past at once, and both ends count the same requests', () => {
    const { model, value } = start();
    const total = (reporter: string) =>
      `sum(increase(istio_requests_total{reporter="${reporter}"}[7d]))`;
    expect(value(total('source'))).toBeCloseTo(value(total('destination'))!, 3);
    expect(value(total('source'))! / (7 * 86_400)).toBeCloseTo(100, -1);
    model.close();
  });

  it('shows mTLS at the server only', () => {
    const { model, value } = start();
    const count = (reporter: string, policy: string) =>
      value(
        `count(istio_requests_total{reporter="${reporter}",connection_security_policy="${policy}"})`,
      );
    expect(count('destination', 'mutual_tls')).toBeGreaterThan(0);
    expect(count('destination', 'unknown')).toBeUndefined();
    expect(count('source', 'unknown')).toBeGreaterThan(0);
    expect(count('source', 'mutual_tls')).toBeUndefined();
    model.close();
  });

  it('begins an incident at its time', () => {
    const { model, value } = start();
    const share = (time: number) =>
      value(
        'sum(rate(istio_requests_total{reporter="source",destination_version="v1",response_code="500"}[5m])) / sum(rate(istio_requests_total{reporter="source",destination_version="v1"}[5m]))',
        time,
      )!;
    expect(share(START - 40 * MINUTE)).toBeLessThan(0.002);
    expect(share(START - 20 * MINUTE)).toBeCloseTo(0.5, 2);
    model.close();
  });

  it('follows a change of the weights from the moment it is made', () => {
    const { store, clock, model, value } = start();
    const toV2 = () =>
      value(
        'sum(rate(istio_requests_total{reporter="source",destination_version="v2"}[5m])) / sum(rate(istio_requests_total{reporter="source"}[5m]))',
      );
    expect(toV2()).toBeCloseTo(0.5, 2);
    store.put(
      'destinationrules.networking.istio.io',
      istioObject('DestinationRule', 'api', {
        host: 'api',
        subsets: ['v1', 'v2'].map(version => ({
          name: version,
          labels: { version },
        })),
      }),
    );
    store.put(
      'virtualservices.networking.istio.io',
      istioObject('VirtualService', 'api', {
        hosts: ['api'],
        http: [
          {
            route: [
              { destination: { host: 'api', subset: 'v1' }, weight: 90 },
              { destination: { host: 'api', subset: 'v2' }, weight: 10 },
            ],
          },
        ],
      }),
    );
    clock.now += 10 * MINUTE;
    expect(toV2()).toBeCloseTo(0.1, 2);
    expect(
      value('sum(increase(istio_requests_total{reporter="source"}[5m]))'),
    ).toBeGreaterThan(10_000);
    model.close();
  });

  it('lets a route to a missing subset fail at the client, without a version', () => {
    const { store, clock, model, value } = start();
    expect(
      value('sum(istio_requests_total{response_flags="NC"})'),
    ).toBeUndefined();
    store.put(
      'virtualservices.networking.istio.io',
      istioObject('VirtualService', 'api', {
        hosts: ['api.shop.svc.cluster.local'],
        http: [{ route: [{ destination: { host: 'api', subset: 'v9' } }] }],
      }),
    );
    clock.now += 10 * MINUTE;
    const failed =
      'istio_requests_total{response_flags="NC",response_code="503"';
    expect(
      value(
        `sum(rate(${failed},reporter="source",destination_workload="unknown"}[5m]))`,
      ),
    ).toBeGreaterThan(50);
    expect(value(`sum(${failed},reporter="destination"})`)).toBeUndefined();
    model.close();
  });

  it('refuses with 403 at the server under an allow-nothing policy', () => {
    const { store, clock, model, value } = start();
    expect(value('sum(envoy_http_rbac)')).toBeUndefined();
    store.put(
      'authorizationpolicies.security.istio.io',
      istioObject('AuthorizationPolicy', 'nothing', {}),
    );
    clock.now += 10 * MINUTE;
    expect(
      value(
        'sum(rate(istio_requests_total{reporter="destination",response_code="403"}[5m])) / sum(rate(istio_requests_total{reporter="destination"}[5m]))',
      ),
    ).toBeCloseTo(1, 6);
    expect(
      value('sum(rate(envoy_http_rbac{authz_enforce_result="denied"}[5m]))'),
    ).toBeGreaterThan(50);
    model.close();
  });
});
