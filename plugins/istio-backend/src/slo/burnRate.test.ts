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

import {
  BURN_PAIRS,
  budgetLeft,
  budgetOf,
  burnFactor,
  burnOf,
  burnPairsOf,
  conditionOutcome,
  isEnough,
} from './burnRate';

const BUDGET = budgetOf(99.9);

function counts(all: number, share: number) {
  return { all, bad: all * share };
}

describe('burn rates', () => {
  it('4.19 % errors burn a budget of 99.9 % 41.9 times too fast', () => {
    expect(burnOf(counts(10_000, 0.0419), BUDGET)).toBeCloseTo(41.9, 6);
  });

  it('there is no burn without requests', () => {
    expect(burnOf({ all: 0, bad: 0 }, BUDGET)).toBeUndefined();
    expect(burnOf(undefined, BUDGET)).toBeUndefined();
  });

  it.each([
    [30, [14.4, 6, 1]],
    [28, [13.44, 5.6, 0.9333]],
    [7, [3.36, 1.4, 0.2333]],
  ])('a period of %d days has the factors %j', (days, factors) => {
    BURN_PAIRS.forEach((pair, index) =>
      expect(burnFactor(pair, days)).toBeCloseTo(factors[index], 3),
    );
  });

  it('a period of a day has no window of three days', () => {
    expect(burnPairsOf(1).map(({ long }) => long)).toEqual(['1h', '6h']);
  });
});

describe('enough traffic', () => {
  it('one error of four says nothing', () => {
    expect(isEnough({ all: 4, bad: 1 }, BUDGET)).toBe(false);
  });

  it('three errors of four do', () => {
    expect(isEnough({ all: 4, bad: 3 }, BUDGET)).toBe(true);
  });

  it('a hundred requests are enough for 99.9 %, ten for 99 %', () => {
    expect(isEnough({ all: 100, bad: 0 }, BUDGET)).toBe(true);
    expect(isEnough({ all: 99, bad: 0 }, BUDGET)).toBe(false);
    expect(isEnough({ all: 10, bad: 0 }, budgetOf(99))).toBe(true);
  });
});

describe('the condition of a pair of windows', () => {
  const hot = counts(35_000, 0.0419);
  const calm = counts(35_000, 0.0001);

  it('is met when both windows burn', () => {
    expect(conditionOutcome(hot, hot, 14.4, BUDGET)).toBe('met');
  });

  it('is not met when it is over: the short window does not burn', () => {
    expect(conditionOutcome(hot, calm, 14.4, BUDGET)).toBe('not-met');
  });

  it('is not met when the long window does not burn, whatever little the short one holds', () => {
    expect(conditionOutcome(calm, { all: 4, bad: 1 }, 14.4, BUDGET)).toBe(
      'not-met',
    );
  });

  it('cannot be told with one error of four', () => {
    const few = { all: 4, bad: 1 };
    expect(conditionOutcome(few, few, 14.4, BUDGET)).toBe('too-little-traffic');
    expect(conditionOutcome(hot, few, 14.4, BUDGET)).toBe('too-little-traffic');
  });

  it('cannot be told without requests', () => {
    const none = { all: 0, bad: 0 };
    expect(conditionOutcome(none, none, 14.4, BUDGET)).toBe(
      'too-little-traffic',
    );
  });

  it('is unknown without the numbers of a window, unless the other is calm', () => {
    expect(conditionOutcome(undefined, hot, 1, BUDGET)).toBe('unknown');
    expect(conditionOutcome(hot, undefined, 1, BUDGET)).toBe('unknown');
    expect(conditionOutcome(undefined, calm, 1, BUDGET)).toBe('not-met');
  });
});

describe('the budget', () => {
  it('is half spent at half of the allowed errors', () => {
    expect(budgetLeft(counts(1e6, 0.0005), BUDGET, 30, 0.5)).toEqual({
      left: expect.closeTo(0.5),
      exhaustedInSeconds: undefined,
    });
  });

  it('may be overspent', () => {
    expect(budgetLeft(counts(1e6, 0.002), BUDGET, 30, 3)).toEqual({
      left: expect.closeTo(-1),
      exhaustedInSeconds: undefined,
    });
  });

  it('half a budget of 30 days lasts 9 hours at 40 times', () => {
    const left = budgetLeft(counts(1e6, 0.0005), BUDGET, 30, 40);
    expect(left?.exhaustedInSeconds).toBeCloseTo(9 * 3600, 3);
  });

  it('without requests nothing can be said of it', () => {
    expect(budgetLeft({ all: 0, bad: 0 }, BUDGET, 30, 1)).toBeUndefined();
  });
});
