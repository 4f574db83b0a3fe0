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
  TriageCell,
  TriageMoment,
  TriageService,
  Verdict,
} from '@mesh-portal/backstage-plugin-istio-common';
import { errorCellsExpression } from '../prometheus/catalogue';
import type { CachedResult } from '../prometheus';
import { reporterOf, serviceKeyOf } from '../prometheus/trafficRows';
import { type ClusterEntities, entityOfCaller } from '../views/entityInput';
import { percent, perSecond } from '../views/numbersInWords';
import { saturationOf } from '../views/signals/saturation';
import { type Beginning, beginningOf, type History } from './beginning';
import { type CheckInput, checksOf, nextSteps } from './checks';
import { changesNear, changesSince, type FoundChange } from './configChanges';
import {
  chooseBaseline,
  type Contribution,
  decompose,
  errorShareOf,
  sideChange,
  type SideChange,
  TRIAGE_THRESHOLDS,
  type TriageThresholds,
} from './contributions';
import { dependencyChanges } from './dependencyChanges';
import { type SeenBy, type ServiceCells, serviceCells } from './errorCells';
import { causesOf, codeInWords, howInWords } from './failures';
import {
  callersOf,
  changeInWords,
  headlinePattern,
  headlineSentence,
} from './headline';
import { slowAnswers } from './slowAnswers';

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

const WINDOW_SECONDS = 300;
/** Requests in the window below which a share says nothing, unless several fail. */
const ENOUGH_REQUESTS = 30;
const ENOUGH_ERRORS = 3;
/** Share from which a lasting failure is said; the same as the signals card uses. */
const BAD_SHARE = 0.01;
const MAX_CELLS = 20;
const TWO_HOURS_MS = 7_200_000;

const MOMENT_WORDS = {
  '1h': 'an hour ago',
  '1d': 'a day ago',
  '1w': 'a week ago',
} as const;

/** What the numbers say, before words and causes. */
export interface Assessment {
  cells: ServiceCells;
  baseline: ReturnType<typeof chooseBaseline>;
  server: SideChange;
  client: SideChange;
  slow: TriageService['slow'];
  /** the side to speak about */
  side: SeenBy;
}

/** Compares now with the baseline. */
export function assess(
  answer: CachedResult,
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
}: Assessment): boolean {
  if (baseline === undefined) return server.now.errors + client.now.errors > 0;
  return server.standsOut || client.standsOut || isBad(server) || isBad(client);
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

function isBad({ now }: SideChange): boolean {
  return (
    errorShareOf(now) >= BAD_SHARE &&
    now.errors * WINDOW_SECONDS >= ENOUGH_ERRORS
  );
}

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
  const judged = judge(
    assessment,
    service.name,
    problems.length > 0,
    thresholds,
  );
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
    cells: shownCells(assessment, input),
    callers: callersOf(change.contributions).length,
    ...(isTrouble && rateAndMixOf(assessment)),
    ...(assessment.slow && { slow: assessment.slow }),
    checks,
    changes,
    next: isTrouble ? nextSteps(checks, checkInput) : [],
    evidence: evidenceOf(service, assessment, answer, beginning),
  };
}

type Judged = Pick<TriageService, 'state' | 'headline' | 'verdict' | 'detail'>;

