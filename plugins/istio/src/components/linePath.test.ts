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

import { linePath, scaleOf } from './linePath';

const box = { width: 100, height: 12, top: 10 };

describe('linePath', () => {
  it('goes from the floor to the top', () => {
    expect(linePath([0, 5, 10], box)).toBe('M0.0 11.0L50.0 6.0L100.0 1.0');
  });

  it('breaks where a value is not known', () => {
    expect(linePath([0, undefined, 10, 10], box)).toBe(
      'M0.0 11.0h1M66.7 1.0L100.0 1.0',
    );
  });

  it('draws nothing of nothing', () => {
    expect(linePath([], box)).toBe('');
    expect(linePath([undefined, undefined], box)).toBe('');
  });
});

describe('scaleOf', () => {
  it('is the largest known value', () => {
    expect(scaleOf([1, undefined, 7, NaN])).toBe(7);
  });

  it('is never zero', () => {
    expect(scaleOf([0, 0])).toBe(1);
    expect(scaleOf([])).toBe(1);
  });
});
