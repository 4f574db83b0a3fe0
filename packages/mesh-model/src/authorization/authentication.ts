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

import type { JwtRule } from '../objects';
import type { AttachedPolicy } from './attachment';
import type { RequestAuthentication } from './policyTarget';
import type {
  AuthorizationRequest,
  RequestToken,
  VerifiedToken,
} from './request';

/** What JWT validation does with a request. R4.6–R4.9 */
export interface Authentication {
  /** `reject`: 401; `depends`: on `token`, which is not given */
  outcome: 'pass' | 'reject' | 'depends';
  /** the token as policies see it afterwards */
  token: VerifiedToken;
  reason: string;
  decidedBy?: AttachedPolicy<RequestAuthentication>;
  /** for example `spec.jwtRules[0]` */
  path?: string;
}

interface Rule {
  rule: JwtRule;
  path: string;
  from: AttachedPolicy<RequestAuthentication>;
}

function isPreflight(request: AuthorizationRequest): boolean {
  const names = Object.keys(request.headers ?? {}).map(name =>
    name.toLowerCase(),
  );
  return (
    request.method === 'OPTIONS' &&
    names.includes('origin') &&
    names.includes('access-control-request-method')
  );
}

/** Does the rule look where the token is sent? The defaults count only when no location is configured. R4.8 */
function looksAt(rule: JwtRule, token: RequestToken): boolean {
  const location = token.location ?? { header: 'Authorization' };
  const custom =
    rule.fromHeaders?.length ||
    rule.fromParams?.length ||
    rule.fromCookies?.length;
  if (!custom) {
    return (
      location.header?.toLowerCase() === 'authorization' ||
      location.parameter === 'access_token'
    );
  }
  return (
    (location.header !== undefined &&
      (rule.fromHeaders ?? []).some(
        header => header.name.toLowerCase() === location.header?.toLowerCase(),
      )) ||
    (location.parameter !== undefined &&
      (rule.fromParams ?? []).includes(location.parameter)) ||
    (location.cookie !== undefined &&
      (rule.fromCookies ?? []).includes(location.cookie))
  );
}

function accepts(rule: JwtRule, token: RequestToken): boolean {
  const audiences = rule.audiences ?? [];
  return (
    token.valid &&
    rule.issuer === token.issuer &&
    (audiences.length === 0 ||
      audiences.some(audience => (token.audiences ?? []).includes(audience)))
  );
}

function refusalOf(rules: readonly Rule[], token: RequestToken): string {
  if (!rules.some(({ rule }) => rule.issuer === token.issuer)) {
    return `no attached RequestAuthentication knows the issuer ${token.issuer}`;
  }
  return token.valid
    ? 'no rule for its issuer accepts its audiences'
    : 'the token is expired or its signature does not hold';
}

/**
 * Validates the token of a request against all attached RequestAuthentications together. Without any, no token is read
 * and no request principal exists.
 */
export function authenticate(
  attached: readonly AttachedPolicy<RequestAuthentication>[],
  request: AuthorizationRequest,
): Authentication {
  const rules: Rule[] = attached.flatMap(from =>
    (from.policy.spec.jwtRules ?? []).map((rule, index) => ({
      rule,
      path: `spec.jwtRules[${index}]`,
      from,
    })),
  );
  const { token } = request;
  if (rules.length === 0) {
    return {
      outcome: 'pass',
      token: 'none',
      reason:
        'No RequestAuthentication with a rule acts here, so tokens are not read.',
    };
  }
  if (token === 'none' || isPreflight(request)) {
    return {
      outcome: 'pass',
      token: 'none',
      reason: 'A request without a token passes request authentication.',
    };
  }
  if (token === undefined) {
    return {
      outcome: 'depends',
      token: 'not known',
      reason: 'A token that fails validation is rejected with 401.',
    };
  }
  const looking = rules.filter(({ rule }) => looksAt(rule, token));
  if (looking.length === 0) {
    return {
      outcome: 'pass',
      token: 'none',
      reason: 'No rule looks where the token is sent, so it is not read.',
    };
  }
  const accepting = looking.find(({ rule }) => accepts(rule, token));
  const deciding = accepting ?? looking[0];
  return {
    outcome: accepting ? 'pass' : 'reject',
    token: accepting ? token : 'none',
    reason: accepting
      ? `The token of issuer ${token.issuer} is valid.`
      : `The token is rejected: ${refusalOf(looking, token)}.`,
    decidedBy: deciding?.from,
    path: deciding?.path,
  };
}
