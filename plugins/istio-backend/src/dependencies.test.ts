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

import { type DemoMesh, startDemoMesh } from '@mesh-portal/demo-mesh';
import type { Entity, EntityRelation } from '@backstage/catalog-model';
import {
  dependenciesViewSchema,
  envelopeSchema,
} from '@mesh-portal/backstage-plugin-istio-common';
import { bookinfo } from './__testUtils__/bookinfo';
import { FakeCluster } from './__testUtils__/FakeCluster';
import {
  FakePrometheus,
  reviewsRequests,
} from './__testUtils__/FakePrometheus';
import { component, startPortal, type Portal } from './__testUtils__/portal';

jest.setTimeout(90_000);

const contract = envelopeSchema(dependenciesViewSchema).strict();

function related(entity: Entity, ...relations: EntityRelation[]): Entity {
  return { ...entity, relations };
}

function dependsOn(name: string): EntityRelation {
  return { type: 'dependsOn', targetRef: `component:default/${name}` };
}

async function dependenciesOf(portal: Portal, name: string, query = '') {
  const { status, body } = await portal.get(
    `/v1/entities/component/default/${name}/dependencies${query}`,
  );
  expect(status).toBe(200);
  return contract.parse(body);
}

describe('dependencies, before a counting Prometheus', () => {
  let cluster: FakeCluster;
  let prometheus: FakePrometheus;
  let portal: Portal;

  beforeAll(async () => {
    cluster = await FakeCluster.start();
    bookinfo().forEach(object => cluster.put(object));
    prometheus = await FakePrometheus.start();
    const labels = {
      part: 'requests',
      destination_service: 'reviews.bookinfo.svc.cluster.local',
    };
    const { labels: all } = reviewsRequests('v1', '9', labels);
    prometheus.series = [
      reviewsRequests('v1', '9', labels),
      reviewsRequests('v2', '1', { ...labels, response_code: '500' }),
      reviewsRequests('v1', '10', { ...labels, reporter: 'source' }),
      {
        labels: {
          part: 'now',
          source_workload: all.source_workload,
          source_workload_namespace: all.source_workload_namespace,
          destination_service: all.destination_service,
          destination_service_name: all.destination_service_name,
          destination_service_namespace: all.destination_service_namespace,
        },
        value: '3',
      },
      {
        labels: {
          part: 'covered',
          source_workload: all.source_workload,
          source_workload_namespace: all.source_workload_namespace,
          destination_service_name: all.destination_service_name,
          destination_service_namespace: all.destination_service_namespace,
        },
        value: '3',
      },
    ];
    portal = await startPortal({
      clusterUrl: cluster.url,
      entities: [
        related(
          component('reviews', {
            'backstage.io/istio-services': 'bookinfo/reviews',
          }),
          dependsOn('productpage'),
          dependsOn('nobody'),
          { type: 'ownedBy', targetRef: 'group:default/books' },
        ),
        component('productpage', {
          'backstage.io/istio-services': 'bookinfo/productpage',
        }),
      ],
      istio: { prometheus: { url: prometheus.url } },
    });
    await portal.settled();
  });

  afterAll(async () => {
    await portal.stop();
    await cluster.stop();
    await prometheus.stop();
  });

  it('asks Prometheus twice, whoever looks at the same time', async () => {
    const before = prometheus.asked.length;
    await Promise.all([
      dependenciesOf(portal, 'reviews'),
      dependenciesOf(portal, 'reviews'),
      dependenciesOf(portal, 'reviews'),
    ]);
    const asked = prometheus.asked.slice(before);
    expect(asked.map(({ path }) => path)).toEqual([
      '/api/v1/query',
      '/api/v1/query',
    ]);
  });

  it('asks for buckets of the entity’s own services only', () => {
    const buckets = prometheus.asked.filter(({ query }) =>
      query.includes('duration_milliseconds_bucket'),
    );
    expect(buckets.length).toBeGreaterThan(0);
    for (const { query } of buckets) {
      const selectors = query.match(/duration_milliseconds_bucket\{[^}]*\}/g);
      expect(selectors).toEqual([
        'duration_milliseconds_bucket{destination_service_namespace="bookinfo",destination_service_name="reviews",reporter=~"destination|waypoint"}',
      ]);
    }
  });

  it('asks for nothing of it while other views are looked at', async () => {
    const before = prometheus.asked.length;
    await portal.get('/v1/entities/component/default/reviews/signals');
    await portal.get('/v1/entities/component/default/reviews/mtls');
    const asked = prometheus.asked.slice(before);
    expect(asked.length).toBeGreaterThan(0);
    expect(
      asked.filter(({ query }) => query.includes('"part", "seen"')),
    ).toEqual([]);
  });

  it('names the caller’s entity, and says which line is missing and which is too much', async () => {
    const { view, observed } = await dependenciesOf(portal, 'reviews');
    expect(observed).toMatchObject({ state: 'available', window: '1h' });
    expect(view.edges).toEqual([
      expect.objectContaining({
        direction: 'inbound',
        reporter: 'destination',
        requestsPerSecond: 10,
        errorShare: 0.1,
        mutualTls: { share: 1 },
        declared: 'undeclared',
        neighbour: expect.objectContaining({
          entityRef: 'component:default/productpage',
        }),
      }),
    ]);
    const [undeclared] = view.catalog.undeclared;
    expect(undeclared).toMatchObject({
      of: 'component:default/productpage',
      target: 'component:default/reviews',
      line: '- component:default/reviews',
    });
    expect(view.catalog.unused).toEqual([
      expect.objectContaining({ target: 'component:default/productpage' }),
    ]);
    expect(view.catalog.notObservable).toEqual([
      expect.objectContaining({
        target: 'component:default/nobody',
        reason: 'There is no such entity, or you may not see it',
      }),
    ]);
  });

  it('takes the windows of the contract and no other', async () => {
    const { view } = await dependenciesOf(portal, 'reviews', '?window=7d');
    expect(view.window).toBe('7d');
    const { status, body } = await portal.get(
      '/v1/entities/component/default/reviews/dependencies?window=2h',
    );
    expect(status).toBe(400);
    expect(body.error.message).toContain('window');
  });

  it('is unknown, with the reason, when Prometheus fails; a line is not called unused then', async () => {
    prometheus.fault = response => {
      response.statusCode = 422;
      response.end(
        JSON.stringify({
          status: 'error',
          errorType: 'execution',
          error: 'context deadline exceeded',
        }),
      );
    };
    // Another window: nothing of it is known yet.
    const { view, observed } = await dependenciesOf(
      portal,
      'reviews',
      '?window=6h',
    );
    prometheus.fault = undefined;
    expect(observed?.state).toBe('unavailable');
    expect(view).toMatchObject({
      state: 'unknown',
      edges: [],
      verdict: { state: 'unknown' },
      catalog: { state: 'unknown', unused: [] },
    });
    expect(view.verdict.reason).toContain('the query took too long');
  });
});

