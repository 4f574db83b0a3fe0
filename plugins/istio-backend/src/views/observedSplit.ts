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

import type { RouteDestination } from '@mesh-portal/backstage-plugin-istio-common';
import {
  canonicalServiceOf,
  isSubset,
  podsOfService,
  type Client,
  type ResolvedDestination,
  type RouteRule,
} from '@mesh-portal/mesh-model';
import { requestRows, type RequestRow } from '../prometheus';
import type { ServiceInput } from './entityInput';
import { count, percent } from './numbersInWords';

type ObservedDestination = NonNullable<RouteDestination['observed']>;

/** Requests below which a share says nothing. */
const LEAST_REQUESTS = 30;

/** What the metrics say of a service’s traffic as clients sent it, split by version. */
export interface SplitObservation {
  byVersion: ReadonlyMap<string, number>;
  windowSeconds: number;
}

/**
 * Requests by version as the client’s side reports them: routing happens there, and what failed without reaching a pod
 * has no version. V1 of golden-signals
 *
 * @param client - only its requests, when it is a workload
 */
export function splitObservation(
  service: ServiceInput,
  client: Client,
): SplitObservation | undefined {
  const { answers } = service.cluster.observation;
  if (!answers?.requests) {
    return undefined;
  }
  const key = `${service.ref.namespace}/${service.ref.name}`;
  const rows = requestRows(answers.requests).filter(
    row =>
      row.service === key &&
      row.part === 'now' &&
      row.workload !== 'unknown' &&
      isFrom(row, client),
  );
  const reporter = (['waypoint', 'source', 'destination'] as const).find(each =>
    rows.some(row => row.reporter === each && row.rate > 0),
  );
  const byVersion = new Map<string, number>();
  for (const row of rows) {
    if (row.reporter === reporter) {
      byVersion.set(row.version, (byVersion.get(row.version) ?? 0) + row.rate);
    }
  }
  return { byVersion, windowSeconds: answers.windowSeconds };
}

function isFrom(row: RequestRow, client: Client): boolean {
  return (
    client.workload === undefined ||
    (row.caller.workload === client.workload.name &&
      row.caller.namespace === client.workload.namespace)
  );
}

/** Versions (canonical revisions) of the pods behind a destination of this service. */
function versionsOf(
  service: ServiceInput,
  labels: Readonly<Record<string, string>> | undefined,
): Set<string> {
  return new Set(
    podsOfService(service.cluster.snapshot, service.service)
      .filter(({ metadata }) => isSubset(labels ?? {}, metadata.labels))
      .map(
        ({ metadata }) =>
          canonicalServiceOf(metadata.labels, metadata.name).revision,
      ),
  );
}

function noData(reason: string): ObservedDestination {
  return { state: 'no-data', reason };
}

/** A share that is off by less is taken as configured, however surely it is off. */
const TOLERATED = 0.05;

/** How far a share may be off its weight by chance. golden-signals §2, V1 */
function chanceOf(weight: number, requests: number): number {
  return 3 * Math.sqrt((weight * (1 - weight)) / requests);
}

/** Does the share differ from the weight by more than chance? golden-signals §2, V1 */
export function differs(
  share: number,
  weight: number,
  requests: number,
): boolean {
  return (
    Math.abs(share - weight) > Math.max(TOLERATED, chanceOf(weight, requests))
  );
}

/** Why a share that is visibly off is taken as configured; nothing where it is not off. */
export function tolerance(
  share: number,
  weight: number,
  requests: number,
): string {
  const off = Math.abs(share - weight);
  if (Math.round(off * 100) === 0) {
    return '';
  }
  return off > chanceOf(weight, requests)
    ? `: more than chance explains, and within the ${count(
        TOLERATED * 100,
        'point',
      )} that are tolerated`
    : ': chance explains it';
}

/** What may be compared only when nothing else sends to the same pods. */
function obstacle(
  rules: readonly RouteRule[],
  rule: RouteRule,
  versions: readonly ReadonlySet<string>[],
): string | undefined {
  const sending = rules.filter(
    ({ action, state }) => action === 'route' && state === 'active',
  );
  if (sending.length > 1) {
    return 'Several rules send to these pods, and metrics do not tell rules apart';
  }
  if (rule.mirrors.length > 0) {
    return 'Mirrored requests are counted too';
  }
  if (rule.destinations.some(({ state }) => state !== 'ok')) {
    return 'Requests to another destination of this rule reach no pod, and no version counts them';
  }
  const all = versions.flatMap(each => [...each]);
  return new Set(all).size < all.length
    ? 'Destinations share pods of the same version'
    : undefined;
}

/** The observed share of every destination of a rule, beside its weight. */
export function observedOfRule(
  service: ServiceInput,
  rules: readonly RouteRule[],
  rule: RouteRule,
  split: SplitObservation | undefined,
): (ObservedDestination | undefined)[] {
  if (split === undefined) {
    const reason = service.cluster.observation.problems[0];
    return rule.destinations.map(() =>
      reason === undefined ? undefined : noData(reason),
    );
  }
  const { host } = service.ref;
  if (rule.destinations.some(destination => destination.host !== host)) {
    return rule.destinations.map(() =>
      noData('The traffic of other services is not part of this answer'),
    );
  }
  // Without its subset a destination has no pods; its labels would read as "all pods of the service".
  const versions = rule.destinations.map(destination =>
    destination.state === 'ok'
      ? versionsOf(service, destination.labels)
      : new Set<string>(),
  );
  const rates = versions.map(each =>
    [...each].reduce(
      (sum, version) => sum + (split.byVersion.get(version) ?? 0),
      0,
    ),
  );
  const total = rates.reduce((sum, rate) => sum + rate, 0);
  if (total === 0) {
    return rule.destinations.map(() => noData('No traffic was seen'));
  }
  const against = obstacle(rules, rule, versions);
  return rule.destinations.map((destination, index) =>
    destination.state === 'ok'
      ? compare(destination, rates[index], total, split.windowSeconds, against)
      : noData('Its requests reach no pod, so no version counts them'),
  );
}

function compare(
  destination: ResolvedDestination,
  rate: number,
  total: number,
  windowSeconds: number,
  against: string | undefined,
): ObservedDestination {
  const share = rate / total;
  const weight = destination.percent / 100;
  const requests = total * windowSeconds;
  const numbers = {
    share,
    requestsPerSecond: rate,
    requests: Math.round(requests),
  };
  if (against !== undefined) {
    return { ...numbers, state: 'not-comparable', reason: against };
  }
  if (requests < LEAST_REQUESTS) {
    return {
      ...numbers,
      state: 'too-little-traffic',
      reason: `Only ${count(Math.round(requests), 'request')} in the window`,
    };
  }
  const words = `${percent(share)} seen, ${percent(weight)} configured`;
  return differs(share, weight, requests)
    ? {
        ...numbers,
        state: 'differs',
        reason: `${words}: more than chance explains`,
      }
    : {
        ...numbers,
        state: 'as-configured',
        reason: `${words}${tolerance(share, weight, requests)}`,
      };
}
