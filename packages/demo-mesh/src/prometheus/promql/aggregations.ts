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
  dropLabels,
  keepLabels,
  labelsKey,
  METRIC_NAME,
} from '../series/labels';
import { Aggregate } from './ast';
import { Column, emptyColumn } from './matrix';

/**
 * An aggregation over the columns, one output per group; of `topk`/`bottomk` the chosen inputs.
 * `param` holds k at each step.
 */
export function aggregate(
  expr: Aggregate,
  columns: readonly Column[],
  length: number,
  param: Float64Array | undefined,
): Column[] {
  const groups = new Map<string, Column[]>();
  for (const column of columns) {
    const key = labelsKey(groupLabels(expr, column));
    const members = groups.get(key);
    if (members) {
      members.push(column);
    } else {
      groups.set(key, [column]);
    }
  }
  const out: Column[] = [];
  for (const members of groups.values()) {
    if (expr.operator === 'topk' || expr.operator === 'bottomk') {
      out.push(...choose(expr.operator, members, length, param));
    } else {
      out.push(reduce(expr, members, length));
    }
  }
  return out;
}

function groupLabels(expr: Aggregate, column: Column) {
  return expr.without
    ? dropLabels(column.labels, [...expr.grouping, METRIC_NAME])
    : keepLabels(column.labels, expr.grouping);
}

function reduce(expr: Aggregate, members: Column[], length: number): Column {
  const out = emptyColumn(groupLabels(expr, members[0]), length);
  for (let i = 0; i < length; i++) {
    const values: number[] = [];
    for (const member of members) {
      if (member.present[i]) {
        values.push(member.values[i]);
      }
    }
    if (values.length > 0) {
      out.values[i] = reduceValues(expr.operator, values);
      out.present[i] = 1;
    }
  }
  return out;
}

function reduceValues(operator: string, values: number[]): number {
  const sum = () => values.reduce((a, b) => a + b, 0);
  switch (operator) {
    case 'sum':
      return sum();
    case 'avg':
      return sum() / values.length;
    case 'count':
      return values.length;
    case 'group':
      return 1;
    case 'min':
      return values.reduce((a, b) => (b < a || Number.isNaN(a) ? b : a));
    case 'max':
      return values.reduce((a, b) => (b > a || Number.isNaN(a) ? b : a));
    case 'stdvar':
    case 'stddev': {
      const mean = sum() / values.length;
      const variance =
        values.reduce((a, b) => a + (b - mean) * (b - mean), 0) / values.length;
      return operator === 'stddev' ? Math.sqrt(variance) : variance;
    }
    default:
      throw new Error(`unsupported aggregation operator "${operator}"`);
  }
}

/** Puts NaN last whatever the direction, as Prometheus' heaps do. */
function choose(
  operator: 'topk' | 'bottomk',
  members: Column[],
  length: number,
  param: Float64Array | undefined,
): Column[] {
  const out = members.map(member => emptyColumn(member.labels, length));
  const sign = operator === 'topk' ? -1 : 1;
  for (let i = 0; i < length; i++) {
    const k = Math.trunc(param ? param[i] : 0);
    const candidates = members
      .map((member, index) => ({ index, member }))
      .filter(({ member }) => member.present[i])
      .sort((a, b) =>
        compareNaNLast(a.member.values[i], b.member.values[i], sign),
      );
    for (const { index, member } of candidates.slice(0, Math.max(0, k))) {
      out[index].values[i] = member.values[i];
      out[index].present[i] = 1;
    }
  }
  const rank = (column: Column) => (column.present[0] ? column.values[0] : NaN);
  return out.sort((a, b) => compareNaNLast(rank(a), rank(b), sign));
}

/** Orders numbers ascending (`sign` 1) or descending (-1), NaN always last. */
export function compareNaNLast(a: number, b: number, sign: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) {
    return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  }
  return sign * (a - b);
}
