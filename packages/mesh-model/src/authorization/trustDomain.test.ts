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

import { expandTrustDomainAliases, matchesAnyTrustDomain } from './trustDomain';

describe('trust domains of principals', () => {
  it('R4.26: the pattern may stand in the mesh list as well as in the policy', () => {
    expect(matchesAnyTrustDomain('old-td', ['*-td'])).toBe(true);
    expect(matchesAnyTrustDomain('td-old', ['td-*'])).toBe(true);
    expect(matchesAnyTrustDomain('anything', ['*'])).toBe(true);
    expect(matchesAnyTrustDomain('*-td', ['old-td'])).toBe(true);
    expect(matchesAnyTrustDomain('td', ['other', 'td'])).toBe(true);
    expect(matchesAnyTrustDomain('td', ['other', '*x', 'x*'])).toBe(false);
  });

  it('R4.26: an empty trust domain is matched by patterns of the list only', () => {
    expect(matchesAnyTrustDomain('', ['td'])).toBe(false);
    expect(matchesAnyTrustDomain('', [''])).toBe(true);
    expect(matchesAnyTrustDomain('', ['*'])).toBe(true);
  });

  it('R4.26: a wildcard trust domain keeps the principal for the domains it covers', () => {
    expect(
      expandTrustDomainAliases(['*-td/ns/n/sa/s'], ['new-td', 'old']),
    ).toEqual(['*-td/ns/n/sa/s', 'old/ns/n/sa/s']);
    expect(
      expandTrustDomainAliases(['some-td/ns/n/sa/s'], ['td1', '*-td']),
    ).toEqual(['td1/ns/n/sa/s', '*-td/ns/n/sa/s']);
  });
});
