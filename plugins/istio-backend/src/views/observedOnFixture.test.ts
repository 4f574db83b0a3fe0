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

import { meshedClientOf } from '@mesh-portal/mesh-model';
import { entityInYaml } from '../__testUtils__/meshYaml';
import {
  CHECKOUT,
  describeWithGoldenSignals,
  END,
  startGoldenSignals,
} from '../__testUtils__/goldenSignals';
import type { RealPrometheus } from '../__testUtils__/RealPrometheus';
import { engineOf } from '../__testUtils__/signalsFrom';
import { entityAnswers } from '../prometheus';
import { servicesOf } from './entityInput';
import { mtlsObserved } from './mtlsObserved';
import { splitObservation } from './observedSplit';

const MESH = `
apiVersion: v1
kind: Service
metadata: { name: checkout, namespace: shop }
spec:
  selector: { app: checkout }
  ports: [{ name: http, port: 80 }]
`;

describeWithGoldenSignals('observed beside configured, on the fixture', () => {
  let prometheus: RealPrometheus;
  beforeAll(async () => {
    prometheus = await startGoldenSignals();
  }, 60_000);
  afterAll(() => prometheus?.stop());

  async function checkout() {
    const answers = await entityAnswers(
      { queries: engineOf(prometheus.url, END) },
      [CHECKOUT],
      [],
      '5m',
    );
    const input = entityInYaml(MESH, {
      services: 'shop/checkout',
      observation: { state: 'available', answers, problems: [] },
    });
    return servicesOf(input)[0];
  }

  it('3.77 % of requests are plaintext, as the server saw it', async () => {
    const observed = mtlsObserved(await checkout());
    expect(1 - (observed?.mutualTlsShare ?? 0)).toBeCloseTo(0.0377, 4);
    expect(observed?.plaintextPerSecond).toBeCloseTo(4.5, 6);
    expect(
      observed?.callers.map(({ workload, requestsPerSecond }) => [
        workload,
        Number(requestsPerSecond?.toFixed(3)),
      ]),
    ).toEqual([
      ['web', 94.85],
      ['cart', 20],
      ['unknown', 4.5],
    ]);
  });

  it('19.95 % reach v2, as clients sent it; what reached no pod has no version', async () => {
    const service = await checkout();
    const split = splitObservation(
      service,
      meshedClientOf(service.cluster.snapshot, 'shop'),
    );
    const v2 = split?.byVersion.get('v2') ?? 0;
    const all = [...(split?.byVersion.values() ?? [])].reduce(
      (sum, rate) => sum + rate,
      0,
    );
    expect(all).toBeCloseTo(115.3, 6);
    expect(v2 / all).toBeCloseTo(0.1995, 4);
  });
});
