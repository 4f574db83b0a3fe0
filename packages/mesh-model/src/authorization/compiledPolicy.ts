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
import type { FieldContext, FieldKind, ValueTest } from './fieldTest';
import { conditionField, OPERATION_FIELDS, SOURCE_FIELDS } from './fieldTest';
import type { AuthorizationPolicy } from './policyTarget';
import type { ResolvedRequest } from './request';
import type { Match } from './ternary';
import { every, not, some } from './ternary';

/** The filter chain that reads a policy. */
export type EnvoyChain = 'http' | 'tcp';

/** One field of a rule as a chain enforces it. */
export interface CompiledField {
  /** for example `spec.rules[0].to[1].operation.notPaths` */
  path: string;
  negated: boolean;
  values: readonly string[];
  test: (request: ResolvedRequest) => Match;
}

/** Fields that must all match. */
export type CompiledClause = readonly CompiledField[];

/** One rule as a chain enforces it. */
export interface CompiledRule {
  index: number;
  /** why this chain leaves the rule out; it then matches nothing */
  dropped?: string;
  /** fields the chain leaves out, so that the rule matches more than it says */
  widened: readonly string[];
  from: readonly CompiledClause[];
  to: readonly CompiledClause[];
  when: CompiledClause;
}

/** A policy made ready for one chain. */
export interface CompiledPolicy {
  policy: AuthorizationPolicy;
  rules: readonly CompiledRule[];
}

interface ChainReading extends FieldContext {
  chain: EnvoyChain;
  /** ALLOW drops a rule it cannot express; the other actions drop the field (R4.23) */
  dropsRule: boolean;
  widened: string[];
  dropped?: string;
}

function unusable(reading: ChainReading, path: string, why: string): void {
  if (reading.dropsRule) {
    reading.dropped ??= `${path} ${why}`;
  } else {
    reading.widened.push(`${path} ${why}`);
  }
}

function compileValues(
  kind: FieldKind,
  values: readonly string[],
  path: string,
  reading: ChainReading,
): ValueTest[] {
  if (kind.http && reading.chain === 'tcp') {
    unusable(reading, path, 'is HTTP only and this is a TCP chain');
    return [];
  }
  const tests: ValueTest[] = [];
  for (const value of kind.expand?.(values, reading) ?? values) {
    const test = kind.compile(value, reading);
    if (test) {
      tests.push(test);
    } else {
      unusable(reading, path, `holds "${value}", which cannot be read`);
    }
  }
  return tests;
}

function compileField(
  kind: FieldKind,
  values: readonly string[] | undefined,
  path: string,
  negated: boolean,
  reading: ChainReading,
): CompiledField[] {
  if (!values || values.length === 0) {
    return [];
  }
  const tests = compileValues(kind, values, path, reading);
  if (tests.length === 0) {
    return [];
  }
  const any = (request: ResolvedRequest) => some(tests, test => test(request));
  return [
    {
      path,
      negated,
      values,
      test: negated ? request => not(any(request)) : any,
    },
  ];
}

type ValueLists = Readonly<Record<string, readonly string[] | undefined>>;

function compileClause(
  kinds: Readonly<Record<string, FieldKind>>,
  lists: ValueLists,
  path: string,
  reading: ChainReading,
): CompiledClause {
  return Object.entries(kinds).flatMap(([name, kind]) => {
    const negative = `not${name[0]?.toUpperCase()}${name.slice(1)}`;
    return [
      ...compileField(kind, lists[name], `${path}.${name}`, false, reading),
      ...compileField(
        kind,
        lists[negative],
        `${path}.${negative}`,
        true,
        reading,
      ),
    ];
  });
}

function sourceLists(source: AuthorizationSource | undefined): ValueLists {
  return { ...source };
}

function operationLists(
  operation: AuthorizationOperation | undefined,
): ValueLists {
  return { ...operation };
}

function compileCondition(
  condition: AuthorizationCondition,
  path: string,
  reading: ChainReading,
): CompiledClause {
  const kind = conditionField(condition.key);
  if (!kind) {
    reading.dropped ??= `${path}.key "${condition.key}" is not a key Istio knows, which drops the whole rule`;
    return [];
  }
  return [
    ...compileField(kind, condition.values, `${path}.values`, false, reading),
    ...compileField(
      kind,
      condition.notValues,
      `${path}.notValues`,
      true,
      reading,
    ),
  ];
}

function compileRule(
  rule: AuthorizationRule,
  index: number,
  reading: ChainReading,
): CompiledRule {
  const path = `spec.rules[${index}]`;
  const from = (rule.from ?? []).map((entry, position) =>
    compileClause(
      SOURCE_FIELDS,
      sourceLists(entry.source),
      `${path}.from[${position}].source`,
      reading,
    ),
  );
  const to = (rule.to ?? []).map((entry, position) =>
    compileClause(
      OPERATION_FIELDS,
      operationLists(entry.operation),
      `${path}.to[${position}].operation`,
      reading,
    ),
  );
  const when = (rule.when ?? []).flatMap((condition, position) =>
    compileCondition(condition, `${path}.when[${position}]`, reading),
  );
  return {
    index,
    dropped: reading.dropped,
    widened: reading.widened,
    from,
    to,
    when,
  };
}

const compiledPolicies = new WeakMap<
  AuthorizationPolicy,
  Map<string, CompiledPolicy>
>();

/**
 * Reads a policy as an Envoy chain does (R4.15–R4.23); without rules it never matches, and an empty rule matches everything
 * (R4.13). Compiled once per policy object, chain and trust domains.
 *
 * @param bundle - trust domain of the mesh, then its aliases
 */
export function compilePolicy(
  policy: AuthorizationPolicy,
  chain: EnvoyChain,
  bundle: readonly string[],
): CompiledPolicy {
  const key = [chain, ...bundle].join(' ');
  const known = compiledPolicies.get(policy) ?? new Map();
  compiledPolicies.set(policy, known);
  const cached: CompiledPolicy | undefined = known.get(key);
  if (cached) {
    return cached;
  }
  const compiled: CompiledPolicy = {
    policy,
    rules: (policy.spec.rules ?? []).map((rule, index) =>
      compileRule(rule, index, {
        chain,
        bundle,
        policyNamespace: policy.metadata.namespace,
        dropsRule: policy.spec.action === 'ALLOW',
        widened: [],
      }),
    ),
  };
  known.set(key, compiled);
  return compiled;
}

function clauseMatches(
  clause: CompiledClause,
  request: ResolvedRequest,
): Match {
  return every(clause, field => field.test(request));
}

function anyClause(
  clauses: readonly CompiledClause[],
  request: ResolvedRequest,
): Match {
  return (
    clauses.length === 0 ||
    some(clauses, clause => clauseMatches(clause, request))
  );
}

/** Does the rule match? (one of `from`) AND (one of `to`) AND (all of `when`). R4.14 */
export function ruleMatches(
  rule: CompiledRule,
  request: ResolvedRequest,
): Match {
  if (rule.dropped !== undefined) {
    return false;
  }
  return every(
    [
      () => anyClause(rule.from, request),
      () => anyClause(rule.to, request),
      () => clauseMatches(rule.when, request),
    ],
    part => part(),
  );
}
