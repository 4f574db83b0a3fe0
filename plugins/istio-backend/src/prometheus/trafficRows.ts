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

import type { QueryResult, Series } from './response';

export type Reporter = 'destination' | 'waypoint' | 'source';

/** Requests per second of one combination of labels, as `serviceWindow` and `serviceHistory` group them. */
export interface RequestRow {
  part: string;
  reporter: Reporter;
  /** `namespace/name` of the destination service */
  service: string;
  caller: Caller;
  /** `destination_workload`; `unknown` when the request reached no endpoint */
  workload: string;
  /** `destination_canonical_revision` */
  version: string;
  grpc: boolean;
  code: string;
  grpcStatus: string;
  flags: string;
  rate: number;
}

/** Who sent the traffic, as the metrics name it. */
export interface Caller {
  namespace: string;
  /** `unknown` when the caller has no proxy */
  workload: string;
  /** SPIFFE identity; undefined without mutual TLS */
  principal: string | undefined;
  /** as the receiving proxy says; the sending one does not know. R9.9 */
  mutualTls: boolean;
}

const REPORTERS: readonly Reporter[] = ['waypoint', 'destination', 'source'];

function isReporter(value: string | undefined): value is Reporter {
  return REPORTERS.some(each => each === value);
}

/** The service a series belongs to, `namespace/name`. */
export function serviceKeyOf(labels: Series['labels']): string {
  return `${labels.destination_service_namespace ?? ''}/${
    labels.destination_service_name ?? ''
  }`;
}

export function reporterOf(labels: Series['labels']): Reporter | undefined {
  return isReporter(labels.reporter) ? labels.reporter : undefined;
}

export function callerOf(labels: Series['labels']): Caller {
  const principal = labels.source_principal;
  return {
    namespace: labels.source_workload_namespace ?? 'unknown',
    workload: labels.source_workload ?? 'unknown',
    principal: principal && principal !== 'unknown' ? principal : undefined,
    // ztunnel reports `unknown` where a sidecar reports `none`: only `mutual_tls` is encrypted.
    mutualTls: labels.connection_security_policy === 'mutual_tls',
  };
}

function requestRow(
  labels: Series['labels'],
  rate: number,
): RequestRow | undefined {
  const reporter = reporterOf(labels);
  if (!reporter) return undefined;
  return {
    part: labels.part ?? '',
    reporter,
    service: serviceKeyOf(labels),
    caller: callerOf(labels),
    workload: labels.destination_workload ?? 'unknown',
    version: labels.destination_canonical_revision ?? 'unknown',
    grpc: labels.request_protocol === 'grpc',
    code: labels.response_code ?? '',
    grpcStatus: labels.grpc_response_status ?? '',
    flags: labels.response_flags ?? '-',
    rate,
  };
}

/**
 * Reads rows of requests, as the parts `now` and `before` of the answer to `serviceWindow` hold them. Rows without a
 * number are left out.
 */
export function requestRows(
  result: QueryResult,
  parts: readonly string[] = ['now', 'before'],
): RequestRow[] {
  const rows: RequestRow[] = [];
  for (const { labels, samples } of result.series) {
    if (!parts.includes(labels.part)) continue;
    const rate = samples[0]?.value;
    const row = rate === undefined ? undefined : requestRow(labels, rate);
    if (row) rows.push(row);
  }
  return rows;
}

/** Reads the `requests` part of `serviceHistory`: rows by epoch second. */
export function requestRowsByTime(
  result: QueryResult,
): Map<number, RequestRow[]> {
  const byTime = new Map<number, RequestRow[]>();
  for (const { labels, samples } of result.series) {
    if (labels.part !== 'requests') continue;
    for (const { at, value } of samples) {
      const row = value === undefined ? undefined : requestRow(labels, value);
      if (!row) continue;
      const rows = byTime.get(at);
      if (rows) rows.push(row);
      else byTime.set(at, [row]);
    }
  }
  return byTime;
}

/**
 * The reporter whose rows count a service's traffic: the first that has any, waypoint before destination before
 * source. Reporters see the same requests, each with its own flags, and must never be added (golden-signals §1). R9.1
 */
export function preferredReporter(
  rows: readonly { reporter: Reporter; rate?: number }[],
): Reporter | undefined {
  const present = (reporter: Reporter, withTraffic: boolean) =>
    rows.some(
      row => row.reporter === reporter && (!withTraffic || (row.rate ?? 0) > 0),
    );
  return (
    REPORTERS.find(reporter => present(reporter, true)) ??
    REPORTERS.find(reporter => present(reporter, false))
  );
}
