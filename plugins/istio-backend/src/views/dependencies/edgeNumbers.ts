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

import type { DependencyEdge } from '@mesh-portal/backstage-plugin-istio-common';
import { isBadEvent } from '../../prometheus/badEvents';
import { bucketQuantile } from '../../prometheus/quantile';
import {
  CLIENT_ONLY_FLAGS,
  explainFlag,
  splitFlags,
} from '../../prometheus/responseFlags';
import { preferredReporter, type Reporter } from '../../prometheus/trafficRows';
import { codeInWords } from '../signals/codeInWords';
import type { EdgeRow } from './edgeRows';

/** Numbers of an edge, all of them as ONE reporter counted them. */
export type EdgeNumbers = Required<
  Pick<DependencyEdge, 'reporter' | 'protocol'>
> &
  Pick<
    DependencyEdge,
    | 'requestsPerSecond'
    | 'errorShare'
    | 'errorsPerSecond'
    | 'clientOnlyFailuresPerSecond'
    | 'refusedPerSecond'
    | 'failures'
    | 'latency'
    | 'mutualTls'
    | 'tcp'
    | 'versions'
    | 'crossCluster'
  >;

/** Kinds of failures that are told. */
const MAX_FAILURES = 5;

const NO_TRAFFIC = 'No traffic in the window';
const CALLER_CANNOT_KNOW =
  'Only the caller reports, and a caller’s report does not say how the connection was secured';

function sum(rows: readonly EdgeRow[]): number {
  return rows.reduce((total, { value }) => total + value, 0);
}

function reporterOfRows(rows: readonly EdgeRow[]): Reporter | undefined {
  return preferredReporter(
    rows.flatMap(({ reporter, value }) =>
      reporter ? [{ reporter, rate: value }] : [],
    ),
  );
}

