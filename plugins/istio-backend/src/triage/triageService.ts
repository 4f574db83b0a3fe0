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
  TriageMoment,
  TriageService,
} from '@mesh-portal/backstage-plugin-istio-common';
import type { CachedResult } from '../prometheus';
import { errorCellsExpression, type Baseline } from '../prometheus/catalogue';
import type { ClusterEntities } from '../views/entityInput';
import { type Assessment, assess } from './assessment';
import { type Beginning, beginningOf, type History } from './beginning';
import { checkInputOf } from './checkInput';
import { checksOf, nextSteps } from './checks';
import { changesNear, changesSince, type FoundChange } from './configChanges';
import {
  decompose,
  errorShareOf,
  TRIAGE_THRESHOLDS,
  type TriageThresholds,
} from './contributions';
import { callersOf, headlinePattern } from './headline';
import { shownCells } from './shownCells';
import { judge, MOMENT_WORDS, verdictOf } from './triageVerdict';

/** What a service's triage is made from. */
export interface TriageInput {
  service: ServiceRef;
  /** epoch milliseconds */
  now: number;
  /** the answer to `contribution`; absent: nothing could be asked */
  answer?: CachedResult;
  /** asked for only where something stands out */
  history?: History;
  slowMs: number;
  /** `namespace/name` of its pods, with the name of their workload */
  pods: ReadonlyMap<string, string>;
  changes: readonly FoundChange[];
  changesSeenSince?: number;
  /** why changes may be missing */
  changesUnknown?: string;
  entities?: ClusterEntities;
  problems: readonly string[];
  thresholds?: TriageThresholds;
}

const TWO_HOURS_MS = 7_200_000;

/** What is broken, since when, for whom, and what to look at next. Nothing is calm that is not known to be. */
export function triageService(input: TriageInput): TriageService {
  const { service, answer, problems } = input;
  const thresholds = input.thresholds ?? TRIAGE_THRESHOLDS;
  const base = {
    service,
    detail: [],
    cells: [],
    callers: 0,
    checks: [],
    next: [],
    series: [],
    evidence: [],
    problems: [...problems],
    changes: changesSince(input.changes, input.now - TWO_HOURS_MS),
    ...(input.changesSeenSince !== undefined && {
      changesSeenSince: new Date(input.changesSeenSince).toISOString(),
    }),
  };
  if (!answer) {
    const reason = problems[0] ?? 'Prometheus was not asked';
    return {
      ...base,
      state: 'unknown',
      headline: `Not known: ${reason}`,
      verdict: verdictOf('unknown', reason),
    };
  }
  const key = `${service.namespace}/${service.name}`;
  const assessment = assess(answer, key, input.slowMs, thresholds);
  const judged = judge(assessment, service.name, problems.length > 0);
  const { cells, baseline, side } = assessment;
  const change = side === 'client' ? assessment.client : assessment.server;
  const pattern = headlinePattern(
    change.contributions,
    thresholds.headlineShare,
  );
  const meant = new Set(
    pattern?.contributions.map(({ code, version }) => `${code} ${version}`),
  );
  const beginning = input.history
    ? beginningOf(
        input.history,
        key,
        cells.reporter,
        side,
        ({ code, version }) =>
          meant.size === 0 || meant.has(`${code} ${version}`),
      )
    : undefined;
  const isTrouble =
    judged.state === 'incident' || judged.state === 'persisting';
  const changes =
    beginning?.at === undefined
      ? base.changes
      : changesNear(input.changes, beginning.at * 1000);
  const checkInput = checkInputOf(input, assessment, answer, changes);
  const checks = isTrouble ? checksOf(checkInput) : [];
  return {
    ...base,
    ...judged,
    ...(baseline && {
      baseline: {
        moment: baseline.baseline,
        words: MOMENT_WORDS[baseline.baseline],
        available: [...baseline.available],
      },
    }),
    ...momentsOf(assessment),
    ...(beginning && isTrouble && { since: beginning.since }),
    series: beginning?.series ?? [],
    ...(input.history && { stepSeconds: input.history.stepSeconds }),
    cells: shownCells(assessment, input.entities, judged.state),
    callers: callersOf(change.contributions).length,
    ...(isTrouble && rateAndMixOf(assessment)),
    ...(assessment.slow && { slow: assessment.slow }),
    checks,
    changes,
    next: isTrouble ? nextSteps(checks, checkInput) : [],
    evidence: evidenceOf(service, assessment, answer, beginning),
  };
}

function momentsOf({
  cells,
  baseline,
  server,
  client,
}: Assessment): Pick<TriageService, 'now' | 'base'> {
  const moment = (of: 'now' | 'base'): TriageMoment => ({
    requestsPerSecond: server[of].requests,
    errorsPerSecond: server[of].errors,
    ...(server[of].requests > 0 && { errorShare: errorShareOf(server[of]) }),
    ...(cells.reporter !== 'source' && {
      neverArrivedPerSecond: client[of].errors,
    }),
  });
  return {
    ...(cells.at.has('now') && { now: moment('now') }),
    ...(baseline && { base: moment('base') }),
  };
}

function rateAndMixOf({
  cells,
  baseline,
  server,
}: Assessment): Pick<TriageService, 'rateAndMix'> {
  const now = cells.at.get('now');
  const base = baseline && cells.at.get(baseline.baseline);
  if (!now || !base || !server.standsOut) return {};
  const { rate, mix } = decompose(now, base);
  return {
    rateAndMix: {
      rate,
      mix,
      words:
        mix > rate
          ? 'A version or caller that fails got more of the traffic'
          : 'The same traffic fails more often',
    },
  };
}

/** How long ago the baselines are, in seconds. */
const SECONDS_AGO: Readonly<Record<Baseline, number>> = {
  '1h': 3600,
  '1d': 86_400,
  '1w': 604_800,
};

/** The queries to repeat, each with the time of the data it tells of. */
function evidenceOf(
  service: ServiceRef,
  { cells, baseline, side }: Assessment,
  answer: CachedResult,
  beginning: Beginning | undefined,
): TriageService['evidence'] {
  const reporter = side === 'client' ? 'source' : cells.reporter;
  if (reporter === undefined) return [];
  const at = (seconds: number) => new Date(seconds * 1000).toISOString();
  const subject = { namespace: service.namespace, name: service.name };
  const query = errorCellsExpression(subject, reporter);
  return [
    {
      title: 'Errors by caller, version and outcome, now',
      query,
      at: at(answer.evaluatedAt),
    },
    ...(baseline
      ? [
          {
            title: `The same ${MOMENT_WORDS[baseline.baseline]}`,
            query,
            at: at(answer.evaluatedAt - SECONDS_AGO[baseline.baseline]),
          },
        ]
      : []),
    ...(beginning?.since.at
      ? [
          {
            title: 'The same when it began',
            query,
            at: beginning.since.at,
          },
        ]
      : []),
  ];
}
