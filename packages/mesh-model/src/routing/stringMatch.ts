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

import { RE2JS } from 're2js';
import type { StringMatch } from '../objects';

const compiled = new Map<string, RE2JS | undefined>();
const MOST_KEPT = 2000;

function compile(pattern: string): RE2JS | undefined {
  if (compiled.has(pattern)) {
    return compiled.get(pattern);
  }
  let regex: RE2JS | undefined;
  try {
    regex = RE2JS.compile(pattern);
  } catch {
    regex = undefined;
  }
  if (compiled.size >= MOST_KEPT) {
    compiled.clear();
  }
  compiled.set(pattern, regex);
  return regex;
}

/** Does the whole text match the RE2 expression? An expression that is not RE2 matches nothing. Linear in the text. */
function matchesRegex(pattern: string, text: string): boolean {
  return compile(pattern)?.matches(text) ?? false;
}

/**
 * The text with what the RE2 expression matches replaced; `\1` in the substitution stands for the first group, as Envoy
 * writes it. An expression that is not RE2 changes nothing.
 */
export function replacedByRegex(
  pattern: string,
  text: string,
  substitution: string,
): string {
  const regex = compile(pattern);
  if (regex === undefined) {
    return text;
  }
  const matcher = regex.matcher(text);
  let result = '';
  let end = 0;
  while (matcher.find()) {
    result += text.slice(end, matcher.start());
    result += substitution.replace(/\\(\d)/g, (_, group: string) =>
      Number(group) <= matcher.groupCount()
        ? matcher.group(Number(group)) ?? ''
        : '',
    );
    end = matcher.end();
  }
  return result + text.slice(end);
}

/** Nothing is written that a text could be compared with. */
export function isWithoutPattern(match: StringMatch): boolean {
  return (
    match.exact === undefined &&
    match.prefix === undefined &&
    match.regex === undefined
  );
}

/** No pattern, or the regular expression `*`, asks only that a header or parameter be there. R5.16 */
export function isPresenceMatch(match: StringMatch): boolean {
  return match.regex === '*' || isWithoutPattern(match);
}

/** Does a text satisfy a `StringMatch`? `ignoreCase` concerns exact and prefix only. R5.16 */
export function matchesString(
  match: StringMatch,
  text: string,
  ignoreCase = false,
): boolean {
  if (isPresenceMatch(match)) {
    return true;
  }
  const fold = (value: string) => (ignoreCase ? value.toLowerCase() : value);
  if (match.exact !== undefined) {
    return fold(text) === fold(match.exact);
  }
  if (match.prefix !== undefined) {
    return fold(text).startsWith(fold(match.prefix));
  }
  return matchesRegex(match.regex ?? '', text);
}
