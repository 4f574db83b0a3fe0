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

import { CountedSource, services } from '../../__testUtils__/CountedSource';
import { serviceHistory, serviceWindow, type Subject } from '../catalogue';
import { entityAnswers } from '../entityAnswers';
import type { QueryEngine } from './QueryEngine';

const HOUR = { window: '1h' } as const;

/** What a page asks at its first paint, without its containers. */
function page(engine: QueryEngine, of: readonly Subject[]) {
  return Promise.all([
    engine.ofSubjects(serviceWindow, of, HOUR),
    engine.ofSubjects(serviceHistory, of, HOUR),
  ]);
}

/** Deterministic jitter of a fifth, as pages have. */
function jitter(seed: number): number {
  const x = Math.sin(seed * 12.9898) * 43758.5453;
  return 0.8 + 0.4 * (x - Math.floor(x));
}

/** Requests per second over five minutes of pages that refresh every so many seconds, each in its own rhythm. */
async function load(
  pages: readonly (readonly Subject[])[],
  every: number,
): Promise<number> {
  const source = new CountedSource();
  const engine = source.engine();
  const MINUTES = 5;
  const due = pages.map((_, index) => (index / pages.length) * every);
  let measuredFrom = 0;
  for (let second = 0; second < (MINUTES + 1) * 60; second++) {
    if (second === 60) measuredFrom = source.asked.length;
    const open = pages.filter((_, index) => due[index] <= second);
    due.forEach((at, index) => {
      if (at <= second) due[index] = at + every * jitter(index * 1000 + second);
    });
    for (const subjects of open) await page(engine, subjects);
    source.wait(1);
  }
  return (source.asked.length - measuredFrom) / (MINUTES * 60);
}

describe('what pages cost', () => {
  it('200 open pages, each of another service, stay under 10 requests per second', async () => {
    const perSecond = await load(
      services(200).map(service => [service]),
      30,
    );
    expect(perSecond).toBeGreaterThan(0);
    // Without what a request takes along it would be 200 pages × 2 questions / 30 s = 13.
    expect(perSecond).toBeLessThan(3);
  }, 30_000);

  it('200 open pages of the same 200 services stay under 10 requests per second', async () => {
    const all = services(200);
    const perSecond = await load(
      Array.from({ length: 200 }, () => all),
      30,
    );
    expect(perSecond).toBeGreaterThan(0);
    expect(perSecond).toBeLessThan(3);
  }, 60_000);

  it('cards that refresh every 3 s cost no more than their answers live: 15 s', async () => {
    const perSecond = await load(
      services(100).map(service => [service]),
      3,
    );
    expect(perSecond).toBeGreaterThan(0);
    expect(perSecond).toBeLessThan(1);
  }, 60_000);

  it('50 services with 300 pods are three requests', async () => {
    const source = new CountedSource();
    const pods = Array.from({ length: 300 }, (_, index) => ({
      namespace: 'shop',
      name: `s${index % 50}-5d8c9f7b6c-${String(index).padStart(5, 'x')}`,
    }));
    await entityAnswers({ queries: source.engine() }, services(50), pods, '1h');
    // A fourth is that of their objectives. What the source has is asked once in ten minutes.
    const asked = source.asked.filter(
      ({ expression }) => !expression.includes('__name__'),
    );
    expect(asked).toHaveLength(3);
  });

  it('keeps at most 64 MiB, and no answer larger than 1 MiB', async () => {
    const source = new CountedSource();
    source.fault = () =>
      Response.json({
        status: 'success',
        data: {
          resultType: 'matrix',
          result: Array.from({ length: 200 }, (_, row) => ({
            metric: {
              destination_service_namespace: 'shop',
              destination_service_name: 's0',
              row: String(row),
            },
            values: Array.from({ length: 200 }, (__, at) => [at, '1']),
          })),
        },
      });
    const engine = source.engine();
    for (let i = 0; i < 2; i++) {
      await engine.ofSubjects(serviceHistory, services(1), HOUR);
    }
    expect(source.asked).toHaveLength(2);
  });
});
