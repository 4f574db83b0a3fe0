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

import type { BinaryOperator } from './ast';

/** Binary operators by the grammar's node name, with the strength of their binding. */
export const BINARY: Readonly<
  Record<string, { operator: BinaryOperator; binding: number }>
> = {
  Or: { operator: 'or', binding: 1 },
  And: { operator: 'and', binding: 2 },
  Unless: { operator: 'unless', binding: 2 },
  Eql: { operator: '==', binding: 3 },
  Neq: { operator: '!=', binding: 3 },
  Gtr: { operator: '>', binding: 3 },
  Gte: { operator: '>=', binding: 3 },
  Lss: { operator: '<', binding: 3 },
  Lte: { operator: '<=', binding: 3 },
  Add: { operator: '+', binding: 4 },
  Sub: { operator: '-', binding: 4 },
  Mul: { operator: '*', binding: 5 },
  Div: { operator: '/', binding: 5 },
  Mod: { operator: '%', binding: 5 },
  Pow: { operator: '^', binding: 6 },
};

/** A sign binds as strongly as a multiplication: `-2^2` is -4. */
export const UNARY_BINDING = 5;
