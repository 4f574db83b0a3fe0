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

import { parser } from '@prometheus-io/lezer-promql';
import { Expr } from './ast';
import { PromqlParseError } from './errors';
import { checkTypes } from './typeCheck';

import { TreeReader } from './treeReader';
/**
 * Parses a PromQL expression into what Prometheus 2.x would evaluate.
 * @throws PromqlParseError for anything that Prometheus would refuse, and for operators that this evaluator lacks.
 */
export function parsePromql(query: string): Expr {
  if (query.trim() === '') {
    throw new PromqlParseError('no expression found in input', 0);
  }
  const tree = parser.parse(query);
  tree.iterate({
    enter: node => {
      if (node.type.isError) {
        const rest = query.slice(node.from).trim();
        throw new PromqlParseError(
          rest === ''
            ? 'unexpected end of input'
            : `unexpected ${JSON.stringify(rest.slice(0, 20))}`,
          node.from,
        );
      }
    },
  });
  const root = tree.topNode.firstChild;
  if (!root) {
    throw new PromqlParseError('no expression found in input', 0);
  }
  const expr = new TreeReader(query).expression(root);
  checkTypes(expr);
  return expr;
}
