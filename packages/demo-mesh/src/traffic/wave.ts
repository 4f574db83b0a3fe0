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

const DAY_SECONDS = 86_400;

interface Term {
  readonly amplitude: number;
  readonly period: number;
  readonly phase: number;
}

/** A smooth rate around 1 that never falls to zero: one daily wave and seeded faster ones. Times in seconds. */
export class Wave {
  private readonly terms: readonly Term[];

  constructor(seed: string) {
    const random = seededRandom(seed);
    this.terms = [
      { amplitude: 0.35, period: DAY_SECONDS, phase: 0.2 * random() },
      { amplitude: 0.06, period: 2_700 + 900 * random(), phase: 6 * random() },
      { amplitude: 0.03, period: 420 + 200 * random(), phase: 6 * random() },
    ];
  }

  /** The exact integral of the rate from 0 to `seconds`. */
  integral(seconds: number): number {
    let total = seconds;
    for (const { amplitude, period, phase } of this.terms) {
      const omega = (2 * Math.PI) / period;
      total -= (amplitude / omega) * Math.cos(omega * seconds + phase);
    }
    return total;
  }
}

function seededRandom(seed: string): () => number {
  let state = 2166136261;
  for (const char of seed) {
    state = Math.imul(state ^ char.charCodeAt(0), 16777619);
  }
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
