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
  ServiceRef,
  SloBudget,
  SloCondition,
  SloObjective,
  SloService,
  SloState,
  Verdict,
} from '@mesh-portal/backstage-plugin-istio-common';
import type { BurnCounts, CountedWindow } from './burnCounts';
import {
  BURN_WINDOWS,
  budgetLeft,
  budgetOf,
  burnFactor,
  burnOf,
  burnPairsOf,
  type BurnWindow,
  conditionOutcome,
  errorShare,
  type EventCounts,
  isEnough,
} from './burnRate';
import type { EntitySlo } from './entitySlo';
import type { SloDefinition } from './sloDefinition';
import {
  budgetInWords,
  burnInWords,
  spanInWords,
  targetInWords,
} from './sloWords';

/** What was counted for a service. */
export interface SloAnswer {
  /** absent: nothing could be asked */
  counts?: BurnCounts;
  /** in words: what is missing, stale or partial */
  problems: readonly string[];
  /** parts are missing, so calm is not proven */
  partial: boolean;
  /** the long windows come from recorded series */
  recorded: boolean;
  threshold?: { boundary: number | undefined; note: string | undefined };
}

/** Worst first. What is not known outweighs what is well. */
const STATES: readonly SloState[] = [
  'page',
  'ticket',
  'spent',
  'unknown',
  'too-little-traffic',
  'ok',
];

const LAST: Readonly<Record<BurnWindow, string>> = {
  '5m': 'the last 5 minutes',
  '30m': 'the last 30 minutes',
  '1h': 'the last hour',
  '6h': 'the last 6 hours',
  '3d': 'the last 3 days',
};

const HOUR_SECONDS = 3600;
const DAY_SECONDS = 86_400;

/** The objectives of one service, judged. A promise that cannot be understood is `unknown`, and says what to write. */
export function sloService(
  service: ServiceRef,
  slo: EntitySlo,
  answer: SloAnswer,
): SloService {
  if (!slo.definition) {
    return {
      service,
      origin: 'invalid',
      originWords: slo.problem,
      view: 'server',
      exclude: [],
      reporter: 'none',
      state: 'unknown',
      verdict: verdictOf('unknown', slo.problem),
      objectives: [],
      problems: [slo.problem],
    };
  }
  const { definition } = slo;
  const objectives = objectivesOf(definition, answer);
  const [worst] = [...objectives].sort(
    (a, b) => STATES.indexOf(a.state) - STATES.indexOf(b.state),
  );
  return {
    service,
    origin: definition.origin,
    originWords: definition.originWords,
    period: `${definition.periodDays}d`,
    view: definition.view,
    exclude: [...definition.exclude],
    reporter: answer.counts?.reporter ?? 'none',
    state: worst.state,
    verdict: worst.verdict,
    objectives,
    problems: [...answer.problems],
  };
}

function objectivesOf(
  definition: SloDefinition,
  answer: SloAnswer,
): SloObjective[] {
  const { availability, latency } = definition;
  return [
    ...(availability === undefined
      ? []
      : [
          objective(definition, answer, {
            indicator: 'availability',
            target: availability,
            words: `${targetInWords(availability)} of requests succeed`,
            counts: answer.counts?.availability,
          }),
        ]),
    ...(latency === undefined
      ? []
      : [
          objective(definition, answer, {
            indicator: 'latency',
            target: latency.target,
            words: `${targetInWords(latency.target)} of answers within ${
              answer.threshold?.boundary ?? latency.thresholdMs
            } ms`,
            counts: answer.counts?.latency,
          }),
        ]),
  ];
}

interface Indicated {
  indicator: SloObjective['indicator'];
  target: number;
  words: string;
  counts: ReadonlyMap<CountedWindow, EventCounts> | undefined;
}

function objective(
  definition: SloDefinition,
  answer: SloAnswer,
  { indicator, target, words, counts }: Indicated,
): SloObjective {
  const budget = budgetOf(target);
  const { periodDays } = definition;
  const conditions = burnPairsOf(periodDays).map(pair => {
    const { severity, long, short } = pair;
    const factor = burnFactor(pair, periodDays);
    const outcome = conditionOutcome(
      counts?.get(long),
      counts?.get(short),
      factor,
      budget,
    );
    return { severity, long, short, factor, outcome };
  });
  const left = budgetAnswer(definition, answer, counts, budget);
  const burn = burnOf(counts?.get('1h'), budget);
  const judged = judge({
    conditions,
    budget: left,
    burn,
    burnOver: window => burnOf(counts?.get(window), budget),
    partial: answer.partial,
    missing: missingReason(indicator, answer, counts),
    periodDays,
    enoughOfLastHour: isEnough(counts?.get('1h') ?? { all: 0, bad: 0 }, budget),
  });
  const isLatency = indicator === 'latency';
  return {
    indicator,
    target,
    words,
    ...(isLatency &&
      answer.threshold?.boundary !== undefined && {
        thresholdMs: answer.threshold.boundary,
      }),
    ...(isLatency && answer.threshold?.note && { note: answer.threshold.note }),
    ...judged,
    windows: BURN_WINDOWS.map(window => {
      const events = counts?.get(window);
      const share = events && errorShare(events);
      const windowBurn = burnOf(events, budget);
      return {
        window,
        ...(share !== undefined && { errorShare: share }),
        ...(windowBurn !== undefined && { burn: windowBurn }),
        ...(events && { requests: Math.round(events.all) }),
      };
    }),
    conditions,
    budget: left,
  };
}

