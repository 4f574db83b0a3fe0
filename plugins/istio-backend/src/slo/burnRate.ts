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

/** The look-back windows of burn rates; the period of the budget is one more. */
export type BurnWindow = '5m' | '30m' | '1h' | '6h' | '3d';

export const BURN_WINDOWS: readonly BurnWindow[] = [
  '5m',
  '30m',
  '1h',
  '6h',
  '3d',
];

export const BURN_SECONDS: Readonly<Record<BurnWindow, number>> = {
  '5m': 300,
  '30m': 1800,
  '1h': 3600,
  '6h': 21_600,
  '3d': 259_200,
};

/** Requests of one window. */
export interface EventCounts {
  all: number;
  /** those of `all` that were not good */
  bad: number;
}

/** Two windows that must both burn, and how much of the budget the long one would have spent by then. */
export interface BurnPair {
  severity: 'page' | 'ticket';
  long: BurnWindow;
  short: BurnWindow;
  budgetFraction: number;
}

/** The table of the SRE workbook (golden-signals §4): 14.4, 6 and 1 times the budget over 30 days. */
export const BURN_PAIRS: readonly BurnPair[] = [
  { severity: 'page', long: '1h', short: '5m', budgetFraction: 0.02 },
  { severity: 'page', long: '6h', short: '30m', budgetFraction: 0.05 },
  { severity: 'ticket', long: '3d', short: '6h', budgetFraction: 0.1 },
];

/** Bad events from which even little traffic says something. */
const ENOUGH_BAD_EVENTS = 3;
/** Requests needed in the short window, as a multiple of those that hold one bad event at the target. */
const ENOUGH_REQUESTS_SHARE = 0.1;

const DAY_SECONDS = 86_400;

/** Share of events that may be bad: 0.001 of a target of 99.9 %. */
export function budgetOf(targetPercent: number): number {
  return (100 - targetPercent) / 100;
}

/** Share of bad events; undefined without events: there is no share of nothing. */
export function errorShare({ all, bad }: EventCounts): number | undefined {
  return all > 0 ? bad / all : undefined;
}

/** How many times faster than allowed the budget is spent. */
export function burnOf(
  counts: EventCounts | undefined,
  budget: number,
): number | undefined {
  const share = counts && errorShare(counts);
  return share === undefined ? undefined : share / budget;
}

/** Burn above which a pair matters: 14.4 at 2 % of 30 days in an hour, 13.44 of 28 days. */
export function burnFactor(pair: BurnPair, periodDays: number): number {
  return (
    (pair.budgetFraction * periodDays * DAY_SECONDS) / BURN_SECONDS[pair.long]
  );
}

/** The pairs that make sense within a period: a long window must not be longer than it. */
export function burnPairsOf(periodDays: number): BurnPair[] {
  return BURN_PAIRS.filter(
    ({ long }) => BURN_SECONDS[long] <= periodDays * DAY_SECONDS,
  );
}

/** Do the events of a window say anything about a share? One error of four does not. */
export function isEnough({ all, bad }: EventCounts, budget: number): boolean {
  return (
    all >= ENOUGH_REQUESTS_SHARE / budget - 1e-9 || bad >= ENOUGH_BAD_EVENTS
  );
}

export type ConditionOutcome =
  | 'met'
  | 'not-met'
  | 'too-little-traffic'
  | 'unknown';

/**
 * Does a pair of windows burn too fast? One window that certainly does not is enough for no; yes needs both, with
 * enough events in the short one.
 *
 * @param long - counts of the long window; undefined: not known
 * @param short - counts of the short window; undefined: not known
 */
export function conditionOutcome(
  long: EventCounts | undefined,
  short: EventCounts | undefined,
  factor: number,
  budget: number,
): ConditionOutcome {
  const windows = [long, short];
  const burns = (counts: EventCounts) =>
    (errorShare(counts) ?? 0) > factor * budget;
  const certainlyCalm = (counts: EventCounts | undefined) =>
    counts !== undefined && isEnough(counts, budget) && !burns(counts);
  if (windows.some(certainlyCalm)) return 'not-met';
  if (long === undefined || short === undefined) return 'unknown';
  if (!isEnough(short, budget)) return 'too-little-traffic';
  return burns(long) && burns(short) ? 'met' : 'too-little-traffic';
}

/** What is left of a budget. */
export interface BudgetLeft {
  /** share; negative when overspent */
  left: number;
  /** seconds until nothing is left at the burn given; undefined when that is not in sight or nothing is left */
  exhaustedInSeconds: number | undefined;
}

/**
 * What is left of the budget, by events, so that quiet nights do not dilute it.
 *
 * @param burnNow - of the last hour
 * @returns undefined without events
 */
export function budgetLeft(
  counts: EventCounts,
  budget: number,
  periodDays: number,
  burnNow: number | undefined,
): BudgetLeft | undefined {
  const share = errorShare(counts);
  if (share === undefined) return undefined;
  const left = 1 - share / budget;
  const inSight = burnNow !== undefined && burnNow > 1 && left > 0;
  return {
    left,
    exhaustedInSeconds: inSight
      ? (left * periodDays * DAY_SECONDS) / burnNow
      : undefined,
  };
}
