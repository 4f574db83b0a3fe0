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

import type { Caller, RequestRow } from './trafficRows';
import { CLIENT_ONLY_FLAGS, explainFlag, splitFlags } from './responseFlags';

/** gRPC statuses that blame the server; the rest blame the caller (golden-signals §2). */
export const GRPC_SERVER_FAULTS: ReadonlySet<string> = new Set([
  '2',
  '4',
  '8',
  '12',
  '13',
  '14',
  '15',
]);

/** Rates and shares of a set of rows of ONE reporter. A share is undefined where nothing was requested. */
export interface TrafficNumbers {
  requestsPerSecond: number;
  share5xx: number | undefined;
  share4xx: number | undefined;
  /** no response at all, client hang-ups left out */
  shareNoResponse: number | undefined;
  grpcRequestsPerSecond: number;
  /** server faults, of the gRPC requests */
  shareGrpcErrors: number | undefined;
}

export function sumRates(
  rows: readonly RequestRow[],
  of: (row: RequestRow) => boolean = () => true,
): number {
  let sum = 0;
  for (const row of rows) if (of(row)) sum += row.rate;
  return sum;
}

export function is5xx(row: RequestRow): boolean {
  return row.code.startsWith('5') && row.code.length === 3;
}

function is4xx(row: RequestRow): boolean {
  return row.code.startsWith('4') && row.code.length === 3;
}

function isNoResponse(row: RequestRow): boolean {
  return row.code === '0' && !splitFlags(row.flags).includes('DC');
}

/** A share of a total; undefined where the total is nothing: there is no share of no traffic. */
export function shareOf(part: number, total: number): number | undefined {
  return total > 0 ? part / total : undefined;
}

/** Traffic and error shares. The classes are apart and never overlap: 5xx, 4xx, no response; gRPC by its own status. */
export function trafficNumbers(rows: readonly RequestRow[]): TrafficNumbers {
  const total = sumRates(rows);
  const grpc = sumRates(rows, row => row.grpc);
  return {
    requestsPerSecond: total,
    share5xx: shareOf(sumRates(rows, is5xx), total),
    share4xx: shareOf(sumRates(rows, is4xx), total),
    shareNoResponse: shareOf(sumRates(rows, isNoResponse), total),
    grpcRequestsPerSecond: grpc,
    shareGrpcErrors: shareOf(
      sumRates(rows, row => row.grpc && GRPC_SERVER_FAULTS.has(row.grpcStatus)),
      grpc,
    ),
  };
}

function isClientOnlyFailure(row: RequestRow): boolean {
  return (
    row.reporter === 'source' &&
    splitFlags(row.flags).some(flag => CLIENT_ONLY_FLAGS.has(flag))
  );
}

/**
 * Failures only clients saw: their requests never arrived, so no server counts them. A number of its own, never part of
 * the service's total.
 */
export function clientOnlyFailures(rows: readonly RequestRow[]): number {
  return sumRates(rows, isClientOnlyFailure);
}

/** Sums rows by a key, largest first. Keys without traffic are left out. */
export function groupRates<K>(
  rows: readonly RequestRow[],
  keyOf: (row: RequestRow) => string,
  describe: (row: RequestRow) => K,
): (K & { rows: RequestRow[]; requestsPerSecond: number })[] {
  const groups = new Map<string, RequestRow[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return [...groups.values()]
    .map(group => ({
      ...describe(group[0]),
      rows: group,
      requestsPerSecond: sumRates(group),
    }))
    .filter(({ requestsPerSecond }) => requestsPerSecond > 0)
    .sort((a, b) => b.requestsPerSecond - a.requestsPerSecond);
}

/** Response flags of the rows of the service's reporter and of what only clients saw, each in words. */
export function flagRates(
  serviceRows: readonly RequestRow[],
  allRows: readonly RequestRow[],
) {
  const byFlag = new Map<string, number>();
  const add = (row: RequestRow, wanted: (flag: string) => boolean) => {
    for (const flag of splitFlags(row.flags)) {
      if (wanted(flag)) byFlag.set(flag, (byFlag.get(flag) ?? 0) + row.rate);
    }
  };
  for (const row of serviceRows) {
    add(row, flag => row.reporter === 'source' || !CLIENT_ONLY_FLAGS.has(flag));
  }
  const clientRows = allRows.filter(
    row => row.reporter === 'source' && !serviceRows.includes(row),
  );
  for (const row of clientRows) add(row, flag => CLIENT_ONLY_FLAGS.has(flag));
  return [...byFlag]
    .filter(([, rate]) => rate > 0)
    .sort(([, a], [, b]) => b - a)
    .map(([name, requestsPerSecond]) => ({
      ...explainFlag(name),
      requestsPerSecond,
    }));
}

/** One caller with what it sends. */
export interface CallerTraffic {
  caller: Caller;
  requestsPerSecond: number;
  /** 0 to 1 */
  mutualTlsShare: number | undefined;
  share5xx: number | undefined;
  /** answered 403 */
  refusedPerSecond: number;
}

/** Callers by namespace and workload. Rows must be of reporter destination or waypoint: a source knows no transport. R9.1, R9.9 */
export function callerTraffic(rows: readonly RequestRow[]): CallerTraffic[] {
  return groupRates(
    rows,
    ({ caller }) => `${caller.namespace}/${caller.workload}`,
    ({ caller }) => ({ caller }),
  ).map(({ rows: group, requestsPerSecond }) => ({
    caller:
      group.find(({ caller }) => caller.principal !== undefined)?.caller ??
      group[0].caller,
    requestsPerSecond,
    mutualTlsShare: shareOf(
      sumRates(group, ({ caller }) => caller.mutualTls),
      requestsPerSecond,
    ),
    share5xx: shareOf(sumRates(group, is5xx), requestsPerSecond),
    refusedPerSecond: sumRates(group, ({ code }) => code === '403'),
  }));
}
