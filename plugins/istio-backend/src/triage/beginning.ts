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

import type { TriageService } from '@mesh-portal/backstage-plugin-istio-common';
import type { QueryResult } from '../prometheus/response';
import {
  type Reporter,
  reporterOf,
  serviceKeyOf,
} from '../prometheus/trafficRows';
import { changePoint, type Point } from './changePoint';
import { type CellKey, cellKeyOf, type SeenBy } from './errorCells';
import { neverArrived } from './failures';

/** The answer to `errorHistory`, and how it was asked. */
export interface History {
  result: QueryResult;
  /** epoch seconds of the last step */
  end: number;
  seconds: number;
  stepSeconds: number;
  windowSeconds: number;
}

/** When the errors of some cells began. */
export interface Beginning {
  since: NonNullable<TriageService['since']>;
  /** epoch seconds; undefined where no beginning is clear */
  at: number | undefined;
  series: TriageService['series'];
}

/**
 * When errors began, by the change point of their rate. A rate over a window rises over that window, so the beginning
 * lies half a window before the middle of the rise; it is exact to a step.
 *
 * @param service - `namespace/name`
 * @param side - who sees the errors
 * @param isMeant - the cells of the headline; others only make noise
 */
export function beginningOf(
  history: History,
  service: string,
  reporter: Reporter | undefined,
  side: SeenBy,
  isMeant: (cell: CellKey) => boolean,
): Beginning {
  const { end, seconds, stepSeconds, windowSeconds } = history;
  const counts = side === 'client' ? 'source' : reporter;
  const errors = new Map<number, number>();
  const meant = new Map<number, number>();
  const requests = new Map<number, number>();
  const add = (to: Map<number, number>, at: number, value: number) =>
    to.set(at, (to.get(at) ?? 0) + value);
  for (const { labels, samples } of history.result.series) {
    if (serviceKeyOf(labels) !== service || reporterOf(labels) !== counts) {
      continue;
    }
    const cell = cellKeyOf(labels, counts);
    const isError =
      labels.part === 'errors' && (side === 'server' || neverArrived(cell));
    for (const { at, value } of samples) {
      if (value === undefined) continue;
      if (labels.part === 'requests') add(requests, at, value);
      if (isError) add(errors, at, value);
      if (isError && isMeant(cell)) add(meant, at, value);
    }
  }
  // A step without requests was not counted; one with requests and no errors had none.
  const times = [...requests.keys()].sort((a, b) => a - b);
  const points: Point[] = times.map(at => ({ at, value: meant.get(at) ?? 0 }));
  const found = changePoint(points);
  const began =
    found === undefined
      ? undefined
      : Math.max(times[0], found.at - windowSeconds / 2);
  return {
    at: began,
    since: {
      ...(began !== undefined && { at: new Date(began * 1000).toISOString() }),
      uncertaintySeconds: stepSeconds,
      lookedBackSeconds: seconds,
      words: sinceInWords(began, times[0], end, seconds),
    },
    series: times.map(at => ({
      at,
      errorsPerSecond: errors.get(at) ?? 0,
      requestsPerSecond: requests.get(at) ?? 0,
    })),
  };
}

function sinceInWords(
  began: number | undefined,
  first: number | undefined,
  end: number,
  seconds: number,
): string {
  const looked = spanOf(seconds);
  if (first === undefined) {
    return `No requests were counted in the ${looked} looked at`;
  }
  if (began === undefined) {
    return `No clear beginning in the ${looked} looked at`;
  }
  return `about ${spanOf(end - began)} ago`;
}

/** `42 minutes`, `3 hours`, `2 days`. */
export function spanOf(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} minute${minutes === 1 ? '' : 's'}`;
  const hours = Math.round(seconds / 3600);
  return hours < 48 ? `${hours} hours` : `${Math.round(hours / 24)} days`;
}
