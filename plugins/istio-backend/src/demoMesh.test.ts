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
  authorizationViewSchema,
  envelopeSchema,
  overviewViewSchema,
  routesViewSchema,
  signalsViewSchema,
} from '@mesh-portal/backstage-plugin-istio-common';
import { component, startPortal, type Portal } from './__testUtils__/portal';

jest.setTimeout(90_000);

describe('the portal in front of the demo mesh', () => {
  let mesh: DemoMesh;
  let portal: Portal;
  beforeAll(async () => {
    mesh = await startDemoMesh({
      token: 'token',
      forbiddenKinds: ['nodes'],
      absentGroups: ['extensions.istio.io'],
    });
    portal = await startPortal({
      clusterUrl: mesh.kubernetesUrl,
      entities: [
        component('ratings', {
          'backstage.io/kubernetes-label-selector': 'app=ratings',
          'backstage.io/kubernetes-namespace': 'bookinfo',
        }),
        component('stock', {
          'backstage.io/istio-services': 'inventory/stock',
        }),
      ],
      istio: { prometheus: { url: mesh.prometheusUrl } },
    });
    await portal.settled();
  });
  afterAll(async () => {
    await portal.stop();
    await mesh.stop();
  });

  it('names the fault that was left on, and says the rest is well', async () => {
    const { body } = await portal.get(
      '/v1/entities/component/default/ratings/overview',
    );
    const { view, observed } = envelopeSchema(overviewViewSchema).parse(body);
    expect(observed?.state).toBe('available');
    expect(view.state).toBe('fail');
    expect(view.routes.reason).toContain('injected on purpose');
    expect(view.routes.facts[0].object.kind).toBe('VirtualService');
    expect(view.membership.state).toBe('pass');
    expect(view.mtls.state).toBe('pass');
  });

  it('counts no version for a subset that does not exist', async () => {
    const { body } = await portal.get(
      '/v1/entities/component/default/stock/routes',
    );
    const { view } = envelopeSchema(routesViewSchema).parse(body);
    const destinations = view.services[0].ports
      .flatMap(({ rules }) => rules)
      .flatMap(rule => rule.destinations);
    expect(
      destinations.map(({ subset, verdict, observed }) => [
        subset,
        verdict.state,
        observed?.state,
        observed?.share !== undefined,
      ]),
    ).toEqual([
      ['v1', 'pass', 'not-comparable', true],
      ['v2', 'fail', 'no-data', false],
    ]);
  });

  it('shows a service without policy as open: neither green nor red', async () => {
    const { body } = await portal.get(
      '/v1/entities/component/default/stock/authorization',
    );
    const { view } = envelopeSchema(authorizationViewSchema).parse(body);
    expect(
      view.workloads.map(({ posture, verdict }) => [posture, verdict.state]),
    ).toEqual([['open', 'not-applicable']]);
    expect(view.verdict.state).toBe('not-applicable');
  });

  it('counts traffic with latency and the window before', async () => {
    const { body } = await portal.get(
      '/v1/entities/component/default/ratings/signals',
    );
    const { view } = envelopeSchema(signalsViewSchema).parse(body);
    const [service] = view.services;
    expect(service.state).toBe('traffic');
    expect(service.current.requestsPerSecond).toBeGreaterThan(0);
    expect(service.current.latency?.p95).toBeGreaterThan(0);
    expect(service.previous?.requestsPerSecond).toBeGreaterThan(0);
    expect(service.series.length).toBeGreaterThan(30);
  });

  it('tells missing rights and missing kinds apart', async () => {
    const { body } = await portal.get('/v1/health');
    const missing = Object.fromEntries(
      body.clusters[0].missingKinds.map(
        ({ kind, reason }: { kind: string; reason: string }) => [kind, reason],
      ),
    );
    expect(missing).toEqual({
      Node: 'forbidden',
      WasmPlugin: 'absent',
      TrafficExtension: 'absent',
    });
  });
});
