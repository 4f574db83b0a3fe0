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
  authorizationViewSchema,
  envelopeSchema,
  healthSchema,
  meshServicesViewSchema,
  mtlsViewSchema,
  overviewViewSchema,
  routesViewSchema,
  signalsViewSchema,
  triageViewSchema,
} from '@mesh-portal/backstage-plugin-istio-common';
import { bookinfo, istioObject } from './__testUtils__/bookinfo';
import { eventually } from './__testUtils__/eventually';
import { answerStatus, FakeCluster } from './__testUtils__/FakeCluster';
import {
  FakePrometheus,
  reviewsRequests,
} from './__testUtils__/FakePrometheus';
import { component, startPortal, type Portal } from './__testUtils__/portal';

jest.setTimeout(60_000);

const REVIEWS = '/v1/entities/component/default/reviews';

const VIEWS = {
  overview: envelopeSchema(overviewViewSchema),
  mtls: envelopeSchema(mtlsViewSchema),
  routes: envelopeSchema(routesViewSchema),
  authorization: envelopeSchema(authorizationViewSchema),
  signals: envelopeSchema(signalsViewSchema),
};

const entities = [
  component('reviews', { 'backstage.io/istio-services': 'bookinfo/reviews' }),
  component('by-id', { 'backstage.io/kubernetes-id': 'reviews' }),
  component('by-selector', {
    'backstage.io/kubernetes-label-selector': 'app=reviews,version in (v2)',
    'backstage.io/kubernetes-namespace': 'bookinfo',
  }),
  component('productpage', {
    'backstage.io/istio-services': 'bookinfo/productpage',
  }),
  component('plain', {}),
  component('wrong', { 'backstage.io/istio-services': 'Book Info' }),
  component('gone', { 'backstage.io/istio-services': 'bookinfo/nothing' }),
];

