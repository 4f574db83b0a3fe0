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

import { Labels } from '../series/labels';

/** One result series over the evaluation grid: `values[i]` counts only where `present[i]` is 1. */
export interface Column {
  readonly labels: Labels;
  readonly values: Float64Array;
  readonly present: Uint8Array;
}

/** The times at which an expression is evaluated, milliseconds. */
export interface Grid {
  readonly start: number;
  readonly step: number;
  readonly length: number;
}

/** The time of one step of the grid. */
export function timeAt(grid: Grid, index: number): number {
  return grid.start + index * grid.step;
}

/** A column with no value anywhere yet. */
export function emptyColumn(labels: Labels, length: number): Column {
  return {
    labels,
    values: new Float64Array(length),
    present: new Uint8Array(length),
  };
}

/** The same column, each present value mapped. */
export function mapColumn(
  column: Column,
  labels: Labels,
  map: (value: number, index: number) => number,
): Column {
  const out = emptyColumn(labels, column.values.length);
  for (let i = 0; i < column.values.length; i++) {
    if (column.present[i]) {
      out.values[i] = map(column.values[i], i);
      out.present[i] = 1;
    }
  }
  return out;
}

/** Is there a value at any step? */
export function hasValue(column: Column): boolean {
  return column.present.includes(1);
}
