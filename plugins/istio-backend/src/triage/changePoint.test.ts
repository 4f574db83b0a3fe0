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

import { changePoint, type Point } from './changePoint';

function series(...values: number[]): Point[] {
  return values.map((value, index) => ({ at: index * 60, value }));
}

function step(zeros: number, ones: number, height = 1): Point[] {
  return series(
    ...Array.from({ length: zeros }, () => 0),
    ...Array.from({ length: ones }, () => height),
  );
}

describe('the beginning of a rise', () => {
  it.each([
    [10, 51],
    [30, 31],
    [57, 4],
    [60, 1],
  ])('is the first point after %d calm ones', (calm, high) => {
    expect(changePoint(step(calm, high, 3.9))).toEqual({
      at: calm * 60,
      before: 0,
      after: expect.closeTo(3.9),
      explained: expect.closeTo(1),
    });
  });

  it('of a ramp lies in its middle, give or take a step', () => {
    const ramp = [...step(20, 0), ...step(0, 40)].map(({ value }, index) => ({
      at: index * 60,
      value: Math.min(1, Math.max(0, (index - 19) / 4)) + value * 0,
    }));
    expect(Math.abs((changePoint(ramp)?.at ?? 0) / 60 - 21.5)).toBeLessThan(2);
  });

  it('is found in noise', () => {
    const noisy = step(25, 36, 4).map(({ at, value }, index) => ({
      at,
      value: value + ((index * 7919) % 13) / 13,
    }));
    expect((changePoint(noisy)?.at ?? 0) / 60).toBe(25);
  });

  it('is not there where nothing changed', () => {
    expect(changePoint(step(0, 60))).toBeUndefined();
    expect(changePoint(step(60, 0))).toBeUndefined();
  });

  it('is not there where the series fell', () => {
    expect(
      changePoint(
        [...step(0, 30), ...step(30, 0)].map(({ value }, index) => ({
          at: index * 60,
          value,
        })),
      ),
    ).toBeUndefined();
  });

  it('is not there where the series only wobbles', () => {
    const wobble = Array.from({ length: 60 }, (_, index) => index % 2);
    expect(changePoint(series(...wobble))).toBeUndefined();
  });

  it('is not there with fewer than three points', () => {
    expect(changePoint(series(0, 1))).toBeUndefined();
  });
});
