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

import type { SyntaxNode } from '@lezer/common';
import { labelMatcher, LabelMatcher, MatchOperator } from '../series/matcher';
import { AtModifier, BinaryOperator, Expr, VectorMatching } from './ast';
import { PromqlParseError } from './errors';
import { parseDuration, parseNumber, unquote } from './literals';
import { BINARY, UNARY_BINDING } from './precedence';
import { children, QueryText } from './QueryText';

const MATCH_OPERATORS: Readonly<Record<string, MatchOperator>> = {
  EqlSingle: '=',
  Neq: '!=',
  EqlRegex: '=~',
  NeqRegex: '!~',
};
const POSTFIX = [
  'OffsetExpr',
  'StepInvariantExpr',
  'MatrixSelector',
  'SubqueryExpr',
];

type Item =
  | { kind: 'unary'; operator: '+' | '-' }
  | { kind: 'operand'; node: SyntaxNode }
  | { kind: 'postfix'; node: SyntaxNode }
  | { kind: 'binary'; node: SyntaxNode };

/**
 * Reads the editor grammar's tree. That grammar lets `offset`, `@` and `[…]` take a whole binary expression, so every
 * unparenthesised expression is flattened and bound again by Prometheus' own precedence.
 */
export class TreeReader {
  private readonly query: QueryText;

  constructor(query: string) {
    this.query = new QueryText(query);
  }

  expression(node: SyntaxNode): Expr {
    const items: Item[] = [];
    this.flatten(node, items);
    let next = 0;
    const read = (binding: number): Expr => {
      const first = items[next++];
      let left: Expr;
      if (first.kind === 'unary') {
        left = {
          kind: 'unary',
          operator: first.operator,
          expr: read(UNARY_BINDING + 1),
        };
      } else {
        left = this.operand(first.node);
        while (next < items.length && items[next].kind === 'postfix') {
          left = this.postfix(left, this.nodeOf(items[next++]));
        }
      }
      while (next < items.length) {
        const node_ = this.nodeOf(items[next]);
        const name = this.operatorNode(node_).name;
        const entry = BINARY[name];
        if (!entry) {
          throw this.query.unsupported('operator', this.operatorNode(node_));
        }
        if (entry.binding < binding) {
          break;
        }
        next++;
        const right = read(
          entry.operator === '^' ? entry.binding : entry.binding + 1,
        );
        left = this.binary(node_, entry.operator, left, right);
      }
      return left;
    };
    return read(0);
  }

  private nodeOf(item: Item): SyntaxNode {
    if (item.kind === 'unary') {
      throw new PromqlParseError(`unexpected "${item.operator}"`);
    }
    return item.node;
  }

  private flatten(node: SyntaxNode, items: Item[]): void {
    if (node.name === 'BinaryExpr') {
      this.flatten(this.query.first(node), items);
      items.push({ kind: 'binary', node });
      this.flatten(this.query.last(node), items);
    } else if (node.name === 'UnaryExpr') {
      items.push({
        kind: 'unary',
        operator: this.query.text(this.query.first(node)) === '-' ? '-' : '+',
      });
      this.flatten(this.query.last(node), items);
    } else if (POSTFIX.includes(node.name)) {
      this.flatten(this.query.first(node), items);
      items.push({ kind: 'postfix', node });
    } else {
      const sign =
        node.name === 'NumberDurationLiteral' ? this.query.text(node)[0] : '';
      if (sign === '-' || sign === '+') {
        // The editor's grammar may make the sign a part of the literal; Prometheus never does: -2^2 is -4.
        items.push({ kind: 'unary', operator: sign });
      }
      items.push({ kind: 'operand', node });
    }
  }

  private operatorNode(binary: SyntaxNode): SyntaxNode {
    return this.query.first(binary).nextSibling ?? binary;
  }

