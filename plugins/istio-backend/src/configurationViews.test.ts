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

import { startDemoMesh, type DemoMesh } from '@mesh-portal/demo-mesh';
import {
  bindingsViewSchema,
  clustersViewSchema,
  envelopeSchema,
  exposureViewSchema,
  overviewViewSchema,
  externalViewSchema,
  requestPathViewSchema,
  resilienceViewSchema,
  routesViewSchema,
} from '@mesh-portal/backstage-plugin-istio-common';
import { eventually } from './__testUtils__/eventually';
import { component, startPortal, type Portal } from './__testUtils__/portal';

jest.setTimeout(90_000);

const VIEWS = {
  exposure: envelopeSchema(exposureViewSchema).strict(),
  resilience: envelopeSchema(resilienceViewSchema).strict(),
  external: envelopeSchema(externalViewSchema).strict(),
  bindings: envelopeSchema(bindingsViewSchema).strict(),
  clusters: envelopeSchema(clustersViewSchema).strict(),
  overview: envelopeSchema(overviewViewSchema).strict(),
  'request-path': envelopeSchema(requestPathViewSchema).strict(),
};

const PRODUCTPAGE = 'bookinfo/Deployment/productpage-v1';

const ENTITIES: Record<string, string> = {
  productpage: 'bookinfo/productpage',
  reviews: 'bookinfo/reviews',
  login: 'identity/login',
  'payment-api': 'payments/payment-api',
  orders: 'inventory/orders',
  token: 'identity/token',
  collector: 'analytics/collector',
  recommendations: 'shop/recommendations',
  bank: 'api.bank.example',
};

