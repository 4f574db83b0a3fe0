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

import type { Matcher } from '../selector';
import {
  ANSWERED,
  FAILED_BY_CODE,
  FAILED_BY_STATUS,
  NEVER_ARRIVED_FLAGS,
  NOT_INJECTED,
  withFlags,
} from './badRequests';
import { boundary } from './bucketBoundary';
import {
  seriesOf,
  SERVICE_KEY,
  SERVICE_LABELS,
  type Parts,
  type SubjectSelection,
  type SubjectTemplate,
} from './template';
import { INSTANT_SECONDS, SLOW_SECONDS } from './windows';

/** Windows that are cheap on raw series. */
const SHORT_WINDOWS = ['5m', '30m', '1h', '6h'] as const;

const DAY_SECONDS = 86_400;
const HOUR_SECONDS = 3600;

/** Rates over five minutes by service, code and reporter, where the recording rules are installed. */
const RECORDED = 'istio_gs:requests:rate5m';
const RECORDED_STEP_SECONDS = 300;

/** Which burn windows are asked for, as parameters of a template. */
export interface BurnParameters {
  [name: string]: number | boolean | undefined;
  /** with 3 days and the period of so many days; absent: only the short windows */
  periodDays?: number;
  /** the long windows come from recorded series */
  recorded?: boolean;
  /** bucket boundary, milliseconds, of a latency objective */
  boundaryMs?: number;
}

const BY = `reporter, ${SERVICE_KEY}, response_code`;

/**
 * All burn windows in one response: requests per second (`all5m`, …), those that failed (`bad5m`, …), those that never
 * arrived as clients saw it (`lost5m`, …), answers (`answered5m`, …) and those within the boundary (`fast5m`, …). Fold
 * by reporter and divide there. The window of the whole period is named `Period`; `covered` counts the hours of the
 * period with numbers, `recordedHours` those with recorded ones.
 */
export const burnRate: SubjectTemplate<BurnParameters> = {
  name: 'burn-rate',
  keyLabels: SERVICE_LABELS,
  freshSeconds: ({ periodDays }) =>
    periodDays === undefined ? INSTANT_SECONDS : SLOW_SECONDS,
  parts: (selection, { periodDays, recorded, boundaryMs }) => {
    const raw = (name: string, window: string) =>
      rawParts(selection, name, window, boundaryMs);
    const long = (name: string, days: number) =>
      recorded ? recordedParts(selection, name, days) : raw(name, `${days}d`);
    const short = merged(SHORT_WINDOWS.map(window => raw(window, window)));
    if (periodDays === undefined) return short;
    return {
      ...short,
      ...long('3d', 3),
      ...long('Period', periodDays),
      ...coverageParts(selection, periodDays),
    };
  },
};

function merged(all: readonly Parts[]): Parts {
  return Object.fromEntries(all.flatMap(parts => Object.entries(parts)));
}

function rawParts(
  selection: SubjectSelection,
  name: string,
  window: string,
  boundaryMs: number | undefined,
): Parts {
  const rate = (metric: string, more: readonly Matcher[]) =>
    `rate(${seriesOf(metric, selection, {
      more: [...more, NOT_INJECTED],
    })}[${window}])`;
  const requests = (...more: Matcher[]) => rate('istio_requests_total', more);
  const source: Matcher = { label: 'reporter', operator: '=', value: 'source' };
  return {
    [`all${name}`]: `sum by (${BY}) (${requests()})`,
    [`bad${name}`]: `sum by (${BY}) (${requests(
      ...FAILED_BY_CODE,
    )} or ${requests(...FAILED_BY_STATUS)})`,
    [`lost${name}`]: `sum by (${BY}) (${requests(
      source,
      withFlags(NEVER_ARRIVED_FLAGS),
    )})`,
    ...(boundaryMs !== undefined && {
      [`answered${name}`]: `sum by (${BY}) (${rate(
        'istio_request_duration_milliseconds_count',
        ANSWERED,
      )})`,
      [`fast${name}`]: `sum by (${BY}) (${rate(
        'istio_request_duration_milliseconds_bucket',
        [boundary(boundaryMs), ...ANSWERED],
      )})`,
    }),
  };
}

/**
 * The same from recorded rates, sampled every five minutes: each sample stands for the requests of its five minutes, so
 * an error series that is younger than the period counts for what it has.
 */
function recordedParts(
  selection: SubjectSelection,
  name: string,
  days: number,
): Parts {
  const seconds = days * DAY_SECONDS;
  const rate = (...more: Matcher[]) =>
    `sum_over_time(${seriesOf(RECORDED, selection, {
      more: [...more, NOT_INJECTED],
    })}[${days}d:${RECORDED_STEP_SECONDS}s])`;
  const perSecond = `* ${RECORDED_STEP_SECONDS} / ${seconds}`;
  return {
    [`all${name}`]: `sum by (${BY}) (${rate()}) ${perSecond}`,
    [`bad${name}`]: `sum by (${BY}) (${rate(...FAILED_BY_CODE)} or ${rate(
      ...FAILED_BY_STATUS,
    )}) ${perSecond}`,
  };
}

function coverageParts(selection: SubjectSelection, periodDays: number): Parts {
  const hours = (metric: string) =>
    `count_over_time((count by (${SERVICE_KEY}) (${seriesOf(
      metric,
      selection,
    )}))[${periodDays}d:${HOUR_SECONDS}s])`;
  return {
    covered: hours('istio_requests_total'),
    recordedHours: hours(RECORDED),
  };
}