  private operand(node: SyntaxNode): Expr {
    switch (node.name) {
      case 'NumberDurationLiteral': {
        const value = parseNumber(
          this.query.text(node).replace(/^[+-]\s*/, ''),
        );
        if (value === undefined) {
          throw this.query.error('unexpected duration', node);
        }
        return { kind: 'number', value };
      }
      case 'StringLiteral':
        return {
          kind: 'string',
          value: unquote(this.query.text(node), node.from),
        };
      case 'ParenExpr':
        return { kind: 'paren', expr: this.expression(this.query.first(node)) };
      case 'VectorSelector':
        return { kind: 'selector', matchers: this.matchers(node), offset: 0 };
      case 'FunctionCall':
        return {
          kind: 'call',
          name: this.query.text(this.query.first(node)),
          args: this.args(this.query.last(node)),
        };
      case 'AggregateExpr':
        return this.aggregate(node);
      default:
        throw this.query.unsupported('expression', node);
    }
  }

  private args(body: SyntaxNode): Expr[] {
    return children(body).map(child => this.expression(child));
  }

  private aggregate(node: SyntaxNode): Expr {
    const operator = this.query.text(this.query.first(node)).toLowerCase();
    const body = node.getChild('FunctionCallBody');
    const modifier = node.getChild('AggregateModifier');
    const args = body ? this.args(body) : [];
    const parametrised = ['topk', 'bottomk', 'quantile', 'count_values'];
    const expected = parametrised.includes(operator) ? 2 : 1;
    if (args.length !== expected) {
      throw this.query.error(
        `wrong number of arguments for aggregate expression provided, expected ${expected}, got ${args.length}`,
        node,
      );
    }
    return {
      kind: 'aggregate',
      operator,
      expr: args[expected - 1],
      param: expected === 2 ? args[0] : undefined,
      without: modifier ? modifier.getChild('Without') !== null : false,
      grouping: modifier ? this.grouping(modifier) : [],
    };
  }

  private grouping(holder: SyntaxNode): string[] {
    const labels = holder.getChild('GroupingLabels');
    return labels ? children(labels).map(label => this.query.text(label)) : [];
  }

  private matchers(node: SyntaxNode): LabelMatcher[] {
    const matchers: LabelMatcher[] = [];
    const name = node.getChild('Identifier');
    if (name) {
      matchers.push(labelMatcher('__name__', '=', this.query.text(name)));
    }
    const block = node.getChild('LabelMatchers');
    for (const child of block ? children(block) : []) {
      if (child.name !== 'UnquotedLabelMatcher') {
        throw this.query.error(`unexpected ${this.query.text(child)}`, child);
      }
      const [label, operator, literal] = children(child);
      const kind = operator.firstChild?.name ?? '';
      const value = unquote(this.query.text(literal), literal.from);
      try {
        matchers.push(
          labelMatcher(this.query.text(label), MATCH_OPERATORS[kind], value),
        );
      } catch (error) {
        throw this.query.error(
          error instanceof Error ? error.message : String(error),
          literal,
        );
      }
    }
    if (name && matchers.slice(1).some(m => m.name === '__name__')) {
      throw this.query.error('metric name must not be set twice', node);
    }
    if (matchers.every(matcher => matcher.matches(''))) {
      throw this.query.error(
        'vector selector must contain at least one non-empty matcher',
        node,
      );
    }
    return matchers;
  }

  private postfix(operand: Expr, node: SyntaxNode): Expr {
    switch (node.name) {
      case 'OffsetExpr':
        return this.shift(operand, node, target => ({
          offset:
            target.offset === 0
              ? this.signedDuration(node.getChild('OffsetDurationExpr'), node)
              : this.query.raise('offset may not be set multiple times', node),
        }));
      case 'StepInvariantExpr': {
        const at = this.at(node);
        return this.shift(operand, node, target =>
          target.at === undefined
            ? { at }
            : this.query.raise(
                '@ <timestamp> may not be set multiple times',
                node,
              ),
        );
      }
      case 'MatrixSelector':
        if (operand.kind !== 'selector') {
          throw this.query.error(
            'ranges only allowed for vector selectors',
            node,
          );
        }
        if (operand.offset !== 0 || operand.at !== undefined) {
          throw this.query.error(
            'no offset or @ modifiers allowed before range',
            node,
          );
        }
        return {
          kind: 'matrix',
          selector: operand,
          range: this.duration(node.getChild('DurationExpr'), node),
        };
      default: {
        const [range, step] = node.getChildren('DurationExpr');
        return {
          kind: 'subquery',
          expr: operand,
          range: this.duration(range, node),
          step: step ? this.duration(step, node) : undefined,
          offset: 0,
        };
      }
    }
  }

