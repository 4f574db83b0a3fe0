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

import { type DemoMesh, startDemoMesh } from '.';
import { eventually } from './testing/eventually';

const START = Date.UTC(2026, 5, 1, 12);

describe('the demo mesh as a whole', () => {
  let mesh: DemoMesh;
  let clock = START;

  beforeAll(async () => {
    mesh = await startDemoMesh({ now: () => clock });
  });

  afterAll(() => mesh.stop());

  async function rate(matchers: string, base = mesh.prometheusUrl) {
    const query = `sum(rate(istio_requests_total{reporter="destination",destination_service_name="reviews",${matchers}}[5m]))`;
    const answer = await fetch(
      `${base}/api/v1/query?${new URLSearchParams({
        query,
        time: String(clock / 1000),
      })}`,
    );
    const { data } = await answer.json();
    return Number(data.result[0]?.value[1] ?? 0);
  }

  it('answers the same at its own address and through the API server', async () => {
    const direct = await rate('response_code="200"');
    expect(direct).toBeGreaterThan(1);
    expect(
      await rate(
        'response_code="200"',
        `${mesh.kubernetesUrl}/api/v1/namespaces/istio-system/services/prometheus:9090/proxy`,
      ),
    ).toBe(direct);
  });

  it('lets a policy that denies everything refuse everything from then on', async () => {
    expect(await rate('response_code="403"')).toBe(0);
    const created = await fetch(
      `${mesh.kubernetesUrl}/apis/security.istio.io/v1/namespaces/bookinfo/authorizationpolicies`,
      {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          apiVersion: 'security.istio.io/v1',
          kind: 'AuthorizationPolicy',
          metadata: { name: 'deny-everything', namespace: 'bookinfo' },
          spec: { action: 'DENY', rules: [{}] },
        }),
      },
    );
    expect(created.status).toBe(201);
    clock += 10 * 60_000;
    expect(await rate('response_code="403"')).toBeGreaterThan(1);
    expect(await rate('response_code="200"')).toBe(0);
  });

  it('has pods that were not restarted since an upgrade, until somebody restarts them', async () => {
    const pods = `${mesh.kubernetesUrl}/api/v1/namespaces/identity/pods?labelSelector=app%3Dtoken`;
    const images = async () => {
      const answer = await fetch(pods);
      const { items } = await answer.json();
      return items.map(
        (pod: { spec: { initContainers: { image: string }[] } }) =>
          pod.spec.initContainers[0].image,
      );
    };
    expect(new Set(await images())).toEqual(
      new Set(['docker.io/istio/proxyv2:1.29.4']),
    );
    await fetch(
      `${mesh.kubernetesUrl}/apis/apps/v1/namespaces/identity/deployments/token`,
      {
        method: 'PATCH',
        headers: { 'content-type': 'application/merge-patch+json' },
        body: JSON.stringify({
          spec: {
            template: {
              metadata: {
                annotations: {
                  'kubectl.kubernetes.io/restartedAt': '2026-06-01T12:00:00Z',
                },
              },
            },
          },
        }),
      },
    );
    const after = await eventually(
      async () => new Set(await images()),
      found => !found.has('docker.io/istio/proxyv2:1.29.4'),
    );
    expect(after).toEqual(new Set(['docker.io/istio/proxyv2:1.30.1']));
  });
});
