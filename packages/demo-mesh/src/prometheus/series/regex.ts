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

const KNOWN_LETTER_ESCAPES = 'dDwWsSbBAzafnrtvx';

/**
 * Compiles an RE2 expression the way Prometheus uses it: anchored at both ends. What JavaScript would read differently
 * (look-around, back references, named classes, scoped flags) is refused, never reinterpreted.
 * @throws Error in the wording of Go's `regexp/syntax` where it has one.
 */
export function compileAnchoredRegex(source: string): RegExp {
  const { body, flags } = takeLeadingFlags(source);
  const translated = translate(body, source);
  try {
    return new RegExp(`^(?:${translated})$`, flags);
  } catch (error) {
    throw new Error(
      `error parsing regexp: ${
        error instanceof Error ? error.message : String(error)
      }: \`${source}\``,
    );
  }
}

function takeLeadingFlags(source: string): { body: string; flags: string } {
  const leading = /^\(\?([is]+)\)/.exec(source);
  return leading
    ? { body: source.slice(leading[0].length), flags: leading[1] }
    : { body: source, flags: '' };
}

function translate(body: string, source: string): string {
  let out = '';
  let inClass = false;
  for (let i = 0; i < body.length; i++) {
    const char = body[i];
    if (char === '\\') {
      out += translateEscape(body[++i], source);
    } else if (inClass) {
      if (char === '[' && body[i + 1] === ':') {
        throw new Error(
          `error parsing regexp: named character class is not supported: \`${source}\``,
        );
      }
      inClass = char !== ']';
      out += char;
    } else if (char === '[') {
      inClass = true;
      out += char;
      if (body[i + 1] === '^') {
        out += body[++i];
      }
      if (body[i + 1] === ']') {
        out += `\\${body[++i]}`;
      }
    } else if (char === '(' && body[i + 1] === '?') {
      const group = /^\(\?(:|P<\w+>|<\w+>)/.exec(body.slice(i));
      if (!group) {
        throw new Error(
          `error parsing regexp: invalid or unsupported Perl syntax: \`${body.slice(
            i,
            i + 3,
          )}\``,
        );
      }
      out += group[0].replace('?P<', '?<');
      i += group[0].length - 1;
    } else {
      out += char;
    }
  }
  return out;
}

function translateEscape(char: string | undefined, source: string): string {
  if (char === undefined) {
    throw new Error(
      `error parsing regexp: trailing backslash at end of expression: \`\``,
    );
  }
  if (/[0-9]/.test(char)) {
    throw new Error(
      `error parsing regexp: invalid escape sequence: \`\\${char}\``,
    );
  }
  if (/[A-Za-z]/.test(char) && !KNOWN_LETTER_ESCAPES.includes(char)) {
    throw new Error(
      `error parsing regexp: escape \`\\${char}\` is invalid or not supported: \`${source}\``,
    );
  }
  switch (char) {
    case 'A':
      return '^';
    case 'z':
      return '$';
    case 'a':
      return '\\x07';
    default:
      return `\\${char}`;
  }
}
