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

import { capabilitiesOf } from './capabilities';
import {
  podSaturation,
  serviceHistory,
  serviceWindow,
  stepFor,
  type Subject,
  type Window,
  WINDOW_SECONDS,
} from './catalogue';
import type {
  AskOptions,
  CachedResult,
  Queries,
  SubjectsResult,
} from './engine';
import { PrometheusError } from './response';

/** A source, and what was learned of it from its answers. */
export interface Source {
  queries: Queries;
  learned?: { native?: true };
}

/** The answers an entity page is made of; an answer that failed is absent and named in `problems`. */
export interface EntityAnswers {
  window: Window;
  /** `serviceWindow`: requests, latency, bytes and connections */
  requests: SubjectsResult | undefined;
  /** `serviceHistory` */
  history: SubjectsResult | undefined;
  /** `podSaturation` */
  pods: SubjectsResult | undefined;
  stepSeconds: number;
  windowSeconds: number;
  /** in words, for the page: what is missing, stale or partial */
  problems: readonly string[];
}

/**
 * Asks everything an entity page needs in three requests, whatever the size of the mesh. Views that are asked for at the
 * same moment share them. Never throws for a failing source.
 */
export async function entityAnswers(
  source: Source,
  services: readonly Subject[],
  pods: readonly Subject[],
  window: Window,
  options: AskOptions = {},
): Promise<EntityAnswers> {
  const { queries } = source;
  const problems: string[] = [];
  const attempt = (what: string, asked: Promise<SubjectsResult>) =>
    answerOrProblem(queries.name, what, asked, problem =>
      problems.push(problem),
    );
  const [requests, history, saturation] = await Promise.all([
    attempt(
      'What the services did',
      windowAnswer(source, services, window, options),
    ),
    attempt(
      'The history',
      queries.ofSubjects(serviceHistory, services, { window }, options),
    ),
    pods.length > 0
      ? attempt(
          'Saturation of the containers',
          queries.ofSubjects(podSaturation, pods, {}, options),
        )
      : undefined,
  ]);
  return {
    window,
    requests,
    history,
    pods: saturation,
    stepSeconds: stepFor(WINDOW_SECONDS[window]),
    windowSeconds: WINDOW_SECONDS[window],
    problems,
  };
}

/**
 * The window, with native histograms where the source has them. That it has is learned when there are requests without
 * buckets; from then on both are asked in one request.
 */
async function windowAnswer(
  { queries, learned }: Source,
  services: readonly Subject[],
  window: Window,
  options: AskOptions,
): Promise<SubjectsResult> {
  const ask = (also: Source['learned']) =>
    queries.ofSubjects(serviceWindow, services, { window, ...also }, options);
  const answer = await ask(learned);
  const has = (part: string) =>
    answer.series.some(({ labels }) => labels.part === part);
  if (learned?.native || !has('now') || has('latency')) return answer;
  const capabilities = await capabilitiesOf(queries);
  if (!capabilities?.native) return answer;
  if (learned) learned.native = true;
  return ask({ native: true });
}

/**
 * An answer, or undefined where the source has none; what is missing, stale or partial is told in words.
 *
 * @param what - begins a sentence, for example `The history`
 */
export async function answerOrProblem<R extends CachedResult>(
  source: string,
  what: string,
  asked: Promise<R>,
  tell: (problem: string) => void,
): Promise<R | undefined> {
  try {
    const result = await asked;
    if (result.staleBecause) {
      const at = new Date(result.evaluatedAt * 1000).toISOString();
      tell(`${what}: as of ${at}: ${source}: ${result.staleBecause}`);
    }
    for (const warning of result.warnings) tell(`${what}: ${warning}`);
    for (const [subject, error] of missingOf(result)) {
      tell(
        `${what} could not be read for ${subject}: ${source}: ${error.message}`,
      );
    }
    return result;
  } catch (error) {
    if (!(error instanceof PrometheusError)) throw error;
    tell(`${what} could not be read: ${source}: ${error.message}`);
    return undefined;
  }
}

function missingOf(
  result: CachedResult & { missing?: ReadonlyMap<string, PrometheusError> },
): Iterable<[string, PrometheusError]> {
  return result.missing ?? [];
}
