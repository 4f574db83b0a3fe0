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
  TriageService,
  Verdict,
} from '@mesh-portal/backstage-plugin-istio-common';
import { count, percent, perSecond } from '../views/numbersInWords';
import { type Assessment, isBad, WINDOW_SECONDS } from './assessment';
import { errorShareOf } from './contributions';
import { changeInWords, headlineSentence } from './headline';

/** Requests in the window below which a share says nothing, unless several fail. */
const ENOUGH_REQUESTS = 30;

/** The baselines in words. */
export const MOMENT_WORDS = {
  '1h': 'an hour ago',
  '1d': 'a day ago',
  '1w': 'a week ago',
} as const;

/** The state of a service with its sentences. */
export type Judged = Pick<
  TriageService,
  'state' | 'headline' | 'verdict' | 'detail'
>;

/** What is said of a service, before it is a verdict. */
interface Finding {
  readonly state: TriageService['state'];
  readonly verdict: Verdict['state'];
  readonly headline: string;
  readonly detail?: readonly string[];
}

/** From the numbers to one state and sentence. Missing numbers may accuse, they never acquit. */
export function judge(
  assessment: Assessment,
  name: string,
  partial: boolean,
): Judged {
  const { state, verdict, headline, detail }: Finding =
    nobodyCalls(assessment) ??
    incident(assessment, name) ??
    failingAnyway(assessment, name) ??
    tooFewRequests(assessment) ??
    nothingStandsOut(assessment, partial);
  return {
    state,
    headline,
    verdict: verdictOf(verdict, headline),
    detail: [
      ...(assessment.cells.includesNewSeries
        ? [
            'The numbers hold the first errors of new series, which a rate leaves out',
          ]
        : []),
      ...(detail ?? []),
    ],
  };
}

function momentOf({ baseline }: Assessment): string | undefined {
  return baseline && MOMENT_WORDS[baseline.baseline];
}

function nobodyCalls(assessment: Assessment): Finding | undefined {
  const { cells, baseline } = assessment;
  if (cells.at.has('now')) return undefined;
  const before = baseline && cells.at.get(baseline.baseline);
  return {
    state: 'unknown',
    verdict: 'unknown',
    headline:
      before && before.served > 0
        ? `Nobody calls it now; ${momentOf(assessment)} it was ${perSecond(
            before.served,
          )}`
        : 'No requests are counted: no proxy reports this service, or nobody calls it',
  };
}

/** Errors, else slowness, that were not there before. */
function incident(assessment: Assessment, name: string): Finding | undefined {
  const { server, client, slow, side, thresholds } = assessment;
  const verdict = { state: 'incident', verdict: 'fail' } as const;
  if (!server.standsOut && !client.standsOut) {
    return slow?.standsOut
      ? { ...verdict, headline: `Answers became slow: ${slow.words}` }
      : undefined;
  }
  const [change, other] =
    side === 'client' ? [client, server] : [server, client];
  const { now, base, contributions } = change;
  const more = perSecond(other.delta);
  const elsewhere =
    side === 'client'
      ? `The service itself answers ${more} more errors`
      : `And ${more} more never arrive at it`;
  return {
    ...verdict,
    headline: headlineSentence(
      contributions,
      name,
      thresholds.headlineShare,
      'extra errors',
    ),
    detail: [
      `${changeInWords(now.errors, base.errors)} ${momentOf(
        assessment,
      )}: ${percent(errorShareOf(now))} of requests fail, ${percent(
        errorShareOf(base),
      )} then`,
      ...(server.standsOut && client.standsOut ? [elsewhere] : []),
      ...(slow?.standsOut ? [slow.words] : []),
    ],
  };
}

/** Too many errors though nothing stands out: they were there before, or it cannot be told. */
function failingAnyway(
  assessment: Assessment,
  name: string,
): Finding | undefined {
  const { server, client, baseline, thresholds } = assessment;
  const failing = [server, client].find(side => isBad(side, thresholds));
  if (failing === undefined) return undefined;
  const { now, base, contributions } = failing;
  const when = momentOf(assessment);
  const share = percent(errorShareOf(now));
  const before = percent(errorShareOf(base));
  const detail = [
    headlineSentence(
      contributions.map(cell => ({ ...cell, delta: cell.now })),
      name,
      thresholds.headlineShare,
      'errors',
    ),
  ];
  if (!baseline) {
    return {
      state: 'no-baseline',
      verdict: 'fail',
      headline: `${share} of requests fail; there is nothing to compare with yet`,
      detail,
    };
  }
  if (errorShareOf(base) * 2 >= errorShareOf(now)) {
    return {
      state: 'persisting',
      verdict: 'fail',
      headline: `${share} of requests fail, as ${when} (${before}): nothing new, and not well`,
      detail,
    };
  }
  const events = Math.round(now.errors * WINDOW_SECONDS);
  const requests = Math.round(now.requests * WINDOW_SECONDS);
  return {
    state: 'too-little-traffic',
    verdict: 'unknown',
    headline: `${events} of ${count(requests, 'request')} in five minutes ${
      events === 1 ? 'fails' : 'fail'
    }, ${when} it was ${before}: too little traffic to tell where`,
    detail,
  };
}

function tooFewRequests({
  server,
  client,
  side,
}: Assessment): Finding | undefined {
  const { now } = side === 'client' ? client : server;
  const requests = now.requests * WINDOW_SECONDS;
  return requests < ENOUGH_REQUESTS
    ? {
        state: 'too-little-traffic',
        verdict: 'unknown',
        headline: `Too little traffic to tell: ${count(
          Math.round(requests),
          'request',
        )} in five minutes`,
      }
    : undefined;
}

/** Calm only where there is something to compare with, and nothing is missing. */
function nothingStandsOut(assessment: Assessment, partial: boolean): Finding {
  const { now } = assessment.server;
  const failing = percent(errorShareOf(now));
  if (!assessment.baseline) {
    return {
      state: 'no-baseline',
      verdict: 'unknown',
      headline: `Nothing to compare with yet; ${failing} of requests fail now`,
    };
  }
  if (partial) {
    return {
      state: 'unknown',
      verdict: 'unknown',
      headline:
        'Nothing stands out in the numbers there are, and some are missing',
    };
  }
  return {
    state: 'calm',
    verdict: 'pass',
    headline: `Nothing stands out against ${momentOf(assessment)}: ${perSecond(
      now.requests,
    )}, ${failing} fail`,
  };
}

/** A verdict without facts. */
export function verdictOf(state: Verdict['state'], reason: string): Verdict {
  return { state, reason, facts: [] };
}
