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

import type { IpBlock } from './ipBlock';
import { ipBlockHolds } from './ipBlock';
import type { ResolvedPeer, ResolvedRequest } from './request';
import type { StringPattern } from './stringPattern';
import { matchesString } from './stringPattern';
import type { Match } from './ternary';
import { every, not, some, undecided } from './ternary';
import type {
  ServiceAccountName,
  ZtunnelGroup,
  ZtunnelMatch,
} from './ztunnelAuthorization';
import { isEmptyMatch } from './ztunnelAuthorization';

const PEER = 'peer identity';
const SPIFFE = /^(?:spiffe:\/\/)?([^/]+)\/ns\/([^/]+)\/sa\/([^/]+)$/;

interface PeerParts {
  principal?: string;
  namespace?: string;
  serviceAccount?: string;
}

function partsOf(peer: ResolvedPeer): PeerParts | 'absent' {
  switch (peer.known) {
    case 'absent':
      return 'absent';
    case 'parts':
      return { namespace: peer.namespace, serviceAccount: peer.serviceAccount };
    case 'all': {
      const match = SPIFFE.exec(peer.spiffe);
      // ztunnel knows no identity of another shape.
      return match
        ? {
            principal: peer.spiffe.replace('spiffe://', ''),
            namespace: match[2],
            serviceAccount: match[3],
          }
        : 'absent';
    }
    default:
      return {};
  }
}

function textMatch(
  patterns: readonly StringPattern[],
  peer: PeerParts | 'absent',
  part: 'principal' | 'namespace',
  known: boolean,
): Match {
  if (peer === 'absent') {
    return false;
  }
  const text = peer[part];
  return some(patterns, pattern => {
    if (pattern.type === 'presence' && known) {
      return true;
    }
    return text === undefined ? undecided(PEER) : matchesString(pattern, text);
  });
}

function accountMatch(
  accounts: readonly ServiceAccountName[],
  peer: PeerParts | 'absent',
): Match {
  if (peer === 'absent') {
    return false;
  }
  return some(accounts, account => {
    const differs =
      (peer.namespace !== undefined && peer.namespace !== account.namespace) ||
      (peer.serviceAccount !== undefined &&
        peer.serviceAccount !== account.serviceAccount);
    if (differs) {
      return false;
    }
    return peer.namespace === undefined || peer.serviceAccount === undefined
      ? undecided(PEER)
      : true;
  });
}

function addressMatch(
  blocks: readonly IpBlock[],
  address: readonly number[] | undefined,
  attribute: string,
): Match {
  return address
    ? blocks.some(block => ipBlockHolds(block, address))
    : undecided(attribute);
}

function portMatch(ports: readonly number[], port: number | undefined): Match {
  return port === undefined ? undecided('port') : ports.includes(port);
}

function matchHolds(match: ZtunnelMatch, request: ResolvedRequest): Match {
  if (isEmptyMatch(match)) {
    return false;
  }
  const peer = partsOf(request.peer);
  const known = request.peer.known !== 'nothing';
  const tests: (() => Match)[] = [];
  const add = <T>(
    positive: readonly T[] | undefined,
    negative: readonly T[] | undefined,
    test: (values: readonly T[]) => Match,
  ) => {
    if (positive) {
      tests.push(() => test(positive));
    }
    if (negative) {
      tests.push(() => not(test(negative)));
    }
  };
  add(match.principals, match.notPrincipals, patterns =>
    textMatch(patterns, peer, 'principal', known),
  );
  add(match.namespaces, match.notNamespaces, patterns =>
    textMatch(patterns, peer, 'namespace', known),
  );
  add(match.serviceAccounts, match.notServiceAccounts, accounts =>
    accountMatch(accounts, peer),
  );
  add(match.sourceIps, match.notSourceIps, blocks =>
    addressMatch(blocks, request.sourceIp, 'sourceIp'),
  );
  add(match.destinationIps, match.notDestinationIps, blocks =>
    addressMatch(blocks, request.destinationIp, 'destinationIp'),
  );
  add(match.destinationPorts, match.notDestinationPorts, ports =>
    portMatch(ports, request.port),
  );
  return every(tests, test => test());
}

/** Does ztunnel match this group? A group without clauses matches everything. */
export function ztunnelGroupMatches(
  group: ZtunnelGroup,
  request: ResolvedRequest,
): Match {
  return every(group.clauses, clause =>
    some(clause, match => matchHolds(match, request)),
  );
}
