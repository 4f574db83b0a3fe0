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

import { count, perSecond } from '../views/numbersInWords';
import type { Contribution } from './contributions';
import { codeInWords, howInWords } from './failures';

/** A part of a change in a sentence's words: who, where to, with which outcome. */
export interface Pattern {
  /** 0 to 1 */
  share: number;
  contributions: readonly Contribution[];
  /** what all of its contributions have in common */
  common: {
    caller?: string;
    version?: string;
    code?: string;
    how?: string;
  };
}

interface Facets {
  caller: string;
  version: string;
  code: string;
  how: string;
}

type Facet = keyof Facets;

/** Tried in this order: the most specific pattern that holds most of the change is the headline. */
const PATTERNS: readonly (readonly Facet[])[] = [
  ['caller', 'version', 'code', 'how'],
  ['version', 'code', 'how'],
  ['caller', 'code', 'how'],
  ['version'],
  ['caller'],
  ['code', 'how'],
];

function facetsOf(cell: Contribution): Facets {
  return {
    caller: callerInWords(cell),
    version: cell.version,
    code: codeInWords(cell),
    how: howInWords(cell),
  };
}

/** `shop/web`, or what an unknown caller is. */
export function callerInWords({
  callerNamespace,
  caller,
}: Pick<Contribution, 'callerNamespace' | 'caller'>): string {
  return caller === 'unknown'
    ? 'a caller without a proxy'
    : `${callerNamespace}/${caller}`;
}

/**
 * The most specific pattern with at least `headlineShare` of all that grew; undefined where it is spread.
 *
 * @param contributions - of one side
 */
export function headlinePattern(
  contributions: readonly Contribution[],
  headlineShare: number,
): Pattern | undefined {
  const grown = contributions.filter(({ delta }) => delta > 0);
  const total = sum(grown);
  if (!(total > 0)) return undefined;
  for (const facets of PATTERNS) {
    const groups = new Map<string, Contribution[]>();
    for (const cell of grown) {
      const all = facetsOf(cell);
      const key = facets.map(facet => all[facet]).join('\u0000');
      groups.set(key, [...(groups.get(key) ?? []), cell]);
    }
    const [largest] = [...groups.values()].sort((a, b) => sum(b) - sum(a));
    const share = sum(largest) / total;
    if (share >= headlineShare) {
      const of = facetsOf(largest[0]);
      return {
        share,
        contributions: largest,
        common: Object.fromEntries(facets.map(facet => [facet, of[facet]])),
      };
    }
  }
  return undefined;
}

function sum(cells: readonly Contribution[]): number {
  return cells.reduce((total, { delta }) => total + delta, 0);
}

/** Callers that see more errors, most first. */
export function callersOf(contributions: readonly Contribution[]): string[] {
  const byCaller = new Map<string, number>();
  for (const cell of contributions) {
    if (cell.delta <= 0) continue;
    const caller = callerInWords(cell);
    byCaller.set(caller, (byCaller.get(caller) ?? 0) + cell.delta);
  }
  return [...byCaller].sort(([, a], [, b]) => b - a).map(([caller]) => caller);
}

/**
 * One sentence: `100 % of the extra errors: shop/web → checkout v2, 503, answered by the app`.
 *
 * @param service - short name
 * @param what - for example `extra errors`, or `errors` where nothing can be compared
 */
export function headlineSentence(
  contributions: readonly Contribution[],
  service: string,
  headlineShare: number,
  what: string,
): string {
  const pattern = headlinePattern(contributions, headlineShare);
  const callers = callersOf(contributions);
  if (!pattern) {
    return `The ${what} are spread over ${count(callers.length, 'caller')}${
      callers.length > 0 ? `, first of them ${callers[0]}` : ''
    }`;
  }
  const { common, share } = pattern;
  const from = common.caller ?? listInWords(callersOf(pattern.contributions));
  const version =
    common.version === undefined || common.version === 'unknown'
      ? ''
      : ` ${common.version}`;
  const outcome = [common.code, common.how].filter(each => each !== undefined);
  return `${Math.round(Math.min(1, share) * 100)} % of the ${what}: ${[
    `${from} → ${service}${version}`,
    ...outcome,
  ].join(', ')}`;
}

function listInWords(names: readonly string[]): string {
  if (names.length > 3) return `${names.length} callers`;
  return names.length < 2
    ? names[0] ?? 'nobody'
    : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** `3.90/s instead of 0.00/s`. */
export function changeInWords(now: number, base: number): string {
  return `${perSecond(now)} instead of ${perSecond(base)}`;
}
