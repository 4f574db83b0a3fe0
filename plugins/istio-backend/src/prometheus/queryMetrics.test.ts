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

import type { MetricsService } from '@backstage/backend-plugin-api/alpha';
import {
  CountedSource,
  refusal,
  services,
} from '../__testUtils__/CountedSource';
import { serviceWindow } from './catalogue';
import { queryMetrics } from './queryMetrics';

/** Keeps what is recorded, `name{attributes}` → values. */
function recordingMetrics() {
  const recorded = new Map<string, number[]>();
  const instrument = (name: string) => {
    const record = (value: number, attributes: object = {}) => {
      const key = `${name}${JSON.stringify(attributes)}`;
      recorded.set(key, [...(recorded.get(key) ?? []), value]);
    };
    return { add: record, record };
  };
  const metrics: Pick<MetricsService, 'createCounter' | 'createHistogram'> = {
    createCounter: instrument,
    createHistogram: instrument,
  };
  return { metrics: metrics as MetricsService, recorded };
}

describe('queryMetrics', () => {
  it('counts requests, rows, hits and what was too expensive', async () => {
    const { metrics, recorded } = recordingMetrics();
    const source = new CountedSource();
    const engine = source.engine({ observer: queryMetrics(metrics) });
    const ask = (count: number, window: '1h' | '5m') =>
      engine.ofSubjects(serviceWindow, services(count), { window });
    await ask(2, '1h');
    await ask(2, '1h');
    source.fault = () => refusal(422, 'too many samples');
    await ask(1, '5m').catch(() => undefined);
    const sum = (key: string) =>
      recorded.get(key)?.reduce((total, value) => total + value, 0);
    const template = '"template":"service-window"';
    expect(sum(`istio.prometheus.requests{${template},"outcome":"ok"}`)).toBe(
      1,
    );
    expect(
      sum(`istio.prometheus.requests{${template},"outcome":"too-expensive"}`),
    ).toBeGreaterThan(0);
    expect(sum(`istio.prometheus.rows{${template}}`)).toBe(2);
    expect(sum(`istio.prometheus.answers{${template},"origin":"source"}`)).toBe(
      2,
    );
    expect(sum(`istio.prometheus.answers{${template},"origin":"memory"}`)).toBe(
      2,
    );
  });
});
