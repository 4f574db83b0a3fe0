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

import {
  asArray,
  asObject,
  asString,
  asStringMap,
  fieldAt,
  type Json,
  type KubernetesObject,
} from './object';
import { badRequest } from './statusError';

type Labels = { readonly [key: string]: string };
type Predicate = (labels: Labels) => boolean;

const SET_TERM = /^([^\s!=(),]+)\s+(in|notin)\s*\(([^)]*)\)$/;
const EQUALITY_TERM = /^([^\s!=(),]+)\s*(==|=|!=)\s*([^\s!=(),]*)$/;
const EXISTS_TERM = /^(!?)\s*([^\s!=(),]+)$/;

/** Splits at commas that are not inside parentheses. */
function splitTerms(selector: string): string[] {
  return selector
    .split(/,(?![^(]*\))/)
    .map(term => term.trim())
    .filter(term => term !== '');
}

function parseTerm(term: string): Predicate {
  const set = SET_TERM.exec(term);
  if (set) {
    const values = set[3].split(',').map(value => value.trim());
    return set[2] === 'in'
      ? labels => set[1] in labels && values.includes(labels[set[1]])
      : labels => !(set[1] in labels) || !values.includes(labels[set[1]]);
  }
  const equality = EQUALITY_TERM.exec(term);
  if (equality) {
    const [, key, operator, value] = equality;
    return operator === '!='
      ? labels => labels[key] !== value
      : labels => labels[key] === value;
  }
  const exists = EXISTS_TERM.exec(term);
  if (exists) {
    return exists[1] === '!'
      ? labels => !(exists[2] in labels)
      : labels => exists[2] in labels;
  }
  throw badRequest(
    `unable to parse requirement: found '${term}', expected a label requirement such as key=value, key!=value, key in (a,b), key or !key`,
  );
}

/**
 * Reads a `labelSelector` query parameter.
 *
 * @throws StatusError 400 naming the term that cannot be read
 */
export function parseLabelSelector(
  selector: string,
): (object: KubernetesObject) => boolean {
  const predicates = splitTerms(selector).map(parseTerm);
  return object => {
    const labels = object.metadata.labels ?? {};
    return predicates.every(predicate => predicate(labels));
  };
}

const SELECTABLE_FIELDS = [
  'metadata.name',
  'metadata.namespace',
  'spec.nodeName',
  'status.phase',
  'spec.serviceAccountName',
  'status.podIP',
  'type',
  'reason',
  'involvedObject.kind',
  'involvedObject.name',
  'involvedObject.namespace',
  'involvedObject.uid',
];

/**
 * Reads a `fieldSelector` query parameter.
 *
 * @throws StatusError 400 for a field that cannot be selected by
 */
export function parseFieldSelector(
  selector: string,
): (object: KubernetesObject) => boolean {
  const terms = splitTerms(selector).map(term => {
    const match = EQUALITY_TERM.exec(term);
    if (!match) {
      throw badRequest(
        `invalid selector: '${term}'; can't understand '${term}'`,
      );
    }
    const [, field, operator, value] = match;
    if (!SELECTABLE_FIELDS.includes(field)) {
      throw badRequest(`field label not supported: ${field}`);
    }
    return { path: field.split('.'), negated: operator === '!=', value };
  });
  return object =>
    terms.every(
      ({ path, negated, value }) =>
        (asString(fieldAt(object, ...path)) === value) !== negated,
    );
}

/** Whether labels match a `LabelSelector` object; an empty selector matches everything. */
export function matchesLabelSelector(selector: Json, labels: Labels): boolean {
  const wanted = asStringMap(fieldAt(selector, 'matchLabels'));
  for (const [key, value] of Object.entries(wanted)) {
    if (labels[key] !== value) {
      return false;
    }
  }
  for (const entry of asArray(fieldAt(selector, 'matchExpressions'))) {
    const expression = asObject(entry);
    const key = asString(expression.key);
    const values = asArray(expression.values);
    const present = key in labels;
    const listed = present && values.includes(labels[key]);
    const holds = {
      In: listed,
      NotIn: !listed,
      Exists: present,
      DoesNotExist: !present,
    }[asString(expression.operator)];
    if (!holds) {
      return false;
    }
  }
  return true;
}

/** Whether every entry of a plain selector (as of a Service) is among the labels. An empty one matches nothing. */
export function matchesPlainSelector(
  selector: Labels,
  labels: Labels,
): boolean {
  const entries = Object.entries(selector);
  return (
    entries.length > 0 && entries.every(([key, value]) => labels[key] === value)
  );
}
