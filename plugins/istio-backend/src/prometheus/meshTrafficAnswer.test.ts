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
  END,
  startEmbeddedGoldenSignals,
} from '../__testUtils__/goldenSignals';
import { CountedSource } from '../__testUtils__/CountedSource';
import { engineOf } from '../__testUtils__/signalsFrom';
import { meshTraffic } from '../views/meshTraffic';
import { sourceProbe } from './catalogue';
import { QueryEngine } from './engine';
import { meshTrafficAnswer } from './meshTrafficAnswer';

describe('meshTrafficAnswer', () => {
  it('reads the recording rules where the source has them', async () => {
    const prometheus = await startEmbeddedGoldenSignals();
    try {
      const engine = engineOf(prometheus.url, END);
      const traffic = meshTraffic(await meshTrafficAnswer(engine, '5m'));
      // The rules of the fixture keep geo only.
      expect(
        [...traffic.keys()].filter(key => key.startsWith('shop/')),
      ).toEqual(['shop/geo']);
      expect(traffic.get('shop/geo')?.requestsPerSecond).toBe(8);
    } finally {
      await prometheus.stop();
    }
  });

  it('is one request for all who look, and one in ten minutes for what the source has', async () => {
    const source = new CountedSource();
    const engine = source.engine();
    for (let i = 0; i < 20; i++) {
      await Promise.all([0, 1, 2].map(() => meshTrafficAnswer(engine, '5m')));
      source.wait(30);
    }
    const asked = source.asked.map(({ expression }) => expression);
    expect(asked.filter(text => text.includes('__name__'))).toHaveLength(1);
    expect(asked).toHaveLength(21);
    expect(
      asked.some(text => /_bucket.*le/.test(text) && !text.includes('+Inf')),
    ).toBe(false);
  });

  it('does not wait for a source that takes long to say what it has', async () => {
    jest.useFakeTimers();
    try {
      const source = new CountedSource();
      const engine = source.engine();
      jest
        .spyOn(engine, 'ofSource')
        .mockImplementation((template, ...rest) =>
          template.name === sourceProbe.name
            ? new Promise(() => {})
            : QueryEngine.prototype.ofSource.call(engine, template, ...rest),
        );
      const answer = meshTrafficAnswer(engine, '5m');
      await jest.advanceTimersByTimeAsync(2_000);
      expect((await answer).warnings).toEqual([]);
      expect(source.asked).toHaveLength(1);
    } finally {
      jest.useRealTimers();
    }
  });
});
