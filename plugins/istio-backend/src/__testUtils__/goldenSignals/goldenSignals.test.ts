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

import type { RealPrometheus } from '../RealPrometheus';
import { describeWithGoldenSignals, END, startGoldenSignals } from '.';

describeWithGoldenSignals('the fixture in a real Prometheus', () => {
  let prometheus: RealPrometheus;

  beforeAll(async () => {
    prometheus = await startGoldenSignals();
  }, 60_000);
  afterAll(() => prometheus?.stop());

  async function value(query: string): Promise<number> {
    const form = new URLSearchParams({ query, time: String(END) });
    const response = await fetch(`${prometheus.url}/api/v1/query`, {
      method: 'POST',
      body: form,
    });
    const { data, error } = await response.json();
    if (!data) throw new Error(error);
    const { result } = data;
    return result.length === 1 ? Number(result[0].value[1]) : NaN;
  }

  const OF = 'destination_service_namespace="shop",destination_service_name';
  const ALL = `istio_requests_total{reporter="destination",${OF}="checkout"`;
  const BAD = `${ALL},response_code=~"5.."`;
  const ratio = (part: string, window: string) =>
    `sum(rate(${part}}[${window}])) / sum(rate(${ALL}}[${window}]))`;

  it.each([
    ['rate at the server', `sum(rate(${ALL}}[5m]))`, 119.35],
    [
      'the naive sum over reporters',
      `sum(rate(istio_requests_total{${OF}="checkout"}[5m]))`,
      235.35,
    ],
    ['5xx', ratio(BAD, '5m'), 0.04189],
    [
      'plaintext',
      ratio(`${ALL},connection_security_policy!="mutual_tls"`, '5m'),
      0.0377,
    ],
    [
      'p95',
      `histogram_quantile(0.95, sum by (le) (rate(istio_request_duration_milliseconds_bucket{reporter="destination",${OF}="checkout"}[5m])))`,
      442.7,
    ],
    ['errors over 30m', ratio(BAD, '30m'), 0.0419],
    ['errors over 1h', ratio(BAD, '1h'), 0.0259],
    ['errors over 6h', ratio(BAD, '6h'), 0.0123],
    ['errors an hour ago', `sum(rate(${BAD}}[5m] offset 1h))`, 1.1],
    [
      'v2 at the server',
      ratio(`${ALL},destination_canonical_revision="v2"`, '5m'),
      0.1927,
    ],
    ['a day ago', `sum(rate(${ALL}}[5m] offset 1d))`, 100],
    ['a week ago', `sum(rate(${ALL}}[1h] offset 1w))`, 90],
    [
      'a restart',
      `sum(rate(istio_requests_total{${OF}="resetter"}[5m]))`,
      8.85,
    ],
    [
      'an idle service',
      `sum(rate(istio_requests_total{${OF}="wishlist"}[5m]))`,
      0,
    ],
    [
      'a newborn series',
      `sum(rate(istio_requests_total{${OF}="ledger",response_code="503"}[5m]))`,
      0,
    ],
  ])('%s', async (_, query, wanted) => {
    const digits = wanted >= 1 ? 2 : 4;
    expect(await value(query)).toBeCloseTo(wanted, wanted > 400 ? 1 : digits);
  });

  it.each(['ghost', 'legacy'])('no sample of %s', async service => {
    expect(
      await value(`sum(istio_requests_total{${OF}="${service}"})`),
    ).toBeNaN();
  });
});
