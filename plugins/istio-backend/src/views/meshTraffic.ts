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
  shareOf,
  type QueryResult,
  reporterOf,
  serviceKeyOf,
} from '../prometheus';

/** Traffic of one service for a list. */
export interface ServiceTraffic {
  requestsPerSecond: number;
  /** 0 to 1; undefined without traffic */
  share5xx: number | undefined;
}

const PREFERENCE = ['waypoint', 'destination', 'source'] as const;

/**
 * Folds the answer to `meshExpression`: per service the numbers of one reporter, the first that has traffic.
 *
 * @returns by `namespace/name`
 */
export function meshTraffic(result: QueryResult): Map<string, ServiceTraffic> {
  const byService = new Map<
    string,
    Map<string, { all: number; bad: number }>
  >();
  for (const { labels, samples } of result.series) {
    const reporter = reporterOf(labels);
    const value = samples[0]?.value;
    if (!reporter || value === undefined) continue;
    const key = serviceKeyOf(labels);
    const reporters = byService.get(key) ?? new Map();
    byService.set(key, reporters);
    const counts = reporters.get(reporter) ?? { all: 0, bad: 0 };
    reporters.set(reporter, counts);
    if (labels.part === 'bad') counts.bad += value;
    else counts.all += value;
  }
  return new Map(
    [...byService].flatMap(([key, reporters]) => {
      const chosen =
        PREFERENCE.find(each => (reporters.get(each)?.all ?? 0) > 0) ??
        PREFERENCE.find(each => reporters.has(each));
      const counts = chosen && reporters.get(chosen);
      return counts
        ? [
            [
              key,
              {
                requestsPerSecond: counts.all,
                share5xx: shareOf(counts.bad, counts.all),
              },
            ],
          ]
        : [];
    }),
  );
}
