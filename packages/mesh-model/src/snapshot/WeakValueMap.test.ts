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

import { WeakValueMap } from './WeakValueMap';

describe('values that live as long as somebody holds them', () => {
  const held = Array.from({ length: 300 }, (_, index) => ({ index }));

  it('are found by their key while they are held', () => {
    const map = new WeakValueMap<{ index: number }>();
    for (const value of held) {
      map.set(`key ${value.index}`, value);
    }
    expect(held.every(value => map.get(`key ${value.index}`) === value)).toBe(
      true,
    );
    expect(map.get('key 300')).toBeUndefined();
  });

  it('are all gone through, however often, and those that come in between too', () => {
    const map = new WeakValueMap<{ index: number }>();
    for (const [count, value] of held.entries()) {
      map.set(`key ${value.index}`, value);
      expect(new Set(map.values())).toEqual(new Set(held.slice(0, count + 1)));
    }
  });

  it('are replaced under their key', () => {
    const map = new WeakValueMap<{ index: number }>();
    const [first, second] = held;
    map.set('key', first);
    map.set('key', second);
    expect(map.get('key')).toBe(second);
  });
});
