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

import { dropMetricName } from '../series/labels';
import { Series, SeriesSource } from '../series/series';
import { aggregate, compareNaNLast } from './aggregations';
import {
  AtModifier,
  BinaryExpr,
  Call,
  Expr,
  MatrixSelector,
  Subquery,
  VectorSelector,
} from './ast';
import {
  applyOperator,
  setOperation,
  vectorScalar,
  vectorVector,
} from './binaryOperators';
import { PromqlExecutionError } from './errors';
import { histogramQuantile } from './histogramQuantile';
import { labelJoin, labelReplace } from './labelFunctions';
import { columnSeries } from './columnSeries';
import {
  Column,
  emptyColumn,
  Grid,
  hasValue,
  mapColumn,
  timeAt,
} from './matrix';
import { extrapolate, RANGE_FUNCTIONS } from './rangeFunctions';
import { numberFunction } from './numberFunctions';
import { checkTypes } from './typeCheck';

/** How long a sample stays current: Prometheus' default look-back. */
export const LOOKBACK_MS = 5 * 60_000;
const DEFAULT_SUBQUERY_STEP_MS = 60_000;
const KEEPS_NAME = new Set(['last_over_time']);

/** Evaluates the parts of one query over one grid; a subquery gets an evaluator of its own. */
export class Evaluator {
  constructor(
    private readonly source: SeriesSource,
    private readonly grid: Grid,
    private readonly query: { start: number; end: number },
  ) {}

  shifted(selector: { offset: number; at?: AtModifier }, time: number): number {
    const { at } = selector;
    if (at === 'start' || at === 'end') {
      return this.query[at] - selector.offset;
    }
    return (at ?? time) - selector.offset;
  }

  scalar(expr: Expr): Float64Array {
    const { grid } = this;
    const constant = (value: number) =>
      new Float64Array(grid.length).fill(value);
    switch (expr.kind) {
      case 'number':
        return constant(expr.value);
      case 'paren':
        return this.scalar(expr.expr);
      case 'unary':
        return expr.operator === '-'
          ? this.scalar(expr.expr).map(value => -value)
          : this.scalar(expr.expr);
      case 'binary': {
        const left = this.scalar(expr.left);
        const right = this.scalar(expr.right);
        return left.map((value, i) =>
          applyOperator(expr.operator, value, right[i]),
        );
      }
      case 'call':
        if (expr.name === 'time') {
          return constant(0).map((_, i) => timeAt(grid, i) / 1000);
        }
        if (expr.name === 'scalar') {
          const columns = this.vector(expr.args[0]);
          return constant(NaN).map((_, i) => {
            const there = columns.filter(column => column.present[i]);
            return there.length === 1 ? there[0].values[i] : NaN;
          });
        }
        throw new PromqlExecutionError(`unsupported function "${expr.name}"`);
      default:
        throw new PromqlExecutionError(`${expr.kind} is not a scalar`);
    }
  }

  text(expr: Expr): string {
    if (expr.kind === 'paren') {
      return this.text(expr.expr);
    }
    if (expr.kind !== 'string') {
      throw new PromqlExecutionError(`${expr.kind} is not a string`);
    }
    return expr.value;
  }

  vector(expr: Expr): Column[] {
    switch (expr.kind) {
      case 'paren':
        return this.vector(expr.expr);
      case 'unary':
        return expr.operator === '-'
          ? this.vector(expr.expr).map(column =>
              mapColumn(column, dropMetricName(column.labels), v => -v),
            )
          : this.vector(expr.expr);
      case 'selector':
        return this.selector(expr, sample => sample.value);
      case 'aggregate':
        return aggregate(
          expr,
          this.vector(expr.expr).filter(hasValue),
          this.grid.length,
          expr.param && this.scalar(expr.param),
        );
      case 'binary':
        return this.binary(expr);
      case 'call':
        return this.call(expr);
      default:
        throw new PromqlExecutionError(`${expr.kind} is not an instant vector`);
    }
  }

  private selector(
    expr: VectorSelector,
    read: (sample: { time: number; value: number }) => number,
  ): Column[] {
    return this.source
      .select(expr.matchers)
      .map(series => {
        const column = emptyColumn(series.labels, this.grid.length);
        for (let i = 0; i < this.grid.length; i++) {
          const time = this.shifted(expr, timeAt(this.grid, i));
          const sample = series.latestBetween(time - LOOKBACK_MS, time);
          if (sample) {
            column.values[i] = read(sample);
            column.present[i] = 1;
          }
        }
        return column;
      })
      .filter(hasValue);
  }

  private binary(expr: BinaryExpr): Column[] {
    const left = checkTypes(expr.left) === 'scalar';
    const right = checkTypes(expr.right) === 'scalar';
    if (left || right) {
      return vectorScalar(
        expr,
        this.vector(left ? expr.right : expr.left),
        this.scalar(left ? expr.left : expr.right),
        left,
      );
    }
    const combine = ['and', 'or', 'unless'].includes(expr.operator)
      ? setOperation
      : vectorVector;
    return combine(
      expr,
      this.vector(expr.left),
      this.vector(expr.right),
      this.grid.length,
    ).filter(hasValue);
  }

