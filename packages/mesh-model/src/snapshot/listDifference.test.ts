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
import { differentElements, listDifference } from './listDifference';

describe('The difference of two lists', () => {
  it.each([
    ['nothing', 'abc', 'abc', ''],
    ['what came', 'abc', 'abxc', 'x'],
    ['what went', 'abc', 'ac', 'b'],
    ['what took the place of another', 'abc', 'axc', 'bx'],
    ['one of two that were the same', 'aa', 'a', 'a'],
    ['all of it', '', 'abc', 'abc'],
  ])('is %s', (_, before, after, difference) => {
    expect(differentElements([...before], [...after])).toEqual([...difference]);
  });

  it.each([
    ['abc', 'acb'],
    ['abc', 'xcab'],
  ])('is unknown when the others stand in another order: %s, %s', (a, b) => {
    expect(listDifference([...a], [...b])).toBeUndefined();
  });

  it('tells what is gone from what came', () => {
    expect(listDifference([...'abc'], [...'xacy'])).toEqual({
      gone: ['b'],
      came: ['x', 'y'],
    });
  });

  it('is what tells the lists apart, whatever they hold', () => {
    const lists = fc.uniqueArray(fc.nat(9));
    fc.assert(
      fc.property(lists, lists, (before, after) => {
        const inBoth = (list: readonly number[]) =>
          list.filter(each => before.includes(each) && after.includes(each));
        const apart = [...before, ...after].filter(
          each => !inBoth(before).includes(each),
        );
        expect(differentElements(before, after)).toEqual(
          inBoth(before).join() === inBoth(after).join() ? apart : undefined,
        );
      }),
    );
  });
});
