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
import { PromqlParseError } from './errors';

/** The text of a query behind its tree: what a node says, and errors that name its place. */
export class QueryText {
  constructor(private readonly query: string) {}

  /** The first child; a node without children is a query that ends too early. */
  first(node: SyntaxNode): SyntaxNode {
    return node.firstChild ?? this.raise('unexpected end of input', node);
  }

  /** The last child, as `first`. */
  last(node: SyntaxNode): SyntaxNode {
    return node.lastChild ?? this.raise('unexpected end of input', node);
  }

  /** What the node covers of the query. */
  text(node: SyntaxNode): string {
    return this.query.slice(node.from, node.to);
  }

  /** An error that names the node's position. */
  error(message: string, node: SyntaxNode): PromqlParseError {
    return new PromqlParseError(message, node.from);
  }

  /** As `error`, thrown: for the right side of `??`. */
  raise(message: string, node: SyntaxNode): never {
    throw this.error(message, node);
  }

  /** For PromQL that is valid and that this evaluator does not know. */
  unsupported(what: string, node: SyntaxNode): PromqlParseError {
    return this.error(
      `unsupported ${what} ${JSON.stringify(this.text(node))} (${node.name})`,
      node,
    );
  }
}

/** The children of a node that mean something: comments do not. */
export function children(node: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) {
    if (child.name !== 'LineComment') {
      found.push(child);
    }
  }
  return found;
}
