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
  dropMetricName,
  keepLabels,
  Labels,
  labelsKey,
  METRIC_NAME,
} from '../series/labels';
import { BinaryExpr, BinaryOperator, VectorMatching } from './ast';
import { PromqlExecutionError } from './errors';
import { Column, emptyColumn } from './matrix';

/** Arithmetic and comparisons of two numbers; a comparison gives 0 or 1. */
export function applyOperator(
  operator: BinaryOperator,
  a: number,
  b: number,
): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '%':
      return a % b;
    case '^':
      return a ** b;
    case '==':
      return Number(a === b);
    case '!=':
      return Number(a !== b);
    case '<':
      return Number(a < b);
    case '>':
      return Number(a > b);
    case '<=':
      return Number(a <= b);
    case '>=':
      return Number(a >= b);
    default:
      throw new PromqlExecutionError(
        `operator "${operator}" not allowed for numbers`,
      );
  }
}

/** Is this one of the six comparisons? */
function isComparison(operator: BinaryOperator): boolean {
  return ['==', '!=', '<', '>', '<=', '>='].includes(operator);
}

/** Vector with scalar (given at each step), in the order they were written. */
export function vectorScalar(
  expr: BinaryExpr,
  columns: readonly Column[],
  scalar: Float64Array,
  scalarOnLeft: boolean,
): Column[] {
  const filters = isComparison(expr.operator) && !expr.bool;
  return columns.map(column => {
    const out = emptyColumn(
      filters ? column.labels : dropMetricName(column.labels),
      column.values.length,
    );
    for (let i = 0; i < out.values.length; i++) {
      if (!column.present[i]) {
        continue;
      }
      const value = column.values[i];
      const result = scalarOnLeft
        ? applyOperator(expr.operator, scalar[i], value)
        : applyOperator(expr.operator, value, scalar[i]);
      out.present[i] = Number(!filters || result === 1);
      out.values[i] = filters ? value : result;
    }
    return out;
  });
}

const DEFAULT_MATCHING: VectorMatching = {
  on: false,
  labels: [],
  cardinality: 'one-to-one',
  include: [],
};

function signature(labels: Labels, matching: VectorMatching): string {
  return labelsKey(
    matching.on
      ? keepLabels(labels, matching.labels)
      : dropLabels(labels, [...matching.labels, METRIC_NAME]),
  );
}

/** `and`, `or`, `unless`. */
export function setOperation(
  expr: BinaryExpr,
  left: readonly Column[],
  right: readonly Column[],
  length: number,
): Column[] {
  const matching = expr.matching ?? DEFAULT_MATCHING;
  const reference = expr.operator === 'or' ? left : right;
  const seen = new Map<string, Uint8Array>();
  for (const column of reference) {
    const key = signature(column.labels, matching);
    const present = seen.get(key) ?? new Uint8Array(length);
    for (let i = 0; i < length; i++) {
      present[i] = present[i] || column.present[i];
    }
    seen.set(key, present);
  }
  const filtered = (columns: readonly Column[], wanted: 0 | 1) =>
    columns.map(column => {
      const matched = seen.get(signature(column.labels, matching));
      const present = column.present.map((there, i) =>
        there && (matched?.[i] ?? 0) === wanted ? 1 : 0,
      );
      return { ...column, present };
    });
  switch (expr.operator) {
    case 'and':
      return filtered(left, 1);
    case 'unless':
      return filtered(left, 0);
    default:
      return [...left, ...filtered(right, 0)];
  }
}

/** Arithmetic and comparisons of two vectors, one-to-one or with `group_left`/`group_right`. */
export function vectorVector(
  expr: BinaryExpr,
  left: readonly Column[],
  right: readonly Column[],
  length: number,
): Column[] {
  const matching = expr.matching ?? DEFAULT_MATCHING;
  const swapped = matching.cardinality === 'one-to-many';
  const many = swapped ? right : left;
  const ones = groupBySignature(swapped ? left : right, matching);
  const filters = isComparison(expr.operator) && !expr.bool;
  const out: Column[] = [];
  const taken = new Map<string, Uint8Array>();
  for (const column of many) {
    const key = signature(column.labels, matching);
    for (const one of ones.get(key) ?? []) {
      const labels = resultLabels(expr, matching, column.labels, one.labels);
      const result = emptyColumn(labels, length);
      const identity =
        matching.cardinality === 'one-to-one' ? key : labelsKey(labels);
      const used = taken.get(identity) ?? new Uint8Array(length);
      taken.set(identity, used);
      for (let i = 0; i < length; i++) {
        if (!column.present[i] || !one.present[i]) {
          continue;
        }
        const a = swapped ? one.values[i] : column.values[i];
        const b = swapped ? column.values[i] : one.values[i];
        const value = applyOperator(expr.operator, a, b);
        if (filters && value !== 1) {
          continue;
        }
        if (used[i]) {
          throw new PromqlExecutionError(
            matching.cardinality === 'one-to-one'
              ? 'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)'
              : 'multiple matches for labels: grouping labels must ensure unique matches',
          );
        }
        used[i] = 1;
        result.values[i] = filters ? a : value;
        result.present[i] = 1;
      }
      out.push(result);
    }
  }
  checkOneSide(ones, length);
  return out;
}

function groupBySignature(
  columns: readonly Column[],
  matching: VectorMatching,
): Map<string, Column[]> {
  const groups = new Map<string, Column[]>();
  for (const column of columns) {
    const key = signature(column.labels, matching);
    const group = groups.get(key);
    if (group) {
      group.push(column);
    } else {
      groups.set(key, [column]);
    }
  }
  return groups;
}

/** The "one" side may hold one sample of a signature at a time, whether or not the other side has a partner for it. */
function checkOneSide(ones: Map<string, Column[]>, length: number): void {
  for (const group of ones.values()) {
    for (let i = 0; group.length > 1 && i < length; i++) {
      if (group.filter(column => column.present[i]).length > 1) {
        throw new PromqlExecutionError(
          'found duplicate series for the match group on one side of the operation;many-to-many matching not allowed: matching labels must be unique on one side',
        );
      }
    }
  }
}

function resultLabels(
  expr: BinaryExpr,
  matching: VectorMatching,
  many: Labels,
  one: Labels,
): Labels {
  const keepsName = isComparison(expr.operator) && !expr.bool;
  const base = keepsName ? many : dropMetricName(many);
  if (matching.cardinality === 'one-to-one') {
    return matching.on
      ? keepLabels(base, matching.labels)
      : dropLabels(base, matching.labels);
  }
  const labels: Record<string, string> = { ...base };
  for (const name of matching.include) {
    delete labels[name];
    if (one[name]) {
      labels[name] = one[name];
    }
  }
  return labels;
}
