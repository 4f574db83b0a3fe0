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

import type { CacheService } from '@backstage/backend-plugin-api';
import { CountedSource, services } from '../../__testUtils__/CountedSource';
import { serviceHistory, serviceWindow } from '../catalogue';
import { sharedAnswers } from './SharedAnswers';

type Stored = Parameters<CacheService['set']>[1];

/** The portal's cache as replicas see it. */
function portalCache(fails = false) {
  const stored = new Map<string, Stored>();
  const cache = {
    async get(key: string) {
      if (fails) throw new Error('no connection');
      return stored.get(key);
    },
    async set(key: string, value: Stored) {
      if (fails) throw new Error('no connection');
      stored.set(key, value);
    },
    async delete() {},
    withOptions: () => cache,
  };
  return { cache: cache as CacheService, stored };
}

const HOUR = { window: '1h' } as const;

describe('answers shared by replicas', () => {
  it('are asked for by one of them', async () => {
    const source = new CountedSource();
    const { cache } = portalCache();
    const [one, other] = [0, 1].map(() =>
      source.engine({ shared: sharedAnswers(cache, 'a') }),
    );
    const first = await one.ofSubjects(serviceHistory, services(3), HOUR);
    const second = await other.ofSubjects(serviceHistory, services(3), HOUR);
    expect(source.asked).toHaveLength(1);
    expect(second).toEqual(first);
  });

  it('are never those of another source, tenant or scope', async () => {
    const source = new CountedSource();
    const { cache } = portalCache();
    for (const id of ['a', 'b']) {
      await source
        .engine({ shared: sharedAnswers(cache, id) })
        .ofSubjects(serviceWindow, services(1), HOUR);
    }
    expect(source.asked).toHaveLength(2);
  });

  it('that are not well-formed are asked for anew', async () => {
    const source = new CountedSource();
    const { cache, stored } = portalCache();
    const shared = () => ({ shared: sharedAnswers(cache, 'a') });
    await source.engine(shared()).ofSubjects(serviceWindow, services(1), HOUR);
    for (const key of stored.keys()) {
      stored.set(key, {
        storedAt: source.now(),
        freshForMs: 1e9,
        result: { evaluatedAt: 1, warnings: [], series: [{ labels: 1 }] },
      });
    }
    const answer = await source
      .engine(shared())
      .ofSubjects(serviceWindow, services(1), HOUR);
    expect(source.asked).toHaveLength(2);
    expect(answer.series).toHaveLength(1);
  });

  it('are a help, not a need: without the cache there is an answer', async () => {
    const source = new CountedSource();
    const { cache } = portalCache(true);
    const engine = source.engine({ shared: sharedAnswers(cache, 'a') });
    const answer = await engine.ofSubjects(serviceWindow, services(1), HOUR);
    expect(answer.series).toHaveLength(1);
  });
});
