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
  SloObjective,
  SloState,
} from '@mesh-portal/backstage-plugin-istio-common';
import { formatNumber, formatSeconds, NO_NUMBER } from '../format';

/** States of an objective in a few words, so that colour is never alone. */
export const SLO_STATE_WORDS: Record<SloState, string> = {
  page: 'burning fast',
  ticket: 'burning',
  spent: 'budget spent',
  elevated: 'above the pace of the budget',
  ok: 'within budget',
  'too-little-traffic': 'too little traffic',
  unknown: 'not known',
};

/** A burn rate: `41.9×`. */
export function formatBurn(burn: number | undefined): string {
  const text = formatNumber(burn);
  return text === NO_NUMBER ? text : `${text}×`;
}

/** A target in per cent, with the digits it needs: `99.95 %`. */
export function formatTarget(percent: number): string {
  return `${Number(percent.toFixed(5))} %`;
}

/** What is left of the budget, and of which part of the period that is. */
export function budgetWords(budget: SloBudget): string {
  if (budget.left === undefined) {
    return budget.reason ?? 'not known';
  }
  const percent = budget.left * 100;
  const left =
    percent > 0 && percent < 1 ? 'under 1 %' : `${Math.round(percent)} %`;
  const covered =
    budget.complete || budget.coveredSeconds === undefined
      ? ''
      : `, of the ${formatSeconds(
          budget.coveredSeconds,
        )} there are numbers for`;
  const until =
    budget.exhaustedInSeconds === undefined
      ? ''
      : `; spent in ${formatSeconds(budget.exhaustedInSeconds)} at this rate`;
  return `${left} left${covered}${until}`;
}

/** The burn of the last hour of an objective, or of the longest window there is. */
export function burnOfLastHour(objective: SloObjective): number | undefined {
  return objective.windows.find(({ window }) => window === '1h')?.burn;
}

const OUTCOME_WORDS = {
  met: 'burns too fast',
  'not-met': 'no',
  'too-little-traffic': 'too little traffic',
  unknown: 'not known',
} as const;

/** Whether a pair of windows burns too fast, in words. */
export function outcomeWords(
  outcome: SloObjective['conditions'][number]['outcome'],
): string {
  return OUTCOME_WORDS[outcome];
}
