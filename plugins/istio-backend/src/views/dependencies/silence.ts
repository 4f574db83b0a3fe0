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

import { membershipOf, workloadOf } from '@mesh-portal/mesh-model';
import type { Window } from '../../prometheus';
import type { EntityInput } from '../entityInput';
import { ignorance, MEMBERSHIP_KINDS } from '../knowledge';
import type { EdgeAnswers } from '../observation';
import { edgeRows } from './edgeRows';

function withoutProxy({ clusters }: EntityInput): string[] {
  return clusters.flatMap(({ snapshot, match }) =>
    match.workloads
      .filter(({ namespace, kind, name }) => {
        const workload = workloadOf(snapshot, namespace, kind, name);
        return !workload || membershipOf(snapshot, workload).proxy === 'none';
      })
      .map(({ namespace, name }) => `${namespace}/${name}`),
  );
}

/**
 * Why silence of the entity's workloads proves nothing: nobody names their calls, or the source does not hold the whole
 * window.
 *
 * @returns undefined where a call would have been seen
 */
export function silenceOfWorkloads(
  input: EntityInput,
  answers: readonly EdgeAnswers[],
  window: Window,
): string | undefined {
  const unread = input.clusters.flatMap(
    ({ status }) => ignorance(status, MEMBERSHIP_KINDS) ?? [],
  );
  if (unread.length > 0) return unread[0];
  if (input.clusters.every(({ match }) => match.workloads.length === 0)) {
    return 'The entity has no workload whose calls could be seen';
  }
  const unnamed = withoutProxy(input);
  if (unnamed.length > 0) {
    return `${unnamed.join(', ')} ${
      unnamed.length === 1 ? 'has' : 'have'
    } no proxy, so nobody counts what is called from there`;
  }
  const rows = answers.flatMap(({ callees, callers }) =>
    [callees, callers].flatMap(result => (result ? edgeRows(result) : [])),
  );
  if (rows.length === 0) {
    return 'Its proxies reported nothing at all: whether they are scraped is not known';
  }
  return rows.some(({ part, value }) => part === 'covered' && value > 0)
    ? undefined
    : `No traffic was seen, but the source holds nothing of it from ${window} ago: choose a shorter window`;
}
