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
  type CachedResult,
  PrometheusError,
  type PrometheusSource,
  type Series,
  type TemplateParameters,
} from '../prometheus';
import { SloReader } from './SloReader';
import type { SloDefinition } from './sloDefinition';

const CHECKOUT = { namespace: 'shop', name: 'checkout' };
const SLO: SloDefinition = {
  origin: 'annotation',
  originWords: 'annotation',
  availability: 99.9,
  periodDays: 30,
  view: 'server',
  exclude: [],
};

function row(part: string, value: number, more: object = {}): Series {
  return {
    labels: {
      part,
      reporter: 'destination',
      destination_service_namespace: 'shop',
      destination_service_name: 'checkout',
      response_code: '200',
      ...more,
    },
    samples: [{ at: 0, value }],
  };
}

class FakeSource {
  clock = Date.UTC(2026, 2, 1);
  readonly asked: TemplateParameters[] = [];
  series: Series[] = [row('all5m', 10), row('all3d', 10), row('allPeriod', 10)];
  warnings: string[] = [];
  fault: PrometheusError | undefined;

  readonly source: PrometheusSource = {
    explicit: true,
    queries: {
      name: 'fake',
      lastError: undefined,
      ofSource: () => Promise.reject(new Error('not asked')),
      ofSubjects: async (_template, _subjects, parameters) => {
        this.asked.push(parameters);
        if (this.fault) throw this.fault;
        const result: CachedResult = {
          series: this.series,
          warnings: this.warnings,
          evaluatedAt: this.clock / 1000,
        };
        return { ...result, missing: new Map() };
      },
    },
  };

  readonly reader = new SloReader(() => this.clock);

  read(slo: SloDefinition = SLO) {
    return this.reader.read(this.source, CHECKOUT, slo);
  }
}

describe('reading the numbers of an objective', () => {
  it('costs one request at first', async () => {
    const fake = new FakeSource();
    await fake.read();
    expect(fake.asked).toEqual([{ periodDays: 30 }]);
  });

  it('asks for the short windows beside the long ones that are known, for ten minutes', async () => {
    const fake = new FakeSource();
    await fake.read();
    fake.clock += 60_000;
    await fake.read();
    // The engine holds the long ones: only the first of these is a request.
    expect(fake.asked.slice(1)).toEqual([{}, { periodDays: 30 }]);
    fake.clock += 600_000;
    await fake.read();
    expect(fake.asked.slice(3)).toEqual([{ periodDays: 30 }]);
  });

  it('reads the long windows from recorded series once they cover as much', async () => {
    const fake = new FakeSource();
    fake.series = [
      ...fake.series,
      row('covered', 720),
      row('recordedHours', 719),
    ];
    expect((await fake.read()).recorded).toBe(false);
    fake.clock += 601_000;
    expect((await fake.read()).recorded).toBe(true);
    expect(fake.asked.at(-1)).toEqual({ periodDays: 30, recorded: true });
  });

  it('does not where they are younger than what there is', async () => {
    const fake = new FakeSource();
    fake.series = [
      ...fake.series,
      row('covered', 720),
      row('recordedHours', 48),
    ];
    await fake.read();
    fake.clock += 601_000;
    expect((await fake.read()).recorded).toBe(false);
  });

  it('uses the bucket boundaries that were learned of the service', async () => {
    const fake = new FakeSource();
    const slo = { ...SLO, latency: { target: 99, thresholdMs: 300 } };
    expect((await fake.read(slo)).threshold?.boundary).toBe(250);
    fake.reader.learnBoundaries(fake.source, {
      series: [
        row('latency', 1, { le: '300' }),
        row('latency', 1, { le: '+Inf' }),
      ],
      warnings: [],
    });
    expect((await fake.read(slo)).threshold).toEqual({
      boundary: 300,
      note: undefined,
    });
  });

  it('says what is partial', async () => {
    const fake = new FakeSource();
    fake.warnings = ['allPeriod: too much'];
    expect(await fake.read()).toMatchObject({
      partial: true,
      problems: ['fake: allPeriod: too much'],
    });
  });

  it('says why nothing could be asked, and does not throw', async () => {
    const fake = new FakeSource();
    fake.fault = new PrometheusError('unreachable', 'connection refused');
    const { counts, partial, problems } = await fake.read();
    expect(counts).toBeUndefined();
    expect(partial).toBe(true);
    expect(problems).toEqual(['fake: connection refused']);
  });
});
