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
  DependenciesView,
  DependencyEdge,
  Verdict,
} from '@mesh-portal/backstage-plugin-istio-common';
import { percent, perSecond } from '../numbersInWords';
import { plainVerdict } from '../verdicts';

/** Error share from which an edge is said to fail: the default of the golden signals. */
const BAD_SHARE = 0.01;
/** Fewer requests per second say nothing about a share (golden-signals §4, low traffic guard). */
const MIN_REQUESTS_PER_SECOND = 0.01;

type Numbers = Pick<
  DependencyEdge,
  | 'requestsPerSecond'
  | 'errorsPerSecond'
  | 'clientOnlyFailuresPerSecond'
  | 'refusedPerSecond'
>;

/**
 * The share of what the caller sends that fails, with what never arrived; undefined where there are no requests or too
 * few to judge.
 */
export function failingShare({
  requestsPerSecond = 0,
  errorsPerSecond = 0,
  clientOnlyFailuresPerSecond = 0,
}: Numbers): number | undefined {
  const sent = requestsPerSecond + clientOnlyFailuresPerSecond;
  return sent < MIN_REQUESTS_PER_SECOND
    ? undefined
    : (errorsPerSecond + clientOnlyFailuresPerSecond) / sent;
}

/** From this share of 403 on the caller is refused as such, not only in some of its requests. */
const REFUSED_SHARE = 0.5;

/** Are most of its requests answered 403? */
export function isRefused({
  requestsPerSecond = 0,
  refusedPerSecond = 0,
}: Numbers): boolean {
  return (
    requestsPerSecond >= MIN_REQUESTS_PER_SECOND &&
    refusedPerSecond / requestsPerSecond >= REFUSED_SHARE
  );
}

/** Does the edge fail, or is it refused, so much that it is said first? */
export function isFailing(edge: Numbers): boolean {
  return (failingShare(edge) ?? 0) >= BAD_SHARE || isRefused(edge);
}

function failuresPerSecond(edge: Numbers): number {
  return (
    (edge.errorsPerSecond ?? 0) +
    (edge.clientOnlyFailuresPerSecond ?? 0) +
    (isRefused(edge) ? edge.refusedPerSecond ?? 0 : 0)
  );
}

function volumeOf({ requestsPerSecond, tcp }: DependencyEdge): number {
  return requestsPerSecond ?? tcp?.connectionsOpenedPerSecond ?? 0;
}

const STATE_ORDER: readonly DependencyEdge['state'][] = [
  'traffic',
  'new',
  'idle',
  'gone',
];

/** Failing first, most failures first; then by state and rate. */
export function byUrgency(a: DependencyEdge, b: DependencyEdge): number {
  return (
    Number(isFailing(b)) - Number(isFailing(a)) ||
    (isFailing(a) ? failuresPerSecond(b) - failuresPerSecond(a) : 0) ||
    STATE_ORDER.indexOf(a.state) - STATE_ORDER.indexOf(b.state) ||
    volumeOf(b) - volumeOf(a) ||
    (a.id < b.id ? -1 : 1)
  );
}

/** What all edges say together about whether there is traffic. */
export function stateOfAll(
  edges: readonly DependencyEdge[],
  window: string,
): Pick<DependenciesView, 'state' | 'stateReason'> {
  const has = (...states: DependencyEdge['state'][]) =>
    edges.some(({ state }) => states.includes(state));
  if (has('traffic')) {
    return { state: 'traffic', stateReason: 'Requests or connections flow' };
  }
  if (has('idle', 'new')) {
    return {
      state: 'idle',
      stateReason: `Its neighbours’ proxies report, and nothing was sent in the last ${window}`,
    };
  }
  return has('gone')
    ? {
        state: 'gone',
        stateReason: 'There was traffic, and no proxy reports any now',
      }
    : {
        state: 'never',
        stateReason: `No proxy reported any request or connection in the last ${window}: nobody calls it and it calls nobody, or no proxy of it is scraped`,
      };
}

function sentence(edge: DependencyEdge): string {
  const { direction, neighbour, failures } = edge;
  const subject =
    direction === 'outbound'
      ? `of its requests to ${neighbour.title}`
      : `of the requests of ${neighbour.title}`;
  const share = failingShare(edge) ?? 0;
  if (share < BAD_SHARE) {
    const refused =
      (edge.refusedPerSecond ?? 0) / (edge.requestsPerSecond ?? Infinity);
    return `${percent(refused)} ${subject} are refused with 403`;
  }
  const [worst] = failures;
  const why = worst ? ` (mostly ${worst.code}: ${worst.words})` : '';
  return `${percent(share)} ${subject} fail${why}`;
}

/** `; 1 more edge fails`, `; 2 more edges fail`; nothing for none. */
function andMore(more: number): string {
  if (more === 0) return '';
  return more === 1 ? '; 1 more edge fails' : `; ${more} more edges fail`;
}

/**
 * Do calls from and to the entity succeed? From observed numbers only.
 *
 * @param edges - failing first
 * @param uncertain - why an absence of failures proves nothing: the answer is partial or stale
 */
export function dependenciesVerdict(
  edges: readonly DependencyEdge[],
  {
    state,
    stateReason,
    window,
  }: Pick<DependenciesView, 'state' | 'stateReason' | 'window'>,
  uncertain: string | undefined,
): Verdict {
  const failing = edges.filter(isFailing);
  if (failing.length > 0) {
    return plainVerdict(
      'fail',
      `${sentence(failing[0])}${andMore(
        failing.length - 1,
      )}, in the last ${window}`,
    );
  }
  if (uncertain !== undefined) return plainVerdict('unknown', uncertain);
  if (state !== 'traffic') return plainVerdict('unknown', stateReason);
  const judged = edges.filter(edge => failingShare(edge) !== undefined);
  if (judged.length === 0) {
    return plainVerdict(
      'unknown',
      'Only connections are counted, or too few requests to judge',
    );
  }
  const total = judged.reduce((sum, edge) => sum + failuresPerSecond(edge), 0);
  return plainVerdict(
    'pass',
    total > 0
      ? `No caller and no dependency failed in 1 % of requests or more in the last ${window} (${perSecond(
          total,
        )} failures in all)`
      : `No request from or to a neighbour failed in the last ${window}`,
  );
}
