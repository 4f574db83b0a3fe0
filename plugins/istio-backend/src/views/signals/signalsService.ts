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
  ServiceRef,
  SignalNumbers,
  SignalsService,
} from '@mesh-portal/backstage-plugin-istio-common';
import { historySeconds } from '../../prometheus/catalogue';
import { layoutsAreMixed } from '../../prometheus/quantile';
import type { QueryResult } from '../../prometheus/response';
import {
  callerTraffic,
  flagRates,
  groupRates,
  is5xx,
  shareOf,
  sumRates,
} from '../../prometheus/traffic';
import {
  type Reporter,
  type RequestRow,
  requestRows,
} from '../../prometheus/trafficRows';
import { entityOfCaller, type ClusterEntities } from '../entityInput';
import { count } from '../numbersInWords';
import { codeInWords } from './codeInWords';
import { signalPoints, splitPoints } from './history';
import { chosenReporter } from './chosenReporter';
import { grpcStatuses } from './grpcStatuses';
import { latencyOf, type LatencyRow } from './latency';
import { saturationOf } from './saturation';
import { BEFORE, latencyRows, NOW, signalNumbers } from './signalNumbers';
import { signalsVerdict } from './signalsVerdict';
import { scrapeNote, trafficState } from './state';
import { tcpFlags } from './volumes';

/** The answers a page is made of, all for the same window. */
export interface SignalAnswers {
  /** to `serviceWindow` */
  requests: QueryResult;
  /** to `serviceHistory` */
  history: QueryResult;
  /** to `podSaturation` */
  pods: QueryResult;
  /** epoch seconds of the last step of `history` */
  historyEnd: number;
  stepSeconds: number;
  windowSeconds: number;
  /** why the answers may lack something; absent: they are whole and of now */
  incomplete?: string;
}

const NOTHING: SignalNumbers = {};

/**
 * The golden signals of one service, folded from the answers. One reporter is chosen per service and named; what
 * only clients saw stands beside it, never inside.
 *
 * @param pods - `namespace/name` of the service's pods
 */
export function signalsService(
  service: ServiceRef,
  answers: SignalAnswers,
  pods: ReadonlySet<string>,
  entities?: ClusterEntities,
): SignalsService {
  const key = `${service.namespace}/${service.name}`;
  const now = requestRows(answers.requests, ['now']).filter(
    row => row.service === key,
  );
  const { reporter, layer } = chosenReporter(answers.requests, key);
  const rows = now.filter(row => row.reporter === reporter);
  const latencies = latencyRows(answers.requests, key);
  const state = trafficState(
    answers.history,
    answers.requests,
    key,
    answers.historyEnd,
    answers.stepSeconds,
    inWords(historySeconds(answers.windowSeconds)),
    scrapeNote(answers.pods, pods),
  );
  const points = reporter ? signalPoints(answers.history, key, reporter) : [];
  const { before: previousSeries, since: series } = splitPoints(
    points,
    answers.historyEnd,
    answers.windowSeconds,
  );
  const current =
    signalNumbers(answers.requests, key, reporter, NOW) ?? NOTHING;
  const previous = signalNumbers(answers.requests, key, reporter, BEFORE);
  const byFlag =
    layer === 'tcp' ? tcpFlags(answers.requests, key) : flagRates(rows, now);
  const note = latencyNote(current, latencies, reporter);
  const withoutVerdict = {
    service,
    ...state,
    reporter: reporter ?? ('none' as const),
    layer,
    current,
    previous,
    series,
    previousSeries,
    stepSeconds: answers.stepSeconds,
    byCode: byCode(rows),
    byGrpcStatus: grpcStatuses(rows),
    ...(note !== undefined && { latencyNote: note }),
    byFlag: byFlag.map(({ causes, ...flag }) => ({
      ...flag,
      causes: [...causes],
    })),
    byVersion: byVersion(rows, latencies, reporter),
    byCaller: callerTraffic(rows).map(
      ({ caller, requestsPerSecond, share5xx }) => ({
        namespace: caller.namespace,
        workload: caller.workload,
        ...entityOfCaller(entities, caller),
        requestsPerSecond,
        share5xx,
      }),
    ),
    saturation: saturationOf(answers.pods, pods),
  };
  return {
    ...withoutVerdict,
    verdict: signalsVerdict(withoutVerdict, answers.incomplete),
  };
}

/** Why there are requests and no latency. */
function latencyNote(
  current: SignalNumbers,
  latencies: readonly LatencyRow[],
  reporter: Reporter | undefined,
): string | undefined {
  if (!current.requestsPerSecond || current.latency) return undefined;
  const own = latencies.filter(
    row => row.reporter === reporter && row.part === 'latency',
  );
  if (own.length === 0) {
    return 'No histogram of latency is reported: a Telemetry disables REQUEST_DURATION, or the scrape leaves it out';
  }
  return layoutsAreMixed(own)
    ? 'Its pods count latency into different buckets (sidecar.istio.io/statsHistogramBuckets), so no quantile of all of them is right'
    : 'Too few requests were measured';
}

function byCode(rows: readonly RequestRow[]): SignalsService['byCode'] {
  const total = sumRates(rows);
  return groupRates(
    rows,
    ({ code }) => code,
    ({ code }) => ({ code }),
  ).map(({ code, requestsPerSecond }) => ({
    code,
    requestsPerSecond,
    share: shareOf(requestsPerSecond, total) ?? 0,
    words: codeInWords(code),
  }));
}

function byVersion(
  rows: readonly RequestRow[],
  latencies: readonly LatencyRow[],
  reporter: Reporter | undefined,
): SignalsService['byVersion'] {
  return groupRates(
    rows,
    ({ version }) => version,
    ({ version }) => ({ version }),
  ).map(({ version, rows: group, requestsPerSecond }) => ({
    version,
    requestsPerSecond,
    share5xx: shareOf(sumRates(group, is5xx), requestsPerSecond),
    p95: latencyOf(
      latencies.filter(
        row =>
          row.part === 'latency' &&
          row.reporter === reporter &&
          row.version === version,
      ),
    )?.p95,
  }));
}

function inWords(seconds: number): string {
  if (seconds % 86_400 === 0) return count(seconds / 86_400, 'day');
  if (seconds % 3600 === 0) return count(seconds / 3600, 'hour');
  return count(Math.round(seconds / 60), 'minute');
}
