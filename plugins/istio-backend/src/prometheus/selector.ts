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

/** Labels that queries may match on. A closed list: a name never comes from outside. */
export type MatchedLabel =
  | 'reporter'
  | 'destination_service_namespace'
  | 'destination_service_name'
  | 'namespace'
  | 'pod'
  | 'container'
  | 'resource'
  | 'image'
  | 'response_code';

/** Regular expressions that the catalogue itself uses. */
export type CataloguePattern = '5..';

/** How a label is matched. `oneOf` becomes a regular expression of escaped alternatives. */
export type LabelMatch =
  | { label: MatchedLabel; equals: string }
  | { label: MatchedLabel; differs: string }
  | { label: MatchedLabel; oneOf: readonly string[] }
  | { label: MatchedLabel; pattern: CataloguePattern };

/** Equality matchers of the configuration (`queryScope`), added to every selector. */
export type QueryScope = Readonly<Record<string, string>>;

/** Escapes a value for a double-quoted PromQL string. */
function escapeString(value: string): string {
  return value
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n');
}

/** Escapes a value so that a regular expression matches exactly it. */
function escapeRegex(value: string): string {
  return value.replace(/[\\.+*?()|[\]{}^$]/g, character => `\\${character}`);
}

function matcherText(match: LabelMatch): string {
  if ('equals' in match) {
    return `${match.label}="${escapeString(match.equals)}"`;
  }
  if ('differs' in match) {
    return `${match.label}!="${escapeString(match.differs)}"`;
  }
  if ('pattern' in match) {
    return `${match.label}=~"${match.pattern}"`;
  }
  const values = [...new Set(match.oneOf)].sort();
  return values.length === 1
    ? `${match.label}="${escapeString(values[0])}"`
    : `${match.label}=~"${escapeString(values.map(escapeRegex).join('|'))}"`;
}

/**
 * Builds one selector. Whatever the values are, the text is one selector and matches only these values.
 *
 * @param metric - name of a metric of the catalogue
 * @param matches - conditions; `oneOf` must not be empty, because it would match everything
 * @param scope - matchers of the configuration; its label names are checked when the configuration is read
 */
export function selector(
  metric: string,
  matches: readonly LabelMatch[],
  scope: QueryScope = {},
): string {
  const texts = matches.map(match => {
    if ('oneOf' in match && match.oneOf.length === 0) {
      throw new Error(
        `A selector of ${metric} has no value for ${match.label}`,
      );
    }
    return matcherText(match);
  });
  for (const [label, value] of Object.entries(scope)) {
    texts.push(`${label}="${escapeString(value)}"`);
  }
  return texts.length === 0 ? metric : `${metric}{${texts.join(',')}}`;
}
