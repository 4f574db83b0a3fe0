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

import type {
  AuthorizationCondition,
  AuthorizationOperation,
  AuthorizationRule,
  AuthorizationSource,
} from '../objects';
import type { AuthorizationPolicy } from './policyTarget';

/** One field in words. */
export interface SentencePart {
  /** for example `spec.rules[0].from[0].source.notNamespaces` */
  path: string;
  /** `namespace`, `method`, … */
  subject: string;
  negated: boolean;
  /** joined by OR; negated: by NOR */
  values: readonly string[];
  text: string;
}

/** A rule in words: (one of `to`) from (one of `from`) when (all of `when`). */
export interface RuleSentence {
  ruleIndex: number;
  /** each entry is one alternative, an AND of its parts; empty means any */
  to: readonly (readonly SentencePart[])[];
  from: readonly (readonly SentencePart[])[];
  when: readonly SentencePart[];
  text: string;
}

export interface PolicySentences {
  /** what the whole policy does, for example `Allows only:` */
  heading: string;
  rules: readonly RuleSentence[];
}

const SOURCE_SUBJECTS: readonly [keyof AuthorizationSource, string][] = [
  ['principals', 'principal'],
  ['notPrincipals', 'principal'],
  ['serviceAccounts', 'service account'],
  ['notServiceAccounts', 'service account'],
  ['namespaces', 'namespace'],
  ['notNamespaces', 'namespace'],
  ['trustDomains', 'trust domain'],
  ['notTrustDomains', 'trust domain'],
  ['requestPrincipals', 'token principal'],
  ['notRequestPrincipals', 'token principal'],
  ['ipBlocks', 'peer address'],
  ['notIpBlocks', 'peer address'],
  ['remoteIpBlocks', 'client address'],
  ['notRemoteIpBlocks', 'client address'],
];

const OPERATION_SUBJECTS: readonly [keyof AuthorizationOperation, string][] = [
  ['methods', 'method'],
  ['notMethods', 'method'],
  ['paths', 'path'],
  ['notPaths', 'path'],
  ['hosts', 'host'],
  ['notHosts', 'host'],
  ['ports', 'port'],
  ['notPorts', 'port'],
];

function disjunction(values: readonly string[]): string {
  return values.length < 2
    ? values.join('')
    : `${values.slice(0, -1).join(', ')} or ${values[values.length - 1]}`;
}

function partOf(
  path: string,
  subject: string,
  negated: boolean,
  values: readonly string[],
): SentencePart {
  const presence = values.includes('*');
  let text = `${subject} ${disjunction(values)}`;
  if (negated) {
    text = presence ? `no ${subject}` : `${subject} not ${disjunction(values)}`;
  } else if (presence) {
    text = `any ${subject}`;
  }
  return { path, subject, negated, values, text };
}

function partsOf<K extends string>(
  lists: Readonly<Partial<Record<K, readonly string[]>>> | undefined,
  subjects: readonly [K, string][],
  path: string,
): SentencePart[] {
  return subjects.flatMap(([field, subject]) => {
    const values = lists?.[field];
    return values?.length
      ? [partOf(`${path}.${field}`, subject, field.startsWith('not'), values)]
      : [];
  });
}

function conditionParts(
  condition: AuthorizationCondition,
  path: string,
): SentencePart[] {
  return partsOf(
    { values: condition.values, notValues: condition.notValues },
    [
      ['values', condition.key],
      ['notValues', condition.key],
    ],
    path,
  );
}

function conjunction(parts: readonly SentencePart[], any: string): string {
  return parts.length === 0 ? any : parts.map(part => part.text).join(' and ');
}

function alternatives(
  clauses: readonly (readonly SentencePart[])[],
  any: string,
): string {
  if (clauses.length === 0 || clauses.some(clause => clause.length === 0)) {
    return any;
  }
  const texts = clauses.map(clause => conjunction(clause, any));
  return clauses.length > 1
    ? texts.map(text => `(${text})`).join(' or ')
    : texts.join('');
}

function sentenceOf(rule: AuthorizationRule, ruleIndex: number): RuleSentence {
  const path = `spec.rules[${ruleIndex}]`;
  const from = (rule.from ?? []).map(({ source }, index) =>
    partsOf(source, SOURCE_SUBJECTS, `${path}.from[${index}].source`),
  );
  const to = (rule.to ?? []).map(({ operation }, index) =>
    partsOf(operation, OPERATION_SUBJECTS, `${path}.to[${index}].operation`),
  );
  const when = (rule.when ?? []).flatMap((condition, index) =>
    conditionParts(condition, `${path}.when[${index}]`),
  );
  const clauses = [
    `${alternatives(to, 'any request')} from ${alternatives(from, 'anyone')}`,
    ...(when.length > 0 ? [`when ${conjunction(when, '')}`] : []),
  ];
  return { ruleIndex, to, from, when, text: clauses.join(', ') };
}

function headingOf(policy: AuthorizationPolicy): string {
  const { action, rules, provider } = policy.spec;
  const none = !rules?.length;
  switch (action) {
    case 'ALLOW':
      return none
        ? 'Allows nothing, so everything is denied unless another policy allows it.'
        : 'Allows requests that match one of these rules; with it, anything no ALLOW policy matches is denied:';
    case 'DENY':
      return none
        ? 'Denies nothing: it has no rules.'
        : 'Denies requests that match one of these rules:';
    case 'AUDIT':
      return none
        ? 'Audits nothing: it has no rules.'
        : 'Marks requests that match one of these rules for audit:';
    default:
      return none
        ? 'Hands no request to an external authorizer: it has no rules.'
        : `Hands requests that match one of these rules to the external authorizer ${
            provider?.name ?? '(none named)'
          }:`;
  }
}

/** A policy in words, as written, before any proxy leaves something out; see `RuleSearch` for what a chain does with it. */
export function sentencesOf(policy: AuthorizationPolicy): PolicySentences {
  return {
    heading: headingOf(policy),
    rules: (policy.spec.rules ?? []).map(sentenceOf),
  };
}
