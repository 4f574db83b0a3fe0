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

import type { Provenance, VerdictState } from '../../verdict';
import type { WayBranch, WayEnd, WayOutcome, WayStage, WayStep } from './way';

/** What follows on a part of the way. */
export type Rest = Pick<WayBranch, 'steps' | 'branches' | 'outcome'>;

/** A step in words. */
export function step(
  stage: WayStage,
  state: VerdictState,
  says: string,
  facts: readonly (Provenance | undefined)[] = [],
  at?: WayStep['at'],
): WayStep {
  return {
    stage,
    state,
    says,
    ...(at === undefined ? {} : { at }),
    facts: facts.filter((fact): fact is Provenance => fact !== undefined),
  };
}

/** The way ends after these steps. */
export function ending(steps: readonly WayStep[], outcome: WayOutcome): Rest {
  return { steps, branches: [], outcome };
}

/** The way goes on after these steps. */
export function followed(steps: readonly WayStep[], rest: Rest): Rest {
  return { ...rest, steps: [...steps, ...rest.steps] };
}

/** The way branches after these steps; what only one branch can follow is no fork. */
export function forked(
  steps: readonly WayStep[],
  branches: readonly WayBranch[],
): Rest {
  const [only, ...others] = branches.filter(branch => branch.share > 0);
  return only !== undefined && others.length === 0
    ? followed(steps, only)
    : { steps, branches: branches.filter(branch => branch.share > 0) };
}

/** Every end of a part of the way, with its share of the requests that come to it. */
export function endsOf(rest: Rest, share = 100): WayEnd[] {
  return rest.outcome === undefined
    ? rest.branches.flatMap(branch =>
        endsOf(branch, (share * branch.share) / 100),
      )
    : [{ share, outcome: rest.outcome }];
}
