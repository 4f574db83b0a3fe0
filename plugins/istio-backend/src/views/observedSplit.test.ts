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

import { differs, tolerance } from './observedSplit';

describe('differs', () => {
  it('lets five points pass, whatever the traffic', () => {
    expect(differs(0.14, 0.1, 1_000_000)).toBe(false);
    expect(differs(0.16, 0.1, 1_000_000)).toBe(true);
  });

  it('lets chance pass where there is little traffic', () => {
    expect(differs(0.25, 0.1, 30)).toBe(false);
    expect(differs(0.25, 0.1, 3_000)).toBe(true);
  });
});

describe('tolerance', () => {
  it('says nothing where the share is as configured', () => {
    expect(tolerance(0.104, 0.1, 1_000_000)).toBe('');
  });

  it('tells what chance explains from what is only tolerated', () => {
    expect(tolerance(0.14, 0.1, 1_000_000)).toBe(
      ': more than chance explains, and within the 5 points that are tolerated',
    );
    expect(tolerance(0.14, 0.1, 100)).toBe(': chance explains it');
  });
});
