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

import { AnswerCache } from './AnswerCache';

function answer(label: string) {
  return {
    storedAt: 0,
    freshForMs: 1,
    result: {
      series: [{ labels: { label }, samples: [] }],
      warnings: [],
      evaluatedAt: 0,
    },
  };
}

describe('AnswerCache', () => {
  it('lets the least recently used leave', () => {
    const cache = new AnswerCache({ maxBytes: 3_600, maxEntryBytes: 2_000 });
    const large = 'x'.repeat(1_000);
    for (const key of ['a', 'b']) cache.set(key, answer(large));
    cache.get('a');
    cache.set('c', answer(large));
    expect(['a', 'b', 'c'].filter(key => cache.get(key))).toEqual(['a', 'c']);
    expect(cache.bytes).toBeLessThanOrEqual(3_600);
  });

  it('keeps no answer that is too large, nor its predecessor', () => {
    const cache = new AnswerCache({ maxEntryBytes: 1_000 });
    cache.set('a', answer('small'));
    cache.set('a', answer('x'.repeat(1_000)));
    expect(cache.get('a')).toBeUndefined();
    expect(cache.bytes).toBe(0);
  });
});
