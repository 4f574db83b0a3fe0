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
  CountedSource,
  refusal,
  services,
} from '../../__testUtils__/CountedSource';
import { serviceHistory, serviceWindow } from '../catalogue';
import { PrometheusError } from '../response';

const HOUR = { window: '1h' } as const;
/** A little more than the template is long for one service. */
const LIMIT = 8 * 1024;
const TOO_MANY =
  'query processing would load too many samples into memory in query execution';

describe('questions about many services', () => {
  it('are one request for 50, whoever asks within the moment', async () => {
    const source = new CountedSource();
    const engine = source.engine();
    const answers = await Promise.all(
      services(50).map(service =>
        engine.ofSubjects(serviceWindow, [service], HOUR),
      ),
    );
    expect(source.asked).toHaveLength(1);
    expect(
      answers.map(({ series }) =>
        series.map(({ labels }) => labels.destination_service_name),
      ),
    ).toEqual(services(50).map(({ name }) => [name]));
  });

  it('are split at 50 names and at 8 KB of names', async () => {
    const source = new CountedSource();
    const engine = source.engine();
    await engine.ofSubjects(serviceWindow, services(120), HOUR);
    expect(source.asked.map(({ subjects }) => subjects.length)).toEqual([
      50, 50, 20,
    ]);
    source.asked.length = 0;
    const long = services(50).map(({ namespace, name }) => ({
      namespace,
      name: name.padEnd(400, 'x'),
    }));
    await engine.ofSubjects(serviceWindow, long, HOUR);
    expect(source.asked.length).toBeGreaterThan(2);
    expect(source.asked.flatMap(({ subjects }) => subjects)).toHaveLength(50);
  });

  it('ask again only for what is not known', async () => {
    const source = new CountedSource();
    const engine = source.engine();
    await engine.ofSubjects(serviceWindow, services(10), HOUR);
    const all = await engine.ofSubjects(serviceWindow, services(12), HOUR);
    expect(source.asked.map(({ subjects }) => subjects.length)).toEqual([
      10, 2,
    ]);
    expect(all.series).toHaveLength(12);
    source.wait(16);
    await engine.ofSubjects(serviceWindow, services(1), HOUR);
    expect(source.asked).toHaveLength(3);
  });

  it('keep different windows and templates apart', async () => {
    const source = new CountedSource();
    const engine = source.engine();
    await Promise.all([
      engine.ofSubjects(serviceWindow, services(1), HOUR),
      engine.ofSubjects(serviceWindow, services(1), { window: '5m' }),
      engine.ofSubjects(serviceHistory, services(1), HOUR),
    ]);
    expect(source.asked.map(({ path }) => path).sort()).toEqual([
      'query',
      'query',
      'query_range',
    ]);
  });

  it('are halved where they are too much at once, until they are not', async () => {
    const source = new CountedSource();
    source.fault = (_, subjects) =>
      subjects.length > 12
        ? refusal(422, `expanding series: ${TOO_MANY}`)
        : undefined;
    const engine = source.engine();
    const answer = await engine.ofSubjects(serviceWindow, services(40), HOUR);
    expect(answer.series).toHaveLength(40);
    expect(answer.missing.size).toBe(0);
    expect(source.asked.map(({ subjects }) => subjects.length)).toEqual([
      40, 20, 20, 10, 10, 10, 10,
    ]);
  });

  it.each([
    ['err-mimir-max-series-per-query', 3],
    ['found duplicate series for the match group', 1],
  ])('422 with %s: %i requests for two services', async (text, requests) => {
    const source = new CountedSource();
    source.fault = expression =>
      expression.includes('|') ? refusal(422, text) : undefined;
    const engine = source.engine();
    await engine
      .ofSubjects(serviceWindow, services(2), HOUR)
      .catch(() => undefined);
    expect(source.asked).toHaveLength(requests);
  });

  it('give the parts that a source can answer, and name the others', async () => {
    const source = new CountedSource();
    source.fault = text =>
      text.includes('_bucket') ? refusal(422, TOO_MANY) : undefined;
    const engine = source.engine();
    const answer = await engine.ofSubjects(serviceWindow, services(1), HOUR);
    expect(answer.series.length).toBeGreaterThan(0);
    expect(answer.warnings.join('\n')).toMatch(/^latency.*too many samples/m);
    expect(answer.warnings.join('\n')).not.toMatch(/\bnow\b/);
  });

  it('leave out the services whose request failed, with the reason', async () => {
    const source = new CountedSource();
    source.fault = text =>
      text.includes('s60') ? refusal(500, 'disk') : undefined;
    const engine = source.engine();
    const answer = await engine.ofSubjects(serviceWindow, services(70), HOUR);
    expect(answer.series.length + answer.missing.size).toBe(70);
    expect(answer.missing.get('shop/s60')?.message).toContain('disk');
    source.wait(600);
    source.fault = () => refusal(500, 'disk');
    await expect(
      engine.ofSubjects(serviceWindow, services(2, 90), HOUR),
    ).rejects.toBeInstanceOf(PrometheusError);
  });

  it('hand out no rows that nobody asked for', async () => {
    const source = new CountedSource();
    const engine = source.engine();
    const both = [
      { namespace: 'shop', name: 's0' },
      { namespace: 'other', name: 's1' },
    ];
    // Matchers take every namespace with every name: shop/s1 is in the answer, and nobody's.
    const answer = await engine.ofSubjects(serviceWindow, both, HOUR);
    expect(
      answer.series.map(({ labels }) => labels.destination_service_name),
    ).toEqual(['s0']);
  });

  it('wait twice as long after each failure, up to a minute', async () => {
    const source = new CountedSource();
    source.fault = () => refusal(400, 'parse error');
    const engine = source.engine();
    const ask = () =>
      engine
        .ofSubjects(serviceWindow, services(1), HOUR)
        .catch(() => undefined);
    const sentAfter = async (seconds: number) => {
      source.wait(seconds);
      const before = source.asked.length;
      await ask();
      return source.asked.length - before;
    };
    await ask();
    expect(await sentAfter(4)).toBe(0);
    expect(await sentAfter(2)).toBe(1);
    expect(await sentAfter(9)).toBe(0);
    expect(await sentAfter(2)).toBe(1);
    for (const seconds of [21, 41, 61]) {
      expect(await sentAfter(seconds)).toBe(1);
    }
    expect(await sentAfter(61)).toBe(1);
  });

  it('are asked in pieces where they are part of an address', async () => {
    const source = new CountedSource();
    const whole = await source
      .engine()
      .ofSubjects(serviceWindow, services(8), HOUR);
    const [{ expression }] = source.asked;
    const short = new CountedSource();
    short.maxQueryBytes = LIMIT;
    const pieces = await short
      .engine()
      .ofSubjects(serviceWindow, services(40), HOUR);
    expect(expression.length).toBeGreaterThan(4_000);
    expect(whole.series).toHaveLength(8);
    expect(pieces.series).toHaveLength(40);
    expect(pieces.warnings).toEqual([]);
    expect(short.asked.length).toBeGreaterThan(1);
    for (const { expression: query } of short.asked) {
      expect(new URLSearchParams({ query }).toString().length).toBeLessThan(
        LIMIT,
      );
    }
  });

  it('look over at least four scrapes', async () => {
    const source = new CountedSource();
    for (const scrapeSeconds of [15, 120]) {
      await source
        .engine({ scrapeSeconds })
        .ofSubjects(serviceHistory, services(1), HOUR);
    }
    expect(source.asked[0].expression).toContain('[300s]');
    expect(source.asked[1].expression).toContain('[480s]');
  });
});
