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

/**
 * One matcher of a selector. Label names come from this closed list, values from anywhere: they are escaped so that no
 * value can end its string (golden-signals §3, Escaping).
 */
export interface Matcher {
  label: MatcherLabel;
  operator: '=' | '!=' | '=~' | '!~';
  /** Of `=` and `!=`: the literal value. Of `=~` and `!~`: alternatives, each taken literally unless it is a `Pattern`. */
  value: string | readonly (string | Pattern)[];
}

/** A regular expression written by us, not by a caller. */
export interface Pattern {
  pattern: string;
}

export type MatcherLabel =
  | 'reporter'
  | 'destination_service_namespace'
  | 'destination_service_name'
  | 'destination_workload'
  | 'destination_workload_namespace'
  | 'destination_cluster'
  | 'source_workload'
  | 'source_workload_namespace'
  | 'response_code'
  | 'response_flags'
  | 'grpc_response_status'
  | 'connection_security_policy'
  | 'request_protocol'
  | 'namespace'
  | 'pod'
  | 'container'
  | 'image'
  | 'resource'
  | 'authz_enforce_result'
  | 'cluster_name'
  | 'app'
  | 'le'
  | '__name__';

/** Quotes a value as a PromQL string literal. */
export function quote(value: string): string {
  return `"${value
    .replace(/\\/g, '\\\\')
    .replace(/"/g, '\\"')
    .replace(/\n/g, '\\n')}"`;
}

/** Makes a value match only itself inside a RE2 regular expression. */
export function escapeRegex(value: string): string {
  return value.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');
}

function matcherText({ label, operator, value }: Matcher): string {
  if (operator === '=' || operator === '!=') {
    if (typeof value !== 'string') {
      throw new TypeError(`Matcher ${label}${operator} takes one value`);
    }
    return `${label}${operator}${quote(value)}`;
  }
  const alternatives = typeof value === 'string' ? [value] : value;
  const regex = alternatives
    .map(part => (typeof part === 'string' ? escapeRegex(part) : part.pattern))
    .join('|');
  return `${label}${operator}${quote(regex)}`;
}

/**
 * Writes a vector selector. Whatever the values hold, the result is exactly one selector.
 *
 * @param metric - metric name, from the catalogue
 * @param matchers - what the series must have
 * @param scope - matchers of the configuration (`queryScope`), already validated at start
 */
export function selector(
  metric: string,
  matchers: readonly Matcher[],
  scope: readonly string[] = [],
): string {
  return `${metric}{${[...matchers.map(matcherText), ...scope].join(',')}}`;
}
