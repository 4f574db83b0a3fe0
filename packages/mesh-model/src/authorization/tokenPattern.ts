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

import type { RequestToken, ResolvedRequest } from './request';
import type { StringPattern } from './stringPattern';
import { matchesString, parseStringPattern } from './stringPattern';
import type { Match } from './ternary';
import { undecided } from './ternary';

type TokenTest = (request: ResolvedRequest) => Match;

function onToken(test: (token: RequestToken) => boolean): TokenTest {
  return ({ token }) => {
    if (token === 'not known') {
      return undecided('token');
    }
    return token === 'none' ? false : test(token);
  };
}

const PRESENT: StringPattern = { type: 'presence' };

function exactly(value: string): StringPattern {
  return { type: 'exact', value };
}

/** A `*` counts at one end of the whole value only: the part at the other end is then exact. */
function principalPatterns(value: string): {
  issuer: StringPattern;
  subject: StringPattern;
} {
  const slash = value.lastIndexOf('/');
  const split = slash >= 0;
  const issuer = split ? value.slice(0, slash) : value;
  const subject = split ? value.slice(slash + 1) : '';
  if (value === '*') {
    return { issuer: PRESENT, subject: PRESENT };
  }
  if (value.startsWith('*')) {
    return split
      ? { issuer: parseStringPattern(issuer), subject: exactly(subject) }
      : { issuer: PRESENT, subject: parseStringPattern(value) };
  }
  if (value.endsWith('*')) {
    return split
      ? { issuer: exactly(issuer), subject: parseStringPattern(subject) }
      : { issuer: parseStringPattern(value), subject: PRESENT };
  }
  return { issuer: exactly(issuer), subject: exactly(subject) };
}

/** `requestPrincipals` and `request.auth.principal`: issuer and subject, split at the last slash. R4.20 */
export function requestPrincipalTest(value: string): TokenTest {
  const { issuer, subject } = principalPatterns(value);
  return onToken(
    token =>
      matchesString(issuer, token.issuer) &&
      matchesString(subject, token.subject),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    Array.isArray(value) === false
  );
}

function claimOf(token: RequestToken, path: readonly string[]): unknown {
  let value: unknown = {
    ...token.claims,
    iss: token.issuer,
    sub: token.subject,
    ...(token.audiences && { aud: token.audiences }),
    ...(token.presenter !== undefined && { azp: token.presenter }),
  };
  for (const key of path) {
    value =
      isRecord(value) && Object.prototype.hasOwnProperty.call(value, key)
        ? value[key]
        : undefined;
  }
  return value;
}

/** `request.auth.claims[a][b]`: the claim is the text, or a list that holds it. R4.22 */
export function claimTest(path: readonly string[], value: string): TokenTest {
  const pattern = parseStringPattern(value);
  return onToken(token => {
    const claim = claimOf(token, path);
    const candidates: readonly unknown[] = Array.isArray(claim)
      ? claim
      : [claim];
    return candidates.some(
      candidate =>
        typeof candidate === 'string' && matchesString(pattern, candidate),
    );
  });
}

/** `request.auth.audiences`: one of the token's audiences. */
export function audienceTest(value: string): TokenTest {
  return claimTest(['aud'], value);
}

/** `request.auth.presenter`: claim `azp`. */
export function presenterTest(value: string): TokenTest {
  return claimTest(['azp'], value);
}
