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
  chooseBaseline,
  errorShareOf,
  sideChange,
  type SideChange,
  TRIAGE_THRESHOLDS,
  type TriageThresholds,
} from './contributions';
import { type SeenBy, type ServiceCells, serviceCells } from './errorCells';
import { slowAnswers } from './slowAnswers';

/** A rate is of so many seconds. */
export const WINDOW_SECONDS = 300;

const ENOUGH_ERRORS = 3;
/** What the numbers say, before words and causes. */
export interface Assessment {
  cells: ServiceCells;
  baseline: ReturnType<typeof chooseBaseline>;
  server: SideChange;
  client: SideChange;
  slow: TriageService['slow'];
  /** the side to speak about */
  side: SeenBy;
  thresholds: TriageThresholds;
}

/** Compares now with the baseline. */
export function assess(
  answer: QueryResult,
  service: string,
  slowMs: number,
  thresholds: TriageThresholds = TRIAGE_THRESHOLDS,
): Assessment {
  const cells = serviceCells(answer, service);
  const baseline = chooseBaseline(cells);
  const now = cells.at.get('now');
  const base = baseline && cells.at.get(baseline.baseline);
  const server = sideChange(now, base, 'server', thresholds);
  const client = sideChange(now, base, 'client', thresholds);
  return {
    cells,
    baseline,
    server,
    client,
    slow: slowAnswers(
      answer,
      service,
      cells.reporter,
      baseline?.baseline,
      slowMs,
      thresholds,
    ),
    side: sideOf(server, client),
    thresholds,
  };
}

function sideOf(server: SideChange, client: SideChange): SeenBy {
  if (server.standsOut !== client.standsOut) {
    return client.standsOut ? 'client' : 'server';
  }
  return client.delta > server.delta ? 'client' : 'server';
}

/** Is there something whose beginning and causes are worth a second request? */
export function isWorthHistory({
  baseline,
  server,
  client,
  thresholds,
}: Assessment): boolean {
  if (baseline === undefined) return server.now.errors + client.now.errors > 0;
  return (
    server.standsOut ||
    client.standsOut ||
    isBad(server, thresholds) ||
    isBad(client, thresholds)
  );
}

/** How far to look back for the beginning: past the moments that look like now. */
export function lookBackSeconds({ cells, side }: Assessment): number {
  const errorsAt = (moment: 'now' | '1h' | '1d') =>
    sideChange(cells.at.get(moment), undefined, side).now.errors;
  const now = errorsAt('now');
  const hasBegun = (moment: '1h' | '1d') =>
    cells.at.has(moment) && errorsAt(moment) > now / 2;
  if (!hasBegun('1h')) return 3600;
  return hasBegun('1d') ? 604_800 : 86_400;
}

/** Does a side fail, whatever it did before? */
export function isBad(
  { now }: SideChange,
  { badShare }: TriageThresholds,
): boolean {
  return (
    errorShareOf(now) >= badShare &&
    now.errors * WINDOW_SECONDS >= ENOUGH_ERRORS
  );
}

/** Callers that see more errors than at the baseline, as metrics name them. */
export function worseCallers({
  server,
  client,
}: Assessment): { namespace: string; name: string }[] {
  const cells = [server, client].flatMap(({ standsOut, contributions }) =>
    standsOut ? contributions.filter(({ delta }) => delta > 0) : [],
  );
  const found = new Map(
    cells.map(({ callerNamespace: namespace, caller: name }) => [
      `${namespace}/${name}`,
      { namespace, name },
    ]),
  );
  found.delete('unknown/unknown');
  return [...found.values()];
}
