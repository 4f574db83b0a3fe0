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

import { PromqlExecutionError } from './errors';

/** The functions of single numbers by name; further arguments come as parameters. */
export function numberFunction(
  name: string,
): (value: number, parameters: readonly number[]) => number {
  switch (name) {
    case 'abs':
      return value => Math.abs(value);
    case 'ceil':
      return value => Math.ceil(value);
    case 'floor':
      return value => Math.floor(value);
    case 'exp':
      return value => Math.exp(value);
    case 'ln':
      return value => Math.log(value);
    case 'log2':
      return value => Math.log2(value);
    case 'log10':
      return value => Math.log10(value);
    case 'sqrt':
      return value => Math.sqrt(value);
    case 'clamp':
      return (value, [min, max]) =>
        min > max ? NaN : Math.max(min, Math.min(max, value));
    case 'clamp_min':
      return (value, [min]) => Math.max(min, value);
    case 'clamp_max':
      return (value, [max]) => Math.min(max, value);
    case 'round':
      return (value, [to = 1]) => Math.floor(value / to + 0.5) * to;
    default:
      throw new PromqlExecutionError(`unsupported function "${name}"`);
  }
}
