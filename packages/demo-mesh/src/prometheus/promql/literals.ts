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

import { PromqlParseError } from './errors';

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
  y: 365 * 86_400_000,
};

const DURATION =
  /^(?:\d+y)?(?:\d+w)?(?:\d+d)?(?:\d+h)?(?:\d+m)?(?:\d+s)?(?:\d+ms)?$/;

/**
 * A Prometheus duration such as `1h30m` in milliseconds; `undefined` when the text is not one.
 */
export function parseDuration(text: string): number | undefined {
  if (text === '0') {
    return 0;
  }
  if (text === '' || !DURATION.test(text)) {
    return undefined;
  }
  let total = 0;
  for (const part of text.matchAll(/(\d+)(ms|[smhdwy])/g)) {
    total += Number(part[1]) * UNIT_MS[part[2]];
  }
  return total;
}

/** A number literal: decimal, exponent, hexadecimal, `Inf`, `NaN`; `undefined` when the text is not one. */
export function parseNumber(text: string): number | undefined {
  if (/^[+-]?inf$/i.test(text)) {
    return text.startsWith('-') ? -Infinity : Infinity;
  }
  if (/^nan$/i.test(text)) {
    return NaN;
  }
  return /^(?:0x[0-9a-f]+|(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?)$/i.test(text)
    ? Number(text)
    : undefined;
}

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

/**
 * The value of a string literal as it stands in the query, quotes included. Go's rules: backticks are raw, the other
 * quotes take escapes, and an escape that Go does not know is an error.
 */
export function unquote(literal: string, position?: number): string {
  const quote = literal[0];
  if (literal.length < 2 || !literal.endsWith(quote)) {
    throw new PromqlParseError('unterminated quoted string', position);
  }
  const body = literal.slice(1, -1);
  if (quote === '`') {
    return body;
  }
  let out = '';
  for (let i = 0; i < body.length; i++) {
    if (body[i] !== '\\') {
      out += body[i];
      continue;
    }
    const escape =
      /^\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|([0-7]{3}))/i.exec(
        body.slice(i),
      );
    if (escape) {
      const hex = escape[1] ?? escape[2] ?? escape[3];
      out += String.fromCodePoint(
        hex === undefined ? parseInt(escape[4], 8) : parseInt(hex, 16),
      );
      i += escape[0].length - 1;
      continue;
    }
    const next = body[i + 1];
    const simple = next === undefined ? undefined : SIMPLE_ESCAPES[next];
    const otherQuote = quote === '"' ? "'" : '"';
    if (simple === undefined || next === otherQuote) {
      throw new PromqlParseError(
        `unknown escape sequence ${JSON.stringify(`\\${next ?? ''}`)}`,
        position,
      );
    }
    out += simple;
    i++;
  }
  return out;
}
