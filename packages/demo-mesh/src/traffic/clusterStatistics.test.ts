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

import { type DemoMesh, startDemoMesh } from '../startDemoMesh';

const NOW = Date.UTC(2026, 0, 10, 12);

describe('statistics of clusters', () => {
  let mesh: DemoMesh;
  beforeAll(async () => {
    mesh = await startDemoMesh({ now: () => NOW });
  });
  afterAll(() => mesh.stop());

  async function rows(query: string) {
    const form = new URLSearchParams({ query, time: String(NOW / 1000) });
    const response = await fetch(`${mesh.prometheusUrl}/api/v1/query?${form}`);
    const { data } = await response.json();
    const result: {
      metric: Record<string, string>;
      value: [number, string];
    }[] = data.result;
    return result.map(({ metric, value }) => ({
      ...metric,
      value: Number(value[1]),
    }));
  }

  const REVIEWS =
    'cluster_name="outbound|9080||reviews.bookinfo.svc.cluster.local"';

  it('are exported by the proxies that are told to, and by no other', async () => {
    const pods = await rows(
      'count by (namespace, pod) (envoy_cluster_upstream_rq_total)',
    );
    expect(pods.length).toBeGreaterThan(0);
    for (const row of pods) {
      expect(row).toMatchObject({
        namespace: 'bookinfo',
        pod: expect.stringMatching(/^productpage-/),
      });
    }
  });

  it('count the requests that the standard metrics count', async () => {
    const [envoy] = await rows(
      `sum(rate(envoy_cluster_upstream_rq_total{${REVIEWS}}[5m]))`,
    );
    const [istio] = await rows(
      'sum(rate(istio_requests_total{reporter="source",source_workload=~"productpage.*",destination_service_name="reviews",destination_workload!="unknown"}[5m]))',
    );
    expect(envoy.value).toBeGreaterThan(0);
    expect(envoy.value / istio.value).toBeCloseTo(1, 2);
  });

  it('begin at nothing: an idle counter is there', async () => {
    const [ejections] = await rows(
      `sum(envoy_cluster_outlier_detection_ejections_enforced_total{${REVIEWS}})`,
    );
    expect(ejections.value).toBe(0);
    const [members] = await rows(
      `max(envoy_cluster_membership_total{${REVIEWS}})`,
    );
    expect(members.value).toBeGreaterThan(0);
  });
});
