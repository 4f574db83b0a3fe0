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

import { isBadEvent } from '../prometheus/badEvents';
import { type Baseline, BASELINES } from '../prometheus/catalogue';
import type { QueryResult, Series } from '../prometheus/response';
import {
  preferredReporter,
  type Reporter,
  reporterOf,
  serviceKeyOf,
} from '../prometheus/trafficRows';
import { neverArrived } from './failures';

export type Moment = 'now' | Baseline;

/** Who sees a failure: requests that never arrived are counted by clients only. R9.1 */
export type SeenBy = 'server' | 'client';

/** Requests of one caller, version and outcome. */
export interface CellKey {
  seenBy: SeenBy;
  callerNamespace: string;
  caller: string;
  sourceCluster: string;
  destinationCluster: string;
  /** `destination_workload`; `unknown` when the request reached none */
  workload: string;
  version: string;
  grpc: boolean;
  code: string;
  grpcStatus: string;
  flags: string;
}

/** Requests per second of a cell at a moment. */
export interface CellRate extends CellKey {
  failed: boolean;
  rate: number;
}

/** All requests of a service at a moment, as one reporter sees them; what never arrived stands apart. */
export interface MomentCells {
  /** requests per second that the server counted */
  served: number;
  /** requests per second that clients counted; 0 where the server's numbers are the clients' */
  sent: number;
  cells: readonly CellRate[];
}

/** Errors per second by cell at the moments that there are numbers for. */
export interface ServiceCells {
  reporter: Reporter | undefined;
  at: ReadonlyMap<Moment, MomentCells>;
  /** errors of new series were added that no rate counts */
  includesNewSeries: boolean;
}

interface Row extends CellRate {
  part: string;
  reporter: Reporter;
}

/** Identifies a cell. */
export function cellId(cell: CellKey): string {
  return [
    cell.seenBy,
    cell.callerNamespace,
    cell.caller,
    cell.sourceCluster,
    cell.destinationCluster,
    cell.workload,
    cell.version,
    cell.code,
    cell.grpcStatus,
    cell.flags,
  ].join('\u0000');
}

/** A cell of one series, by its labels. */
export function cellKeyOf(
  labels: Series['labels'],
  reporter: Reporter | undefined,
): CellKey {
  const flags = labels.response_flags ?? '-';
  const workload = labels.destination_workload ?? 'unknown';
  return {
    seenBy: reporter === 'source' ? 'client' : 'server',
    callerNamespace: labels.source_workload_namespace ?? 'unknown',
    caller: labels.source_workload ?? 'unknown',
    sourceCluster: labels.source_cluster ?? 'unknown',
    destinationCluster: labels.destination_cluster ?? 'unknown',
    workload,
    // A request that reached no workload has no version, whatever its label says.
    version:
      workload === 'unknown'
        ? 'unknown'
        : labels.destination_canonical_revision ?? 'unknown',
    grpc: labels.request_protocol === 'grpc',
    code: labels.response_code ?? '',
    grpcStatus: labels.grpc_response_status ?? '',
    flags,
  };
}

function rowsOf(result: QueryResult, service: string): Row[] {
  return result.series.flatMap(({ labels, samples }) => {
    const reporter = reporterOf(labels);
    const rate = samples[0]?.value;
    if (!reporter || rate === undefined || serviceKeyOf(labels) !== service) {
      return [];
    }
    const key = cellKeyOf(labels, reporter);
    return [
      {
        ...key,
        part: labels.part ?? '',
        reporter,
        failed: isBadEvent(key),
        rate,
      },
    ];
  });
}

/**
 * Folds the answer to `contribution`: one reporter for all moments, what never arrived beside it. A moment without any
 * requests has no entry: it can be no baseline.
 *
 * @param service - `namespace/name`
 */
export function serviceCells(
  result: QueryResult,
  service: string,
): ServiceCells {
  const rows = rowsOf(result, service);
  const now = rows.filter(({ part }) => part === 'cellsNow');
  const reporter = preferredReporter(now) ?? preferredReporter(rows);
  const newborn = wasEstablished(result, service)
    ? rows.filter(({ part }) => part === 'newborn')
    : [];
  const at = new Map<Moment, MomentCells>();
  for (const moment of ['now', ...BASELINES] as const) {
    const part = moment === 'now' ? 'cellsNow' : `cells${moment}`;
    const ofMoment = rows.filter(row => row.part === part);
    const cells = momentCells(
      moment === 'now' ? [...ofMoment, ...newborn] : ofMoment,
      reporter,
    );
    if (cells.served + cells.sent > 0) at.set(moment, cells);
  }
  return {
    reporter,
    at,
    includesNewSeries: newborn.some(({ rate }) => rate > 0),
  };
}

/** Were there series five minutes ago? Otherwise everything is new, which tells of a gap and not of errors. */
function wasEstablished(result: QueryResult, service: string): boolean {
  return result.series.some(
    ({ labels, samples }) =>
      labels.part === 'established' &&
      serviceKeyOf(labels) === service &&
      (samples[0]?.value ?? 0) > 0,
  );
}

function momentCells(
  rows: readonly Row[],
  reporter: Reporter | undefined,
): MomentCells {
  const served = rows.filter(row => row.reporter === reporter);
  const sent = rows.filter(row => row.reporter === 'source');
  const lost =
    reporter === 'source'
      ? []
      : sent.filter(row => row.failed && neverArrived(row));
  const byCell = new Map<string, CellRate>();
  for (const row of [...served, ...lost]) {
    const seenBy =
      row.reporter === 'source' && neverArrived(row) ? 'client' : 'server';
    const cell: CellRate = { ...row, seenBy };
    const id = cellId(cell);
    const known = byCell.get(id);
    byCell.set(id, known ? { ...known, rate: known.rate + cell.rate } : cell);
  }
  const total = (some: readonly Row[]) =>
    some.reduce((sum, { rate }) => sum + rate, 0);
  return {
    served: total(served),
    sent: reporter === 'source' ? 0 : total(sent),
    cells: [...byCell.values()],
  };
}
