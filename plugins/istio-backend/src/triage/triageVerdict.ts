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

/** From the numbers to one state and sentence. Missing numbers may accuse, they never acquit. */
export function judge(
  { cells, baseline, server, client, slow, side, thresholds }: Assessment,
  name: string,
  partial: boolean,
): Judged {
  const { headlineShare } = thresholds;
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
  const failing = isBad(server, thresholds) ? server : client;
  if (isBad(server, thresholds) || isBad(client, thresholds)) {
    const share = percent(errorShareOf(failing.now));
    detail.push(
      headlineSentence(
        failing.contributions.map(cell => ({ ...cell, delta: cell.now })),
        name,
        headlineShare,
        'errors',
      ),
    );
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
      `${events} of ${count(requests, 'request')} in five minutes ${
        events === 1 ? 'fails' : 'fail'
      }, ${when} it was ${percent(
        errorShareOf(failing.base),
      )}: too little traffic to tell where`,
    );
  }
  if (now.requests * WINDOW_SECONDS < ENOUGH_REQUESTS) {
    return say(
      'too-little-traffic',
      'unknown',
      `Too little traffic to tell: ${count(
        Math.round(now.requests * WINDOW_SECONDS),
        'request',
      )} in five minutes`,
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

/** A verdict without facts. */
export function verdictOf(state: Verdict['state'], reason: string): Verdict {
  return { state, reason, facts: [] };
}
