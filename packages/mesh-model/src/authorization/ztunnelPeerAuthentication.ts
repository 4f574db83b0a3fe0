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

/** First mode that is set, from the narrowest scope to the widest; PERMISSIVE when none is. */
function inheritedMode(...modes: readonly MutualTlsMode[]): MutualTlsMode {
  return modes.find(mode => mode !== 'UNSET') ?? 'PERMISSIVE';
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
  const selects =
    Object.keys(policy.spec.selector?.matchLabels ?? {}).length > 0;
  if (namespace === rootNamespace || !selects || ports.length === 0) {
    return undefined;
  }
  const mode = inheritedMode(
    modeOf(policy),
    modeOf(inNamespace),
    modeOf(inRoot),
  );
  const withMode = (...wanted: readonly MutualTlsMode[]) =>
    ports
      .filter(([, settings]) => wanted.includes(settings.mode ?? 'UNSET'))
      .map(([port]) => Number(port));
  const strict = withMode('STRICT');
  const open = withMode('PERMISSIVE', 'DISABLE');
  const groups: ZtunnelGroup[] = [];
  if (mode === 'STRICT') {
    if (open.length === 0) {
      return undefined;
    }
    groups.push({
      ruleIndex: 0,
      clauses: [
        [NO_IDENTITY],
        ...open.map(port => [{ notDestinationPorts: [port] }]),
      ],
    });
  } else {
    for (const port of strict) {
      groups.push({
        ruleIndex: groups.length,
        clauses: [[{ ...NO_IDENTITY, destinationPorts: [port] }]],
      });
    }
  }
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
