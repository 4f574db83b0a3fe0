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
  SloBudget,
  SloCondition,
  SloState,
  Verdict,
} from '@mesh-portal/backstage-plugin-istio-common';
import { count } from '../views/numbersInWords';
import type { BurnWindow } from './burnRate';
import { budgetInWords, burnInWords, spanInWords } from './sloWords';

const LAST: Readonly<Record<BurnWindow, string>> = {
  '5m': 'the last 5 minutes',
  '30m': 'the last 30 minutes',
  '1h': 'the last hour',
  '6h': 'the last 6 hours',
  '3d': 'the last 3 days',
};

/** What an objective is judged by. */
export interface Judged {
  conditions: readonly (Omit<SloCondition, 'long'> & { long: BurnWindow })[];
  budget: SloBudget;
  /** of the last hour */
  burn: number | undefined;
  burnOver: (window: BurnWindow) => number | undefined;
  partial: boolean;
  missing: string | undefined;
  periodDays: number;
  shortOnly: boolean;
  enoughOfLastHour: boolean;
}

/** From the conditions to one state and sentence. Partial numbers may accuse, they never acquit. */
export function judge(judged: Judged): { state: SloState; verdict: Verdict } {
  const { conditions, budget, burn, missing, periodDays } = judged;
  const say = (state: SloState, reason: string) => ({
    state,
    verdict: verdictOf(state, reason),
  });
  if (missing !== undefined) return say('unknown', missing);
  const left = leftInWords(judged);
  const met = conditions.find(({ outcome }) => outcome === 'met');
  if (met) {
    const until =
      budget.exhaustedInSeconds === undefined
        ? ''
        : `, spent in ${spanInWords(budget.exhaustedInSeconds)} at this rate`;
    const fast = judged.burnOver(met.long);
    return say(
      met.severity,
      `The error budget burns ${
        fast === undefined
          ? 'too fast'
          : `${burnInWords(fast)} as fast as allowed`
      } over ${LAST[met.long]}${left}${until}`,
    );
  }
  if (budget.left !== undefined && budget.left <= 0) {
    return say(
      'spent',
      `The error budget of ${count(
        periodDays,
        'day',
      )} is spent (${budgetInWords(budget.left)}${coveredInWords(budget)})`,
    );
  }
  if (judged.partial) {
    return say(
      'unknown',
      `The numbers are partial, so calm is not proven${left}`,
    );
  }
  if (conditions.some(({ outcome }) => outcome === 'unknown')) {
    return say('unknown', `The numbers of a window are missing${left}`);
  }
  if (conditions.some(({ outcome }) => outcome === 'too-little-traffic')) {
    return say(
      'too-little-traffic',
      `Too little traffic to tell whether the budget burns${left}`,
    );
  }
  if (burn === undefined || !judged.enoughOfLastHour) {
    return say('ok', `No window burns too fast${left}`);
  }
  const pace = `The error budget burns ${burnInWords(
    burn,
  )} as fast as allowed over the last hour`;
  return burn > 1
    ? say('elevated', `${pace}, not for long enough to act${left}`)
    : say('ok', `${pace}${left}`);
}

/** The second half of a sentence; nothing where the budget was not asked for. */
function leftInWords({ shortOnly, budget, periodDays }: Judged): string {
  if (shortOnly) return '';
  if (budget.left === undefined) {
    return '; what is left of the budget is not known';
  }
  return `; ${budgetInWords(budget.left)} of the budget of ${count(
    periodDays,
    'day',
  )} left${coveredInWords(budget)}`;
}

function coveredInWords({ complete, coveredSeconds }: SloBudget): string {
  return complete || coveredSeconds === undefined
    ? ''
    : ` over the ${spanInWords(coveredSeconds)} there are numbers for`;
}

const VERDICTS: Readonly<Record<SloState, Verdict['state']>> = {
  page: 'fail',
  ticket: 'fail',
  spent: 'fail',
  elevated: 'unknown',
  ok: 'pass',
  'too-little-traffic': 'unknown',
  unknown: 'unknown',
};

/** A state of an objective as a verdict: what is spent or burns fails, what is not known does not pass. */
export function verdictOf(state: SloState, reason: string): Verdict {
  return { state: VERDICTS[state], reason, facts: [] };
}
