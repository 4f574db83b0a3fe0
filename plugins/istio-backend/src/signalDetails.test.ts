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
import {
  envelopeSchema,
  signalsViewSchema,
} from '@mesh-portal/backstage-plugin-istio-common';
import { eventually } from './__testUtils__/eventually';
import { component, startPortal, type Portal } from './__testUtils__/portal';

jest.setTimeout(90_000);

/** A portal that asks the demo mesh by its address, or through the API server. */
describe.each(['url', 'service proxy'])('signals in full, by %s', way => {
  let mesh: DemoMesh;
  let portal: Portal;
  beforeAll(async () => {
    mesh = await startDemoMesh({ token: 'token' });
    portal = await startPortal({
      clusterUrl: mesh.kubernetesUrl,
      entities: ['reviews', 'ledger'].map(name =>
        component(name, {
          'backstage.io/istio-services': `${
            name === 'ledger' ? 'payments' : 'bookinfo'
          }/${name}`,
        }),
      ),
      istio: way === 'url' ? { prometheus: { url: mesh.prometheusUrl } } : {},
    });
    await portal.settled();
  });
  afterAll(async () => {
    await portal.stop();
    await mesh.stop();
  });

  async function signals(entity: string, query: string) {
    // A busy machine may need longer than a page waits; then a later look finds the answer.
    const body = await eventually(
      async () => {
        const answer = await portal.get(
          `/v1/entities/component/default/${entity}/signals?${query}`,
        );
        expect(answer.status).toBe(200);
        return answer.body;
      },
      ({ observed }) => observed.state === 'available',
      60_000,
    );
    const { view, observed } = envelopeSchema(signalsViewSchema)
      .strict()
      .parse(body);
    expect(observed?.partial).toEqual([]);
    return view.services[0];
  }

  it('leaves the details out unless they are asked for', async () => {
    const service = await signals('reviews', 'window=1h');
    expect(service.details).toBeUndefined();
    expect(service.current.requestsPerSecond).toBeGreaterThan(0);
    expect(service.current.latency?.p95).toBeGreaterThan(0);
    expect(service.saturation.containers.length).toBeGreaterThan(0);
  });

  it('has the past, and what a caller exports of its clusters', async () => {
    const { details } = await signals('reviews', 'window=1h&details=true');
    expect(details?.baselines.map(({ state }) => state)).toEqual([
      'available',
      'available',
      'available',
    ]);
    expect(details?.upstream.state).toBe('partly');
    expect(
      new Set(details?.upstream.clients.map(({ workload }) => workload)),
    ).toEqual(new Set(['productpage-v1']));
    expect(details?.upstream.reason).toContain('Not exported by');
    expect(details?.upstream.remedy?.lines).toContain('proxyStatsMatcher');
  });

  it('has the lines to add where no caller exports anything', async () => {
    const { details } = await signals('ledger', 'window=1h&details=true');
    expect(details?.upstream).toMatchObject({
      state: 'not-exported',
      clients: [],
    });
  });

  it('refuses other values, and names the parameter', async () => {
    const { status, body } = await portal.get(
      '/v1/entities/component/default/reviews/signals?details=maybe',
    );
    expect(status).toBe(400);
    expect(JSON.stringify(body)).toContain('details');
  });
});
