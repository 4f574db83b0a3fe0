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

import { validatePolicyTarget } from './policyTarget';
import type { SpecNode } from './SpecNode';
import { validateDuration, validatePercent } from './syntax';

function validateCustomTags(tags: SpecNode): void {
  for (const [name, tag] of tags.entries) {
    tag.errorIf(name === '', 'a custom tag needs a name');
    const kinds = ['literal', 'environment', 'header', 'formatter'].filter(
      kind => tag.field(kind).isSet,
    );
    tag.errorIf(
      kinds.length === 0,
      `custom tag ${name} needs a literal, environment, header or formatter`,
    );
    const demanded: Record<string, string> = {
      literal: 'value',
      environment: 'name',
      header: 'name',
      formatter: 'value',
    };
    for (const kind of kinds) {
      const field = tag.field(kind).field(demanded[kind] ?? '');
      field.errorIf(field.text === '', `${kind} needs ${demanded[kind]}`);
    }
  }
}

function validateTracing(tracing: SpecNode): void {
  if (tracing.items.length > 1) {
    tracing.warn(
      'multiple tracing entries are not supported, the first counts',
    );
  }
  for (const entry of tracing.items) {
    if (entry.field('providers').items.length > 1) {
      entry
        .field('providers')
        .warn('multiple providers are not supported, the first counts');
    }
    validatePercent(entry.field('randomSamplingPercentage'));
    validateProviders(entry);
    validateCustomTags(entry.field('customTags'));
  }
}

function validateProviders(entry: SpecNode): void {
  for (const provider of entry.field('providers').items) {
    provider
      .field('name')
      .errorIf(provider.field('name').text === '', 'a provider needs a name');
  }
}

function validateMetrics(metrics: SpecNode): void {
  for (const entry of metrics.items) {
    validateProviders(entry);
    validateDuration(entry.field('reportingInterval'));
    for (const override of entry.field('overrides').items) {
      override.errorIf(override.isNull, 'an override may not be null');
      const custom = override.field('match').field('customMetric');
      custom.errorIf(
        custom.isSet && custom.text === '',
        'customMetric must be set',
      );
      for (const [, tag] of override.field('tagOverrides').entries) {
        const value = tag.field('value').text;
        const operation = tag.field('operation').text || 'UPSERT';
        tag.errorIf(
          operation === 'UPSERT' && value === '',
          'UPSERT needs a value',
        );
        tag.errorIf(
          operation === 'REMOVE' && value !== '',
          'REMOVE must not have a value',
        );
      }
    }
  }
}

const TOKEN =
  /\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\d+(?:\.\d+)?|[A-Za-z_]\w*|&&|\|\||[=!<>]=|[-<>!+*/%?:.,()[\]{}])/y;
const BINARY = new Set('&& || == != <= >= < > + - * / % ? : . , in'.split(' '));
const OPENING = '([{';
const CLOSING = ')]}';

function tokensOf(expression: string): string[] | undefined {
  const tokens: string[] = [];
  const text = expression.trim();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text);
    if (!match) {
      return undefined;
    }
    tokens.push(match[1] ?? '');
  }
  return tokens;
}

/** Why an expression is surely not CEL: its tokens, brackets or operators do not fit. */
function celProblem(expression: string): string | undefined {
  const tokens = tokensOf(expression);
  if (!tokens) {
    return `"${expression}" holds characters that CEL does not know`;
  }
  const open: string[] = [];
  let operandExpected = true;
  for (const token of tokens) {
    if (OPENING.includes(token)) {
      open.push(token);
      operandExpected = true;
    } else if (CLOSING.includes(token)) {
      const partner = OPENING[CLOSING.indexOf(token)];
      if (open.pop() !== partner) {
        return `"${expression}" has an unbalanced ${token}`;
      }
      operandExpected = false;
    } else if (BINARY.has(token)) {
      if (operandExpected && token !== '-') {
        return `"${expression}" misses an operand before ${token}`;
      }
      operandExpected = true;
    } else if (token === '!') {
      operandExpected = true;
    } else {
      if (!operandExpected) {
        return `"${expression}" misses an operator before ${token}`;
      }
      operandExpected = false;
    }
  }
  return open.length > 0 || operandExpected
    ? `"${expression}" is not complete`
    : undefined;
}

/** Checks the filter of an access log. */
export function validateTelemetryFilter(filter: SpecNode): void {
  const expression = filter.field('expression');
  if (expression.isSet) {
    expression.check(celProblem(expression.text));
  }
}

/** Checks a Telemetry. */
export function validateTelemetry(spec: SpecNode): void {
  validatePolicyTarget(spec);
  validateTracing(spec.field('tracing'));
  validateMetrics(spec.field('metrics'));
  for (const entry of spec.field('accessLogging').items) {
    validateProviders(entry);
    validateTelemetryFilter(entry.field('filter'));
  }
}
