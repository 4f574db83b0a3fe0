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

import type { Provenance } from '../verdict';
import { provenanceOf } from '../verdict';
import type { AttachedPolicy } from './attachment';
import type {
  CompiledClause,
  CompiledRule,
  EnvoyChain,
} from './compiledPolicy';
import { compilePolicy, ruleMatches } from './compiledPolicy';
import type { AuthorizationPolicy } from './policyTarget';
import type { ResolvedRequest } from './request';
import type { Match } from './ternary';
import { isUndecided, some } from './ternary';
import { ztunnelAuthorizationOf } from './ztunnelAuthorization';
import { ztunnelGroupMatches } from './ztunnelMatch';

/** How the enforcing proxy reads policies. */
export type PolicyReading = EnvoyChain | 'ztunnel';

export interface SearchContext {
  reading: PolicyReading;
  /** trust domain of the mesh, then its aliases */
  bundle: readonly string[];
  rootNamespace: string;
}

/** The OR over the rules of many policies, and what decided it. */
export interface RuleSearch {
  match: Match;
  /** the first rule that matches */
  hit?: Provenance;
  /** rules that could match, when `match` is undecided */
  possible: readonly Provenance[];
  /** policies with malformed parts: what they say is not known */
  malformed: readonly Provenance[];
  /** what each rule lacks, when nothing matches */
  missing: readonly string[];
}

interface ReadableRule {
  index: number;
  match: (request: ResolvedRequest) => Match;
  missing: (request: ResolvedRequest) => string | undefined;
}

function nameOf(policy: AuthorizationPolicy): string {
  return `${policy.metadata.namespace}/${policy.metadata.name}`;
}

function failedFields(
  clauses: readonly CompiledClause[],
  request: ResolvedRequest,
): string[] {
  const failures = clauses.map(clause =>
    clause
      .filter(field => field.test(request) === false)
      .map(
        field =>
          `${field.path} ${
            field.negated ? 'excludes' : 'asks for'
          } ${field.values.join(' or ')}`,
      ),
  );
  return failures.every(list => list.length > 0)
    ? failures.sort((a, b) => a.length - b.length)[0] ?? []
    : [];
}

function missingOf(rule: CompiledRule, request: ResolvedRequest): string {
  return (
    rule.dropped ??
    [
      ...failedFields(rule.from, request),
      ...failedFields(rule.to, request),
      ...failedFields([rule.when], request),
    ].join(' and ')
  );
}

function rulesOf(
  policy: AuthorizationPolicy,
  context: SearchContext,
): readonly ReadableRule[] {
  const { reading } = context;
  if (reading === 'ztunnel') {
    const authorization = ztunnelAuthorizationOf(policy, context.rootNamespace);
    return (authorization?.groups ?? []).map(group => ({
      index: group.ruleIndex,
      match: request => ztunnelGroupMatches(group, request),
      missing: () => undefined,
    }));
  }
  return compilePolicy(policy, reading, context.bundle).rules.map(rule => ({
    index: rule.index,
    match: request => ruleMatches(rule, request),
    missing: request => missingOf(rule, request),
  }));
}

/** Searches the rules of policies of one action for one that matches. */
export function searchRules(
  attached: readonly AttachedPolicy<AuthorizationPolicy>[],
  request: ResolvedRequest,
  context: SearchContext,
): RuleSearch {
  const possible: Provenance[] = [];
  const missing: string[] = [];
  const malformed = attached.flatMap(({ policy }) =>
    policy.problems
      .slice(0, 1)
      .map(problem =>
        provenanceOf(
          policy,
          problem.path,
          `It is malformed: ${problem.message}`,
        ),
      ),
  );
  const readable = attached.filter(
    ({ policy }) => policy.problems.length === 0,
  );
  let hit: Provenance | undefined;
  const match = some(readable, ({ policy }) =>
    some(rulesOf(policy, context), rule => {
      const result = rule.match(request);
      const path = `spec.rules[${rule.index}]`;
      if (result === true) {
        hit ??= provenanceOf(
          policy,
          path,
          `${path} of ${policy.spec.action} policy ${nameOf(policy)} matches.`,
        );
      } else if (isUndecided(result)) {
        possible.push(
          provenanceOf(
            policy,
            path,
            `${path} of ${policy.spec.action} policy ${nameOf(
              policy,
            )} matches, depending on ${result.on.join(', ')}.`,
          ),
        );
      } else {
        const lacks = rule.missing(request);
        if (lacks) {
          missing.push(`${nameOf(policy)}: ${lacks}`);
        }
      }
      return result;
    }),
  );
  return { match, hit, possible, malformed, missing };
}
