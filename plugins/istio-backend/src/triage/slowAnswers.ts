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

import type { TriageService } from '@mesh-portal/backstage-plugin-istio-common';
import { type Baseline } from '../prometheus/catalogue';
import type { QueryResult } from '../prometheus/response';
import {
  type Reporter,
  reporterOf,
  serviceKeyOf,
} from '../prometheus/trafficRows';
import { percent, perSecond } from '../views/numbersInWords';
import {
  type ErrorRate,
  errorShareOf,
  standsOut,
  type TriageThresholds,
} from './contributions';

/** Share of answers that must have become slow: latency moves more than errors do. */
const MIN_SHARE_CHANGE = 0.05;

/**
 * Slow answers by version, now and at the baseline. Counts of slow answers add up, which differences of quantiles do
 * not (golden-signals §5).
 *
 * @param service - `namespace/name`
 * @returns undefined where answers are not counted by duration
 */
export function slowAnswers(
  result: QueryResult,
  service: string,
  reporter: Reporter | undefined,
  baseline: Baseline | undefined,
  thresholdMs: number,
  thresholds: TriageThresholds,
): TriageService['slow'] {
  const now = slowByVersion(result, service, reporter, 'Now');
  if (now.size === 0) return undefined;
  const base = baseline
    ? slowByVersion(result, service, reporter, baseline)
    : undefined;
  const totalNow = total(now);
  const totalBase = base && base.size > 0 ? total(base) : undefined;
  const isMore =
    totalBase !== undefined &&
    standsOut(totalNow, totalBase, {
      ...thresholds,
      minShareChange: MIN_SHARE_CHANGE,
    });
  const versions = new Set([...now.keys(), ...(base?.keys() ?? [])]);
  const byVersion = [...versions]
    .map(version => {
      const n = now.get(version)?.errors ?? 0;
      const b = base?.get(version)?.errors ?? 0;
      return {
        version,
        now: n,
        ...(totalBase && { base: b }),
        delta: n - b,
      };
    })
    .filter(({ now: n, delta }) => n > 0 || delta !== 0)
    .sort((a, b) => b.delta - a.delta);
  const share = percent(errorShareOf(totalNow));
  const [first] = byVersion;
  return {
    thresholdMs,
    standsOut: isMore,
    words: isMore
      ? `${perSecond(
          totalNow.errors,
        )} answers take more than ${thresholdMs} ms instead of ${perSecond(
          totalBase.errors,
        )}${
          first && byVersion.length > 1
            ? `, most of them of ${first.version}`
            : ''
        }`
      : `${share} of answers take more than ${thresholdMs} ms${
          totalBase === undefined
            ? ''
            : ` (${percent(errorShareOf(totalBase))} then)`
        }`,
    byVersion,
  };
}

function total(byVersion: ReadonlyMap<string, ErrorRate>): ErrorRate {
  const sum: ErrorRate = { requests: 0, errors: 0 };
  for (const { requests, errors } of byVersion.values()) {
    sum.requests += requests;
    sum.errors += errors;
  }
  return sum;
}

function slowByVersion(
  result: QueryResult,
  service: string,
  reporter: Reporter | undefined,
  moment: 'Now' | Baseline,
): Map<string, ErrorRate> {
  const found = new Map<string, { answered: number; fast?: number }>();
  for (const { labels, samples } of result.series) {
    const rate = samples[0]?.value;
    if (
      rate === undefined ||
      serviceKeyOf(labels) !== service ||
      reporterOf(labels) !== reporter
    ) {
      continue;
    }
    const version = labels.destination_canonical_revision ?? 'unknown';
    const counts = found.get(version) ?? { answered: 0 };
    if (labels.part === `answered${moment}`) counts.answered += rate;
    else if (labels.part === `fast${moment}`) {
      counts.fast = (counts.fast ?? 0) + rate;
    } else continue;
    found.set(version, counts);
  }
  return new Map(
    [...found].flatMap(([version, { answered, fast }]) =>
      // Without the bucket nothing is known of slowness.
      fast === undefined || !(answered > 0)
        ? []
        : [
            [
              version,
              { requests: answered, errors: Math.max(0, answered - fast) },
            ],
          ],
    ),
  );
}
