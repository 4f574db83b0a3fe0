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

import { Labels } from './labels';
import { compileAnchoredRegex } from './regex';

/** The four comparisons of a label matcher. */
export type MatchOperator = '=' | '!=' | '=~' | '!~';

/** One label matcher of a selector. An absent label has the value of the empty string. */
export interface LabelMatcher {
  readonly name: string;
  readonly operator: MatchOperator;
  readonly value: string;
  matches(value: string): boolean;
}

/**
 * Builds a matcher; regular expressions are fully anchored.
 * @throws Error when the value is not an expression that RE2 accepts.
 */
export function labelMatcher(
  name: string,
  operator: MatchOperator,
  value: string,
): LabelMatcher {
  return { name, operator, value, matches: testOf(operator, value) };
}

function testOf(
  operator: MatchOperator,
  value: string,
): (candidate: string) => boolean {
  switch (operator) {
    case '=':
      return candidate => candidate === value;
    case '!=':
      return candidate => candidate !== value;
    case '=~': {
      const expression = compileAnchoredRegex(value);
      return candidate => expression.test(candidate);
    }
    case '!~': {
      const expression = compileAnchoredRegex(value);
      return candidate => !expression.test(candidate);
    }
    default: {
      const unreachable: never = operator;
      throw new Error(`unknown match operator ${unreachable}`);
    }
  }
}

/** Do all matchers accept these labels? */
export function matchesAll(
  labels: Labels,
  matchers: readonly LabelMatcher[],
): boolean {
  for (const matcher of matchers) {
    if (!matcher.matches(labels[matcher.name] ?? '')) {
      return false;
    }
  }
  return true;
}
