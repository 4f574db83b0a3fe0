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
import { INSTANT_SECONDS, union } from '../catalogue';
import type { PrometheusClient } from '../PrometheusClient';
import { PrometheusError, type QueryResult, type Series } from '../response';
import { AnswerCache, type KeptAnswer } from './AnswerCache';
import { askParts } from './askParts';
import { chunksOf, halves } from './chunks';
import { Failures } from './Failures';
import { Interest } from './Interest';
import { joinAnswers } from './joinAnswers';
import { MicroBatch, sharedOptions, type Waiting } from './MicroBatch';
import { answerOf, type Outcomes } from './Outcomes';
import {
  subjectKey,
  type AskOptions,
  type CachedResult,
  type Queries,
  type SubjectsResult,
} from './Queries';
import { type QueryObserver, SILENT } from './QueryObserver';
import type { QueryEngineOptions } from './QueryEngineOptions';
import { type Question, sourceQuestion, subjectQuestion } from './Question';
import type { SharedAnswers } from './SharedAnswers';

const STALE_FOR_MS = 5 * 60_000;
const FRESH_WHEN_PARTIAL_MS = 5_000;
const MAX_FAMILIES = 500;

/** All that is asked with one template and parameters. */
interface Family {
  question: Question;
  batch: MicroBatch<CachedResult>;
  interest: Interest;
}

/**
 * Puts the questions of the catalogue to one source at a cost that does not grow with the number of pages
 * (golden-signals §7, Client rules): aligned times, merged requests, one request for all who wait for the same answer,
 * bounded caches, older answers while the source fails.
 */
export class QueryEngine implements Queries {
  readonly #client: PrometheusClient;
  readonly #scope: readonly string[];
  readonly #leastSeconds: number;
  readonly #shared: SharedAnswers | undefined;
  readonly #cache: AnswerCache;
  readonly #failures: Failures;
  readonly #id: string;
  readonly #observer: QueryObserver;
  readonly #now: () => number;
  readonly #batchMs: number | undefined;
  readonly #families = new Map<string, Family>();
  readonly #running = new Map<string, Promise<CachedResult>>();

  constructor(options: QueryEngineOptions) {
    this.#client = options.client;
    this.#scope = options.scope ?? [];
    this.#leastSeconds = (options.scrapeSeconds ?? 30) * 4;
    this.#shared = options.shared;
    this.#cache = options.cache ?? new AnswerCache();
    this.#failures = options.failures ?? new Failures();
    this.#id = options.id ?? '';
    this.#observer = options.observer ?? SILENT;
    this.#now = options.now ?? Date.now;
    this.#batchMs = options.batchMs;
  }

  get name(): string {
    return this.#client.name;
  }

  get lastError(): PrometheusError | undefined {
    return this.#failures.last;
  }

  async ofSubjects<P extends TemplateParameters>(
    template: SubjectTemplate<P>,
    subjects: readonly Subject[],
    parameters: P,
    options: AskOptions = {},
  ): Promise<SubjectsResult> {
    const family = this.#family(
      subjectQuestion(template, parameters, {
        scope: this.#scope,
        leastSeconds: this.#leastSeconds,
      }),
    );
    const bySubject = new Map(subjects.map(each => [subjectKey(each), each]));
    const missing = new Map<string, PrometheusError>();
    const answers: CachedResult[] = [];
    await Promise.all(
      [...bySubject].map(async ([name, subject]) => {
        family.interest.add(subject, this.#now());
        try {
          answers.push(
            await this.#answer(family.question, name, () =>
              family.batch.add(subject, options),
            ),
          );
        } catch (error) {
          if (!(error instanceof PrometheusError)) throw error;
          missing.set(name, error);
        }
      }),
    );
    const [problem] = missing.values();
    if (answers.length === 0 && problem) throw problem;
    return { ...joinAnswers(answers, this.#aligned(INSTANT_SECONDS)), missing };
  }

  ofSource<P extends TemplateParameters>(
    template: SourceTemplate<P>,
    parameters: P,
    options: AskOptions = {},
  ): Promise<CachedResult> {
    const question = sourceQuestion(template, parameters, this.#scope);
    return this.#answer(question, '', async () => {
      const outcomes = await this.#ask(question, [], options);
      return answerOf(outcomes, '');
    });
  }