function judge(
  { cells, baseline, server, client, slow, side }: Assessment,
  name: string,
  partial: boolean,
  { headlineShare }: TriageThresholds,
): Judged {
  const change = side === 'client' ? client : server;
  const { now, base, contributions } = change;
  const detail = cells.includesNewSeries
    ? [
        'The numbers hold the first errors of new series, which a rate leaves out',
      ]
    : [];
  const say = (
    state: TriageService['state'],
    verdict: Verdict['state'],
    headline: string,
    reason = headline,
  ): Judged => ({
    state,
    headline,
    verdict: verdictOf(verdict, reason),
    detail,
  });
  if (!cells.at.has('now')) {
    const before = baseline && cells.at.get(baseline.baseline);
    return say(
      'unknown',
      'unknown',
      before && before.served > 0
        ? `Nobody calls it now; ${
            MOMENT_WORDS[baseline.baseline]
          } it was ${perSecond(before.served)}`
        : 'No requests are counted: no proxy reports this service, or nobody calls it',
    );
  }
  const when = baseline && MOMENT_WORDS[baseline.baseline];
  if (server.standsOut || client.standsOut) {
    const both = server.standsOut && client.standsOut;
    const other = side === 'client' ? server : client;
    detail.push(
      `${changeInWords(now.errors, base.errors)} ${when}: ${percent(
        errorShareOf(now),
      )} of requests fail, ${percent(errorShareOf(base))} then`,
    );
    if (both) {
      detail.push(
        side === 'client'
          ? `The service itself answers ${perSecond(other.delta)} more errors`
          : `And ${perSecond(other.delta)} more never arrive at it`,
      );
    }
    if (slow?.standsOut) detail.push(slow.words);
    return say(
      'incident',
      'fail',
      headlineSentence(contributions, name, headlineShare, 'extra errors'),
    );
  }
  if (slow?.standsOut) {
    return say('incident', 'fail', `Answers became slow: ${slow.words}`);
  }
  const failing = isBad(server) ? server : client;
  if (isBad(server) || isBad(client)) {
    const share = percent(errorShareOf(failing.now));
    if (!baseline) {
      return say(
        'no-baseline',
        'fail',
        `${share} of requests fail; there is nothing to compare with yet`,
      );
    }
    if (errorShareOf(failing.base) * 2 >= errorShareOf(failing.now)) {
      return say(
        'persisting',
        'fail',
        `${share} of requests fail, as ${when} (${percent(
          errorShareOf(failing.base),
        )}): nothing new, and not well`,
      );
    }
    const events = Math.round(failing.now.errors * WINDOW_SECONDS);
    const requests = Math.round(failing.now.requests * WINDOW_SECONDS);
    return say(
      'too-little-traffic',
      'unknown',
      `${events} of ${requests} requests in five minutes fail, ${when} it was ${percent(
        errorShareOf(failing.base),
      )}: too little traffic to tell where`,
    );
  }
  if (now.requests * WINDOW_SECONDS < ENOUGH_REQUESTS) {
    return say(
      'too-little-traffic',
      'unknown',
      `Too little traffic to tell: ${Math.round(
        now.requests * WINDOW_SECONDS,
      )} requests in five minutes`,
    );
  }
  if (!baseline) {
    return say(
      'no-baseline',
      'unknown',
      `Nothing to compare with yet; ${percent(
        errorShareOf(server.now),
      )} of requests fail now`,
    );
  }
  if (partial) {
    return say(
      'unknown',
      'unknown',
      `Nothing stands out in the numbers there are, and some are missing`,
    );
  }
  return say(
    'calm',
    'pass',
    `Nothing stands out against ${when}: ${perSecond(
      server.now.requests,
    )}, ${percent(errorShareOf(server.now))} fail`,
  );
}

