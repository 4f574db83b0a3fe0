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

import type { CallerVerdict } from '@mesh-portal/backstage-plugin-istio-common';

/** What a decision means for a caller, in a word. */
export const DECISION_WORDS: Record<CallerVerdict['decision'], string> = {
  allow: 'allowed',
  deny: 'refused',
  depends: 'depends on the request',
  unknown: 'unknown',
};

/** The state a decision is drawn with. Being refused is no defect by itself; being refused while calling is. */
export function stateOfCaller(
  caller: CallerVerdict,
): 'pass' | 'fail' | 'unknown' | 'not-applicable' {
  switch (caller.decision) {
    case 'allow':
      return 'pass';
    case 'deny':
      return (caller.observed?.requestsPerSecond ?? 0) > 0
        ? 'fail'
        : 'not-applicable';
    case 'depends':
      return 'not-applicable';
    case 'unknown':
      return 'unknown';
    default:
      return 'unknown';
  }
}

/** Refused callers first, those who were refused most at the top; then the busiest. */
export function callersInOrder(callers: CallerVerdict[]): CallerVerdict[] {
  const rank = { deny: 0, unknown: 1, depends: 2, allow: 3 };
  const refused = (caller: CallerVerdict) =>
    caller.observed?.refusedPerSecond ?? 0;
  const rate = (caller: CallerVerdict) =>
    caller.observed?.requestsPerSecond ?? 0;
  return [...callers].sort(
    (a, b) =>
      refused(b) - refused(a) ||
      rank[a.decision] - rank[b.decision] ||
      rate(b) - rate(a),
  );
}
