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

import type { MutualTlsMode, SlimObjectByKind, StringMap } from '../objects';
import { isSubset } from '../snapshot';

type PeerAuthentication = SlimObjectByKind['PeerAuthentication'];

/** The policy that istiod sends whenever there is a PeerAuthentication: it denies peers without identity. R3.14 */
const STATIC_STRICT = 'istio_converted_static_strict';

function modeOf(policy: PeerAuthentication | undefined): MutualTlsMode {
  return policy?.spec.mtls?.mode ?? 'UNSET';
}

/** Those that istiod considers for a workload; a mesh-wide one counts only without any selector, an empty one included. */
function considered(
  policies: readonly PeerAuthentication[],
  rootNamespace: string,
  namespace: string,
  labels: StringMap,
): PeerAuthentication[] {
  return policies.filter(
    ({ metadata, spec }) =>
      (metadata.namespace === rootNamespace && spec.selector === undefined) ||
      (metadata.namespace === namespace &&
        isSubset(spec.selector?.matchLabels ?? {}, labels)),
  );
}

/** Must the policy's own rules reach the workload, because some port differs from the rest? */
function portsDiffer(
  policy: PeerAuthentication,
  strictAbove: boolean,
): boolean {
  const modes = Object.values(policy.spec.portLevelMtls ?? {}).map(
    ({ mode = 'UNSET' }) => mode,
  );
  switch (modeOf(policy)) {
    case 'STRICT':
      return modes.some(mode => mode === 'PERMISSIVE' || mode === 'DISABLE');
    case 'UNSET':
      // Only PERMISSIVE is looked for here: a port with DISABLE stays strict at ztunnel.
      return modes.includes(strictAbove ? 'PERMISSIVE' : 'STRICT');
    default:
      return modes.includes('STRICT');
  }
}

/**
 * The policies made of PeerAuthentications that ztunnel enforces at a workload, `namespace/name`: the static strict one, or
 * one with the exceptions of single ports. R3.14
 *
 * @param policies - all of the root namespace and of the workload's, oldest first
 */
export function peerAuthenticationPolicies(
  policies: readonly PeerAuthentication[],
  rootNamespace: string,
  namespace: string,
  labels: StringMap,
): string[] {
  const found = considered(policies, rootNamespace, namespace, labels);
  const selects = ({ spec }: PeerAuthentication) =>
    Object.keys(spec.selector?.matchLabels ?? {}).length > 0;
  const isRoot = ({ metadata }: PeerAuthentication) =>
    metadata.namespace === rootNamespace;
  const ofMesh = found.find(policy => !selects(policy) && isRoot(policy));
  const ofNamespace = found.find(policy => !selects(policy) && !isRoot(policy));
  const ofWorkload = found.find(policy => selects(policy) && !isRoot(policy));
  const strictAbove =
    modeOf(ofNamespace) === 'UNSET'
      ? modeOf(ofMesh) === 'STRICT'
      : modeOf(ofNamespace) === 'STRICT';
  const own = modeOf(ofWorkload);
  const strict = own === 'UNSET' ? strictAbove : own === 'STRICT';
  const staticStrict = `${rootNamespace}/${STATIC_STRICT}`;
  if (ofWorkload === undefined || !portsDiffer(ofWorkload, strictAbove)) {
    return strict ? [staticStrict] : [];
  }
  const { metadata } = ofWorkload;
  return [
    `${metadata.namespace}/converted_peer_authentication_${metadata.name}`,
  ];
}
