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
 * The string patterns of authorization policies (R4.15): `*` alone asks for presence, a leading `*` for a suffix, a
 * trailing `*` for a prefix; anything else is exact, an inner `*` is literal.
 */
export type StringPattern =
  | { type: 'presence' }
  | { type: 'suffix'; value: string }
  | { type: 'prefix'; value: string }
  | { type: 'exact'; value: string };

/** Reads one value of a policy field; the leading `*` is looked at first. */
export function parseStringPattern(value: string): StringPattern {
  if (value === '*') {
    return { type: 'presence' };
  }
  if (value.startsWith('*')) {
    return { type: 'suffix', value: value.slice(1) };
  }
  if (value.endsWith('*')) {
    return { type: 'prefix', value: value.slice(0, -1) };
  }
  return { type: 'exact', value };
}

/** Presence needs a non-empty text; all comparisons are case-sensitive. */
export function matchesString(pattern: StringPattern, text: string): boolean {
  switch (pattern.type) {
    case 'presence':
      return text !== '';
    case 'suffix':
      return text.endsWith(pattern.value);
    case 'prefix':
      return text.startsWith(pattern.value);
    case 'exact':
      return text === pattern.value;
    default: {
      const never: never = pattern;
      return never;
    }
  }
}

/**
 * Whole-text match of a glob in which every `*` stands for any number of characters. Runs in time linear in the text
 * for each literal piece.
 */
export function matchesGlob(glob: string, text: string): boolean {
  const pieces = glob.split('*');
  const first = pieces[0] ?? '';
  if (pieces.length === 1) {
    return text === first;
  }
  const last = pieces[pieces.length - 1] ?? '';
  if (!text.startsWith(first)) {
    return false;
  }
  let position = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = text.indexOf(piece, position);
    if (found < 0) {
      return false;
    }
    position = found + piece.length;
  }
  return text.length - position >= last.length && text.endsWith(last);
}
