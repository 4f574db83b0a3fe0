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

import { LabelMatcher } from '../series/matcher';

/** `@ 1609746000`, `@ start()` or `@ end()`; times in milliseconds. */
export type AtModifier = number | 'start' | 'end';

export interface VectorSelector {
  readonly kind: 'selector';
  readonly matchers: readonly LabelMatcher[];
  readonly offset: number;
  readonly at?: AtModifier;
}

export interface MatrixSelector {
  readonly kind: 'matrix';
  readonly selector: VectorSelector;
  readonly range: number;
}

export interface Subquery {
  readonly kind: 'subquery';
  readonly expr: Expr;
  readonly range: number;
  /** Milliseconds; the default evaluation interval when absent. */
  readonly step?: number;
  readonly offset: number;
  readonly at?: AtModifier;
}

/** Which labels pair the two sides of a binary operator, and which side may have many. */
export interface VectorMatching {
  readonly on: boolean;
  readonly labels: readonly string[];
  readonly cardinality: 'one-to-one' | 'many-to-one' | 'one-to-many';
  readonly include: readonly string[];
}

export type BinaryOperator =
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '^'
  | '=='
  | '!='
  | '<'
  | '>'
  | '<='
  | '>='
  | 'and'
  | 'or'
  | 'unless';

export interface BinaryExpr {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Expr;
  readonly right: Expr;
  readonly bool: boolean;
  readonly matching?: VectorMatching;
}

export interface Aggregate {
  readonly kind: 'aggregate';
  readonly operator: string;
  readonly expr: Expr;
  readonly param?: Expr;
  readonly without: boolean;
  readonly grouping: readonly string[];
}

export interface Call {
  readonly kind: 'call';
  readonly name: string;
  readonly args: readonly Expr[];
}

/** A parsed PromQL expression. All durations and times in milliseconds. */
export type Expr =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'paren'; readonly expr: Expr }
  | {
      readonly kind: 'unary';
      readonly operator: '+' | '-';
      readonly expr: Expr;
    }
  | VectorSelector
  | MatrixSelector
  | Subquery
  | BinaryExpr
  | Aggregate
  | Call;
