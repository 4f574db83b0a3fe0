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

import { Expr } from './ast';
import { PromqlParseError } from './errors';
import { FUNCTION_SIGNATURES } from './signatures';

/** The four types of PromQL. */
export type ValueType = 'scalar' | 'string' | 'instant vector' | 'range vector';

const AGGREGATES = [
  'sum',
  'avg',
  'min',
  'max',
  'count',
  'group',
  'stddev',
  'stdvar',
  'topk',
  'bottomk',
];

/**
 * The type of an expression.
 * @throws PromqlParseError when an operand has a type that Prometheus refuses, or a function or aggregation is unsupported.
 */
export function checkTypes(expr: Expr): ValueType {
  switch (expr.kind) {
    case 'number':
      return 'scalar';
    case 'string':
      return 'string';
    case 'selector':
      return 'instant vector';
    case 'matrix':
      return 'range vector';
    case 'paren':
      return checkTypes(expr.expr);
    case 'unary': {
      const type = checkTypes(expr.expr);
      if (type !== 'scalar' && type !== 'instant vector') {
        throw new PromqlParseError(
          `unary expression only allowed on expressions of type scalar or instant vector, got "${type}"`,
        );
      }
      return type;
    }
    case 'subquery':
      expectType(expr.expr, 'instant vector', 'subquery');
      return 'range vector';
    case 'aggregate':
      if (!AGGREGATES.includes(expr.operator)) {
        throw new PromqlParseError(
          `unsupported aggregation operator "${expr.operator}"`,
        );
      }
      expectType(expr.expr, 'instant vector', 'aggregation expression');
      if (expr.param) {
        expectType(expr.param, 'scalar', 'aggregation parameter');
      }
      return 'instant vector';
    case 'call':
      return checkCall(expr.name, expr.args);
    case 'binary':
      return checkBinary(expr);
    default: {
      const unreachable: never = expr;
      throw new PromqlParseError(`unknown expression ${String(unreachable)}`);
    }
  }
}

function expectType(expr: Expr, wanted: ValueType, where: string): void {
  const got = checkTypes(expr);
  if (got !== wanted) {
    throw new PromqlParseError(
      `expected type ${wanted} in ${where}, got ${got}`,
    );
  }
}

function checkCall(name: string, args: readonly Expr[]): ValueType {
  const signature = FUNCTION_SIGNATURES.get(name);
  if (!signature) {
    throw new PromqlParseError(`unsupported function with name "${name}"`);
  }
  const most = signature.variadic ? Infinity : signature.args.length;
  const least = signature.args.length - (signature.optional ?? 0);
  if (args.length < least || args.length > most) {
    throw new PromqlParseError(
      `expected ${least} argument(s) in call to "${name}", got ${args.length}`,
    );
  }
  args.forEach((arg, index) => {
    const wanted = signature.args[Math.min(index, signature.args.length - 1)];
    expectType(arg, wanted, `call to function "${name}"`);
  });
  return signature.returns;
}

function checkBinary(expr: Extract<Expr, { kind: 'binary' }>): ValueType {
  const left = checkTypes(expr.left);
  const right = checkTypes(expr.right);
  for (const type of [left, right]) {
    if (type !== 'scalar' && type !== 'instant vector') {
      throw new PromqlParseError(
        `binary expression must contain only scalar and instant vector types`,
      );
    }
  }
  const bothVectors = left === 'instant vector' && right === 'instant vector';
  const { operator } = expr;
  if (['and', 'or', 'unless'].includes(operator) && !bothVectors) {
    throw new PromqlParseError(
      `set operator "${operator}" not allowed in binary scalar expression`,
    );
  }
  if (expr.matching && !bothVectors) {
    throw new PromqlParseError(
      'vector matching only allowed between instant vectors',
    );
  }
  if (
    left === 'scalar' &&
    right === 'scalar' &&
    ['==', '!=', '<', '>', '<=', '>='].includes(operator) &&
    !expr.bool
  ) {
    throw new PromqlParseError(
      'comparisons between scalars must use BOOL modifier',
    );
  }
  return left === 'scalar' && right === 'scalar' ? 'scalar' : 'instant vector';
}