  private call(expr: Call): Column[] {
    const { name, args } = expr;
    const { length } = this.grid;
    if (RANGE_FUNCTIONS.has(name)) {
      return this.rangeFunction(name, args[0]);
    }
    switch (name) {
      case 'histogram_quantile':
        return histogramQuantile(
          this.scalar(args[0]),
          this.vector(args[1]),
          length,
        );
      case 'label_replace':
        return labelReplace(
          this.vector(args[0]),
          args.slice(1).map(arg => this.text(arg)),
        );
      case 'label_join':
        return labelJoin(
          this.vector(args[0]),
          args.slice(1).map(arg => this.text(arg)),
        );
      case 'vector': {
        const column = emptyColumn({}, length);
        column.values.set(this.scalar(args[0]));
        column.present.fill(1);
        return [column];
      }
      case 'timestamp':
        return this.timestamps(args[0]);
      case 'absent':
        return this.absent(args[0]);
      case 'sort':
      case 'sort_desc': {
        const sign = name === 'sort' ? 1 : -1;
        return this.vector(args[0]).sort((a, b) =>
          compareNaNLast(a.values[0], b.values[0], sign),
        );
      }
      default: {
        const parameters = args.slice(1).map(arg => this.scalar(arg));
        const map = numberFunction(name);
        return this.vector(args[0]).map(column =>
          mapColumn(column, dropMetricName(column.labels), (value, i) =>
            map(
              value,
              parameters.map(parameter => parameter[i]),
            ),
          ),
        );
      }
    }
  }

  private timestamps(arg: Expr): Column[] {
    const inner = unwrap(arg);
    if (inner.kind === 'selector') {
      return this.selector(inner, ({ time }) => time / 1000).map(column => ({
        ...column,
        labels: dropMetricName(column.labels),
      }));
    }
    return this.vector(arg).map(column =>
      mapColumn(
        column,
        dropMetricName(column.labels),
        (_, i) => timeAt(this.grid, i) / 1000,
      ),
    );
  }

  private absent(arg: Expr): Column[] {
    const columns = this.vector(arg);
    const inner = unwrap(arg);
    const labels: Record<string, string> = {};
    const ambiguous = new Set<string>();
    for (const matcher of inner.kind === 'selector' ? inner.matchers : []) {
      if (matcher.name === '__name__') {
        continue;
      }
      if (matcher.operator === '=' && !(matcher.name in labels)) {
        labels[matcher.name] = matcher.value;
      } else {
        ambiguous.add(matcher.name);
      }
    }
    for (const name of ambiguous) {
      delete labels[name];
    }
    const out = emptyColumn(labels, this.grid.length);
    for (let i = 0; i < this.grid.length; i++) {
      if (!columns.some(column => column.present[i])) {
        out.values[i] = 1;
        out.present[i] = 1;
      }
    }
    return [out];
  }

  rangeSeries(expr: MatrixSelector | Subquery): readonly Series[] {
    if (expr.kind === 'matrix') {
      return this.source.select(expr.selector.matchers);
    }
    const step = expr.step ?? DEFAULT_SUBQUERY_STEP_MS;
    const first = this.shifted(expr, this.grid.start) - expr.range;
    const last = this.shifted(expr, timeAt(this.grid, this.grid.length - 1));
    const start = Math.ceil(first / step) * step;
    const length = Math.floor((last - start) / step) + 1;
    if (length <= 0) {
      return [];
    }
    const grid = { start, step, length };
    const inner = new Evaluator(this.source, grid, this.query);
    return inner
      .vector(expr.expr)
      .filter(hasValue)
      .map(column => columnSeries(column, grid));
  }

  private rangeFunction(name: string, arg: Expr): Column[] {
    const range = unwrap(arg);
    if (range.kind !== 'matrix' && range.kind !== 'subquery') {
      throw new PromqlExecutionError(`${name} needs a range vector`);
    }
    const selector = range.kind === 'matrix' ? range.selector : range;
    const apply = RANGE_FUNCTIONS.get(name);
    const counter = name === 'rate' || name === 'increase' ? name : undefined;
    const out: Column[] = [];
    for (const series of this.rangeSeries(range)) {
      const labels = KEEPS_NAME.has(name)
        ? series.labels
        : dropMetricName(series.labels);
      const column = emptyColumn(labels, this.grid.length);
      for (let i = 0; i < this.grid.length; i++) {
        const end = this.shifted(selector, timeAt(this.grid, i));
        const bounds = { start: end - range.range, end };
        const ends = counter && series.monotoneWindow?.(bounds.start, end);
        const value =
          counter && ends
            ? extrapolate(
                ends,
                ends.lastValue - ends.firstValue,
                bounds,
                counter,
              )
            : apply?.({
                ...series.samplesBetween(bounds.start, end),
                ...bounds,
              });
        if (value !== undefined) {
          column.values[i] = value;
          column.present[i] = 1;
        }
      }
      if (hasValue(column)) {
        out.push(column);
      }
    }
    return out;
  }
}

function unwrap(expr: Expr): Expr {
  return expr.kind === 'paren' ? unwrap(expr.expr) : expr;
}
