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

import { bucketQuantile } from './quantile';

const buckets = [
  { le: 100, count: 50 },
  { le: 250, count: 90 },
  { le: 500, count: 100 },
  { le: Infinity, count: 100 },
];

describe('bucketQuantile', () => {
  it('interpolates inside the bucket the rank falls into', () => {
    expect(bucketQuantile(buckets, 0.95)).toEqual({
      value: 375,
      bucket: [250, 500],
    });
    expect(bucketQuantile(buckets, 0.25)).toEqual({
      value: 50,
      bucket: [0, 100],
    });
  });

  it('takes the buckets in any order and adds equal bounds', () => {
    const halves = [...buckets, ...buckets]
      .reverse()
      .map(({ le, count }) => ({ le, count: count / 2 }));
    expect(bucketQuantile(halves, 0.95)).toEqual({
      value: 375,
      bucket: [250, 500],
    });
  });

  it('answers the highest finite bound when the rank lies beyond it', () => {
    expect(
      bucketQuantile(
        [
          { le: 100, count: 1 },
          { le: Infinity, count: 10 },
        ],
        0.5,
      ),
    ).toEqual({ value: 100, bucket: [100, 100] });
  });

  it('levels small falls, which scrapes in the middle of a request leave', () => {
    expect(
      bucketQuantile(
        [
          { le: 100, count: 99.5 },
          { le: 200, count: 99.2 },
          { le: Infinity, count: 100 },
        ],
        0.5,
      )?.bucket,
    ).toEqual([0, 100]);
  });

  it.each([
    ['no buckets', []],
    ['no traffic', buckets.map(({ le }) => ({ le, count: 0 }))],
    ['no +Inf bucket', buckets.slice(0, 3)],
    [
      'mixed bucket layouts',
      [
        { le: 100, count: 50 },
        { le: 200, count: 20 },
        { le: Infinity, count: 70 },
      ],
    ],
  ])('says nothing for %s', (_, given) => {
    expect(bucketQuantile(given, 0.95)).toBeUndefined();
  });
});