/** Why nothing can be said at all; undefined where something can. */
function missingReason(
  indicator: SloObjective['indicator'],
  answer: SloAnswer,
  counts: Indicated['counts'],
): string | undefined {
  if (!answer.counts) {
    return answer.problems[0] ?? 'Prometheus was not asked';
  }
  if (indicator === 'latency') {
    const { threshold } = answer;
    if (threshold && threshold.boundary === undefined) return threshold.note;
    if (answer.counts.boundaryMissing) {
      return `No histogram bucket ends at ${threshold?.boundary} ms: the boundaries of this service are being read`;
    }
  }
  return counts?.size === 0
    ? answer.problems[0] ?? 'No requests were counted'
    : undefined;
}

function budgetAnswer(
  definition: SloDefinition,
  answer: SloAnswer,
  counts: Indicated['counts'],
  budget: number,
): SloBudget {
  const period = definition.periodDays * DAY_SECONDS;
  const covered = answer.recorded
    ? answer.counts?.recordedSeconds
    : answer.counts?.coveredSeconds;
  const base = {
    ...(covered !== undefined && { coveredSeconds: covered }),
    complete: covered !== undefined && covered >= period - HOUR_SECONDS,
    recorded: answer.recorded,
  };
  const events = counts?.get('Period');
  const left =
    events &&
    budgetLeft(
      events,
      budget,
      definition.periodDays,
      burnOf(counts?.get('1h'), budget),
    );
  if (!left) {
    return {
      ...base,
      reason: events
        ? 'No requests were counted in the period'
        : answer.problems[0] ?? 'The period could not be asked for',
    };
  }
  return {
    ...base,
    left: left.left,
    ...(left.exhaustedInSeconds !== undefined && {
      exhaustedInSeconds: left.exhaustedInSeconds,
    }),
  };
}

interface Judged {
  conditions: readonly (Omit<SloCondition, 'long'> & { long: BurnWindow })[];
  budget: SloBudget;
  /** of the last hour */
  burn: number | undefined;
  burnOver: (window: BurnWindow) => number | undefined;
  partial: boolean;
  missing: string | undefined;
  periodDays: number;
  enoughOfLastHour: boolean;
}

/** From the conditions to one state and sentence. Partial numbers may accuse, they never acquit. */
function judge(judged: Judged): { state: SloState; verdict: Verdict } {
  const { conditions, budget, burn, missing, periodDays } = judged;
  const say = (state: SloState, reason: string) => ({
    state,
    verdict: verdictOf(state, reason),
  });
  if (missing !== undefined) return say('unknown', missing);
  const left =
    budget.left === undefined
      ? 'what is left of the budget is not known'
      : `${budgetInWords(
          budget.left,
        )} of the budget of ${periodDays} days left${coveredInWords(budget)}`;
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
      } over ${LAST[met.long]}; ${left}${until}`,
    );
  }
  if (budget.left !== undefined && budget.left <= 0) {
    return say(
      'spent',
      `The error budget of ${periodDays} days is spent (${budgetInWords(
        budget.left,
      )}${coveredInWords(budget)})`,
    );
  }
  if (judged.partial) {
    return say(
      'unknown',
      `The numbers are partial, so calm is not proven; ${left}`,
    );
  }
  if (conditions.some(({ outcome }) => outcome === 'unknown')) {
    return say('unknown', `The numbers of a window are missing; ${left}`);
  }
  if (conditions.some(({ outcome }) => outcome === 'too-little-traffic')) {
    return say(
      'too-little-traffic',
      `Too little traffic to tell whether the budget burns; ${left}`,
    );
  }
  return say(
    'ok',
    burn === undefined || !judged.enoughOfLastHour
      ? `No window burns too fast; ${left}`
      : `The error budget burns ${burnInWords(
          burn,
        )} as fast as allowed over the last hour; ${left}`,
  );
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
  ok: 'pass',
  'too-little-traffic': 'unknown',
  unknown: 'unknown',
};

function verdictOf(state: SloState, reason: string): Verdict {
  return { state: VERDICTS[state], reason, facts: [] };
}
