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

import { type DemoMesh, startDemoMesh } from '..';

const START = Date.UTC(2026, 5, 1, 12);

describe('calls that leave the cluster', () => {
  let mesh: DemoMesh;
  let clock = START;

  beforeAll(async () => {
    mesh = await startDemoMesh({ now: () => clock });
  });
  afterAll(() => mesh.stop());

  /** Names by which the proxies count requests to a host, with the code they saw. */
  async function namesOf(host: string): Promise<string[]> {
    const query = `sum by (destination_service_name, destination_service_namespace, response_code, reporter) (rate(istio_requests_total{destination_service="${host}"}[5m])) > 0`;
    const answer = await fetch(
      `${mesh.prometheusUrl}/api/v1/query?${new URLSearchParams({
        query,
        time: String(clock / 1000),
      })}`,
    );
    const { data } = await answer.json();
    return data.result.map(
      ({ metric }: { metric: Record<string, string> }) =>
        `${metric.reporter} ${metric.destination_service_namespace}/${metric.destination_service_name} ${metric.response_code}`,
    );
  }

  it('go to the name of the ServiceEntry that registers the host', async () => {
    expect(await namesOf('api.bank.example')).toEqual([
      'source payments/api.bank.example 200',
    ]);
  });

  it('are refused where the Sidecar lets nothing else out', async () => {
    expect(await namesOf('rates.example.net')).toEqual([
      'source unknown/BlackHoleCluster 502',
    ]);
  });

  it('leave without a name where nothing forbids it', async () => {
    expect(await namesOf('parcels.example.org')).toEqual([
      'source unknown/PassthroughCluster 200',
    ]);
  });

  it('follow the live objects: without the Sidecar nothing is refused', async () => {
    const deleted = await fetch(
      `${mesh.kubernetesUrl}/apis/networking.istio.io/v1/namespaces/payments/sidecars/default`,
      { method: 'DELETE' },
    );
    expect(deleted.status).toBe(200);
    clock += 10 * 60_000;
    expect(await namesOf('rates.example.net')).toEqual([
      'source unknown/PassthroughCluster 200',
    ]);
  });
});