function verdictOf(state: Verdict['state'], reason: string): Verdict {
  return { state, reason, facts: [] };
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

/** One row a caller, version and outcome: clusters and protocols are for the checks. */
function shownCells(
  { server, client, baseline, side }: Assessment,
  { entities }: TriageInput,
): TriageCell[] {
  const first = side === 'client' ? client : server;
  const second = side === 'client' ? server : client;
  return [first, second]
    .flatMap(({ contributions }) => {
      const rows = new Map<string, TriageCell>();
      for (const cell of contributions) {
        const row = shownCell(cell, entities, baseline !== undefined);
        const id = [
          row.callerNamespace,
          row.caller,
          row.version,
          row.code,
          row.flag,
        ].join('\u0000');
        const known = rows.get(id);
        rows.set(id, known ? added(known, row) : row);
      }
      return [...rows.values()].sort((a, b) => b.delta - a.delta);
    })
    .slice(0, MAX_CELLS);
}

function shownCell(
  cell: Contribution,
  entities: TriageInput['entities'],
  compared: boolean,
): TriageCell {
  const { entityRef } = entityOfCaller(entities, {
    namespace: cell.callerNamespace,
    workload: cell.caller,
  });
  return {
    callerNamespace: cell.callerNamespace,
    caller: cell.caller,
    ...(entityRef !== undefined && { callerEntityRef: entityRef }),
    workload: cell.workload,
    version: cell.version,
    code: codeInWords(cell),
    flag: cell.flags,
    how: howInWords(cell),
    causes: [...causesOf(cell)],
    seenBy: cell.seenBy,
    now: cell.now,
    ...(compared && { base: cell.base }),
    delta: cell.delta,
    ...(compared && cell.share !== undefined && { share: cell.share }),
  };
}

function added(a: TriageCell, b: TriageCell): TriageCell {
  const sum = (x?: number, y?: number) =>
    x === undefined || y === undefined ? undefined : x + y;
  return {
    ...a,
    now: a.now + b.now,
    base: sum(a.base, b.base),
    delta: a.delta + b.delta,
    share: sum(a.share, b.share),
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

function checkInputOf(
  { service, pods, changesUnknown }: TriageInput,
  { cells, baseline, server, client }: Assessment,
  answer: CachedResult,
  changes: CheckInput['changes'],
): CheckInput {
  const key = `${service.namespace}/${service.name}`;
  const [worst] = server.contributions;
  return {
    server,
    client,
    traffic: cells.at.get('now')?.cells ?? [],
    pods: podRates(answer, key, cells.reporter, worst?.workload, pods),
    saturation: saturationOf(answer, new Set(pods.keys())),
    dependencies: dependencyChanges(answer, key, baseline?.baseline),
    dependenciesCompared: baseline !== undefined,
    changes,
    changesUnknown,
  };
}

function podRates(
  answer: CachedResult,
  service: string,
  reporter: ServiceCells['reporter'],
  workload: string | undefined,
  pods: TriageInput['pods'],
): CheckInput['pods'] {
  const [namespace] = service.split('/');
  const found = new Map<string, { requests: number; errors: number }>();
  for (const { labels, samples } of answer.series) {
    const value = samples[0]?.value;
    const { part, pod } = labels;
    if (
      value === undefined ||
      !pod ||
      serviceKeyOf(labels) !== service ||
      reporterOf(labels) !== reporter ||
      (part !== 'podErrors' && part !== 'podRequests') ||
      pods.get(`${namespace}/${pod}`) === undefined ||
      (workload !== undefined &&
        workload !== 'unknown' &&
        pods.get(`${namespace}/${pod}`) !== workload)
    ) {
      continue;
    }
    const rates = found.get(pod) ?? { requests: 0, errors: 0 };
    found.set(pod, rates);
    if (part === 'podErrors') rates.errors += value;
    else rates.requests += value;
  }
  return [...found].map(([pod, rates]) => ({ pod, ...rates }));
}

function evidenceOf(
  service: ServiceRef,
  { cells, baseline, side }: Assessment,
  answer: CachedResult,
  beginning: Beginning | undefined,
): TriageService['evidence'] {
  const reporter = side === 'client' ? 'source' : cells.reporter;
  if (reporter === undefined) return [];
  const at = new Date(answer.evaluatedAt * 1000).toISOString();
  const subject = { namespace: service.namespace, name: service.name };
  const query = errorCellsExpression(subject, reporter);
  return [
    { title: 'Errors by caller, version and outcome, now', query, at },
    ...(baseline
      ? [
          {
            title: `The same ${MOMENT_WORDS[baseline.baseline]}`,
            query: errorCellsExpression(subject, reporter, baseline.baseline),
            at,
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
