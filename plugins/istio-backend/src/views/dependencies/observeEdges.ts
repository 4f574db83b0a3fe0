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

import type { ClusterMatch } from '../../entity';
import {
  answerOrProblem,
  type CachedResult,
  type PrometheusSource,
  serviceCallers,
  type Subject,
  type Window,
  workloadCallees,
} from '../../prometheus';
import {
  NOT_CONFIGURED,
  NOTHING_TO_OBSERVE,
  type Observation,
} from '../observation';

/** The services of an entity as metrics name them. */
export function calledSubjects(match: ClusterMatch): Subject[] {
  return [
    ...match.services.map(({ metadata: { namespace, name } }) => ({
      namespace,
      name,
    })),
    ...match.serviceEntries.map(({ entry, host }) => ({
      namespace: entry.metadata.namespace,
      name: host,
    })),
  ];
}

/** Asks the source of a cluster about both directions: two requests, one where only one has anything to ask. */
export async function observeEdges(
  source: PrometheusSource | undefined,
  match: ClusterMatch,
  window: Window,
): Promise<Observation> {
  if (!source) return NOT_CONFIGURED;
  const { queries } = source;
  const called = calledSubjects(match);
  const calling = match.workloads;
  if (called.length + calling.length === 0) return NOTHING_TO_OBSERVE;
  const problems: string[] = [];
  const attempt = (what: string, asked: Promise<CachedResult>) =>
    answerOrProblem(queries.name, what, asked, problem =>
      problems.push(problem),
    );
  const options = { priority: 'tab' } as const;
  const [callers, callees] = await Promise.all([
    called.length > 0
      ? attempt(
          'Callers',
          queries.ofSubjects(serviceCallers, called, { window }, options),
        )
      : undefined,
    calling.length > 0
      ? attempt(
          'What it calls',
          queries.ofSubjects(workloadCallees, calling, { window }, options),
        )
      : undefined,
  ]);
  const answered = callers ?? callees;
  const partly = problems.length > 0 ? 'partial' : 'available';
  return {
    state: answered ? partly : 'unavailable',
    edges: { queries, callers, callees },
    problems,
  };
}
