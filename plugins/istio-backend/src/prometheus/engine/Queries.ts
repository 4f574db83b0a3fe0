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
import type { PrometheusError, QueryResult } from '../response';

/** Who waits: what a page shows first goes first (golden-signals §7). */
export type Priority = 'card' | 'tab' | 'background';

export interface AskOptions {
  /** default: card */
  priority?: Priority;
  /** entity ref of the user that waits, so that nobody takes all places */
  user?: string;
}

/** A result and when it was evaluated. */
export interface CachedResult extends QueryResult {
  /** epoch seconds of the evaluation; of the oldest part, where parts differ */
  evaluatedAt: number;
  /** set when the source fails now and an older answer serves; the reason of the failure */
  staleBecause?: string;
}

/** An answer about several subjects. */
export interface SubjectsResult extends CachedResult {
  /** Why there is no answer about a subject, by `namespace/name`. At least one subject has an answer. */
  missing: ReadonlyMap<string, PrometheusError>;
}

/** The questions of the catalogue that can be put to a source of metrics. */
export interface Queries {
  /** the source for people */
  readonly name: string;
  /** the latest failure; undefined when the last query went well or none was sent */
  readonly lastError: PrometheusError | undefined;

  /**
   * Asks about subjects. Those who ask the same template with the same parameters within 25 ms share requests of at
   * most 50 subjects; what is already known is not asked again. The rows are those of the subjects, in no order, as
   * the template's parts describe them. Permissions are the caller's business: ask only about what the user may see.
   *
   * @throws PrometheusError when there is an answer about none of the subjects
   */
  ofSubjects<P extends TemplateParameters>(
    template: SubjectTemplate<P>,
    subjects: readonly Subject[],
    parameters: P,
    options?: AskOptions,
  ): Promise<SubjectsResult>;

  /**
   * Asks about the whole source.
   *
   * @throws PrometheusError when there is no answer
   */
  ofSource<P extends TemplateParameters>(
    template: SourceTemplate<P>,
    parameters: P,
    options?: AskOptions,
  ): Promise<CachedResult>;
}

/** The key of a subject: `namespace/name`. */
export function subjectKey({ namespace, name }: Subject): string {
  return `${namespace}/${name}`;
}
