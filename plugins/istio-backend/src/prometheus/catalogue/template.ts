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

import { type Matcher, type MatcherLabel, selector } from '../selector';

/** What a question is about: a service, a workload or a pod, by namespace and name. */
export interface Subject {
  namespace: string;
  name: string;
}

/** The subjects of one request, and the matchers of the configuration, for example `job="istio"`. */
export interface SubjectSelection {
  subjects: readonly Subject[];
  scope?: readonly string[];
  /** A rate over less than this sees too few scrapes of the source to be one: four. */
  leastSeconds?: number;
}

/** The labels that carry a subject's namespace and name. */
export interface SubjectLabels {
  namespace: MatcherLabel;
  name: MatcherLabel;
}

/** The service that was called. */
export const SERVICE_LABELS: SubjectLabels = {
  namespace: 'destination_service_namespace',
  name: 'destination_service_name',
};

/** The workload that called. */
export const CALLER_LABELS: SubjectLabels = {
  namespace: 'source_workload_namespace',
  name: 'source_workload',
};

/** The pod a container or proxy runs in. */
export const POD_LABELS: SubjectLabels = {
  namespace: 'namespace',
  name: 'pod',
};

/** Values that choose a variant of a template. They become part of the key under which its answers are shared. */
export type TemplateParameters = Readonly<
  Record<string, string | number | boolean | undefined>
>;

/** Expressions by the name of the part; the rows of the answer carry it in the label `part`. */
export type Parts = Readonly<Record<string, string>>;

interface Template<P extends TemplateParameters> {
  /** Unique in the catalogue: part of keys, logs and metrics. */
  readonly name: string;
  /** A range query over the last `seconds`; absent: an instant query. */
  range?(parameters: P): { seconds: number; stepSeconds: number };
  /** How long an answer is fresh; absent: 15 s, or the step of a range and at least 30 s. */
  freshSeconds?(parameters: P): number;
  /** Parts that are no counts: of several shards the larger value stands, in place of the sum. */
  readonly maxima?: readonly string[];
}

/**
 * A question that can be asked of many subjects at once. Those who ask it at the same moment are merged into one
 * request, whose rows are handed back by subject: every row must keep both `keyLabels`. Where a source is sharded, rows
 * of equal labels are added: ask for counts and rates, never for ratios, and divide here.
 */
export interface SubjectTemplate<P extends TemplateParameters>
  extends Template<P> {
  readonly keyLabels: SubjectLabels;
  /** How much one request may name; absent: 50 subjects, 8 KB. */
  readonly batch?: { subjects: number; bytes: number };
  parts(selection: SubjectSelection, parameters: P): Parts;
}

/** A question about a whole source. */
export interface SourceTemplate<P extends TemplateParameters>
  extends Template<P> {
  parts(scope: readonly string[], parameters: P): Parts;
}

/** `{…}` of the subjects: literal names, one matcher for namespaces and one for names. */
function subjectMatchers(
  { subjects }: SubjectSelection,
  labels: SubjectLabels = SERVICE_LABELS,
): Matcher[] {
  const distinct = (values: string[]) => [...new Set(values)].sort();
  return [
    oneOf(labels.namespace, distinct(subjects.map(s => s.namespace))),
    oneOf(labels.name, distinct(subjects.map(s => s.name))),
  ];
}

/** A matcher for one of several literal values. */
export function oneOf(label: MatcherLabel, values: readonly string[]): Matcher {
  return values.length === 1
    ? { label, operator: '=', value: values[0] }
    : { label, operator: '=~', value: values };
}

/** The series of a metric about the subjects, as a selector. */
export function seriesOf(
  metric: string,
  selection: SubjectSelection,
  options: { labels?: SubjectLabels; more?: readonly Matcher[] } = {},
): string {
  return selector(
    metric,
    [...subjectMatchers(selection, options.labels), ...(options.more ?? [])],
    selection.scope,
  );
}

/** One expression of all parts, so that one response carries several answers. */
export function union(parts: Parts): string {
  return Object.entries(parts)
    .map(
      ([name, expression]) =>
        `label_replace(${expression}, "part", "${name}", "", "")`,
    )
    .join(' or ');
}

/** The grouping of every row about a service. */
export const SERVICE_KEY =
  'destination_service_namespace, destination_service_name';

/** Who called, and whether it was encrypted. */
export const CALLER_KEY =
  'source_workload_namespace, source_workload, source_principal, connection_security_policy';

/** How a request ended. */
export const CODE_KEY =
  'request_protocol, response_code, grpc_response_status, response_flags';
