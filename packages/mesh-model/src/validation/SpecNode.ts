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

/** Something admission would say about one field. */
export interface ValidationFinding {
  /** for example `spec.http[0].route[1].weight` */
  path: string;
  message: string;
}

/** What admission would say about an object. It is admitted when `errors` is empty. */
export interface ValidationResult {
  errors: ValidationFinding[];
  warnings: ValidationFinding[];
}

/** One place in an unread specification: its value, its path, and where findings about it go. */
export class SpecNode {
  constructor(
    readonly value: unknown,
    readonly path: string,
    private readonly result: ValidationResult,
  ) {}

  /** The field of this name; of anything but an object it is not set. */
  field(name: string): SpecNode {
    const { value } = this;
    const fields =
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? (value as Readonly<Record<string, unknown>>)
        : {};
    const found = Object.prototype.hasOwnProperty.call(fields, name)
      ? fields[name]
      : undefined;
    return new SpecNode(found, `${this.path}.${name}`, this.result);
  }

  /** Present, even when empty. */
  get isSet(): boolean {
    return this.value !== undefined && this.value !== null;
  }

  get isNull(): boolean {
    return this.value === null;
  }

  /** The text, `''` when not set or not a text. */
  get text(): string {
    return typeof this.value === 'string' ? this.value : '';
  }

  /** The number, 0 when not set; a text that is a number counts. */
  get number(): number {
    const number = Number(this.value ?? 0);
    return Number.isNaN(number) ? 0 : number;
  }

  get isTrue(): boolean {
    return this.value === true;
  }

  /** The elements, none when it is not a list. */
  get items(): readonly SpecNode[] {
    return Array.isArray(this.value)
      ? this.value.map(
          (item: unknown, index) =>
            new SpecNode(item, `${this.path}[${index}]`, this.result),
        )
      : [];
  }

  get isEmptyList(): boolean {
    return Array.isArray(this.value) && this.value.length === 0;
  }

  /** The entries of a map, none when it is not one. */
  get entries(): readonly (readonly [string, SpecNode])[] {
    const { value } = this;
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.keys(value).map(key => [key, this.field(key)] as const)
      : [];
  }

  error(message: string): void {
    this.result.errors.push({ path: this.path, message });
  }

  warn(message: string): void {
    this.result.warnings.push({ path: this.path, message });
  }

  /** Reports an error when there is a problem. */
  check(problem: string | undefined): void {
    if (problem !== undefined) {
      this.error(problem);
    }
  }

  /** Reports an error when the condition holds. */
  errorIf(condition: boolean, message: string): void {
    if (condition) {
      this.error(message);
    }
  }
}

/** Runs a validator over a value and collects what it says. */
export function validateValue(
  value: unknown,
  validate: (node: SpecNode) => void,
  path = 'spec',
): ValidationResult {
  const result: ValidationResult = { errors: [], warnings: [] };
  validate(new SpecNode(value, path, result));
  return result;
}
