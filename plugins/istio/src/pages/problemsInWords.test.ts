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

import { problemsInWords } from './problemsInWords';

describe('problems in words', () => {
  it('count those that fail and those of which nothing is known', () => {
    expect(problemsInWords(0, 0)).toBe('none with a problem');
    expect(problemsInWords(0, 4)).toBe('none with a problem, 4 not known');
    expect(problemsInWords(1200, 1)).toBe('1,200 with a problem, 1 not known');
  });
});
