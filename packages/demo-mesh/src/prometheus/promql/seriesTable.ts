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

import { ArraySeries, seriesSourceOf } from '../series/arraySeries';
import { formatLabels, Labels, SeriesSource } from '../series';
import { evaluate } from './evaluate';
import { parsePromql } from './parse';

/**
 * Reads a small table of series, one a line: a selector, then samples at a fixed interval from time 0. A sample is a
 * number, `_` (none) or `a+bxN` (a, a+b, … N further times).
 *
 * `requests{code="200"} 0+10x5 _ 3`
 */
export function loadTable(table: string, intervalMs: number): SeriesSource {
  const series = table
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '')
    .map(line => {
      const match = /^(\S+?\{[^}]*\}|\S+)\s+(.+)$/.exec(line);
      if (!match) {
        throw new Error(`not a series: ${line}`);
      }
      const times: number[] = [];
      const values: number[] = [];
      match[2]
        .split(/\s+/)
        .flatMap(expand)
        .forEach((value, index) => {
          if (value !== undefined) {
            times.push(index * intervalMs);
            values.push(value);
          }
        });
      return new ArraySeries(labelsOf(match[1]), times, values);
    });
  return seriesSourceOf(series);
}

function labelsOf(selector: string): Labels {
  const parsed = parsePromql(selector);
  if (parsed.kind !== 'selector') {
    throw new Error(`not a selector: ${selector}`);
  }
  return Object.fromEntries(
    parsed.matchers.map(({ name, value }) => [name, value]),
  );
}

function expand(cell: string): Array<number | undefined> {
  if (cell === '_') {
    return [undefined];
  }
  const run = /^(-?[\d.]+)([+-][\d.]+)x(\d+)$/.exec(cell);
  if (!run) {
    return [Number(cell)];
  }
  return Array.from(
    { length: Number(run[3]) + 1 },
    (_, i) => Number(run[1]) + i * Number(run[2]),
  );
}

/** Evaluates at one time (milliseconds) and writes each result as `{labels} value`, in the order of the answer. */
export function evalAt(
  source: SeriesSource,
  query: string,
  time: number,
): string[] {
  const result = evaluate(parsePromql(query), source, {
    start: time,
    step: 1,
    length: 1,
  });
  switch (result.type) {
    case 'scalar':
      return [String(result.values[0])];
    case 'string':
      return [result.value];
    default:
      return result.columns.map(
        ({ labels, values }) => `${formatLabels(labels)} ${values[0]}`,
      );
  }
}