  /** What is known, or what `ask` brings: one request for all who wait for it. */
  #answer(
    question: Question,
    subject: string,
    ask: () => Promise<CachedResult>,
  ): Promise<CachedResult> {
    const key = this.#keyOf(question, subject);
    const kept = this.#cache.get(key);
    if (kept && this.#isFresh(kept)) {
      this.#observer.answered(question.template, 'memory');
      return Promise.resolve(kept.result);
    }
    const running = this.#running.get(key);
    if (running) return running;
    const answer = this.#fetch(question, key, kept, ask).finally(() => {
      if (this.#running.get(key) === answer) this.#running.delete(key);
    });
    this.#running.set(key, answer);
    return answer;
  }

  async #fetch(
    question: Question,
    key: string,
    kept: KeptAnswer | undefined,
    ask: () => Promise<CachedResult>,
  ): Promise<CachedResult> {
    const refusal = this.#failures.refusal(key, this.#now());
    if (refusal) return this.#orStale(kept, refusal);
    const other = await this.#shared?.get(key);
    if (other && this.#isFresh(other)) {
      this.#cache.set(key, other);
      this.#observer.answered(question.template, 'shared');
      return other.result;
    }
    try {
      const answer = await ask();
      this.#observer.answered(question.template, 'source');
      return answer;
    } catch (error) {
      if (!(error instanceof PrometheusError)) throw error;
      return this.#orStale(kept ?? other, error);
    }
  }

  #orStale(kept: KeptAnswer | undefined, error: PrometheusError): CachedResult {
    if (kept && this.#now() - kept.storedAt < STALE_FOR_MS) {
      return { ...kept.result, staleBecause: error.message };
    }
    throw error;
  }

  #family(question: Question): Family {
    const known = this.#families.get(question.key);
    if (known) return known;
    if (this.#families.size >= MAX_FAMILIES) this.#forgetFamilies();
    const family: Family = {
      question,
      interest: new Interest(),
      batch: new MicroBatch(
        waiting => this.#flush(family, waiting),
        this.#batchMs,
      ),
    };
    this.#families.set(question.key, family);
    return family;
  }

  /** Parameters are few, but nothing grows for ever: those that nobody uses leave. */
  #forgetFamilies(): void {
    for (const [key, { batch, interest }] of this.#families) {
      if (batch.idle && interest.subjects(this.#now()).length === 0) {
        this.#families.delete(key);
      }
    }
  }

  /** Sends what was collected, with what will be asked about soon where there is room. */
  #flush(family: Family, waiting: Waiting<CachedResult>[]): void {
    const { question } = family;
    const options = sharedOptions(waiting.map(each => each.options));
    const wanted = waiting.map(({ subject }) => subject);
    const soon = this.#soon(family, wanted);
    const outcomes: Outcomes = new Map();
    const done = Promise.all(
      chunksOf([...wanted, ...soon], question.batch).map(async chunk => {
        for (const [name, outcome] of await this.#ask(
          question,
          chunk,
          options,
        )) {
          outcomes.set(name, outcome);
        }
      }),
    );
    for (const subject of soon) {
      this.#announce(question, subject, done, outcomes);
    }
    for (const { subject, resolve, reject } of waiting) {
      done
        .then(() => resolve(answerOf(outcomes, subjectKey(subject))))
        .catch(reject);
    }
  }

  /** Others of open pages whose answers are ageing, the oldest first, as many as there is room for. */
  #soon({ question, interest }: Family, wanted: readonly Subject[]): Subject[] {
    const most = question.batch.subjects;
    const room = Math.ceil(wanted.length / most) * most - wanted.length;
    const asked = new Set(wanted.map(subjectKey));
    const now = this.#now();
    const ageing = interest.subjects(now).flatMap(subject => {
      const name = subjectKey(subject);
      const key = this.#keyOf(question, name);
      const kept = this.#cache.get(key);
      const age = kept ? now - kept.storedAt : Infinity;
      return asked.has(name) ||
        (kept && age < kept.freshForMs / 2) ||
        this.#running.has(key) ||
        this.#failures.refusal(key, now)
        ? []
        : [{ subject, age }];
    });
    return ageing
      .sort((a, b) => b.age - a.age)
      .slice(0, room)
      .map(({ subject }) => subject);
  }

  /** Whoever asks about it meanwhile waits for the request that is under way. */
  #announce(
    question: Question,
    subject: Subject,
    done: Promise<unknown>,
    outcomes: Outcomes,
  ): void {
    const key = this.#keyOf(question, subjectKey(subject));
    const answer = done
      .then(() => answerOf(outcomes, subjectKey(subject)))
      .finally(() => this.#running.delete(key));
    answer.catch(() => undefined);
    this.#running.set(key, answer);
  }

  /** One request; where it is too much at once, two of half the size. */
  async #ask(
    question: Question,
    subjects: readonly Subject[],
    options: AskOptions,
  ): Promise<Outcomes> {
    const names = subjects.length > 0 ? subjects.map(subjectKey) : [''];
    const keys = names.map(name => this.#keyOf(question, name));
    const at = this.#aligned(question.range?.stepSeconds ?? INSTANT_SECONDS);
    const send = (expression: string) =>
      this.#send(question, expression, at, options);
    try {
      const parts = question.parts(subjects);
      const result =
        subjects.length > 1
          ? await send(union(parts))
          : await askParts(parts, send);
      this.#failures.succeeded(keys);
      return this.#keep(question, names, result, at);
    } catch (error) {
      if (!(error instanceof PrometheusError)) throw error;
      if (error.tooMuchAtOnce && subjects.length > 1) {
        const [some, others] = await Promise.all(
          halves(subjects).map(half => this.#ask(question, half, options)),
        );
        return new Map([...some, ...others]);
      }
      this.#failures.failed(keys, error, this.#now());
      return new Map(names.map(name => [name, error]));
    }
  }
  async #send(
    question: Question,
    expression: string,
    at: number,
    options: AskOptions,
  ): Promise<QueryResult> {
    const { range, template } = question;
    const started = this.#now();
    const seconds = () => (this.#now() - started) / 1000;
    try {
      const result = range
        ? await this.#client.queryRange(
            {
              expression,
              start: at - range.seconds,
              end: at,
              step: range.stepSeconds,
            },
            options,
          )
        : await this.#client.query({ expression, time: at }, options);
      const rows = result.series.length;
      this.#observer.sent({ template, seconds: seconds(), rows });
      return result;
    } catch (error) {
      if (error instanceof PrometheusError && error.problem !== 'too-long') {
        const { problem } = error;
        this.#observer.sent({ template, seconds: seconds(), rows: 0, problem });
      }
      throw error;
    }
  }

  /** Hands the rows out by subject and keeps them so; a subject without rows has an answer without rows. */
  #keep(
    question: Question,
    names: readonly string[],
    { series, warnings }: QueryResult,
    evaluatedAt: number,
  ): Outcomes {
    const rows = new Map<string, Series[]>(names.map(name => [name, []]));
    for (const each of series) {
      rows.get(question.subjectOf(each.labels))?.push(each);
    }
    const storedAt = this.#now();
    const freshForMs =
      warnings.length > 0
        ? FRESH_WHEN_PARTIAL_MS
        : question.freshSeconds * 1000;
    return new Map(
      [...rows].map(([name, own]) => {
        const result = { series: own, warnings, evaluatedAt };
        const kept = { result, storedAt, freshForMs };
        const key = this.#keyOf(question, name);
        this.#cache.set(key, kept);
        void this.#shared?.set(key, kept);
        return [name, result];
      }),
    );
  }

  #keyOf(question: Question, subject: string): string {
    return `${this.#id} ${question.key} ${subject}`;
  }

  #isFresh({ storedAt, freshForMs }: KeptAnswer): boolean {
    return this.#now() - storedAt < freshForMs;
  }

  #aligned(grid: number): number {
    return Math.floor(this.#now() / 1000 / grid) * grid;
  }
}
