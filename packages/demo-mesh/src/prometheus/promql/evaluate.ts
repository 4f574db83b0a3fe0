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

import { compareLabels, Labels, labelsKey } from '../series/labels';
import { SeriesSource } from '../series/series';
import { Expr, MatrixSelector, Subquery } from './ast';
import { PromqlExecutionError } from './errors';
import { Column, Grid, hasValue, timeAt } from './matrix';
import { checkTypes } from './typeCheck';

import { Evaluator } from './evaluator';
/** What a query gives: a number at each step, a string, or columns. */
export type EvaluationResult =
  | { readonly type: 'scalar'; readonly values: Float64Array }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'vector'; readonly columns: Column[] };

/**
 * Evaluates an expression at every time of the grid, each operator once for all times.
 * @throws PromqlExecutionError where Prometheus answers `execution`.
 */
export function evaluate(
  expr: Expr,
  source: SeriesSource,
  grid: Grid,
): EvaluationResult {
  const evaluator = new Evaluator(source, grid, {
    start: grid.start,
    end: timeAt(grid, grid.length - 1),
  });
  switch (checkTypes(expr)) {
    case 'scalar':
      return { type: 'scalar', values: evaluator.scalar(expr) };
    case 'string':
      return { type: 'string', value: evaluator.text(expr) };
    case 'instant vector':
      return {
        type: 'vector',
        columns: unique(evaluator.vector(expr).filter(hasValue)),
      };
    default:
      throw new PromqlExecutionError(
        'a range vector has no value at a single time',
      );
  }
}

/** The samples a range vector expression selects at one time: what an instant query of `x[5m]` returns. */
export function evaluateRangeVector(
  expr: MatrixSelector | Subquery,
  source: SeriesSource,
  time: number,
): Array<{ labels: Labels; times: number[]; values: number[] }> {
  const grid = { start: time, step: 1, length: 1 };
  const evaluator = new Evaluator(source, grid, { start: time, end: time });
  const end = evaluator.shifted(
    expr.kind === 'matrix' ? expr.selector : expr,
    time,
  );
  return evaluator
    .rangeSeries(expr)
    .map(series => {
      const samples = series.samplesBetween(end - expr.range, end);
      return {
        labels: series.labels,
        times: Array.from(samples.times),
        values: Array.from(samples.values),
      };
    })
    .filter(({ times }) => times.length > 0);
}

function unique(columns: Column[]): Column[] {
  const seen = new Map<string, Uint8Array>();
  for (const column of columns) {
    const key = labelsKey(column.labels);
    const used = seen.get(key);
    if (used && column.present.some((there, i) => there && used[i])) {
      throw new PromqlExecutionError(
        'vector cannot contain metrics with the same labelset',
      );
    }
    seen.set(
      key,
      used ? used.map((u, i) => u || column.present[i]) : column.present,
    );
  }
  return columns;
}

/** Orders columns as a range query's answer is ordered. */
export function sortByLabels(columns: Column[]): Column[] {
  return [...columns].sort((a, b) => compareLabels(a.labels, b.labels));
}
