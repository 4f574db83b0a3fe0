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

import {
  INSTANT_SECONDS,
  type Parts,
  type Subject,
  type SubjectLabels,
  type SubjectSelection,
  type SubjectTemplate,
  type SourceTemplate,
  type TemplateParameters,
} from '../catalogue';
import type { Series } from '../response';
import { BATCH_LIMITS, type BatchLimits } from './chunks';
import { subjectKey } from './Queries';

/** A template with its parameters: what answers are shared under, apart from their subjects. */
export interface Question {
  template: string;
  /** template and parameters */
  key: string;
  range: { seconds: number; stepSeconds: number } | undefined;
  freshSeconds: number;
  /** what one request may name */
  batch: BatchLimits;
  /** of the source, where there are no subjects */
  parts(subjects: readonly Subject[]): Parts;
  /** The subject a row belongs to, by `namespace/name`. */
  subjectOf(labels: Series['labels']): string;
}

function keyOf(name: string, parameters: TemplateParameters): string {
  const values = Object.entries(parameters)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `${name} ${JSON.stringify(values)}`;
}

function timing<P extends TemplateParameters>(
  template: SubjectTemplate<P> | SourceTemplate<P>,
  parameters: P,
) {
  const range = template.range?.(parameters);
  return {
    template: template.name,
    key: keyOf(template.name, parameters),
    range,
    batch: BATCH_LIMITS,
    freshSeconds:
      template.freshSeconds?.(parameters) ??
      (range ? Math.max(range.stepSeconds, 30) : INSTANT_SECONDS),
  };
}

/** A template about subjects, with its parameters. */
export function subjectQuestion<P extends TemplateParameters>(
  template: SubjectTemplate<P>,
  parameters: P,
  source: Pick<SubjectSelection, 'scope' | 'leastSeconds'>,
): Question {
  const { keyLabels } = template;
  return {
    ...timing(template, parameters),
    ...(template.batch && { batch: template.batch }),
    parts: subjects => template.parts({ ...source, subjects }, parameters),
    subjectOf: labels => labelledSubject(labels, keyLabels),
  };
}

function labelledSubject(
  labels: Series['labels'],
  keyLabels: SubjectLabels,
): string {
  return subjectKey({
    namespace: labels[keyLabels.namespace] ?? '',
    name: labels[keyLabels.name] ?? '',
  });
}

/** A template about the whole source, with its parameters. */
export function sourceQuestion<P extends TemplateParameters>(
  template: SourceTemplate<P>,
  parameters: P,
  scope: readonly string[],
): Question {
  return {
    ...timing(template, parameters),
    parts: () => template.parts(scope, parameters),
    subjectOf: () => '',
  };
}