describe('the portal in front of a cluster and a Prometheus', () => {
  let cluster: FakeCluster;
  let prometheus: FakePrometheus;
  let portal: Portal;

  beforeAll(async () => {
    cluster = await FakeCluster.start();
    prometheus = await FakePrometheus.start();
    prometheus.series = [
      reviewsRequests('v1', '9'),
      reviewsRequests('v2', '1'),
      reviewsRequests('v1', '9', { reporter: 'source' }),
      reviewsRequests('v2', '1', { reporter: 'source' }),
      reviewsRequests('v1', '9', { part: 'latency', le: '10' }),
      reviewsRequests('v1', '9', { part: 'latency', le: '+Inf' }),
    ];
    bookinfo().forEach(object => cluster.put(object));
    portal = await startPortal({
      clusterUrl: cluster.url,
      entities,
      istio: { prometheus: { url: prometheus.url } },
    });
    await portal.settled();
  });
  afterAll(async () => {
    await portal.stop();
    await cluster.stop();
    await prometheus.stop();
  });

  it('asks Prometheus at most four times for a page with all five views', async () => {
    const before = prometheus.asked.length;
    const answers = await Promise.all(
      Object.keys(VIEWS).map(view => portal.get(`${REVIEWS}/${view}`)),
    );
    expect(answers.map(({ status }) => status)).toEqual([
      200, 200, 200, 200, 200,
    ]);
    const asked = prometheus.asked.length - before;
    expect(asked).toBeGreaterThan(0);
    expect(asked).toBeLessThanOrEqual(4);
  });

  it('asks Prometheus at most twice for triage, and nothing more for the page', async () => {
    const before = prometheus.asked.length;
    const { body } = await portal.get(`${REVIEWS}/triage`);
    const { view } = envelopeSchema(triageViewSchema).strict().parse(body);
    expect(view.services[0].state).toBe('unknown');
    expect(prometheus.asked.length - before).toBeLessThanOrEqual(2);
  });

  it.each(Object.entries(VIEWS))(
    'answers %s as the contract says',
    async (view, schema) => {
      const { status, body } = await portal.get(`${REVIEWS}/${view}`);
      expect(status).toBe(200);
      expect(schema.strict().safeParse(body).error).toBeUndefined();
    },
  );

  it('answers health and the services of the mesh as the contract says', async () => {
    const health = await portal.get('/v1/health');
    expect(healthSchema.safeParse(health.body).error).toBeUndefined();
    const services = await portal.get('/v1/mesh/services');
    const parsed = envelopeSchema(meshServicesViewSchema).safeParse(
      services.body,
    );
    expect(parsed.error).toBeUndefined();
    expect(
      parsed.data?.view.services.map(({ service }) => service.name).sort(),
    ).toEqual(['productpage', 'reviews']);
  });

  it('says that STRICT mTLS encrypts, and which policy decided', async () => {
    const { body } = await portal.get(`${REVIEWS}/mtls`);
    const [service] = body.view.services;
    expect(service.verdict.reason).toBe(
      'Encrypted: only mutual TLS is accepted (STRICT)',
    );
    expect(service.verdict.state).toBe('pass');
    expect(service.ports[0].serverMode).toBe('STRICT');
    expect(service.ports[0].serverModeBy.object).toEqual({
      group: 'security.istio.io',
      kind: 'PeerAuthentication',
      namespace: 'bookinfo',
      name: 'default',
    });
    expect(service.observed.mutualTlsShare).toBe(1);
  });

  it('shows configured and observed weights side by side', async () => {
    const { body } = await portal.get(`${REVIEWS}/routes`);
    const [rule] = body.view.services[0].ports[0].rules;
    expect(
      rule.destinations.map(
        ({ subset, configuredWeight, observed }: Record<string, object>) => ({
          subset,
          configuredWeight,
          observed,
        }),
      ),
    ).toEqual([
      {
        subset: 'v1',
        configuredWeight: 90,
        observed: expect.objectContaining({
          share: 0.9,
          state: 'as-configured',
        }),
      },
      {
        subset: 'v2',
        configuredWeight: 10,
        observed: expect.objectContaining({
          share: 0.1,
          state: 'as-configured',
        }),
      },
    ]);
    expect(body.view.services[0].verdict.state).toBe('pass');
  });

  it('names the entity of a caller', async () => {
    const entityRef = 'component:default/productpage';
    const seen = { namespace: 'bookinfo', workload: 'productpage-v1' };
    const signals = await portal.get(`${REVIEWS}/signals`);
    expect(signals.body.view.services[0].byCaller).toEqual([
      expect.objectContaining({ ...seen, entityRef }),
    ]);
    const authorization = await portal.get(`${REVIEWS}/authorization`);
    expect(
      authorization.body.view.workloads[0].callers[0].caller,
    ).toMatchObject({ ...seen, entityRef });
  });

  it('gives the routes of a named caller, and refuses a caller that does not exist', async () => {
    const id = 'bookinfo/Deployment/productpage-v1';
    const known = await portal.get(
      `${REVIEWS}/routes?client=${encodeURIComponent(id)}`,
    );
    expect(known.body.view.services[0].client.id).toBe(id);
    const unknown = await portal.get(`${REVIEWS}/routes?client=nobody`);
    expect(unknown.status).toBe(400);
    expect(unknown.body.error.message).toContain('client');
  });

  it('finds the service by the label of the Kubernetes plugin and by a selector', async () => {
    for (const name of ['by-id', 'by-selector']) {
      const { body } = await portal.get(
        `/v1/entities/component/default/${name}/overview`,
      );
      expect(body.resolution.state).toBe('resolved');
      expect(body.resolution.services).toEqual([
        expect.objectContaining({ namespace: 'bookinfo', name: 'reviews' }),
      ]);
    }
  });

  it.each([
    ['plain', 'unannotated', 'backstage.io/kubernetes-id'],
    ['wrong', 'invalid-annotation', 'backstage.io/istio-services'],
    ['gone', 'no-match', 'backstage.io/istio-services'],
  ])(
    'says of the entity %s that it is %s and what to write',
    async (name, state, remedy) => {
      const { status, body } = await portal.get(
        `/v1/entities/component/default/${name}/overview`,
      );
      expect(status).toBe(200);
      expect(body.resolution.state).toBe(state);
      expect(body.resolution.remedy).toContain(remedy);
      expect(body.view.state).not.toBe('pass');
    },
  );

  it('answers 404 for an entity that does not exist and 400 for a bad window', async () => {
    const missing = await portal.get(
      '/v1/entities/component/default/nowhere/mtls',
    );
    expect(missing.status).toBe(404);
    const bad = await portal.get(`${REVIEWS}/signals?window=2h`);
    expect(bad.status).toBe(400);
    expect(bad.body.error.message).toContain('window');
  });

  it('serves the OpenAPI document', async () => {
    const { body } = await portal.get('/openapi.json');
    expect(body.openapi).toBe('3.1.0');
    expect(Object.keys(body.paths)).toContain(
      '/v1/entities/{kind}/{namespace}/{name}/routes',
    );
  });

  it('shows a change within moments: a subset that selects nothing fails, and the object is named', async () => {
    const change = istioObject('networking', 'VirtualService', 'reviews', {
      hosts: ['reviews'],
      http: [{ route: [{ destination: { host: 'reviews', subset: 'v9' } }] }],
    });
    cluster.put(change);
    const { body } = await eventually(
      () => portal.get(`${REVIEWS}/routes`),
      answer => answer.body.view.services[0].verdict.state === 'fail',
    );
    const [service] = body.view.services;
    expect(service.verdict.reason).toContain('v9');
    expect(service.ports[0].ownedBy.object.name).toBe('reviews');
  });

  it('names the path of a malformed VirtualService', async () => {
    cluster.put(
      istioObject('networking', 'VirtualService', 'reviews', {
        hosts: ['reviews'],
        http: 'everything',
      }),
    );
    const { body } = await eventually(
      () => portal.get(`${REVIEWS}/routes`),
      answer =>
        answer.body.view.services[0].verdict.reason.includes('malformed'),
    );
    expect(body.view.services[0].verdict.state).toBe('fail');
    expect(body.view.services[0].verdict.reason).toContain('spec.http');
  });

  it('says that a deny-all refuses the caller that was seen', async () => {
    cluster.put(istioObject('security', 'AuthorizationPolicy', 'deny-all', {}));
    const { body } = await eventually(
      () => portal.get(`${REVIEWS}/authorization`),
      answer => answer.body.view.verdict.state === 'fail',
    );
    const [workload] = body.view.workloads;
    expect(workload.posture).toBe('deny-all');
    expect(workload.callers[0]).toMatchObject({
      caller: { namespace: 'bookinfo', workload: 'productpage-v1' },
      decision: 'deny',
    });
    expect(workload.policies[0].object.name).toBe('deny-all');
  });

  it('keeps all configuration when Prometheus answers a web page', async () => {
    prometheus.fault = response => response.end('<html>sign in</html>');
    const { status, body } = await portal.get(`${REVIEWS}/signals?window=15m`);
    prometheus.fault = undefined;
    expect(status).toBe(200);
    // The containers were asked about a moment ago; what the services did in this window, never.
    expect(body.observed.state).toBe('partial');
    expect(body.observed.partial.join('\n')).toContain('HTML page');
    expect(body.view.services[0].state).toBe('unknown');
    expect(body.view.services[0].verdict.state).toBe('unknown');
  });
});

