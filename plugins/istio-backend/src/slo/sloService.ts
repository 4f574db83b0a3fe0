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
  SloObjective,
  SloService,
  SloState,
} from '@mesh-portal/backstage-plugin-istio-common';
import type { BurnCounts, CountedWindow } from './burnCounts';
import {
  BURN_WINDOWS,
  budgetLeft,
  budgetOf,
  burnFactor,
  burnOf,
  burnPairsOf,
  conditionOutcome,
  errorShare,
  type EventCounts,
  isEnough,
} from './burnRate';
import type { EntitySlo } from './entitySlo';
import type { SloDefinition } from './sloDefinition';
import { judge, verdictOf } from './sloJudgement';
import { targetInWords } from './sloWords';

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
  /** only the short windows were asked for, as lists do: judged by the pairs they make */
  shortOnly?: boolean;
  threshold?: { boundary: number | undefined; note: string | undefined };
}

/** Worst first. What is not known outweighs what is well. */
const STATES: readonly SloState[] = [
  'page',
  'ticket',
  'spent',
  'unknown',
  'too-little-traffic',
  'elevated',
  'ok',
];

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
  const pairs = burnPairsOf(periodDays).filter(
    ({ long }) => !answer.shortOnly || counts?.has(long),
  );
  const conditions = pairs.map(pair => {
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
    shortOnly: answer.shortOnly ?? false,
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
