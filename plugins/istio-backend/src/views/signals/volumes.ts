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

import type { SignalsService } from '@mesh-portal/backstage-plugin-istio-common';
import type { QueryResult } from '../../prometheus/response';
import { explainFlag, splitFlags } from '../../prometheus/responseFlags';
import {
  callerOf,
  reporterOf,
  serviceKeyOf,
  type Reporter,
} from '../../prometheus/trafficRows';

/** Applies a function to a number that may be missing. */
export function valueOr<T>(
  value: number | undefined,
  apply: (value: number) => T,
): T | undefined {
  return value === undefined ? undefined : apply(value);
}

/**
 * Sums one part of the answer to `serviceWindow` for a service and reporter.
 *
 * @returns undefined when there is no such series: that is not zero
 */
export function volumeOf(
  volume: QueryResult,
  part: string,
  service: string,
  reporter: Reporter | undefined,
): number | undefined {
  let sum: number | undefined;
  for (const { labels, samples } of volume.series) {
    const value = samples[0]?.value;
    if (value === undefined || labels.part !== part) continue;
    if (serviceKeyOf(labels) !== service) continue;
    if (reporterOf(labels) !== reporter) continue;
    sum = (sum ?? 0) + value;
  }
  return sum;
}

/**
 * Why connections failed, by flag, most first. ztunnel counts those that never opened; where it is older, and at other
 * proxies, the flag a connection closed with says it. Reporters see the same connections: of two, the larger stands.
 */
export function tcpFlags(
  answer: QueryResult,
  service: string,
): SignalsService['byFlag'] {
  const rates = new Map<string, number>();
  for (const part of ['tcpFailed', 'tcpClosedBy']) {
    for (const { labels, samples } of answer.series) {
      const value = samples[0]?.value;
      if (labels.part !== part || !value) continue;
      if (serviceKeyOf(labels) !== service) continue;
      for (const flag of splitFlags(labels.response_flags)) {
        rates.set(flag, Math.max(rates.get(flag) ?? 0, value));
      }
    }
  }
  return [...rates]
    .sort(([, a], [, b]) => b - a)
    .map(([name, requestsPerSecond]) => {
      const { causes, ...flag } = explainFlag(name);
      return { ...flag, causes: [...causes], requestsPerSecond };
    });
}

/** Flags with which a ztunnel closes what it did not let through, where it does not count failures apart. */
const OLD_FAILURES: ReadonlySet<string> = new Set(['DENY', 'CONNECT']);

/** Connections that ztunnel refused or could not make; undefined where no proxy counts them. */
export function failedConnections(
  answer: QueryResult,
  service: string,
  reporter: Reporter | undefined,
): number | undefined {
  const failed = volumeOf(answer, 'tcpFailed', service, reporter);
  if (failed !== undefined) return failed;
  const closed = answer.series.filter(
    ({ labels }) =>
      labels.part === 'tcpClosedBy' &&
      serviceKeyOf(labels) === service &&
      reporterOf(labels) === reporter &&
      splitFlags(labels.response_flags).some(flag => OLD_FAILURES.has(flag)),
  );
  return closed.length > 0
    ? closed.reduce((sum, { samples }) => sum + (samples[0]?.value ?? 0), 0)
    : undefined;
}

/**
 * TCP connections per second by caller and workload of the service, at the server: the only side that knows whether they
 * are encrypted.
 */
export function tcpCallers(volume: QueryResult, service: string) {
  return volume.series.flatMap(({ labels, samples }) => {
    const value = samples[0]?.value;
    const reporter = reporterOf(labels);
    if (
      labels.part !== 'tcpOpened' ||
      !value ||
      serviceKeyOf(labels) !== service ||
      (reporter !== 'destination' && reporter !== 'waypoint')
    ) {
      return [];
    }
    return [
      {
        caller: callerOf(labels),
        workload: labels.destination_workload ?? 'unknown',
        connectionsPerSecond: value,
      },
    ];
  });
}