describe('views of what the configuration does, in front of the demo mesh', () => {
  let mesh: DemoMesh;
  let portal: Portal;
  beforeAll(async () => {
    mesh = await startDemoMesh({ token: 'token' });
    portal = await startPortal({
      clusterUrl: mesh.kubernetesUrl,
      entities: Object.entries(ENTITIES).map(([name, services]) =>
        component(name, { 'backstage.io/istio-services': services }),
      ),
      istio: { prometheus: { url: mesh.prometheusUrl } },
    });
    await portal.settled();
  });
  afterAll(async () => {
    await portal.stop();
    await mesh.stop();
  });

  const ask = (name: string, view: string) =>
    portal.get(`/v1/entities/component/default/${name}/${view}`);

  describe.each(Object.keys(ENTITIES))('%s', name => {
    it.each(Object.entries(VIEWS))(
      'answers %s as the contract says',
      async (view, schema) => {
        const { status, body } = await ask(name, view);
        expect(status).toBe(200);
        expect(schema.safeParse(body).error).toBeUndefined();
      },
    );
  });

  it('exposure: the Gateway of Istio, and an Ingress', async () => {
    const reason = async (name: string) => {
      const { body } = await ask(name, 'exposure');
      return VIEWS.exposure.parse(body).view.services[0].verdict;
    };
    expect(await reason('productpage')).toMatchObject({
      state: 'pass',
      reason: expect.stringContaining('http://bookinfo.demo.example'),
    });
    expect(await reason('login')).toMatchObject({
      state: 'pass',
      reason: expect.stringContaining('http://login.demo.example'),
    });
    expect(await reason('reviews')).toMatchObject({ state: 'not-applicable' });
    expect(await reason('orders')).toMatchObject({
      state: 'fail',
      reason: expect.stringContaining('partner-orders'),
    });
  });

  it('does not wait for metrics where only configuration is asked for', async () => {
    expect((await ask('reviews', 'exposure')).body.observed).toBeUndefined();
    expect((await ask('reviews', 'routes')).body.observed).toBeDefined();
  });

  it('resilience: settings of a route, with the object', async () => {
    const { body } = await ask('reviews', 'resilience');
    const [{ targets }] = VIEWS.resilience.parse(body).view.services;
    const settings = targets[0].groups.flatMap(group => group.settings);
    expect(settings).toContainEqual(
      expect.objectContaining({
        setting: 'timeout (canary)',
        value: '3s',
        from: 'VirtualService bookinfo/reviews',
      }),
    );
  });

  it('external services: a bank, and REGISTRY_ONLY in words', async () => {
    // The first answer of the metrics may take longer than a page waits for it.
    const [{ hosts, outbound }] = await eventually(
      async () => {
        const { body } = await ask('payment-api', 'external');
        return VIEWS.external.parse(body).view.workloads;
      },
      ([workload]) => workload.hosts[0]?.use === 'seen',
      60_000,
    );
    expect(hosts.map(({ host }) => host)).toEqual(['api.bank.example']);
    expect(hosts[0].use).toBe('seen');
    expect(hosts[0].requestsPerSecond).toBeGreaterThan(1);
    expect(outbound).toMatchObject({
      mode: 'REGISTRY_ONLY',
      provenance: { object: { kind: 'Sidecar', namespace: 'payments' } },
    });
  });

  it('an EnvoyFilter is named, and makes the answers of other views advisory', async () => {
    const { body } = await ask('payment-api', 'bindings');
    const [{ objects }] = VIEWS.bindings.parse(body).view.workloads;
    expect(objects.map(({ object: { kind } }) => kind)).toEqual(
      expect.arrayContaining(['EnvoyFilter', 'Sidecar', 'ProxyConfig']),
    );
    const { confidence } = envelopeSchema(routesViewSchema).parse(
      (await ask('payment-api', 'routes')).body,
    );
    expect(confidence?.level).toBe('advisory');
    expect(confidence?.reasons.map(({ says }) => says)).toContainEqual(
      expect.stringContaining('EnvoyFilter payments/payment-api-limit'),
    );
  });

  it('ambient: a waypoint that never becomes ready', async () => {
    const { body } = await ask('recommendations', 'bindings');
    const [{ verdict, remedies }] = VIEWS.bindings.parse(body).view.ambient;
    expect(verdict).toMatchObject({
      state: 'fail',
      reason: expect.stringContaining('recommendations-waypoint'),
    });
    expect(remedies).not.toEqual([]);
  });

  it('pods that were not restarted since an upgrade: how many, which, what to do', async () => {
    const { body } = await ask('token', 'overview');
    const { remarks, membership } = VIEWS.overview.parse(body).view;
    expect(remarks).toMatchObject([
      {
        reason:
          '2 pods run a sidecar of version 1.29.4, new pods would get version 1.30: restart the workload to update it.',
        facts: [{ object: { kind: 'Pod' } }, { object: { kind: 'Pod' } }],
      },
    ]);
    expect(membership.state).toBe('pass');
    const others = await ask('reviews', 'overview');
    expect(VIEWS.overview.parse(others.body).view.remarks).toEqual([]);
  });

  it('an object that istiod would refuse: named, and answers that rest on it are advisory', async () => {
    const { body } = await ask('collector', 'bindings');
    expect(VIEWS.bindings.parse(body).view.refused).toMatchObject([
      {
        objects: [
          {
            object: { kind: 'VirtualService', name: 'collector' },
            acts: true,
            refusals: [{ path: 'spec.http[0].retries.retryOn' }],
          },
        ],
      },
    ]);
    const { confidence } = envelopeSchema(routesViewSchema).parse(
      (await ask('collector', 'routes')).body,
    );
    expect(confidence?.level).toBe('advisory');
    // Nothing else in the demo would be refused.
    for (const name of ['reviews', 'payment-api', 'orders', 'login']) {
      const answer = await ask(name, 'bindings');
      expect(VIEWS.bindings.parse(answer.body).view.refused).toEqual([]);
    }
  });

  it('a service of one cluster is not a matter of several', async () => {
    const { body } = await ask('reviews', 'clusters');
    expect(VIEWS.clusters.parse(body).view.services).toEqual([]);
  });

  it('why is this object ignored: each with a remedy', async () => {
    const { body } = await ask('orders', 'bindings');
    const [{ objects }] = VIEWS.bindings.parse(body).view.ignored;
    expect(
      objects.map(({ object: { kind, name } }) => `${kind} ${name}`),
    ).toEqual(
      expect.arrayContaining([
        'VirtualService partner-orders',
        'DestinationRule orders',
      ]),
    );
    for (const { remedy } of objects) {
      expect(remedy).toBeTruthy();
    }
  });

  it('a host of a ServiceEntry has routes, and its overview blames nobody', async () => {
    const routes = envelopeSchema(routesViewSchema).parse(
      (await ask('bank', 'routes')).body,
    );
    expect(routes.view.services[0]).toMatchObject({
      service: { host: 'api.bank.example' },
      verdict: { state: 'pass' },
    });
    const overview = envelopeSchema(overviewViewSchema).parse(
      (await ask('bank', 'overview')).body,
    );
    expect(overview.view.state).not.toBe('fail');
    expect(overview.view.mtls.state).toBe('not-applicable');
  });

  it('the way of a request: through the canary, by header, and from a gateway', async () => {
    const answer = async (query: Record<string, string>) => {
      const { body } = await ask(
        'reviews',
        `request-path?${new URLSearchParams({
          client: PRODUCTPAGE,
          ...query,
        })}`,
      );
      return VIEWS['request-path'].parse(body).view.services[0];
    };
    const byDefault = await answer({});
    expect(byDefault.client.label).toBe('bookinfo/productpage-v1');
    expect(byDefault.verdict.state).toBe('pass');
    expect(byDefault.way.branches).toHaveLength(2);
    const qa = await answer({
      headers: 'end-user: qa',
      path: '/reviews/0',
    });
    expect(qa.way.branches.length).toBeLessThan(2);
    expect(JSON.stringify(qa.way)).toContain('Rule 1 (qa)');
    expect((await answer({ method: 'DELETE' })).verdict.state).toBe('fail');
  });

  it.each([
    ['port=0', 'port'],
    ['port=http', 'port'],
    ['method=get', 'method'],
    ['path=reviews', 'path'],
    ['headers=nocolon', 'headers'],
    ['client=nobody', 'client'],
    [`host=${'a'.repeat(300)}`, 'host'],
  ])('refuses %s, naming the parameter %s', async (query, parameter) => {
    const { status, body } = await ask('reviews', `request-path?${query}`);
    expect(status).toBe(400);
    expect(body.error.message).toContain(parameter);
  });
});
