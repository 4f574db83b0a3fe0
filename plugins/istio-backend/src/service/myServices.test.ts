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

import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { mockServices } from '@backstage/backend-test-utils';
import {
  envelopeSchema,
  myServicesViewSchema,
} from '@mesh-portal/backstage-plugin-istio-common';
import { FakeCluster } from '../__testUtils__/FakeCluster';
import { FakePrometheus } from '../__testUtils__/FakePrometheus';
import { component, startPortal, type Portal } from '../__testUtils__/portal';

jest.setTimeout(60_000);

const OWNER = 'group:default/big-team';
const SERVICES = 210;

function service(index: number) {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: `service-${index}`, namespace: 'shop' },
    spec: {
      type: 'ClusterIP',
      clusterIP: '10.96.0.10',
      selector: { app: `service-${index}` },
      ports: [{ name: 'http', port: 80, protocol: 'TCP' }],
    },
  };
}

function rows(name: string, part: string, code: string, rate: string) {
  return {
    labels: {
      part,
      reporter: 'destination',
      destination_service_namespace: 'shop',
      destination_service_name: name,
      response_code: code,
      response_flags: '-',
      request_protocol: 'http',
    },
    value: rate,
  };
}

describe('the services of a big team', () => {
  let cluster: FakeCluster;
  let prometheus: FakePrometheus;
  let portal: Portal;

  beforeAll(async () => {
    cluster = await FakeCluster.start();
    prometheus = await FakePrometheus.start();
    const indexes = Array.from({ length: SERVICES }, (_, index) => index);
    indexes.forEach(index => cluster.put(service(index)));
    prometheus.series = [
      rows('service-7', 'now', '200', '90'),
      rows('service-7', 'now', '500', '10'),
      rows('service-7', 'ago1h', '200', '100'),
      rows('service-8', 'now', '200', '95'),
      rows('service-8', 'now', '500', '5'),
      rows('service-8', 'ago1h', '200', '95'),
      rows('service-8', 'ago1h', '500', '5'),
      rows('service-9', 'now', '200', '100'),
      rows('service-9', 'all5m', '200', '100'),
      rows('service-9', 'all30m', '200', '100'),
      rows('service-9', 'all1h', '200', '100'),
      rows('service-9', 'all6h', '200', '100'),
    ];
    portal = await startPortal({
      clusterUrl: cluster.url,
      entities: indexes.map(index => ({
        ...component(`service-${index}`, {
          'backstage.io/istio-services': `shop/service-${index}`,
        }),
        relations: [{ type: 'ownedBy', targetRef: OWNER }],
      })),
      istio: { prometheus: { url: prometheus.url } },
      features: [
        createServiceFactory({
          service: coreServices.userInfo,
          deps: {},
          factory: () =>
            mockServices.userInfo({ ownershipEntityRefs: [OWNER] }),
        }),
      ],
    });
    await portal.settled();
  });
  afterAll(async () => {
    await portal.stop();
    await cluster.stop();
    await prometheus.stop();
  });

  async function mine(query = '') {
    const before = prometheus.asked.length;
    const { body } = await portal.get(`/v1/mine/services${query}`);
    const { view, observed } = envelopeSchema(myServicesViewSchema).parse(body);
    return { view, observed, asked: prometheus.asked.length - before };
  }

  it('costs 8 requests for 200 services, and 4 more with latency; nothing when asked again', async () => {
    expect((await mine()).asked).toBeLessThanOrEqual(8);
    expect((await mine('?latency=true')).asked).toBeLessThanOrEqual(4);
    expect((await mine('?latency=true')).asked).toBe(0);
  });

  it('lists 200, says how many there are, worst first: what changed before what lasts, the unknown before the well', async () => {
    const { view } = await mine();
    expect(view.services).toHaveLength(200);
    expect(view).toMatchObject({ total: SERVICES, truncated: true });
    expect(
      view.services
        .slice(0, 2)
        .map(({ service: { name }, headline }) => [name, headline]),
    ).toEqual([
      ['service-7', '10 % of requests fail, 0 % an hour ago'],
      ['service-8', '5.0 % of requests fail, 5.0 % an hour ago'],
    ]);
    expect(view.services[2].state).toBe('unknown');
    expect(view.services.at(-1)).toMatchObject({
      service: { name: 'service-9' },
      state: 'pass',
    });
  });

  it('a service without numbers is unknown, never well', async () => {
    const { view } = await mine();
    expect(
      view.services.find(({ service: { name } }) => name === 'service-10'),
    ).toMatchObject({
      state: 'unknown',
      headline: 'No requests are counted in the last five minutes',
    });
  });
});

describe('without Prometheus', () => {
  it('every service is unknown, and the page says why', async () => {
    const cluster = await FakeCluster.start();
    cluster.put(service(1));
    const portal = await startPortal({
      clusterUrl: cluster.url,
      entities: [
        {
          ...component('one', {
            'backstage.io/istio-services': 'shop/service-1',
          }),
          relations: [{ type: 'ownedBy', targetRef: OWNER }],
        },
      ],
      istio: { prometheus: { enabled: false } },
      features: [
        createServiceFactory({
          service: coreServices.userInfo,
          deps: {},
          factory: () =>
            mockServices.userInfo({ ownershipEntityRefs: [OWNER] }),
        }),
      ],
    });
    await portal.settled();
    const { body } = await portal.get('/v1/mine/services');
    const { view, observed } = envelopeSchema(myServicesViewSchema).parse(body);
    expect(observed?.state).toBe('not-configured');
    expect(view.services[0]).toMatchObject({
      state: 'unknown',
      headline: expect.stringContaining('istio.prometheus.enabled is false'),
    });
    await portal.stop();
    await cluster.stop();
  });
});
