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

import type { QueryResult } from '../prometheus/response';
import {
  preferredReporter,
  type Reporter,
  reporterOf,
  serviceKeyOf,
} from '../prometheus/trafficRows';
import {
  BURN_SECONDS,
  BURN_WINDOWS,
  type BurnWindow,
  type EventCounts,
} from './burnRate';
import type { SloDefinition } from './sloDefinition';

/** A burn window, or the whole period of the budget. */
export type CountedWindow = BurnWindow | 'Period';

const ALL_WINDOWS: readonly CountedWindow[] = [...BURN_WINDOWS, 'Period'];

const HOUR_SECONDS = 3600;
const DAY_SECONDS = 86_400;

/** Requests of one service by window; a window that is absent is not known. */
export interface BurnCounts {
  reporter: Reporter | undefined;
  availability: ReadonlyMap<CountedWindow, EventCounts>;
  latency: ReadonlyMap<CountedWindow, EventCounts>;
  /** answers are counted and the bucket of the boundary is not there */
  boundaryMissing: boolean;
  /** of the period; undefined where it was not asked for */
  coveredSeconds: number | undefined;
  recordedSeconds: number | undefined;
}

interface Row {
  part: string;
  reporter: Reporter;
  code: string;
  rate: number;
}

/**
 * Folds the answer to `burnRate`: one reporter, codes that do not count left out, what never arrived added where the
 * objective is the client's.
 *
 * @param service - `namespace/name`
 * @param slo - period, view and exclusions
 * @param windows - those that were asked for
 */
export function burnCounts(
  result: QueryResult,
  service: string,
  slo: Pick<SloDefinition, 'periodDays' | 'view' | 'exclude'>,
  windows: readonly CountedWindow[] = ALL_WINDOWS,
): BurnCounts {
  const excluded = new Set(slo.exclude);
  const rows = rowsOf(result, service).filter(
    ({ code }) => !excluded.has(code),
  );
  const reporter = preferredReporter(
    rows.filter(({ part }) => part.startsWith('all')),
  );
  const parts = new Set(rows.map(({ part }) => part));
  const partial = result.warnings.length > 0;
  const sum = (part: string, by: Reporter | undefined) =>
    rows
      .filter(row => row.part === part && row.reporter === by)
      .reduce((total, { rate }) => total + rate, 0);

  const availability = new Map<CountedWindow, EventCounts>();
  const latency = new Map<CountedWindow, EventCounts>();
  for (const window of windows) {
    const asked = hasPart(result, service, `all${window}`);
    if (!asked && (partial || isLong(window))) continue;
    // Where parts may be missing, no failures are not known to be none.
    if (partial && !hasPart(result, service, `bad${window}`)) continue;
    const seconds = secondsOf(window, slo.periodDays);
    const lost =
      slo.view === 'client' && reporter !== 'source'
        ? sum(`lost${window}`, 'source')
        : 0;
    availability.set(window, {
      all: (sum(`all${window}`, reporter) + lost) * seconds,
      bad: (sum(`bad${window}`, reporter) + lost) * seconds,
    });
    const answered = sum(`answered${window}`, reporter);
    const slow = answered - sum(`fast${window}`, reporter);
    if (parts.has(`fast${window}`)) {
      latency.set(window, {
        all: answered * seconds,
        bad: Math.max(0, slow) * seconds,
      });
    }
  }
  const isFast = (part: string) => part.startsWith('fast');
  const isAnswered = (part: string) => part.startsWith('answered');
  return {
    reporter,
    availability,
    latency,
    boundaryMissing: [...parts].some(isAnswered) && ![...parts].some(isFast),
    ...coverage(result, service, slo.periodDays),
  };
}

/** Long windows are asked for only now and then: that there are no rows means nothing. */
function isLong(window: CountedWindow): boolean {
  return window === '3d' || window === 'Period';
}

function secondsOf(window: CountedWindow, periodDays: number): number {
  return window === 'Period' ? periodDays * DAY_SECONDS : BURN_SECONDS[window];
}

function hasPart(result: QueryResult, service: string, part: string): boolean {
  return result.series.some(
    ({ labels }) => labels.part === part && serviceKeyOf(labels) === service,
  );
}

function rowsOf(result: QueryResult, service: string): Row[] {
  return result.series.flatMap(({ labels, samples }) => {
    const reporter = reporterOf(labels);
    const rate = samples[0]?.value;
    return reporter && rate !== undefined && serviceKeyOf(labels) === service
      ? [
          {
            part: labels.part ?? '',
            reporter,
            code: labels.response_code ?? '',
            rate,
          },
        ]
      : [];
  });
}

function coverage(
  result: QueryResult,
  service: string,
  periodDays: number,
): Pick<BurnCounts, 'coveredSeconds' | 'recordedSeconds'> {
  const period = periodDays * DAY_SECONDS;
  const secondsIn = (part: string) => {
    const found = result.series.find(
      ({ labels }) => labels.part === part && serviceKeyOf(labels) === service,
    );
    const hours = found?.samples[0]?.value;
    return hours === undefined
      ? undefined
      : Math.min(period, hours * HOUR_SECONDS);
  };
  return {
    coveredSeconds: secondsIn('covered'),
    recordedSeconds: secondsIn('recordedHours'),
  };
}
