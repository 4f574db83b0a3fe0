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
  SloService,
  SloState,
  Verdict,
} from '@mesh-portal/backstage-plugin-istio-common';

/** What a state of the objective makes of a service that would be healthy by its errors alone. */
const WORSE: Readonly<Partial<Record<SloState, Verdict['state']>>> = {
  page: 'fail',
  ticket: 'unknown',
  spent: 'unknown',
  elevated: 'unknown',
};

/**
 * The verdict on the signals of a service, with its objective: few errors are no health where they burn the budget faster
 * than it allows, or where nothing of it is left.
 */
export function verdictWithObjective(
  verdict: Verdict,
  slo: SloService | undefined,
): Verdict {
  const state = slo && WORSE[slo.state];
  if (verdict.state !== 'pass' || slo === undefined || state === undefined) {
    return verdict;
  }
  return {
    ...verdict,
    state,
    reason: `${verdict.reason}. ${slo.verdict.reason}`,
  };
}