describe('dependencies, without a Prometheus', () => {
  it('says so, and shows no zeros', async () => {
    const cluster = await FakeCluster.start();
    bookinfo().forEach(object => cluster.put(object));
    const portal = await startPortal({
      clusterUrl: cluster.url,
      entities: [
        component('reviews', {
          'backstage.io/istio-services': 'bookinfo/reviews',
        }),
      ],
      istio: { prometheus: { enabled: false } },
    });
    await portal.settled();
    const { view, observed } = await dependenciesOf(portal, 'reviews');
    await portal.stop();
    await cluster.stop();
    expect(observed?.state).toBe('not-configured');
    expect(view).toMatchObject({ state: 'unknown', edges: [] });
    expect(view.stateReason).toContain('istio.prometheus.enabled is false');
  });
});

describe('dependencies of the demo mesh', () => {
  let mesh: DemoMesh;
  let portal: Portal;

  beforeAll(async () => {
    mesh = await startDemoMesh({ token: 'token' });
    const service = (namespace: string, name: string) =>
      component(name, {
        'backstage.io/istio-services': `${namespace}/${name}`,
      });
    portal = await startPortal({
      clusterUrl: mesh.kubernetesUrl,
      entities: [
        service('payments', 'ledger'),
        service('payments', 'payment-api'),
        service('payments', 'payments-db'),
        service('inventory', 'orders'),
        service('inventory', 'warehouse'),
        service('shop', 'storefront'),
      ],
      istio: { prometheus: { url: mesh.prometheusUrl } },
    });
    await portal.settled();
  });

  afterAll(async () => {
    await portal.stop();
    await mesh.stop();
  });

  /** What a person would compute by hand. */
  async function byHand(query: string, at: string): Promise<number> {
    const response = await fetch(`${mesh.prometheusUrl}/api/v1/query`, {
      method: 'POST',
      body: new URLSearchParams({ query, time: at }),
    });
    const { data } = JSON.parse(await response.text());
    return Number(data.result[0].value[1]);
  }

  it('gives the numbers that a person computes by hand', async () => {
    const { view, observed } = await dependenciesOf(portal, 'payment-api');
    const fraud = view.edges.find(
      ({ neighbour }) => neighbour.name === 'fraud-check',
    );
    const calls =
      'istio_requests_total{source_workload="payment-api",destination_service_name="fraud-check"';
    const at = observed?.at ?? '';
    expect(fraud).toMatchObject({
      direction: 'outbound',
      reporter: 'destination',
      protocol: 'grpc',
    });
    expect(fraud?.requestsPerSecond).toBeCloseTo(
      await byHand(`sum(rate(${calls},reporter="destination"}[1h]))`, at),
      9,
    );
    expect(fraud?.clientOnlyFailuresPerSecond).toBeCloseTo(
      await byHand(
        `sum(rate(${calls},reporter="source",response_flags="UO"}[1h]))`,
        at,
      ),
      9,
    );
    expect(view.verdict).toMatchObject({
      state: 'fail',
      reason: expect.stringContaining('circuit breaker open or overflow'),
    });
  });

  it('tells a caller that cannot connect from one that a policy refuses', async () => {
    const { view } = await dependenciesOf(portal, 'ledger');
    const edgeTo = (name: string) =>
      view.edges.find(({ neighbour }) => neighbour.name === name);
    expect(edgeTo('orders')).toMatchObject({
      reporter: 'source',
      errorShare: 1,
      mutualTls: { reason: expect.stringContaining('Only the caller') },
      configured: { transport: { outcome: 'broken' } },
    });
    const refused = edgeTo('reports');
    expect(refused?.refusedPerSecond).toBeCloseTo(
      refused?.requestsPerSecond ?? 0,
      9,
    );
    expect(refused?.configured?.authorization?.decision).toBe('deny');
    expect(edgeTo('payments-db')).toMatchObject({
      direction: 'outbound',
      protocol: 'tcp',
      mutualTls: { share: 1 },
    });
  });

  it('shows a plaintext caller as unknown, and not encrypted', async () => {
    const { view } = await dependenciesOf(portal, 'warehouse');
    const unknown = view.edges.find(
      ({ neighbour }) => neighbour.kind === 'unknown-caller',
    );
    expect(unknown).toMatchObject({
      mutualTls: { share: 0 },
      configured: { transport: { outcome: 'unencrypted' } },
    });
  });

  it('names what leaves the cluster: a registered host, one that is refused, one that nobody knows', async () => {
    const outside = async (name: string) =>
      (await dependenciesOf(portal, name)).view.edges
        .filter(({ direction }) => direction === 'outbound')
        .map(({ neighbour, reporter }) => [
          neighbour.kind,
          neighbour.title,
          reporter,
        ]);
    expect(await outside('payment-api')).toEqual(
      expect.arrayContaining([
        ['service', 'api.bank.example', 'source'],
        ['refused-by-registry', 'hosts outside the registry', 'source'],
      ]),
    );
    expect(await outside('orders')).toEqual(
      expect.arrayContaining([
        ['unknown-external', 'unknown external', 'source'],
      ]),
    );
  });

  it('names the gateway, and counts an ambient service once', async () => {
    const { view } = await dependenciesOf(portal, 'storefront');
    const [gateway] = view.edges.filter(
      ({ direction }) => direction === 'inbound',
    );
    expect(gateway).toMatchObject({
      reporter: 'waypoint',
      protocol: 'http',
      neighbour: { kind: 'gateway', title: 'gateway edge/public-istio' },
    });
    expect(gateway.tcp).toBeUndefined();
    const ambientOnly = view.edges.find(
      ({ neighbour }) => neighbour.name === 'recommendations',
    );
    expect(ambientOnly).toMatchObject({
      protocol: 'tcp',
      reporter: 'destination',
    });
  });

  it.each(['5m', '1d', '7d'])('answers over %s', async window => {
    const { view, observed } = await dependenciesOf(
      portal,
      'ledger',
      `?window=${window}`,
    );
    expect(observed?.state).toBe('available');
    expect(view.state).toBe('traffic');
    expect(view.edges.length).toBeGreaterThanOrEqual(4);
  });
});
