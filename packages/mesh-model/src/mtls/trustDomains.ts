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
  booleanFlag,
  controlPlaneFlagsOf,
  meshConfigOf,
  systemNamespaceOf,
} from '../identity';
import type { MeshSnapshot } from '../snapshot';
import { provenanceOf, type Verdict } from '../verdict';

/** Trust domains whose certificates a server of the mesh takes; `undefined`: any, because the check is switched off. R1.8 */
function acceptedTrustDomains(
  snapshot: MeshSnapshot,
): readonly string[] | undefined {
  const config = meshConfigOf(snapshot);
  const flags = controlPlaneFlagsOf(
    snapshot,
    systemNamespaceOf(snapshot),
    snapshot.revision,
  );
  return booleanFlag(flags, 'PILOT_SKIP_VALIDATE_TRUST_DOMAIN', false)
    ? undefined
    : [
        ...new Set([
          config.trustDomain,
          ...config.trustDomainAliases,
          ...config.caTrustDomains,
        ]),
      ];
}

/** Does mutual TLS with a peer of this trust domain come about? Other domains fail in the handshake. R1.8 */
export function trustVerdictOf(
  snapshot: MeshSnapshot,
  peerTrustDomain: string,
): Verdict {
  const accepted = acceptedTrustDomains(snapshot);
  const { source } = meshConfigOf(snapshot);
  const path = 'data.mesh: trustDomainAliases';
  const known = accepted?.join(', ');
  if (accepted === undefined || accepted.includes(peerTrustDomain)) {
    const reason = `Certificates of trust domain ${peerTrustDomain} are accepted.`;
    return {
      state: 'pass',
      reason,
      facts: source ? [provenanceOf(source, path, reason)] : [],
    };
  }
  const reason = `The handshake with a peer of trust domain ${peerTrustDomain} fails: the mesh accepts ${known} only. Add it to trustDomainAliases.`;
  return {
    state: 'fail',
    reason,
    facts: source ? [provenanceOf(source, path, reason)] : [],
  };
}