function groupBy(
  rows: readonly EdgeRow[],
  keyOf: (row: EdgeRow) => string,
): Map<string, EdgeRow[]> {
  const groups = new Map<string, EdgeRow[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}

function isClientOnly({ reporter, flags }: EdgeRow): boolean {
  return (
    reporter === 'source' &&
    splitFlags(flags).some(each => CLIENT_ONLY_FLAGS.has(each))
  );
}

function isRefused({ code, grpcStatus }: EdgeRow): boolean {
  return code === '403' || grpcStatus === '7';
}

/** Who made the answer: a proxy for the reason of its flag, else what is behind the last one that reports. R9.2 */
function failureInWords({
  code,
  grpcStatus,
  flags,
  callee,
  reporter,
}: EdgeRow): {
  flag?: string;
  words: string;
} {
  const [first] = splitFlags(flags);
  if (first !== undefined) {
    return {
      flag: splitFlags(flags).join(','),
      words: splitFlags(flags)
        .map(name => explainFlag(name).words)
        .join('; '),
    };
  }
  if (callee.name === 'BlackHoleCluster') {
    return {
      words: `${codeInWords(
        code,
      )}, answered by the own proxy: the host is not registered`,
    };
  }
  const by =
    reporter === 'source'
      ? 'answered by the application or a proxy in front of it'
      : 'answered by the application';
  return /^5..$/.test(code) || code === '0'
    ? { words: `${codeInWords(code)}, ${by}` }
    : { words: `gRPC status ${grpcStatus}, ${by}` };
}

function failuresOf(rows: readonly EdgeRow[]): DependencyEdge['failures'] {
  const groups = groupBy(
    rows,
    ({ code, grpcStatus, flags }) => `${code} ${grpcStatus} ${flags}`,
  );
  return [...groups.values()]
    .map(group => ({
      code: group[0].code,
      ...failureInWords(group[0]),
      perSecond: sum(group),
    }))
    .filter(({ perSecond }) => perSecond > 0)
    .sort((a, b) => b.perSecond - a.perSecond)
    .slice(0, MAX_FAILURES);
}

/** Requests that reached no workload have no version; what is not in the mesh bears Istio's stand-in. */
function hasVersion({ version, callee }: EdgeRow): boolean {
  return (
    version !== 'unknown' &&
    !(version === 'latest' && callee.cluster === 'unknown')
  );
}

function versionsOf(rows: readonly EdgeRow[]): DependencyEdge['versions'] {
  return [...groupBy(rows.filter(hasVersion), ({ version }) => version)]
    .map(([version, group]) => {
      const requestsPerSecond = sum(group);
      return {
        version,
        requestsPerSecond,
        ...(requestsPerSecond > 0 && {
          errorShare: sum(group.filter(isBadEvent)) / requestsPerSecond,
        }),
      };
    })
    .filter(({ requestsPerSecond }) => requestsPerSecond > 0)
    .sort((a, b) => b.requestsPerSecond - a.requestsPerSecond);
}

/** E4: pairs of clusters that differ; a cluster that is not known crosses nothing. */
function crossings(rows: readonly EdgeRow[]): DependencyEdge['crossCluster'] {
  const across = rows.filter(
    ({ caller, callee, value }) =>
      value > 0 &&
      caller.cluster !== callee.cluster &&
      caller.cluster !== 'unknown' &&
      callee.cluster !== 'unknown',
  );
  return [
    ...groupBy(across, row => `${row.caller.cluster}\n${row.callee.cluster}`),
  ].map(([, group]) => ({
    from: group[0].caller.cluster,
    to: group[0].callee.cluster,
    perSecond: sum(group),
  }));
}

/**
 * The encrypted share, from a reporter that can know it: never the sender. R9.9
 *
 * @param rows - of one reporter, requests or connections
 */
function mutualTlsOf(
  rows: readonly EdgeRow[],
  reporter: Reporter | undefined,
): DependencyEdge['mutualTls'] {
  const total = sum(rows);
  if (!(total > 0)) return { reason: NO_TRAFFIC };
  if (reporter === 'source') return { reason: CALLER_CANNOT_KNOW };
  return { share: sum(rows.filter(({ mutualTls }) => mutualTls)) / total };
}

function latencyOf(
  rows: readonly EdgeRow[],
  reporter: Reporter | undefined,
): DependencyEdge['latency'] {
  const own = rows.filter(row => row.reporter === reporter);
  const buckets = own.flatMap(({ part, le, value }) =>
    part === 'buckets' && le !== undefined ? [{ le, count: value }] : [],
  );
  const count = sum(own.filter(({ part }) => part === 'count'));
  const sums = own.filter(({ part }) => part === 'sum');
  const p95 = bucketQuantile(buckets, 0.95);
  if (!(count > 0) || (sums.length === 0 && !p95)) return undefined;
  return {
    ...(sums.length > 0 && { mean: sum(sums) / count }),
    ...(p95 && { p95: p95.value, p95Bucket: p95.bucket }),
  };
}

function isOfTcp({ part }: EdgeRow): boolean {
  return part === 'opened' || part === 'received' || part === 'sent';
}

function requestNumbers(
  requests: readonly EdgeRow[],
  all: readonly EdgeRow[],
): EdgeNumbers {
  const reporter = reporterOfRows(requests) ?? 'source';
  const rows = requests.filter(row => row.reporter === reporter);
  const requestsPerSecond = sum(rows);
  const errorsPerSecond = sum(rows.filter(isBadEvent));
  const lost = reporter === 'source' ? [] : requests.filter(isClientOnly);
  const grpc = sum(rows.filter(row => row.grpc));
  const grpcRows = rows.filter(row => row.grpc).length;
  const isGrpc =
    requestsPerSecond > 0 ? grpc === requestsPerSecond : grpcRows > 0;
  const isMixed = requestsPerSecond > 0 && grpc > 0 && !isGrpc;
  const latency = latencyOf(all, reporter);
  const plain = isGrpc ? 'grpc' : 'http';
  return {
    reporter,
    protocol: isMixed ? 'http+grpc' : plain,
    requestsPerSecond,
    errorsPerSecond,
    ...(requestsPerSecond > 0 && {
      errorShare: errorsPerSecond / requestsPerSecond,
    }),
    ...(lost.length > 0 && { clientOnlyFailuresPerSecond: sum(lost) }),
    refusedPerSecond: sum(rows.filter(isRefused)),
    failures: failuresOf([...rows.filter(isBadEvent), ...lost]),
    ...(latency && { latency }),
    mutualTls: mutualTlsOf(rows, reporter),
    versions: versionsOf(rows),
    crossCluster: crossings(rows),
  };
}

function connectionNumbers(rows: readonly EdgeRow[]): EdgeNumbers {
  const reporter = reporterOfRows(rows) ?? 'source';
  const own = rows.filter(row => row.reporter === reporter);
  const opened = own.filter(({ part }) => part === 'opened');
  const bytes = (part: string) => {
    const of = own.filter(row => row.part === part);
    return of.length > 0 ? sum(of) : undefined;
  };
  return {
    reporter,
    protocol: 'tcp',
    failures: [],
    mutualTls: mutualTlsOf(opened, reporter),
    tcp: {
      ...(opened.length > 0 && { connectionsOpenedPerSecond: sum(opened) }),
      // Istio names the bytes of TCP as the server sees them (istio/istio#32399).
      requestBytesPerSecond: bytes('received'),
      responseBytesPerSecond: bytes('sent'),
    },
    versions: [],
    crossCluster: crossings(opened),
  };
}

/**
 * The numbers of one edge, from all rows about it.
 *
 * Of several reporters that saw the same requests, the first of waypoint, destination, source counts; what only the
 * caller saw is a number beside. Bytes of TCP stand beside requests only where they are not the same traffic.
 *
 * @param tunnelled - does a ztunnel stand at an end, so that connections and bytes carry these very requests? Asked only
 *   where it matters
 * @returns undefined when no reporter gives a rate
 */
export function edgeNumbers(
  rows: readonly EdgeRow[],
  tunnelled: () => boolean,
): EdgeNumbers | undefined {
  const requests = rows.filter(({ part }) => part === 'requests');
  const connections = rows.filter(isOfTcp);
  const byRequests = requests.length > 0 && sum(requests) > 0;
  if (!byRequests && (sum(connections) > 0 || requests.length === 0)) {
    return connections.length > 0 ? connectionNumbers(connections) : undefined;
  }
  const numbers = requestNumbers(requests, rows);
  if (connections.length === 0) return numbers;
  const tcp = connectionNumbers(connections);
  if (!tunnelled())
    return sum(connections) > 0 ? { ...numbers, tcp: tcp.tcp } : numbers;
  return numbers.mutualTls.share === undefined &&
    tcp.mutualTls.share !== undefined
    ? {
        ...numbers,
        mutualTls: {
          share: tcp.mutualTls.share,
          reason:
            'Of the connections that carried the requests, as the ztunnel of the callee saw them',
        },
      }
    : numbers;
}
