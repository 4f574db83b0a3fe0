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
  enforcesTrustDomain,
  expandTrustDomainAliases,
  matchesAnyTrustDomain,
  trustDomainOf,
  withTrustDomain,
} from '../../src/authorization/trustDomain';

function same(actual: unknown, expected: unknown): string | undefined {
  const [left, right] = [JSON.stringify(actual), JSON.stringify(expected)];
  return left === right ? undefined : `expected ${right}, got ${left}`;
}

interface ExpansionCase {
  trustDomainBundle: { trustDomains: readonly string[] };
  principals: readonly string[];
  expect: readonly string[];
}

interface ReplacementCase {
  trustDomainIn?: string;
  principal: string;
  out: string;
}

interface EnforcementCase {
  principal: string;
  want: boolean;
}

interface MatchCase {
  element: string;
  list: readonly string[];
  expected: boolean;
}

/** Judges one case of `tables/trust-domain.json`; returns what differs, `undefined` when nothing does. */
export const trustDomainTests: Readonly<
  Record<string, (testCase: unknown) => string | undefined>
> = {
  TestReplaceTrustDomainAliases: testCase => {
    const { principals, trustDomainBundle, expect } = testCase as ExpansionCase;
    return same(
      expandTrustDomainAliases(principals, trustDomainBundle.trustDomains),
      expect,
    );
  },
  TestReplaceTrustDomainInPrincipal: testCase => {
    const { trustDomainIn, principal, out } = testCase as ReplacementCase;
    return same(withTrustDomain(trustDomainIn ?? '', principal) ?? '', out);
  },
  TestGetTrustDomainFromSpiffeIdentity: testCase => {
    const { principal, out } = testCase as ReplacementCase;
    return same(trustDomainOf(principal) ?? '', out);
  },
  TestIsTrustDomainBeingEnforced: testCase => {
    const { principal, want } = testCase as EnforcementCase;
    return same(enforcesTrustDomain(principal), want);
  },
  TestStringMatch: testCase => {
    const { element, list, expected } = testCase as MatchCase;
    return same(matchesAnyTrustDomain(element, list), expected);
  },
};
