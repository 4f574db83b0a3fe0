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
  SourceTemplate,
  Subject,
  SubjectTemplate,
  TemplateParameters,
} from '../catalogue';
import { PrometheusError } from '../response';
import { addShards } from './addShards';
import { joinAnswers } from './joinAnswers';
import {
  subjectKey,
  type AskOptions,
  type CachedResult,
  type Queries,
  type SubjectsResult,
} from './Queries';

interface Asked<R> {
  source: string;
  result?: R;
  error?: PrometheusError;
}

/** Asks every source; failures are part of the answer. @throws the first failure when there is no answer */
async function askAll<R>(
  sources: readonly Queries[],
  ask: (source: Queries) => Promise<R>,
): Promise<Asked<R>[]> {
  const all = await Promise.all(
    sources.map(async (source): Promise<Asked<R>> => {
      try {
        return { source: source.name, result: await ask(source) };
      } catch (error) {
        if (!(error instanceof PrometheusError)) throw error;
        return { source: source.name, error };
      }
    }),
  );
  const failed = all.find(({ error }) => error !== undefined);
  if (failed?.error && all.every(({ result }) => result === undefined)) {
    throw failed.error;
  }
  return all;
}

function warningsOf(all: readonly Asked<CachedResult>[]): string[] {
  return all.flatMap(({ source, error }) =>
    error ? [`${source} is missing: ${error.message}`] : [],
  );
}

/**
 * Several sources that each scrape a part of a cluster. Rows of equal labels are added; where some sources fail, the
 * others' rows stand, with a warning: they are fewer than there are.
 */
export class ShardedQueries implements Queries {
  constructor(private readonly sources: readonly Queries[]) {}

  get name(): string {
    return this.sources.map(({ name }) => name).join(' and ');
  }

  get lastError(): PrometheusError | undefined {
    return this.sources.find(({ lastError }) => lastError)?.lastError;
  }

  async ofSubjects<P extends TemplateParameters>(
    template: SubjectTemplate<P>,
    subjects: readonly Subject[],
    parameters: P,
    options?: AskOptions,
  ): Promise<SubjectsResult> {
    const all = await askAll(this.sources, source =>
      source.ofSubjects(template, subjects, parameters, options),
    );
    const joined = this.#join(all, template.maxima);
    const missing = new Map<string, PrometheusError>();
    const incomplete = new Set<string>();
    for (const key of new Set(subjects.map(subjectKey))) {
      const errors = all.flatMap(({ result }) => {
        const error = result?.missing.get(key);
        return error ? [error] : [];
      });
      const answered = all.some(
        ({ result }) => result && !result.missing.has(key),
      );
      if (!answered && errors.length > 0) missing.set(key, errors[0]);
      else if (errors.length > 0) incomplete.add(key);
    }
    return {
      ...joined,
      warnings:
        incomplete.size > 0
          ? [...joined.warnings, `Not complete: ${[...incomplete].join(', ')}`]
          : joined.warnings,
      missing,
    };
  }

  async ofSource<P extends TemplateParameters>(
    template: SourceTemplate<P>,
    parameters: P,
    options?: AskOptions,
  ): Promise<CachedResult> {
    const all = await askAll(this.sources, source =>
      source.ofSource(template, parameters, options),
    );
    return this.#join(all, template.maxima);
  }

  #join(
    all: readonly Asked<CachedResult>[],
    maxima: readonly string[] | undefined,
  ): CachedResult {
    const results = all.flatMap(({ result }) => (result ? [result] : []));
    const joined = joinAnswers(results, 0);
    return {
      ...joined,
      series: addShards(
        results.map(({ series }) => series),
        maxima,
      ),
      warnings: [...joined.warnings, ...warningsOf(all)],
    };
  }
}

const NO_SOURCE = new PrometheusError('failed', 'there is no source');

/** Several sources that scrape the same: the first that answers is right, the others are there when it is not. */
export class ReplicatedQueries implements Queries {
  constructor(private readonly sources: readonly Queries[]) {}

  get name(): string {
    return this.sources.map(({ name }) => name).join(' or ');
  }

  /** That of the last replica: while one answers, nothing is wrong. */
  get lastError(): PrometheusError | undefined {
    return this.sources.every(({ lastError }) => lastError)
      ? this.sources[0]?.lastError
      : undefined;
  }

  async ofSubjects<P extends TemplateParameters>(
    template: SubjectTemplate<P>,
    subjects: readonly Subject[],
    parameters: P,
    options?: AskOptions,
  ): Promise<SubjectsResult> {
    const answers: SubjectsResult[] = [];
    let left = subjects;
    let stale: SubjectsResult | undefined;
    let problem: PrometheusError | undefined;
    for (const source of this.sources) {
      try {
        const answer = await source.ofSubjects(
          template,
          left,
          parameters,
          options,
        );
        if (answer.staleBecause === undefined) {
          answers.push(answer);
          left = left.filter(each => answer.missing.has(subjectKey(each)));
          if (left.length === 0) break;
        } else {
          stale ??= answer;
        }
      } catch (error) {
        if (!(error instanceof PrometheusError)) throw error;
        problem ??= error;
      }
    }
    const last = answers.at(-1);
    if (last) return { ...joinAnswers(answers, 0), missing: last.missing };
    if (stale) return stale;
    throw problem ?? NO_SOURCE;
  }

  async ofSource<P extends TemplateParameters>(
    template: SourceTemplate<P>,
    parameters: P,
    options?: AskOptions,
  ): Promise<CachedResult> {
    let stale: CachedResult | undefined;
    let problem: PrometheusError | undefined;
    for (const source of this.sources) {
      try {
        const answer = await source.ofSource(template, parameters, options);
        if (answer.staleBecause === undefined) return answer;
        stale ??= answer;
      } catch (error) {
        if (!(error instanceof PrometheusError)) throw error;
        problem ??= error;
      }
    }
    if (stale) return stale;
    throw problem ?? NO_SOURCE;
  }
}
