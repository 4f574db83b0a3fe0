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

import { type Baseline, BASELINES } from '../prometheus/catalogue';
import {
  type CellKey,
  cellId,
  type CellRate,
  type MomentCells,
  type SeenBy,
  type ServiceCells,
} from './errorCells';

/** From where a change is worth saying (golden-signals §5). */
export interface TriageThresholds {
  /** errors per second that must have come on top */
  minExtraPerSecond: number;
  /** how many times the noise of counting */
  sigmas: number;
  /** by how much the error share must have grown, 0 to 1 */
  minShareChange: number;
  /** error share that is said to be bad, whatever it was before */
  badShare: number;
  /** share of the extra errors that makes a cell the headline */
  headlineShare: number;
}

export const TRIAGE_THRESHOLDS: TriageThresholds = {
  minExtraPerSecond: 0.1,
  sigmas: 3,
  minShareChange: 0.005,
  badShare: 0.01,
  headlineShare: 0.6,
};

/** Burn above which a change, and a lasting failure, matters to an objective: what pages in six hours, and in one. */
const BURN_OF_CHANGE = 6;
const BURN_OF_FAILURE = 14.4;

/**
 * The thresholds for a service that promises so much: nothing that spends its budget fast may pass as calm.
 *
 * @param target - percent of requests that succeed; undefined: nothing is promised
 */
export function thresholdsFor(target: number | undefined): TriageThresholds {
  if (target === undefined) return TRIAGE_THRESHOLDS;
  const budget = (100 - target) / 100;
  const { minShareChange, badShare } = TRIAGE_THRESHOLDS;
  return {
    ...TRIAGE_THRESHOLDS,
    minShareChange: Math.min(minShareChange, BURN_OF_CHANGE * budget),
    badShare: Math.min(badShare, BURN_OF_FAILURE * budget),
  };
}

const WINDOW_SECONDS = 300;

/** Error shares that differ by less are the same. */
const SAME_SHARE = 1e-4;

/** Errors against all requests, per second. */
export interface ErrorRate {
  requests: number;
  errors: number;
}

/** One cell's part of a change. */
export interface Contribution extends CellKey {
  now: number;
  base: number;
  /** errors per second more than at the baseline */
  delta: number;
  /** of all that changed on the same side, 0 to 1 where it grew; undefined where nothing changed */
  share: number | undefined;
}

/** Errors of one side, now and at the baseline. */
export interface SideChange {
  now: ErrorRate;
  base: ErrorRate;
  delta: number;
  standsOut: boolean;
  /** the cells that fail at either moment, largest part first */
  contributions: readonly Contribution[];
}

/** The baseline that was chosen. */
export interface ChosenBaseline {
  baseline: Baseline;
  available: readonly Baseline[];
}

/** Errors that a side saw, of what it saw. */
export function errorRateOf(
  cells: MomentCells | undefined,
  side: SeenBy,
): ErrorRate {
  const errors = (cells?.cells ?? [])
    .filter(({ failed, seenBy }) => failed && seenBy === side)
    .reduce((sum, { rate }) => sum + rate, 0);
  const sent = cells?.sent ?? 0;
  const served = cells?.served ?? 0;
  return { errors, requests: side === 'client' && sent > 0 ? sent : served };
}

/** Errors in a hundred; 0 without requests. */
export function errorShareOf({ requests, errors }: ErrorRate): number {
  return requests > 0 ? errors / requests : 0;
}

/**
 * The moment to compare with: the latest whose error share is the median of those there are numbers for; of two the one
 * with fewer errors, so that an incident that is older than an hour does not hide itself.
 */
export function chooseBaseline(
  cells: ServiceCells,
): ChosenBaseline | undefined {
  const available = BASELINES.filter(moment => cells.at.has(moment));
  if (available.length === 0) return undefined;
  const share = (moment: Baseline) => {
    const at = cells.at.get(moment);
    return (
      errorShareOf(errorRateOf(at, 'server')) +
      errorShareOf(errorRateOf(at, 'client'))
    );
  };
  const ordered = [...available].sort((a, b) => share(a) - share(b));
  const median = share(ordered[Math.floor((ordered.length - 1) / 2)]);
  const baseline =
    available.find(moment => Math.abs(share(moment) - median) < SAME_SHARE) ??
    available[0];
  return { baseline, available };
}

