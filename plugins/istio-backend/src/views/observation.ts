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

import type { ObservedStatus } from '@mesh-portal/backstage-plugin-istio-common';
import { podsOfService } from '@mesh-portal/mesh-model';
import type { MeshSnapshot } from '@mesh-portal/mesh-model';
import type { Service } from '../entity';
import type { DetailAnswers } from './signals';
import {
  answerOrProblem,
  type AskOptions,
  type CachedResult,
  capabilitiesOf,
  entityAnswers,
  type EntityAnswers,
  type PrometheusSource,
  servicePast,
  serviceUpstream,
  type Queries,
  type Window,
} from '../prometheus';

/** Who calls the services of an entity and whom its workloads call, as one source counted it. */
export interface EdgeAnswers {
  /** the source that was asked; clusters may share one, and then share this answer */
  queries: Queries;
  callers: CachedResult | undefined;
  callees: CachedResult | undefined;
}

/** What Prometheus said about an entity's services in one cluster. */
export interface Observation {
  state: ObservedStatus['state'];
  /** absent where nothing could be asked */
  answers?: EntityAnswers;
  /** of the view of dependencies: who calls and who is called, instead of `answers` */
  edges?: EdgeAnswers;
  /** of the signals, where they were asked for */
  details?: DetailAnswers;
  /** nothing was asked, because too many wait already */
  overloaded?: boolean;
  /** what is missing, in words */
  problems: readonly string[];
}

/** Where metrics are not read at all. */
export const NOT_CONFIGURED: Observation = {
  state: 'not-configured',
  problems: ['Prometheus is switched off: istio.prometheus.enabled is false'],
};

/** Nothing to ask: the entity has no service in the cluster. */
export const NOTHING_TO_OBSERVE: Observation = {
  state: 'available',
  problems: [],
};

/** `namespace/name` of the live pods of services. */
export function podKeysOf(
  snapshot: MeshSnapshot,
  services: readonly Service[],
): Set<string> {
  return new Set(
    services
      .flatMap(service => podsOfService(snapshot, service))
      .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`),
  );
}

/** Asks the source of a cluster about services: three requests, shared by all views of the entity. */
export async function observe(
  source: PrometheusSource | undefined,
  snapshot: MeshSnapshot,
  services: readonly Service[],
  window: Window,
  options: AskOptions = {},
): Promise<Observation> {
  if (!source) return NOT_CONFIGURED;
  if (services.length === 0) return NOTHING_TO_OBSERVE;
  const answers = await entityAnswers(
    source,
    services.map(({ metadata }) => metadata),
    podsOf(snapshot, services),
    window,
    options,
  );
  const { requests, history, pods, problems } = answers;
  const all = [requests, history, pods];
  const present = all.filter(each => each !== undefined);
  const state = stateOf(present.length, problems.length);
  const overloaded =
    !requests && source.queries.lastError?.problem === 'overloaded';
  return { state, answers, problems, ...(overloaded && { overloaded }) };
}

/** Asks what the details of the signals need, on top of an observation: two requests, and one in ten minutes for all. */
export async function observeDetails(
  source: PrometheusSource | undefined,
  services: readonly Service[],
  window: Window,
  observation: Observation,
  options: AskOptions = {},
): Promise<Observation> {
  if (!source || services.length === 0) return observation;
  const { queries } = source;
  const problems = [...observation.problems];
  const tell = (problem: string) => problems.push(problem);
  const subjects = services.map(({ metadata }) => metadata);
  const ask = { ...options, priority: 'tab' as const };
  const [past, upstream, capabilities] = await Promise.all([
    answerOrProblem(
      queries.name,
      'The past',
      queries.ofSubjects(servicePast, subjects, { window }, ask),
      tell,
    ),
    answerOrProblem(
      queries.name,
      'Circuit breakers and retries',
      queries.ofSubjects(serviceUpstream, subjects, { window }, ask),
      tell,
    ),
    capabilitiesOf(queries),
  ]);
  return {
    ...observation,
    state:
      observation.state === 'available' && problems.length > 0
        ? 'partial'
        : observation.state,
    details: { past, upstream, capabilities },
    problems,
  };
}

function stateOf(answered: number, problems: number): Observation['state'] {
  if (answered === 0) return 'unavailable';
  return problems > 0 ? 'partial' : 'available';
}

function podsOf(snapshot: MeshSnapshot, services: readonly Service[]) {
  return [...podKeysOf(snapshot, services)].map(key => {
    const [namespace, name] = key.split('/');
    return { namespace, name };
  });
}

/** Worst first: what the page says about all clusters together. */
const ORDER: readonly ObservedStatus['state'][] = [
  'unavailable',
  'not-configured',
  'partial',
  'available',
];

/** When the answers that decide were evaluated, epoch seconds. */
function evaluations({ answers, edges }: Observation): number[] {
  return [answers?.requests, edges?.callers, edges?.callees].flatMap(
    result => result?.evaluatedAt ?? [],
  );
}

/** One statement about what was observed, for the envelope. */
export function observedStatus(
  observations: readonly Observation[],
  window: Window,
): ObservedStatus {
  const states = observations.map(({ state }) => state);
  const worst = ORDER.find(state => states.includes(state)) ?? 'available';
  const evaluated = observations.flatMap(evaluations);
  const someAnswered = evaluated.length > 0;
  const state =
    worst === 'unavailable' && someAnswered ? ('partial' as const) : worst;
  const problems = [...new Set(observations.flatMap(o => o.problems))];
  return {
    state,
    window,
    at: new Date(
      (evaluated.length > 0 ? Math.min(...evaluated) : Date.now() / 1000) *
        1000,
    ).toISOString(),
    partial: problems,
    ...((state === 'unavailable' || state === 'not-configured') && {
      message: problems[0],
    }),
  };
}
