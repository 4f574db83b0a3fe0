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

import type { ValueType } from './typeCheck';

/** What a function takes and gives. */
export interface FunctionSignature {
  readonly args: readonly ValueType[];
  readonly returns: ValueType;
  /** How many of the last arguments may be left out. */
  readonly optional?: number;
  /** The last argument may be repeated, or left out. */
  readonly variadic?: boolean;
}

const V = 'instant vector';
const M = 'range vector';
const S = 'scalar';
const T = 'string';

/** Every function this evaluator knows; any other is refused by name. */
export const FUNCTION_SIGNATURES: ReadonlyMap<string, FunctionSignature> =
  new Map<string, FunctionSignature>([
    ...[
      'rate',
      'increase',
      'irate',
      'delta',
      'avg_over_time',
      'min_over_time',
      'max_over_time',
      'sum_over_time',
      'count_over_time',
      'last_over_time',
      'present_over_time',
      'stddev_over_time',
      'changes',
      'resets',
    ].map((name): [string, FunctionSignature] => [
      name,
      { args: [M], returns: V },
    ]),
    ...[
      'abs',
      'ceil',
      'floor',
      'exp',
      'ln',
      'log2',
      'log10',
      'sqrt',
      'sort',
      'sort_desc',
      'timestamp',
      'absent',
    ].map((name): [string, FunctionSignature] => [
      name,
      { args: [V], returns: V },
    ]),
    ['round', { args: [V, S], returns: V, optional: 1 }],
    ['clamp', { args: [V, S, S], returns: V }],
    ['clamp_min', { args: [V, S], returns: V }],
    ['clamp_max', { args: [V, S], returns: V }],
    ['histogram_quantile', { args: [S, V], returns: V }],
    ['label_replace', { args: [V, T, T, T, T], returns: V }],
    [
      'label_join',
      { args: [V, T, T, T], returns: V, optional: 1, variadic: true },
    ],
    ['scalar', { args: [V], returns: S }],
    ['vector', { args: [S], returns: V }],
    ['time', { args: [], returns: S }],
  ]);
