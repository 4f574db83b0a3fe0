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

import fc from 'fast-check';
import { withChanges } from './LayeredMap';

interface Value {
  number: number;
}

const value = (number: number): Value => ({ number });

describe('A map with some entries changed', () => {
  const before = new Map(
    Array.from({ length: 100 }, (_, index) => [`key ${index}`, value(index)]),
  );

  it('has the new entries, lacks those that went, and leaves the map before as it was', () => {
    const after = withChanges(
      before,
      new Map([
        ['key 1', value(-1)],
        ['key 2', undefined],
        ['new', value(100)],
        ['never there', undefined],
      ]),
    );
    expect(after.get('key 0')).toBe(before.get('key 0'));
    expect(after.get('key 1')).toEqual(value(-1));
    expect([after.get('key 2'), after.has('key 2')]).toEqual([
      undefined,
      false,
    ]);
    expect(after.get('new')).toEqual(value(100));
    expect(after.size).toBe(100);
    expect([before.size, before.get('key 1'), before.has('new')]).toEqual([
      100,
      value(1),
      false,
    ]);
  });

  it('is what a copy with the same changes would be, however many changes follow each other', () => {
    const changes = fc.array(
      fc.tuple(
        fc.nat(120).map(index => `key ${index}`),
        fc.option(fc.nat().map(value), { nil: undefined }),
      ),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(fc.array(changes, { maxLength: 12 }), steps => {
        const copy = new Map(before);
        let layered = withChanges(before, new Map());
        for (const step of steps) {
          layered = withChanges(layered, new Map(step));
          for (const [key, changed] of new Map(step)) {
            if (changed === undefined) {
              copy.delete(key);
            } else {
              copy.set(key, changed);
            }
          }
          expect(new Map(layered)).toEqual(copy);
          expect(layered.size).toBe(copy.size);
          for (const key of copy.keys()) {
            expect(layered.has(key)).toBe(true);
          }
        }
      }),
    );
  });
});
