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

import {
  evaluate,
  evaluateRangeVector,
  parsePromql,
  PromqlExecutionError,
  PromqlParseError,
  sortByLabels,
} from '../promql';
import type { Expr } from '../promql/ast';
import type { Labels, LabelMatcher, Series, SeriesSource } from '../series';
import { LOOKBACK_MS } from '../promql/evaluator';
import { ApiError } from './apiError';
import { formatValue, parseStep, parseTime } from './numbers';

const MAX_POINTS = 11_000;
type Point = [number, string];

/** What the `data` field of `/query` and `/query_range` holds. */
export interface QueryData {
  readonly resultType: 'scalar' | 'string' | 'vector' | 'matrix';
  readonly result: unknown;
}

/** Request parameters, repeated names kept. */
export type Parameters = URLSearchParams;

function parse(text: string, parameter: string): Expr {
  try {
    return parsePromql(text);
  } catch (error) {
    if (error instanceof PromqlParseError) {
      const at =
        error.position === undefined ? '' : `1:${error.position + 1}: `;
      throw ApiError.badParameter(
        parameter,
        `${at}parse error: ${error.message}`,
      );
    }
    throw error;
  }
}

function asApiError<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof PromqlExecutionError) {
      throw new ApiError(422, 'execution', error.message);
    }
    throw error;
  }
}

function time(
  parameters: Parameters,
  name: string,
  fallback: number | undefined,
): number {
  const text = parameters.get(name) ?? '';
  const value = text === '' ? fallback : parseTime(text);
  if (value === undefined) {
    throw ApiError.badParameter(
      name,
      `cannot parse ${JSON.stringify(text)} to a valid timestamp`,
    );
  }
  return value;
}

/** Refuses a `timeout` that Prometheus would refuse; evaluation here is never long enough to need it. */
function checkTimeout(parameters: Parameters): void {
  const text = parameters.get('timeout') ?? '';
  if (text !== '' && parseStep(text) === undefined) {
    throw ApiError.badParameter(
      'timeout',
      `cannot parse ${JSON.stringify(text)} to a valid duration`,
    );
  }
}

function limited<T>(items: T[], parameters: Parameters): T[] {
  const text = parameters.get('limit') ?? '';
  if (text === '') {
    return items;
  }
  if (!/^\d+$/.test(text)) {
    throw ApiError.badParameter(
      'limit',
      `cannot parse ${JSON.stringify(text)} to a non-negative number`,
    );
  }
  return Number(text) === 0 ? items : items.slice(0, Number(text));
}

/** `/api/v1/query`. */
export function instantQuery(
  source: SeriesSource,
  parameters: Parameters,
  now: number,
): QueryData {
  checkTimeout(parameters);
  const at = time(parameters, 'time', now);
  const expr = parse(parameters.get('query') ?? '', 'query');
  return asApiError(() => {
    const range = rangeVectorOf(expr);
    if (range) {
      const result = evaluateRangeVector(range, source, at).map(series => ({
        metric: series.labels,
        values: series.times.map(
          (sampleTime, i): Point => [
            sampleTime / 1000,
            formatValue(series.values[i]),
          ],
        ),
      }));
      return { resultType: 'matrix', result: limited(result, parameters) };
    }
    const value = evaluate(expr, source, { start: at, step: 1, length: 1 });
    switch (value.type) {
      case 'string':
        return { resultType: 'string', result: [at / 1000, value.value] };
      case 'scalar':
        return {
          resultType: 'scalar',
          result: [at / 1000, formatValue(value.values[0])],
        };
      default:
        return {
          resultType: 'vector',
          result: limited(
            value.columns.map(column => ({
              metric: column.labels,
              value: [at / 1000, formatValue(column.values[0])],
            })),
            parameters,
          ),
        };
    }
  });
}

function rangeVectorOf(expr: Expr) {
  if (expr.kind === 'paren') {
    return rangeVectorOf(expr.expr);
  }
  return expr.kind === 'matrix' || expr.kind === 'subquery' ? expr : undefined;
}

