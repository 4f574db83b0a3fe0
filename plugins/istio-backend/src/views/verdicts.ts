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

import type { PostureAnswer, Verdict } from '@mesh-portal/mesh-model';

type State = Verdict['state'];

/** Worst first: a failure outweighs ignorance, ignorance outweighs a pass. */
const SEVERITY: Readonly<Record<State, number>> = {
  fail: 3,
  unknown: 2,
  pass: 1,
  'not-applicable': 0,
};

/** Orders states worst first. */
export function compareStates(left: State, right: State): number {
  return SEVERITY[right] - SEVERITY[left];
}

/** The worst of several verdicts; `ifNone` when there are none. The first of equals wins. */
export function worstVerdict(
  verdicts: readonly Verdict[],
  ifNone: Verdict,
): Verdict {
  let worst: Verdict | undefined;
  for (const verdict of verdicts) {
    if (
      worst === undefined ||
      SEVERITY[verdict.state] > SEVERITY[worst.state]
    ) {
      worst = verdict;
    }
  }
  return worst ?? ifNone;
}

/** A verdict without facts. */
export function plainVerdict(state: State, reason: string): Verdict {
  return { state, reason, facts: [] };
}

const OPENLY: ReadonlySet<PostureAnswer['posture']> = new Set([
  'open',
  'allow-all',
  'deny-list',
  'not-enforced',
]);

/**
 * A posture's verdict as pages show it: that anybody may call is a posture and no malfunction, so it is neither green nor
 * red there.
 */
export function shownPostureVerdict(
  posture: PostureAnswer['posture'],
  verdict: Verdict,
): Verdict {
  return OPENLY.has(posture) && verdict.state === 'fail'
    ? { ...verdict, state: 'not-applicable' }
    : verdict;
}
