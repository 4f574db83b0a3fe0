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
  TriageChange,
  TriageCheck,
  TriageService,
} from '@mesh-portal/backstage-plugin-istio-common';
import { formatMoment, formatSeconds } from '../../format';

/** What was looked at, in the order it was. */
export const CHECK_TITLES: Record<TriageCheck['check'], string> = {
  'never-arrived': 'Never arrived',
  version: 'One version',
  caller: 'One caller',
  cluster: 'One cluster',
  pod: 'One pod',
  saturation: 'Saturation',
  configuration: 'Configuration',
  dependency: 'A dependency',
};

/** How a check ended, in words beside its sign. */
export const OUTCOME_WORDS: Record<TriageCheck['outcome'], string> = {
  'points-here': 'Points here',
  clear: 'Clear',
  unknown: 'Not known',
  'not-applicable': 'Does not apply',
};

export const RELATION_WORDS: Record<TriageChange['relation'], string> = {
  workload: 'its workload',
  'acts-on-service': 'acts on the service',
  caller: 'a caller that sees the errors',
  'same-namespace': 'same namespace',
  'mesh-wide': 'mesh-wide',
};

const SOURCE_WORDS: Record<TriageChange['source'], string> = {
  creationTimestamp: 'creation time of the object',
  managedFields: 'last write recorded in the object',
  seen: 'seen by this portal',
};

/** How far a moment lies from now, coarse: `42 min ago`. */
export function agoWords(iso: string, now: number): string {
  return `${formatSeconds(Math.max(0, (now - Date.parse(iso)) / 1000))} ago`;
}

/** A moment in the reader's zone: the clock time, with the date where it is not of the last day. */
export function momentWords(iso: string, now: number): string {
  const at = Date.parse(iso) / 1000;
  return formatMoment(at, now / 1000 - at);
}

/** `Started about 10:31, 42 min ago.`; what is known where no beginning is clear. */
export function startedWords(
  since: NonNullable<TriageService['since']>,
  now: number,
): string {
  return since.at === undefined
    ? since.words
    : `Started about ${momentWords(since.at, now)}, ${agoWords(
        since.at,
        now,
      )} (± ${formatSeconds(since.uncertaintySeconds)})`;
}

/** When a change was made against the beginning, who made it and how that is known. */
export function changeWords(change: TriageChange, now: number): string {
  const { secondsBefore } = change;
  const apart =
    secondsBefore === undefined
      ? agoWords(change.at, now)
      : apartWords(secondsBefore);
  return [
    `${change.what} at ${momentWords(change.at, now)}, ${apart}`,
    change.by && `by ${change.by}`,
    SOURCE_WORDS[change.source],
  ]
    .filter(Boolean)
    .join(' · ');
}

function apartWords(secondsBefore: number): string {
  const minutes = Math.round(Math.abs(secondsBefore) / 60);
  if (minutes === 0) {
    return 'in the minute it started';
  }
  return `${minutes} min ${secondsBefore > 0 ? 'before' : 'after'} it started`;
}