/** `/api/v1/query_range`. */
export function rangeQuery(
  source: SeriesSource,
  parameters: Parameters,
): QueryData {
  checkTimeout(parameters);
  const start = time(parameters, 'start', undefined);
  const end = time(parameters, 'end', undefined);
  if (end < start) {
    throw ApiError.badParameter(
      'end',
      'end timestamp must not be before start time',
    );
  }
  const stepText = parameters.get('step') ?? '';
  const step = parseStep(stepText);
  if (step === undefined) {
    throw ApiError.badParameter(
      'step',
      `cannot parse ${JSON.stringify(stepText)} to a valid duration`,
    );
  }
  if (step <= 0) {
    throw ApiError.badParameter(
      'step',
      'zero or negative query resolution step widths are not accepted. Try a positive integer',
    );
  }
  if ((end - start) / step > MAX_POINTS) {
    throw new ApiError(
      400,
      'bad_data',
      'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
    );
  }
  const expr = parse(parameters.get('query') ?? '', 'query');
  if (rangeVectorOf(expr) || expr.kind === 'string') {
    const type = expr.kind === 'string' ? 'string' : 'range vector';
    throw ApiError.badParameter(
      'query',
      `invalid expression type "${type}" for range query, must be Scalar or instant Vector`,
    );
  }
  const length = Math.floor((end - start) / step) + 1;
  const value = asApiError(() =>
    evaluate(expr, source, { start, step, length }),
  );
  const points = (
    values: Float64Array,
    present: Uint8Array | undefined,
  ): Point[] => {
    const out: Point[] = [];
    for (let i = 0; i < length; i++) {
      if (!present || present[i]) {
        out.push([(start + i * step) / 1000, formatValue(values[i])]);
      }
    }
    return out;
  };
  if (value.type === 'vector') {
    const result = mergeSameLabels(sortByLabels(value.columns)).map(column => ({
      metric: column.labels,
      values: points(column.values, column.present),
    }));
    return { resultType: 'matrix', result: limited(result, parameters) };
  }
  return {
    resultType: 'matrix',
    result:
      value.type === 'scalar'
        ? [{ metric: {}, values: points(value.values, undefined) }]
        : [],
  };
}

/** An `or` may give one series from the left at some times and from the right at others: one series in the answer. */
function mergeSameLabels<
  C extends { labels: Labels; values: Float64Array; present: Uint8Array },
>(columns: C[]): C[] {
  const merged: C[] = [];
  let previousKey: string | undefined;
  for (const column of columns) {
    const key = JSON.stringify(Object.entries(column.labels).sort());
    const last = merged[merged.length - 1];
    if (key === previousKey && last) {
      for (let i = 0; i < column.values.length; i++) {
        if (column.present[i]) {
          last.values[i] = column.values[i];
          last.present[i] = 1;
        }
      }
    } else {
      merged.push(column);
    }
    previousKey = key;
  }
  return merged;
}

function matchersOf(parameters: Parameters): Array<readonly LabelMatcher[]> {
  return parameters.getAll('match[]').map(text => {
    const expr = parse(text, 'match[]');
    if (expr.kind !== 'selector' || expr.offset !== 0) {
      throw ApiError.badParameter(
        'match[]',
        'expected a metric selector and nothing else',
      );
    }
    return expr.matchers;
  });
}

function seriesOf(
  source: SeriesSource,
  parameters: Parameters,
  now: number,
  selectors: ReadonlyArray<readonly LabelMatcher[]>,
): Labels[] {
  const from = time(parameters, 'start', now - LOOKBACK_MS);
  const to = time(parameters, 'end', now);
  const found = new Set<Series>();
  for (const matchers of selectors) {
    for (const series of source.select(matchers)) {
      if (series.latestBetween(from, to)) {
        found.add(series);
      }
    }
  }
  return [...found].map(({ labels }) => labels);
}

/** `/api/v1/series`. */
export function listSeries(
  source: SeriesSource,
  parameters: Parameters,
  now: number,
): Labels[] {
  const selectors = matchersOf(parameters);
  if (selectors.length === 0) {
    throw new ApiError(400, 'bad_data', 'no match[] parameter provided');
  }
  return limited(seriesOf(source, parameters, now, selectors), parameters);
}

function labelSets(
  source: SeriesSource,
  parameters: Parameters,
  now: number,
): Labels[] {
  const selectors = matchersOf(parameters);
  return seriesOf(
    source,
    parameters,
    now,
    selectors.length === 0 ? [[]] : selectors,
  );
}

/** `/api/v1/labels`. */
export function listLabels(
  source: SeriesSource,
  parameters: Parameters,
  now: number,
): string[] {
  const names = labelSets(source, parameters, now).flatMap(Object.keys);
  return limited([...new Set(names)].sort(), parameters);
}

/** `/api/v1/label/<name>/values`. */
export function listLabelValues(
  source: SeriesSource,
  parameters: Parameters,
  now: number,
  name: string,
): string[] {
  if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name)) {
    throw new ApiError(
      400,
      'bad_data',
      `invalid label name: ${JSON.stringify(name)}`,
    );
  }
  const values = labelSets(source, parameters, now)
    .map(labels => labels[name] ?? '')
    .filter(value => value !== '');
  return limited([...new Set(values)].sort(), parameters);
}

/** `/api/v1/metadata`. */
export function listMetadata(source: SeriesSource, parameters: Parameters) {
  const wanted = parameters.get('metric');
  const entries = [...source.metadata()].filter(
    ([name]) => !wanted || name === wanted,
  );
  return Object.fromEntries(
    limited(entries, parameters).map(([name, metadata]) => [name, [metadata]]),
  );
}
