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

import { RE2JS } from 're2js';
import type { ResolvedPeer, ResolvedRequest } from './request';
import {
  matchesGlob,
  matchesString,
  parseStringPattern,
} from './stringPattern';
import type { Match } from './ternary';
import { undecided } from './ternary';

/** One value of an identity field, compiled. */
export type PeerTest = (request: ResolvedRequest) => Match;

const SPIFFE = 'spiffe://';
const PEER = 'peer identity';

/**
 * Builds a test from one on the whole SPIFFE URI, and one on known parts for when the URI is not whole. Without peer
 * identity it is false (R4.17).
 */
function onPeer(
  whole: (spiffe: string) => boolean,
  parts: (
    peer: Extract<ResolvedPeer, { known: 'parts' }>,
  ) => boolean | undefined,
): PeerTest {
  return ({ peer }) => {
    switch (peer.known) {
      case 'all':
        return whole(peer.spiffe);
      case 'absent':
        return false;
      case 'parts':
        return parts(peer) ?? undecided(PEER);
      default:
        return undecided(PEER);
    }
  };
}

function contradicts(known: string | undefined, demanded: string): boolean {
  return known !== undefined && known !== demanded;
}

/** `principals` and `source.principal` at an Envoy proxy: a pattern on the text behind `spiffe://`. R4.16 */
export function principalTest(value: string): PeerTest {
  const pattern = parseStringPattern(value);
  const [trustDomain, , namespace, , serviceAccount, ...rest] =
    value.split('/');
  return onPeer(
    spiffe => {
      if (pattern.type === 'presence') {
        return spiffe !== '';
      }
      return (
        spiffe.startsWith(SPIFFE) &&
        matchesString(pattern, spiffe.slice(SPIFFE.length))
      );
    },
    peer => {
      if (pattern.type === 'presence') {
        return true;
      }
      if (
        pattern.type === 'exact' &&
        (serviceAccount === undefined ||
          namespace === undefined ||
          trustDomain === undefined ||
          rest.length > 0 ||
          contradicts(peer.trustDomain, trustDomain) ||
          contradicts(peer.namespace, namespace) ||
          contradicts(peer.serviceAccount, serviceAccount))
      ) {
        return false;
      }
      return undefined;
    },
  );
}

/** `namespaces` and `source.namespace` at an Envoy proxy: `*` anywhere, any trust domain. R4.16 */
export function namespaceTest(value: string): PeerTest {
  return onPeer(
    spiffe => matchesGlob(`*/ns/${value}/*`, spiffe),
    peer =>
      peer.namespace === undefined
        ? undefined
        : matchesGlob(value, peer.namespace),
  );
}

/** `serviceAccounts` (`sa` of the policy's namespace, or `ns/sa`): any trust domain, no wildcards. R4.16 */
export function serviceAccountTest(
  value: string,
  policyNamespace: string,
): PeerTest {
  const slash = value.indexOf('/');
  const namespace = slash < 0 ? policyNamespace : value.slice(0, slash);
  const account = value.slice(slash + 1);
  const pattern = RE2JS.compile(
    `spiffe://.+/ns/${RE2JS.quote(namespace)}/(.+/)?sa/${RE2JS.quote(
      account,
    )}(/.+)?`,
  );
  return onPeer(
    spiffe => pattern.matches(spiffe),
    peer =>
      contradicts(peer.namespace, namespace) ||
      contradicts(peer.serviceAccount, account)
        ? false
        : undefined,
  );
}

/** `trustDomains` and `source.trustDomain`: exact, prefix, suffix or presence. R4.16 */
export function trustDomainTest(value: string): PeerTest {
  const pattern = parseStringPattern(value);
  return onPeer(
    spiffe => {
      if (!spiffe.startsWith(SPIFFE)) {
        return false;
      }
      const rest = spiffe.slice(SPIFFE.length);
      const slash = rest.indexOf('/');
      return slash >= 0 && matchesString(pattern, rest.slice(0, slash));
    },
    peer => matchesString(pattern, peer.trustDomain),
  );
}
