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

import { latencyThreshold } from './latencyThreshold';

describe('the threshold of a latency objective', () => {
  it('is itself where it is a bucket boundary', () => {
    expect(latencyThreshold(500)).toEqual({ boundary: 500, note: undefined });
  });

  it('is rounded down to a boundary, and says so', () => {
    expect(latencyThreshold(300)).toEqual({
      boundary: 250,
      note: '300 ms is no bucket boundary: answers within 250 ms count as fast',
    });
  });

  it('uses the boundaries that the service has', () => {
    expect(latencyThreshold(300, [300, 100, Infinity]).boundary).toBe(300);
  });

  it('below every boundary there is none', () => {
    const { boundary, note } = latencyThreshold(0.2);
    expect(boundary).toBeUndefined();
    expect(note).toContain('the lowest is 0.5 ms');
  });
});
