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

import type { LabelSelector } from '@mesh-portal/mesh-model';

/** A selector that cannot be read; the message says what to write. */
export class LabelSelectorError extends Error {}

const KEY = '[A-Za-z0-9](?:[-A-Za-z0-9_./]*[A-Za-z0-9])?';
const VALUE = '[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?';
const EQUALS = new RegExp(`^(${KEY})\\s*(==|=|!=)\\s*(${VALUE})?$`);
const IN = new RegExp(`^(${KEY})\\s+(in|notin)\\s*\\(([^()]*)\\)$`);
const EXISTS = new RegExp(`^(!?)\\s*(${KEY})$`);

type Expression = NonNullable<LabelSelector['matchExpressions']>[number];

/** Splits at commas that are not inside parentheses. */
function requirements(text: string): string[] {
  return text
    .split(/,(?![^(]*\))/)
    .map(part => part.trim())
    .filter(part => part !== '');
}

function readRequirement(text: string): Expression {
  const equals = EQUALS.exec(text);
  if (equals) {
    return {
      key: equals[1],
      operator: equals[2] === '!=' ? 'NotIn' : 'In',
      values: [equals[3] ?? ''],
    };
  }
  const set = IN.exec(text);
  if (set) {
    return {
      key: set[1],
      operator: set[2] === 'in' ? 'In' : 'NotIn',
      values: set[3].split(',').map(value => value.trim()),
    };
  }
  const exists = EXISTS.exec(text);
  if (exists) {
    return {
      key: exists[2],
      operator: exists[1] === '!' ? 'DoesNotExist' : 'Exists',
    };
  }
  throw new LabelSelectorError(
    `'${text}' is not a requirement: write for example app=reviews or version in (v1,v2)`,
  );
}

/**
 * Reads a label selector as `kubectl get -l` takes it.
 *
 * @throws LabelSelectorError naming the part that cannot be read, or that the selector is empty
 */
export function parseLabelSelector(text: string): LabelSelector {
  const matchExpressions = requirements(text).map(readRequirement);
  if (matchExpressions.length === 0) {
    throw new LabelSelectorError('the selector is empty: it would select all');
  }
  return { matchExpressions };
}
