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
import type { QueryResult } from '../../prometheus/response';
import {
  callerTraffic,
  clientOnlyFailures,
  flagRates,
  groupRates,
  is5xx,
  shareOf,
  sumRates,
  trafficNumbers,
} from '../../prometheus/traffic';
import {
  preferredReporter,
  type Reporter,
  type RequestRow,
  requestRows,
} from '../../prometheus/trafficRows';
import { entityOfCaller, type ClusterEntities } from '../entityInput';
import { codeInWords } from './codeInWords';
import { signalPoints, splitPoints } from './history';
import { latencyOf, type LatencyRow, latencyRow } from './latency';
import { saturationOf } from './saturation';
import { signalsVerdict } from './signalsVerdict';
import { trafficState } from './state';
import { volumeOf } from './volumes';

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
}

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
  const all = requestRows(answers.requests).filter(row => row.service === key);
  const now = all.filter(({ part }) => part === 'now');
  const before = all.filter(({ part }) => part === 'before');
  const httpReporter = preferredReporter(now);
  const tcpReporter = (['destination', 'source'] as const).find(
    each => (volumeOf(answers.requests, 'tcpOpened', key, each) ?? 0) > 0,
  );
  const reporter = httpReporter ?? tcpReporter;
  const rows = now.filter(row => row.reporter === reporter);
  const latencies = latencyRows(answers.requests, key);
  const state = trafficState(
    answers.history,
    key,
    answers.historyEnd,
    answers.stepSeconds,
    inWords(answers.windowSeconds * 2),
  );
  const points = reporter ? signalPoints(answers.history, key, reporter) : [];
  const { before: previousSeries, since: series } = splitPoints(
    points,
    answers.historyEnd - answers.windowSeconds,
  );
  const current = numbers({
    now: rows,
    all: now,
    latencies,
    answers,
    key,
    reporter,
    part: 'now',
  });
  const previousRows = before.filter(row => row.reporter === reporter);
  const previous =
    previousRows.length > 0
      ? numbers({
          now: previousRows,
          all: before,
          latencies,
          answers,
          key,
          reporter,
          part: 'before',
        })
      : undefined;
  const byFlag = flagRates(rows, now);
  const withoutVerdict = {
    service,
    ...state,
    reporter: reporter ?? ('none' as const),
    layer: layerOf(httpReporter, tcpReporter),
    current,
    previous,
    series,
    previousSeries,
    stepSeconds: answers.stepSeconds,
    byCode: byCode(rows),
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
  return { ...withoutVerdict, verdict: signalsVerdict(withoutVerdict) };
}

function layerOf(
  http: Reporter | undefined,
  tcp: Reporter | undefined,
): SignalsService['layer'] {
  if (http) return 'http';
  return tcp ? 'tcp' : 'none';
}

function latencyRows(result: QueryResult, service: string): LatencyRow[] {
  return result.series.flatMap(({ labels, samples }) => {
    const row = latencyRow(labels, samples[0]?.value);
    return row && row.service === service ? [row] : [];
  });
}

function numbers(options: {
  now: readonly RequestRow[];
  all: readonly RequestRow[];
  latencies: readonly LatencyRow[];
  answers: SignalAnswers;
  key: string;
  reporter: Reporter | undefined;
  part: 'now' | 'before';
}): SignalNumbers {
  const { now, all, latencies, answers, key, reporter, part } = options;
  const suffix = part === 'now' ? '' : 'Before';
  const volume = (name: string) =>
    volumeOf(answers.requests, name, key, reporter);
  const http = now.length > 0 ? trafficNumbers(now) : undefined;
  const opened = volume(`tcpOpened${suffix}`);
  return {
    ...http,
    clientOnlyFailuresPerSecond:
      all.length > 0 && reporter !== 'source'
        ? clientOnlyFailures(all)
        : undefined,
    latency: latencyOf(
      latencies.filter(
        row => row.reporter === reporter && row.part === `latency${suffix}`,
      ),
    ),
    requestBytesPerSecond: volume(`requestBytes${suffix}`),
    responseBytesPerSecond: volume(`responseBytes${suffix}`),
    tcp:
      opened === undefined
        ? undefined
        : {
            connectionsOpenedPerSecond: opened,
            ...(part === 'now' && {
              requestBytesPerSecond: volume('tcpReceived'),
              responseBytesPerSecond: volume('tcpSent'),
              failedPerSecond: volume('tcpFailed'),
            }),
          },
  };
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
  if (seconds % 86_400 === 0) return `${seconds / 86_400} days`;
  if (seconds % 3600 === 0) return `${seconds / 3600} hours`;
  return `${Math.round(seconds / 60)} minutes`;
}
