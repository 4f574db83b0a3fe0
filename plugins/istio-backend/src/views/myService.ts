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

import type {
  MyService,
  ServiceRef,
} from '@mesh-portal/backstage-plugin-istio-common';
import { isBadEvent } from '../prometheus/badEvents';
import { LIST_BASELINES, type ListBaseline } from '../prometheus/catalogue';
import { clientOnlyFailures, sumRates } from '../prometheus/traffic';
import type { QueryResult } from '../prometheus/response';
import {
  preferredReporter,
  type RequestRow,
  requestRows,
} from '../prometheus/trafficRows';
import { burnCounts, type EntitySlo, LIST_WINDOWS, sloBrief } from '../slo';
import { type ErrorRate, errorShareOf, standsOut } from '../triage';
import { percent } from './numbersInWords';
import { latencyOf, latencyRow } from './signals/latency';

/** What is known of one service for the list. */
export interface MyServiceInput {
  ref: ServiceRef;
  slo: EntitySlo;
  /** the answer to `serviceErrors` */
  errors?: QueryResult;
  /** the answer to `burnRate`, short windows */
  burn?: QueryResult;
  /** the answer to `serviceLatency` */
  latency?: QueryResult;
  problems: readonly string[];
}

/** Share from which a row fails; the same as the signals card uses. */
const BAD_SHARE = 0.01;
/** Errors in five minutes from which a share counts. */
const ENOUGH_ERRORS = 3;
const ENOUGH_REQUESTS = 30;
const WINDOW_SECONDS = 300;

const WORDS: Readonly<Record<ListBaseline, string>> = {
  '1h': 'an hour ago',
  '1d': 'a day ago',
};

/** The parts of `serviceErrors`. */
const PARTS = ['now', ...LIST_BASELINES.map(moment => `ago${moment}`)];

type Row = Omit<MyService, 'entityRef' | 'owner'>;

/** One row of *My services*. What is missing is unknown, whatever else is well. */
export function myService(input: MyServiceInput): Row {
  const { ref, slo, errors, burn, latency, problems } = input;
  const key = `${ref.namespace}/${ref.name}`;
  const brief = sloBrief(
    ref,
    slo,
    slo.definition && burn
      ? burnCounts(burn, key, slo.definition, LIST_WINDOWS)
      : undefined,
    problems,
  );
  const p95 = latency && p95Of(latency, key);
  const base = {
    service: ref,
    slo: brief,
    ...(p95 !== undefined && { p95 }),
  };
  if (!errors) {
    return {
      ...base,
      state: 'unknown',
      headline: problems[0] ?? 'Prometheus was not asked',
    };
  }
  const rows = requestRows(errors, PARTS).filter(row => row.service === key);
  const now = errorRateOf(rows, 'now');
  if (!now) {
    return {
      ...base,
      state: 'unknown',
      headline: 'No requests are counted in the last five minutes',
    };
  }
  const change = changeOf(rows, now);
  const numbers = {
    requestsPerSecond: now.requests,
    errorsPerSecond: now.errors,
    ...(now.requests > 0 && { errorShare: errorShareOf(now) }),
    ...(change && { change }),
  };
  return { ...base, ...numbers, ...judge(brief, now, change, problems) };
}

function judge(
  slo: NonNullable<MyService['slo']>,
  now: ErrorRate,
  change: MyService['change'],
  problems: readonly string[],
): Pick<MyService, 'state' | 'headline'> {
  const share = errorShareOf(now);
  const fails = `${percent(share)} of requests fail`;
  const then =
    change && `${percent(change.errorShareBefore)} ${WORDS[change.moment]}`;
  if (change?.standsOut) {
    return { state: 'fail', headline: `${fails}, ${then}` };
  }
  if (slo.state === 'page') return { state: 'fail', headline: slo.reason };
  const isBad =
    share >= BAD_SHARE && now.errors * WINDOW_SECONDS >= ENOUGH_ERRORS;
  if (isBad) {
    return {
      state: 'fail',
      headline: then ? `${fails}, ${then}` : fails,
    };
  }
  if (problems.length > 0) {
    return { state: 'unknown', headline: `${fails}; ${problems[0]}` };
  }
  if (now.requests * WINDOW_SECONDS < ENOUGH_REQUESTS) {
    return { state: 'unknown', headline: 'Too little traffic to tell' };
  }
  if (slo.state !== 'ok') {
    return { state: 'unknown', headline: `${fails}. ${slo.reason}` };
  }
  return { state: 'pass', headline: fails };
}

/** Failures of all requests, with those that never arrived; undefined where nothing is counted. */
function errorRateOf(
  rows: readonly RequestRow[],
  part: string,
): ErrorRate | undefined {
  const ofPart = rows.filter(row => row.part === part);
  const reporter = preferredReporter(ofPart);
  if (!reporter) return undefined;
  const counted = ofPart.filter(row => row.reporter === reporter);
  const lost = reporter === 'source' ? 0 : clientOnlyFailures(ofPart);
  return {
    requests: sumRates(counted) + lost,
    errors: sumRates(counted, isBadEvent) + lost,
  };
}

/** The first moment there are requests of; of both the one with fewer errors, lest an old incident hide itself. */
function changeOf(
  rows: readonly RequestRow[],
  now: ErrorRate,
): MyService['change'] {
  const known = LIST_BASELINES.flatMap(moment => {
    const rate = errorRateOf(rows, `ago${moment}`);
    return rate && rate.requests > 0 ? [{ moment, rate }] : [];
  }).sort((a, b) => errorShareOf(a.rate) - errorShareOf(b.rate));
  const [chosen] = known;
  return (
    chosen && {
      moment: chosen.moment,
      errorShareBefore: errorShareOf(chosen.rate),
      standsOut: standsOut(now, chosen.rate),
    }
  );
}

function p95Of(latency: QueryResult, key: string): number | undefined {
  const rows = latency.series.flatMap(({ labels, samples }) => {
    const row = latencyRow(labels, samples[0]?.value);
    return row && row.service === key ? [row] : [];
  });
  const chosen = preferredReporter(
    rows.map(({ reporter, count }) => ({ reporter, rate: count })),
  );
  return latencyOf(rows.filter(row => row.reporter === chosen))?.p95;
}
