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

import fc from 'fast-check';
import { convertPeerAuthentication } from '../authorization';
import {
  ambientServerMode,
  effectivePolicies,
  peerAuthenticationScopes,
} from '../mtls';
import { projectObject, type SlimObjectByKind } from '../objects';
import { snapshotOf } from '../snapshot';
import { peerAuthenticationPolicies } from './peerAuthenticationPolicies';

type PeerAuthentication = SlimObjectByKind['PeerAuthentication'];

const ROOT = 'istio-system';
const PORTS = [8080, 9000, 9001] as const;

function policy(
  namespace: string,
  name: string,
  spec: object,
): PeerAuthentication {
  const object = projectObject({
    apiVersion: 'security.istio.io/v1',
    kind: 'PeerAuthentication',
    metadata: { namespace, name },
    spec,
  });
  if (object?.kind !== 'PeerAuthentication') {
    throw new Error('A PeerAuthentication must be projected.');
  }
  return object;
}

const mode = fc.constantFrom(
  undefined,
  'UNSET',
  'STRICT',
  'PERMISSIVE',
  'DISABLE',
);
const mtls = mode.map(value => (value === undefined ? {} : { mode: value }));

/** Do the policies that ztunnel gets deny a peer without identity on the port? */
function denied(
  policies: readonly PeerAuthentication[],
  port: number,
): boolean {
  const named = (name: string) =>
    policies.find(({ metadata }) => metadata.name === name);
  const names = peerAuthenticationPolicies(policies, ROOT, 'shop', {
    app: 'a',
  });
  const own = named('own');
  const converted =
    own && convertPeerAuthentication(own, named('ns'), named('mesh'), ROOT);
  const groups = names.includes('shop/converted_peer_authentication_own')
    ? converted?.groups ?? []
    : [];
  return (
    names.includes(`${ROOT}/istio_converted_static_strict`) ||
    groups.some(({ clauses }) =>
      clauses.every(matches =>
        matches.some(
          ({ destinationPorts, notDestinationPorts }) =>
            (destinationPorts?.includes(port) ?? true) &&
            !(notDestinationPorts?.includes(port) ?? false),
        ),
      ),
    )
  );
}

describe('what ztunnel accepts (R3.14, R3.16)', () => {
  it('is STRICT on exactly the ports where the policies istiod sends deny peers without identity', () => {
    fc.assert(
      fc.property(
        fc.record(
          { mesh: mtls, ns: mtls, own: mtls, first: mtls, second: mtls },
          { requiredKeys: ['first', 'second'] },
        ),
        ({ mesh, ns, own, first, second }) => {
          const policies = [
            ...(mesh ? [policy(ROOT, 'mesh', { mtls: mesh })] : []),
            ...(ns ? [policy('shop', 'ns', { mtls: ns })] : []),
            ...(own
              ? [
                  policy('shop', 'own', {
                    selector: { matchLabels: { app: 'a' } },
                    mtls: own,
                    portLevelMtls: { 9000: first, 9001: second },
                  }),
                ]
              : []),
          ];
          const effective = effectivePolicies(
            peerAuthenticationScopes(snapshotOf(policies), 'shop'),
            { app: 'a' },
          );
          expect(
            PORTS.map(
              port => ambientServerMode(effective, port).mode === 'STRICT',
            ),
          ).toEqual(PORTS.map(port => denied(policies, port)));
        },
      ),
      { numRuns: 2000 },
    );
  });
});
