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

const ONE_SEGMENT = '{*}';
const ANY_SEGMENTS = '{**}';
const SEGMENT_CHARACTERS = "[-a-zA-Z0-9._~%!$&'()+,;:@=]";
const PATH_CHARACTERS = "[-a-zA-Z0-9._~%!$&'()+,;:@=/]";

/** Is this `paths` value a template rather than a string pattern? R4.21 */
export function isPathTemplate(value: string): boolean {
  return value.includes(ONE_SEGMENT) || value.includes(ANY_SEGMENTS);
}

const LITERAL = new RegExp(`^${SEGMENT_CHARACTERS}+$`);

/**
 * Why a path is invalid, in words; `undefined` when it is valid. Each segment of a template is a literal, `{*}` or
 * `{**}`; `{**}` is the last operator. Other paths may hold anything but braces. R4.21
 */
export function pathTemplateProblem(template: string): string | undefined {
  const strict = isPathTemplate(template);
  let anySeen = false;
  for (const segment of template.replace(/^\/+|\/+$/g, '').split('/')) {
    if (segment === ONE_SEGMENT || segment === ANY_SEGMENTS) {
      if (anySeen) {
        return `${ANY_SEGMENTS} must be the last operator of the path template ${template}`;
      }
      anySeen = segment === ANY_SEGMENTS;
    } else if (strict ? !LITERAL.test(segment) : /[{}]/.test(segment)) {
      return `segment "${segment}" of the path template ${template} must be a literal, ${ONE_SEGMENT} or ${ANY_SEGMENTS}`;
    }
  }
  return undefined;
}

/** Compiles a template: `{*}` stands for one non-empty segment, `{**}` for any rest, also an empty one. */
export function compilePathTemplate(
  template: string,
): (path: string) => boolean {
  const source = template
    .split(/(\{\*\*\}|\{\*\})/)
    .map(piece => {
      if (piece === ONE_SEGMENT) {
        return `${SEGMENT_CHARACTERS}+`;
      }
      return piece === ANY_SEGMENTS
        ? `${PATH_CHARACTERS}*`
        : RE2JS.quote(piece);
    })
    .join('');
  const pattern = RE2JS.compile(source);
  return path => pattern.matches(path);
}
