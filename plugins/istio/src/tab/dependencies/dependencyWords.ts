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
import {
  formatByteRate,
  formatMilliseconds,
  formatConnections,
  formatRate,
  formatShare,
  NO_NUMBER,
} from '../../format';

/** Who counted an edge, in words. */
export const REPORTER_WORDS: Record<
  NonNullable<DependencyEdge['reporter']>,
  string
> = {
  waypoint: 'a waypoint',
  destination: 'the called side',
  source: 'the calling side',
};

export const DIRECTION_WORDS: Record<DependencyEdge['direction'], string> = {
  inbound: 'calls it',
  outbound: 'is called by it',
};

export const DECLARED_WORDS: Record<DependencyEdge['declared'], string> = {
  declared: 'declared',
  undeclared: 'not declared',
  'not-declarable': NO_NUMBER,
};

const TRANSPORT_OUTCOMES: Record<
  NonNullable<
    NonNullable<DependencyEdge['configured']>['transport']
  >['outcome'],
  string
> = {
  encrypted: 'encrypted',
  unencrypted: 'not encrypted',
  mixed: 'partly encrypted',
  broken: 'refused: transports do not fit',
  unknown: 'unknown',
};

const DECISIONS: Record<
  NonNullable<
    NonNullable<DependencyEdge['configured']>['authorization']
  >['decision'],
  string
> = {
  allow: 'allowed',
  deny: 'denied by policy',
  depends: 'allowed for some requests',
  unknown: 'whether it is allowed is unknown',
};

/** What a person calls the neighbour: the entity's name is shown by its link. */
export function nameOfNeighbour({ neighbour }: DependencyEdge): string {
  return neighbour.title;
}

/** The share of what is sent that fails, with what never arrived; undefined where nothing was sent. */
export function failingShare(edge: DependencyEdge): number | undefined {
  const lost = edge.clientOnlyFailuresPerSecond ?? 0;
  const sent = (edge.requestsPerSecond ?? 0) + lost;
  return sent > 0 ? ((edge.errorsPerSecond ?? 0) + lost) / sent : undefined;
}

/** The share answered 403, by a policy or the application; undefined where nothing was sent. */
export function refusedShare({
  requestsPerSecond = 0,
  refusedPerSecond = 0,
}: DependencyEdge): number | undefined {
  return requestsPerSecond > 0
    ? refusedPerSecond / requestsPerSecond
    : undefined;
}

/** From these shares on an edge is drawn as failing: as the back end says it. */
const FAILING_SHARE = 0.01;
const REFUSED_SHARE = 0.5;

export function isRefused(edge: DependencyEdge): boolean {
  return (refusedShare(edge) ?? 0) >= REFUSED_SHARE;
}

export function isFailing(edge: DependencyEdge): boolean {
  return (failingShare(edge) ?? 0) >= FAILING_SHARE || isRefused(edge);
}

/** `gone, last seen 09:20` and the like; undefined where there is traffic. */
export function stateInWords(edge: DependencyEdge): string | undefined {
  switch (edge.state) {
    case 'traffic':
      return undefined;
    case 'idle':
      return 'idle: nothing in the window';
    case 'new':
      return 'new: too short for a rate';
    default:
      return edge.lastSeen === undefined
        ? 'gone: no longer reported'
        : `gone: last seen ${new Date(edge.lastSeen).toLocaleString()}`;
  }
}

/** `23.4/s`, `0.4 connections/s`, or nothing but a dash. */
export function rateInWords(edge: DependencyEdge): string {
  if (edge.protocol === 'tcp') {
    const opened = edge.tcp?.connectionsOpenedPerSecond;
    return opened === undefined
      ? formatByteRate(edge.tcp?.responseBytesPerSecond)
      : formatConnections(opened);
  }
  return formatRate(edge.requestsPerSecond);
}

/** Bytes in the view of the server: what is asked and what is answered. */
export function bytesInWords({ tcp }: DependencyEdge): string | undefined {
  return tcp === undefined
    ? undefined
    : `request bytes ${formatByteRate(
        tcp.requestBytesPerSecond,
      )}, response bytes ${formatByteRate(tcp.responseBytesPerSecond)}`;
}

/** `p95 48 ms`, `between 25 ms and 50 ms`, `mean 8.1 ms`: the quantile with the bucket that is its honest resolution. */
export function latencyInWords({ latency }: DependencyEdge): string[] {
  if (!latency) return [NO_NUMBER];
  const { mean, p95, p95Bucket } = latency;
  return [
    ...(p95 === undefined ? [] : [`p95 ${formatMilliseconds(p95)}`]),
    ...(p95Bucket === undefined
      ? []
      : [
          `between ${formatMilliseconds(p95Bucket[0])} and ${formatMilliseconds(
            p95Bucket[1],
          )}`,
        ]),
    ...(mean === undefined ? [] : [`mean ${formatMilliseconds(mean)}`]),
  ];
}

/** The encrypted share; `unknown`, never zero, where nobody can tell. */
export function mutualTlsInWords({ mutualTls, state }: DependencyEdge): string {
  if (mutualTls.share !== undefined) return formatShare(mutualTls.share);
  return state === 'traffic' ? 'unknown' : NO_NUMBER;
}

/** Smaller shares of errors are not worth a line of their own. */
const NOTABLE_SHARE = 0.001;

/** What failed and why, where it is worth a line. */
export function notableFailures(edge: DependencyEdge) {
  return (failingShare(edge) ?? 0) >= NOTABLE_SHARE ? edge.failures : [];
}

/** `v1 21/s`, `v2 2.4/s (5 % errors)`. */
export function versionsInWords({ versions }: DependencyEdge): string[] {
  return versions.map(({ version, requestsPerSecond, errorShare }) => {
    const errors =
      errorShare !== undefined && errorShare >= NOTABLE_SHARE
        ? ` (${formatShare(errorShare)} errors)`
        : '';
    return `${version} ${formatRate(requestsPerSecond)}${errors}`;
  });
}

/** What the configuration says of the way, in words. */
export function configuredInWords({ configured }: DependencyEdge): string {
  const { transport, authorization } = configured ?? {};
  const words = [
    transport && TRANSPORT_OUTCOMES[transport.outcome],
    authorization && DECISIONS[authorization.decision],
  ].filter(each => each !== undefined);
  return words.length > 0 ? words.join(', ') : NO_NUMBER;
}

/** Rate, errors and encryption in one line, for a box of the graph. */
export function edgeLabel(edge: DependencyEdge): string {
  const quiet = stateInWords(edge);
  if (quiet !== undefined) return quiet;
  const share = failingShare(edge);
  return [
    rateInWords(edge),
    ...(share === undefined ? [] : [`${formatShare(share)} errors`]),
    ...(isRefused(edge) ? [`${formatShare(refusedShare(edge))} refused`] : []),
    ...(edge.mutualTls.share === undefined
      ? []
      : [`mTLS ${formatShare(edge.mutualTls.share)}`]),
  ].join(' · ');
}
