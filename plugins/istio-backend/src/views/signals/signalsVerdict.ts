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
  SignalsService,
  Verdict,
} from '@mesh-portal/backstage-plugin-istio-common';

/** Error share from which the card says that something is wrong. A default of ours until the service has an objective. */
const BAD_SHARE = 0.01;
/** Share of answers with 4xx from which nobody would call a service healthy, though each may be the fault of its caller. */
const MOSTLY = 0.5;
/** Fewer requests than this in the window say nothing about a share (golden-signals §4, low traffic guard). */
const MIN_REQUESTS_PER_SECOND = 0.01;

function percent(share: number): string {
  const value = share * 100;
  return `${value >= 10 ? Math.round(value) : Number(value.toPrecision(2))} %`;
}

/**
 * Is it healthy: a sentence about errors, from observed numbers only. Missing numbers are `unknown`, never healthy, and
 * an answer that lacks something never says that all is well.
 *
 * @param incomplete - why the answer may lack something
 */
export function signalsVerdict(
  signals: Omit<SignalsService, 'verdict'>,
  incomplete?: string,
): Verdict {
  const verdict = (state: Verdict['state'], reason: string): Verdict => ({
    state,
    reason,
    facts: [],
  });
  const { state, stateReason, layer, current } = signals;
  if (state === 'never' || state === 'gone' || state === 'unknown') {
    return verdict('unknown', stateReason);
  }
  if (layer === 'tcp') {
    const { failedPerSecond = 0, connectionsOpenedPerSecond = 0 } =
      current.tcp ?? {};
    return failedPerSecond > connectionsOpenedPerSecond * BAD_SHARE
      ? verdict(
          'fail',
          `${failedPerSecond.toFixed(2)} connections per second fail`,
        )
      : verdict(
          'unknown',
          'Only connections are counted, no responses: no L7 proxy is in the path',
        );
  }
  const rate = current.requestsPerSecond ?? 0;
  if (rate < MIN_REQUESTS_PER_SECOND) {
    return verdict('unknown', 'Too little traffic to judge');
  }
  const lost = current.clientOnlyFailuresPerSecond ?? 0;
  const problems = [
    problem(
      current.share5xx,
      share => `${percent(share)} of requests fail with 5xx`,
    ),
    problem(
      current.shareNoResponse,
      share => `${percent(share)} of requests get no response`,
    ),
    problem(
      current.shareGrpcErrors,
      share => `${percent(share)} of gRPC calls fail`,
    ),
    problem(
      lost / (rate + lost),
      share => `${percent(share)} of what clients send never arrives`,
    ),
  ].filter(each => each !== undefined);
  if (problems.length > 0) return verdict('fail', problems.join('; '));
  if (current.share5xx === undefined) {
    return verdict('unknown', 'How many requests fail is not known');
  }
  const fine = `${percent(current.share5xx)} of requests fail with 5xx`;
  if ((current.share4xx ?? 0) >= MOSTLY) {
    return verdict(
      'unknown',
      `${fine}, but ${percent(
        current.share4xx ?? 0,
      )} are answered with 4xx: whether callers ask for the wrong thing or are refused it is not known`,
    );
  }
  return incomplete === undefined
    ? verdict('pass', fine)
    : verdict('unknown', `${fine}, as far as is known: ${incomplete}`);
}

function problem(
  share: number | undefined,
  words: (share: number) => string,
): string | undefined {
  return share !== undefined && share >= BAD_SHARE ? words(share) : undefined;
}
