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
  envelopeSchema,
  meshServicesViewSchema,
  myServicesViewSchema,
  signalsViewSchema,
  triageViewSchema,
} from '@mesh-portal/backstage-plugin-istio-common';
import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { mockServices } from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import { startDemoMesh, type DemoMesh } from '@mesh-portal/demo-mesh';
import { component, startPortal, type Portal } from './__testUtils__/portal';

jest.setTimeout(90_000);

function owned(
  name: string,
  service: string,
  owner: string,
  more: Record<string, string> = {},
): Entity {
  return {
    ...component(name, { 'backstage.io/istio-services': service, ...more }),
    relations: [{ type: 'ownedBy', targetRef: owner }],
  };
}

const BOOKS = 'group:default/books';
const PAYMENTS = 'group:default/payments';

describe('triage of the demo mesh’s incidents', () => {
  let mesh: DemoMesh;
  let portal: Portal;

  beforeAll(async () => {
    mesh = await startDemoMesh({ token: 'token' });
    portal = await startPortal({
      clusterUrl: mesh.kubernetesUrl,
      entities: [
        owned('reviews', 'bookinfo/reviews', BOOKS, {
          'backstage.io/istio-slo': '{"availability":"99.9"}',
        }),
        owned('details', 'bookinfo/details', BOOKS),
        owned('fraud-check', 'payments/fraud-check', PAYMENTS),
        owned('login', 'identity/login', 'group:default/accounts'),
        owned('nothing', 'bookinfo/nothing', BOOKS),
      ],
      istio: { prometheus: { url: mesh.prometheusUrl } },
      features: [
        createServiceFactory({
          service: coreServices.userInfo,
          deps: {},
          factory: () =>
            mockServices.userInfo({
              ownershipEntityRefs: ['user:default/guest', BOOKS, PAYMENTS],
            }),
        }),
      ],
    });
    await portal.settled();
  });
  afterAll(async () => {
    await portal.stop();
    await mesh.stop();
  });

  async function triageOf(name: string) {
    const { body } = await portal.get(
      `/v1/entities/component/default/${name}/triage`,
    );
    const { view } = envelopeSchema(triageViewSchema).parse(body);
    return view.services[0];
  }

  it('reviews: two callers, v3, 500, since its rollout', async () => {
    const { state, headline, since, changes, checks, cells } = await triageOf(
      'reviews',
    );
    expect(state).toBe('incident');
    expect(headline).toMatch(
      /^\d+ % of the extra errors: .*productpage-v1.* → reviews v3, 500, answered by the app$/,
    );
    const began = Date.parse(since?.at ?? '');
    expect(Math.abs(Date.now() - began - 42 * 60_000)).toBeLessThan(3 * 60_000);
    expect(changes[0]).toMatchObject({
      object: { kind: 'Deployment', name: 'reviews-v3' },
      relation: 'workload',
      by: 'argocd-controller',
    });
    expect(changes[0].fields.join()).toContain('rolled out');
    expect(checks.filter(({ outcome }) => outcome === 'points-here')).toEqual([
      expect.objectContaining({ check: 'version' }),
      expect.objectContaining({ check: 'configuration' }),
    ]);
    expect(cells.map(({ version }) => version)).toContain('v3');
  });

  it('fraud-check: what never arrives, by the breaker, and the DestinationRule that was changed', async () => {
    const { state, headline, changes, checks } = await triageOf('fraud-check');
    expect(state).toBe('incident');
    expect(headline).toContain('circuit breaker open or overflow');
    expect(checks[0]).toMatchObject({
      check: 'never-arrived',
      outcome: 'points-here',
    });
    expect(changes[0]).toMatchObject({
      object: { kind: 'DestinationRule', name: 'fraud-check' },
      relation: 'acts-on-service',
      by: 'kubectl-edit',
    });
  });

  it('details: calm, and says against what', async () => {
    const { state, headline, verdict, since } = await triageOf('details');
    expect(state).toBe('calm');
    expect(verdict.state).toBe('pass');
    expect(headline).toMatch(/^Nothing stands out against an? \w+ ago: /);
    expect(since).toBeUndefined();
  });

  it('shows the objective and its burn on the signals view', async () => {
    const { body } = await portal.get(
      '/v1/entities/component/default/reviews/signals',
    );
    const { view } = envelopeSchema(signalsViewSchema).parse(body);
    const { slo } = view.services[0];
    expect(slo?.origin).toBe('annotation');
    expect(slo?.state).toBe('page');
    expect(slo?.objectives[0].budget.coveredSeconds).toBeGreaterThan(
      7 * 86_400,
    );
    expect(slo?.objectives[0].budget.complete).toBe(false);
  });

  it('shows burn in the list of the mesh, default targets as such', async () => {
    const { body } = await portal.get('/v1/mesh/services');
    const { view } = envelopeSchema(meshServicesViewSchema).parse(body);
    const sloOf = (name: string) =>
      view.services.find(({ service }) => service.name === name)?.slo;
    expect(sloOf('reviews')).toMatchObject({
      state: 'page',
      origin: 'annotation',
      target: 99.9,
    });
    expect(sloOf('details')).toMatchObject({ origin: 'default', target: 99.5 });
  });

  it('lists the services the user owns, worst first, and nobody else’s', async () => {
    const { body } = await portal.get('/v1/mine/services');
    const { view } = envelopeSchema(myServicesViewSchema).parse(body);
    expect(
      view.services.map(({ service, state }) => [service.name, state]),
    ).toEqual([
      [expect.stringMatching(/reviews|fraud-check/), 'fail'],
      [expect.stringMatching(/reviews|fraud-check/), 'fail'],
      ['details', 'pass'],
    ]);
    expect(view.unresolved).toEqual([
      expect.objectContaining({ entityRef: 'component:default/nothing' }),
    ]);
    expect(view.latency).toBe('absent');
    expect(view.services[0].p95).toBeUndefined();
  });

  it('lists those of one group, with latency when it is asked for', async () => {
    const { body } = await portal.get(
      `/v1/mine/services?group=${encodeURIComponent(PAYMENTS)}&latency=true`,
    );
    const { view } = envelopeSchema(myServicesViewSchema).parse(body);
    expect(view.services.map(({ service }) => service.name)).toEqual([
      'fraud-check',
    ]);
    expect(view.services[0].p95).toBeGreaterThan(0);
  });

  it('has nothing for a group that the user is not in', async () => {
    const { body } = await portal.get(
      `/v1/mine/services?group=${encodeURIComponent('group:default/accounts')}`,
    );
    const { view } = envelopeSchema(myServicesViewSchema).parse(body);
    expect(view.services).toEqual([]);
  });
});
