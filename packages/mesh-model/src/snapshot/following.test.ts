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
import { projectObject, type MeshObject } from '../objects';
import { following, groupsOf } from './following';
import { snapshotOf } from './SnapshotStore';

function pod(name: string): MeshObject {
  const found = projectObject({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace: 'shop', name },
  });
  if (found === undefined) {
    throw new Error('A Pod must be projected');
  }
  return found;
}

describe('What follows from a part of a snapshot', () => {
  const made: string[] = [];
  const names = following(
    snapshot => snapshot.list('Pod'),
    (pods, before: string | undefined) => {
      const value = pods.map(({ metadata }) => metadata.name).join(' ');
      made.push(`${value} after ${before ?? 'nothing'}`);
      return value;
    },
  );

  it('is made when the part is another one, from what followed before', () => {
    const store = snapshotOf([pod('a')]);
    expect([names(store), names(store)]).toEqual(['a', 'a']);
    store.apply([{ type: 'upsert', object: pod('b') }]);
    expect(names(store)).toBe('a b');
    expect(names(snapshotOf([pod('c')]))).toBe('c');
    expect(made).toEqual(['a after nothing', 'a b after a', 'c after nothing']);
  });
});

describe('Groups of a list', () => {
  const lettersOf = (word: { text: string }) => new Set(word.text);
  const inWords = (groups: ReturnType<typeof groupsOf<{ text: string }>>) =>
    [...groups.byKey].map(
      ([key, words]) => `${key}: ${words.map(({ text }) => text).join(' ')}`,
    );
  const words = Array.from({ length: 40 }, (_, index) => ({
    text: index.toString(3),
  }));

  it('that no change touches stay the same, in the order of the list', () => {
    const before = groupsOf(words, lettersOf);
    const [first, second, ...others] = words;
    const x = { text: 'x1' };
    const after = groupsOf([first, x, second, ...others], lettersOf, before);
    expect(after.byKey.get('x')).toEqual([x]);
    expect(after.byKey.get('1')?.slice(0, 2)).toEqual([x, second]);
    expect(after.byKey.get('2')).toBe(before.byKey.get('2'));
  });

  it('are those that would be made anew, whatever came, went or moved', () => {
    fc.assert(
      fc.property(
        fc.array(fc.shuffledSubarray(words, { minLength: 30 })),
        fc.array(fc.subarray(words, { minLength: 36 })),
        (shuffled, inOrder) => {
          let kept = groupsOf(words, lettersOf);
          for (const list of [...shuffled, ...inOrder]) {
            kept = groupsOf(list, lettersOf, kept);
            expect(kept.list).toBe(list);
            expect(inWords(kept).sort()).toEqual(
              inWords(groupsOf(list, lettersOf)).sort(),
            );
          }
        },
      ),
    );
  });
});