  private shift(
    operand: Expr,
    node: SyntaxNode,
    change: (target: { offset: number; at?: AtModifier }) => {
      offset?: number;
      at?: AtModifier;
    },
  ): Expr {
    if (operand.kind === 'selector' || operand.kind === 'subquery') {
      return { ...operand, ...change(operand) };
    }
    if (operand.kind === 'matrix') {
      const { selector } = operand;
      return { ...operand, selector: { ...selector, ...change(selector) } };
    }
    throw this.query.error(
      'offset and @ modifiers must be preceded by an instant vector selector or range vector selector or a subquery',
      node,
    );
  }

  private at(node: SyntaxNode): AtModifier {
    const preprocessor = node.getChild('AtModifierPreprocessors');
    if (preprocessor) {
      return preprocessor.getChild('AtStart') ? 'start' : 'end';
    }
    const text = this.query.text(this.query.last(node));
    const value = parseNumber(text.replace(/^[+-]/, ''));
    if (value === undefined || !Number.isFinite(value)) {
      throw this.query.error(
        `timestamp out of bounds for @ modifier: ${text}`,
        node,
      );
    }
    return Math.round((text.startsWith('-') ? -value : value) * 1000);
  }

  private signedDuration(node: SyntaxNode | null, at: SyntaxNode): number {
    const text = node ? this.query.text(node).replace(/\s/g, '') : '';
    const value = parseDuration(text.replace(/^[+-]/, ''));
    if (value === undefined) {
      throw this.query.error(`not a valid duration string: "${text}"`, at);
    }
    return text.startsWith('-') ? -value : value;
  }

  private duration(node: SyntaxNode | null, at: SyntaxNode): number {
    const text = node ? this.query.text(node) : '';
    const value = parseDuration(text);
    if (value === undefined) {
      throw this.query.error(`not a valid duration string: "${text}"`, at);
    }
    if (value <= 0) {
      throw this.query.error('duration must be greater than 0', at);
    }
    return value;
  }

  private binary(
    node: SyntaxNode,
    operator: BinaryOperator,
    left: Expr,
    right: Expr,
  ): Expr {
    if (node.getChild('FillModifier')) {
      throw this.query.unsupported('modifier', node);
    }
    const clause = node.getChild('MatchingModifierClause');
    const isSet = ['and', 'or', 'unless'].includes(operator);
    const bool = node.getChild('BoolModifier') !== null;
    const comparison = ['==', '!=', '<', '>', '<=', '>='].includes(operator);
    if (bool && !comparison) {
      throw this.query.error(
        'bool modifier can only be used on comparison operators',
        node,
      );
    }
    let matching: VectorMatching | undefined;
    if (clause) {
      const groups = clause.getChildren('GroupingLabels');
      const names = (group: SyntaxNode | undefined) =>
        group ? children(group).map(label => this.query.text(label)) : [];
      const left_ = clause.getChild('GroupLeft') !== null;
      const right_ = clause.getChild('GroupRight') !== null;
      if (isSet && (left_ || right_)) {
        throw this.query.error(
          `no grouping allowed for "${operator}" operation`,
          node,
        );
      }
      matching = {
        on: clause.getChild('On') !== null,
        labels: names(groups[0]),
        include: names(groups[1]),
        cardinality: cardinality(left_, right_),
      };
    }
    return { kind: 'binary', operator, left, right, bool, matching };
  }
}

function cardinality(
  left: boolean,
  right: boolean,
): VectorMatching['cardinality'] {
  if (left) {
    return 'many-to-one';
  }
  return right ? 'one-to-many' : 'one-to-one';
}
