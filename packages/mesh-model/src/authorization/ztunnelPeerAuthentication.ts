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

import type { MutualTlsMode, SlimObjectByKind } from '../objects';
import type { ZtunnelGroup, ZtunnelMatch } from './ztunnelAuthorization';

type PeerAuthentication = SlimObjectByKind['PeerAuthentication'];

/** The Authorization istiod derives from a workload's PeerAuthentication with port modes. */
export interface ConvertedPeerAuthentication {
  name: string;
  namespace: string;
  action: 'DENY';
  scope: 'WORKLOAD_SELECTOR';
  groups: readonly ZtunnelGroup[];
}

const NO_IDENTITY: ZtunnelMatch = { notPrincipals: [{ type: 'presence' }] };

function modeOf(policy: PeerAuthentication | undefined): MutualTlsMode {
  return policy?.spec.mtls?.mode ?? 'UNSET';
}

/** Is a STRICT port already enforced by what stands above the ports? */
function strictAnyway(
  own: MutualTlsMode,
  inNamespace: MutualTlsMode,
  inRoot: MutualTlsMode,
): boolean {
  // The mesh counts here even when the workload's own mode is PERMISSIVE: istiod then leaves the port out. R3.14
  return (
    own === 'STRICT' ||
    (own === 'UNSET' && inNamespace === 'STRICT') ||
    (inNamespace === 'UNSET' && inRoot === 'STRICT')
  );
}

/** Does an open port need an exception, because what stands above the ports is STRICT? */
function needsException(
  own: MutualTlsMode,
  inNamespace: PeerAuthentication | undefined,
  inRoot: PeerAuthentication | undefined,
): boolean {
  if (own !== 'UNSET') {
    return own === 'STRICT';
  }
  // A policy of the namespace that sets nothing hides the mesh's here.
  return modeOf(inNamespace ?? inRoot) === 'STRICT';
}

/**
 * Which deny rules ztunnel gets from a PeerAuthentication with a selector and `portLevelMtls` (R3.14); `undefined` when
 * none: it has no port modes, stands in the root namespace, or the static strict policy says the same.
 *
 * @param inNamespace - the policy of its namespace, without selector
 * @param inRoot - the policy of the root namespace, without selector
 */
export function convertPeerAuthentication(
  policy: PeerAuthentication,
  inNamespace: PeerAuthentication | undefined,
  inRoot: PeerAuthentication | undefined,
  rootNamespace: string,
): ConvertedPeerAuthentication | undefined {
  const { namespace, name } = policy.metadata;
  const ports = Object.entries(policy.spec.portLevelMtls ?? {});
  if (
    namespace === rootNamespace ||
    policy.spec.selector === undefined ||
    ports.length === 0
  ) {
    return undefined;
  }
  const own = modeOf(policy);
  const above = modeOf(inNamespace);
  const ofMesh = modeOf(inRoot);
  const withMode = (...wanted: readonly MutualTlsMode[]) =>
    ports
      .filter(([, settings]) => wanted.includes(settings.mode ?? 'UNSET'))
      .map(([port]) => Number(port));
  const strict = strictAnyway(own, above, ofMesh) ? [] : withMode('STRICT');
  const open = needsException(own, inNamespace, inRoot)
    ? withMode('PERMISSIVE', 'DISABLE')
    : [];
  if (own === 'STRICT' && open.length === 0) {
    return undefined;
  }
  const strictAbove =
    above === 'STRICT' || (above === 'UNSET' && ofMesh === 'STRICT');
  const clauses: ZtunnelMatch[][] = [
    ...(own === 'STRICT' ? [[NO_IDENTITY]] : []),
    ...open.map(port => [{ notDestinationPorts: [port] }]),
    ...(strictAbove && open.length > 0 ? [[NO_IDENTITY]] : []),
  ];
  const groups: ZtunnelGroup[] = [
    ...strict.map(port => [[{ ...NO_IDENTITY, destinationPorts: [port] }]]),
    ...(clauses.length > 0 ? [clauses] : []),
  ].map((group, ruleIndex) => ({ ruleIndex, clauses: group }));
  return groups.length === 0
    ? undefined
    : {
        name: `converted_peer_authentication_${name}`,
        namespace,
        action: 'DENY',
        scope: 'WORKLOAD_SELECTOR',
        groups,
      };
}