/** Is a change more than noise, more than little, and more than the traffic explains? */
export function standsOut(
  now: ErrorRate,
  base: ErrorRate,
  thresholds: TriageThresholds = TRIAGE_THRESHOLDS,
): boolean {
  const delta = now.errors - base.errors;
  const expected = Math.max(1, base.errors * WINDOW_SECONDS);
  const noise = (thresholds.sigmas * Math.sqrt(expected)) / WINDOW_SECONDS;
  const before = errorShareOf(base);
  const shareChange = errorShareOf(now) - before;
  return (
    delta > noise &&
    delta > thresholds.minExtraPerSecond &&
    shareChange > Math.max(thresholds.minShareChange, before)
  );
}

/**
 * What each cell has to do with the change of errors. A cell that is missing on one side counts 0 there.
 *
 * @param base - undefined: nothing to compare with, all that fails now is listed
 */
export function sideChange(
  now: MomentCells | undefined,
  base: MomentCells | undefined,
  side: SeenBy,
  thresholds?: TriageThresholds,
): SideChange {
  const rates = (cells: MomentCells | undefined) =>
    new Map(
      (cells?.cells ?? [])
        .filter(({ failed, seenBy }) => failed && seenBy === side)
        .map(cell => [cellId(cell), cell]),
    );
  const nowCells = rates(now);
  const baseCells = rates(base);
  const nowRate = errorRateOf(now, side);
  const baseRate = errorRateOf(base, side);
  const delta = nowRate.errors - baseRate.errors;
  const contributions = [...new Set([...nowCells.keys(), ...baseCells.keys()])]
    .flatMap(id => {
      const cell = nowCells.get(id) ?? baseCells.get(id);
      return cell
        ? [
            contribution(
              cell,
              nowCells.get(id)?.rate ?? 0,
              baseCells.get(id)?.rate ?? 0,
              delta,
            ),
          ]
        : [];
    })
    .sort((a, b) => b.delta - a.delta);
  return {
    now: nowRate,
    base: baseRate,
    delta,
    standsOut: base !== undefined && standsOut(nowRate, baseRate, thresholds),
    contributions,
  };
}

function contribution(
  { failed: _failed, rate: _rate, ...key }: CellRate,
  now: number,
  base: number,
  total: number,
): Contribution {
  const delta = now - base;
  return {
    ...key,
    now,
    base,
    delta,
    share: total === 0 ? undefined : delta / total,
  };
}

/** How much of a change of the error share is worse answers, and how much is other traffic. */
export interface Decomposition {
  /** change because groups fail more often */
  rate: number;
  /** change because groups that fail got more of the traffic */
  mix: number;
}

/**
 * `Δshare = Σ part_now (er_now − er_base) + Σ (part_now − part_base) er_base` over callers and versions. A group that
 * was not there before has no past to be worse than: what it fails is traffic that it got.
 */
export function decompose(now: MomentCells, base: MomentCells): Decomposition {
  const groups = (cells: MomentCells) => {
    const found = new Map<string, ErrorRate>();
    for (const cell of cells.cells) {
      if (cell.seenBy !== 'server') continue;
      const id = `${cell.callerNamespace}/${cell.caller} ${cell.version}`;
      const group = found.get(id) ?? { requests: 0, errors: 0 };
      group.requests += cell.rate;
      if (cell.failed) group.errors += cell.rate;
      found.set(id, group);
    }
    return found;
  };
  const nowGroups = groups(now);
  const baseGroups = groups(base);
  const none: ErrorRate = { requests: 0, errors: 0 };
  let rate = 0;
  let mix = 0;
  for (const id of new Set([...nowGroups.keys(), ...baseGroups.keys()])) {
    const n = nowGroups.get(id) ?? none;
    const b = baseGroups.get(id);
    const partNow = now.served > 0 ? n.requests / now.served : 0;
    const partBase = base.served > 0 ? (b?.requests ?? 0) / base.served : 0;
    const failsBase = b && b.requests > 0 ? errorShareOf(b) : errorShareOf(n);
    rate += partNow * (errorShareOf(n) - failsBase);
    mix += (partNow - partBase) * failsBase;
  }
  return { rate, mix };
}
