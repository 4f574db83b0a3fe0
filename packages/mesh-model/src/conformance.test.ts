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

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { adapters } from '../conformance/adapters';
import { runConformance, summarize, THRESHOLD } from '../conformance/runner';

const directory = resolve(__dirname, '../../../../shared/conformance');

describe("Istio's own cases", () => {
  if (!existsSync(directory)) {
    it('are not here: `npm run conformance -- <dir>` runs them', () => {
      expect(runConformance(directory, adapters)).toEqual([]);
    });
    return;
  }

  it('pass in every corpus that has an adapter', () => {
    const judged = summarize(runConformance(directory, adapters)).filter(
      ({ rate }) => rate !== undefined,
    );
    expect(judged.length).toBeGreaterThan(5);
    expect(judged.filter(({ rate = 0 }) => rate < THRESHOLD)).toEqual([]);
  });
});