describe('a cluster that refuses', () => {
  let cluster: FakeCluster;
  let portal: Portal | undefined;
  beforeEach(async () => {
    cluster = await FakeCluster.start();
    bookinfo().forEach(object => cluster.put(object));
  });
  afterEach(async () => {
    await portal?.stop();
    await cluster.stop();
  });

  it('401: says that the credentials are refused, and nothing is green', async () => {
    cluster.fault = (_request, response) =>
      answerStatus(response, 401, 'Unauthorized');
    portal = await startPortal({ clusterUrl: cluster.url, entities });
    await portal.settled('unauthorized');
    const { body } = await portal.get(`${REVIEWS}/overview`);
    expect(body.clusters[0].message).toContain('token');
    expect(body.view.state).toBe('unknown');
    expect(body.resolution.state).toBe('unknown');
    expect(body.snapshot.stale).toBe(true);
    expect(body.snapshot).not.toHaveProperty('ageSeconds');
  });

  it('403 for one kind: that answer is unknown, the others stand', async () => {
    cluster.fault = (request, response) =>
      request.url?.includes('peerauthentications') === true &&
      answerStatus(response, 403, 'peerauthentications is forbidden');
    portal = await startPortal({
      clusterUrl: cluster.url,
      entities,
      istio: { prometheus: { enabled: false } },
    });
    await portal.settled();
    const { body } = await portal.get(`${REVIEWS}/overview`);
    expect(body.clusters[0].missingKinds).toContainEqual(
      expect.objectContaining({
        kind: 'PeerAuthentication',
        reason: 'forbidden',
      }),
    );
    expect(body.view.mtls.state).toBe('unknown');
    expect(body.view.mtls.reason).toContain('PeerAuthentication');
    expect(body.view.membership.state).toBe('pass');
    expect(body.observed.state).toBe('not-configured');
  });

  it('without Prometheus: mTLS and authorization say in words why no caller is named', async () => {
    portal = await startPortal({
      clusterUrl: cluster.url,
      entities,
      istio: { prometheus: { enabled: false } },
    });
    await portal.settled();
    const mtls = await portal.get(`${REVIEWS}/mtls`);
    expect(mtls.body.view.services[0].observed).toEqual({
      callers: [],
      reason: 'Prometheus is switched off: istio.prometheus.enabled is false',
    });
    const authorization = await portal.get(`${REVIEWS}/authorization`);
    expect(authorization.body.view.workloads[0].callers).toEqual([]);
    expect(authorization.body.view).not.toHaveProperty('refusedPerSecond');
    expect(authorization.body.observed).toMatchObject({
      state: 'not-configured',
      message: 'Prometheus is switched off: istio.prometheus.enabled is false',
    });
  });
});
