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

import type { Provenance } from '../verdict';

/** What one stage of a filter chain does to a request. */
export interface StageOutcome {
  outcome: 'pass' | 'deny' | 'depends' | 'unknown';
  reason: string;
  decidedBy: readonly Provenance[];
  dependsOn: readonly string[];
  remedies?: readonly string[];
  refusal?: '401' | '403' | 'reset';
}

/** A stage that lets everything pass. */
export const PASSED: StageOutcome = {
  outcome: 'pass',
  reason: 'Nothing refuses it.',
  decidedBy: [],
  dependsOn: [],
};

/**
 * Joins the stages of a chain: a stage that surely denies decides, even when an earlier one is open; else what is
 * unknown stays unknown, else what depends depends; only when every stage surely passes, it passes.
 */
export function combineStages(stages: readonly StageOutcome[]): StageOutcome {
  const denied = stages.find(stage => stage.outcome === 'deny');
  if (denied) {
    return denied;
  }
  const open = stages.filter(stage => stage.outcome !== 'pass');
  if (open.length === 0) {
    return stages[stages.length - 1] ?? PASSED;
  }
  return {
    outcome: open.some(stage => stage.outcome === 'unknown')
      ? 'unknown'
      : 'depends',
    reason: open.map(stage => stage.reason).join(' '),
    decidedBy: open.flatMap(stage => stage.decidedBy),
    dependsOn: [...new Set(open.flatMap(stage => stage.dependsOn))],
  };
}
