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

import { agreeing, counted, podsInWords } from './quantities';

describe('numbers in sentences', () => {
  it('put the noun in the singular for one only', () => {
    expect([0, 1, 2].map(count => counted(count, 'pod'))).toEqual([
      '0 pods',
      '1 pod',
      '2 pods',
    ]);
  });

  it('name part of the pods, all of them, or the only one', () => {
    expect(podsInWords(1, 1)).toBe('Its pod');
    expect(podsInWords(3, 3)).toBe('All 3 pods');
    expect(podsInWords(1, 3)).toBe('1 of 3 pods');
    expect(podsInWords(0, 1)).toBe('0 of 1 pod');
  });

  it('agree with their verb', () => {
    expect(agreeing(1, 'is', 'are')).toBe('is');
    expect(agreeing(0, 'is', 'are')).toBe('are');
  });
});
