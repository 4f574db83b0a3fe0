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

import { meshConfigOf } from '../identity';
import type { MutualTlsMode, SlimObjectByKind, StringMap } from '../objects';
import { keptPerKey, isSubset, type MeshSnapshot } from '../snapshot';
import { provenanceOf, type Provenance } from '../verdict';

export type PeerAuthentication = SlimObjectByKind['PeerAuthentication'];

/** A mode that acts: what is left when `UNSET` is resolved. */
export type ActiveMode = Exclude<MutualTlsMode, 'UNSET'>;

/** The PeerAuthentications of one namespace by scope, each list oldest first. R3.1 */
export interface PeerAuthenticationScopes {
  /** root namespace, no selector */
  mesh: readonly PeerAuthentication[];
  /** this namespace, no selector */
  namespace: readonly PeerAuthentication[];
  /** this namespace, with a selector */
  workload: readonly PeerAuthentication[];
  /** root namespace, with a selector: ignored everywhere */
  ignored: readonly PeerAuthentication[];
}

function hasSelector(policy: PeerAuthentication): boolean {
  return Object.keys(policy.spec.selector?.matchLabels ?? {}).length > 0;
}

/** The scopes as a workload of the namespace has them. R3.1 */
export const peerAuthenticationScopes = keptPerKey(
  (snapshot, namespace): PeerAuthenticationScopes => {
    const { rootNamespace } = meshConfigOf(snapshot);
    const ofRoot = snapshot.list('PeerAuthentication', rootNamespace);
    const own =
      namespace === rootNamespace
        ? []
        : snapshot.list('PeerAuthentication', namespace);
    return {
      mesh: ofRoot.filter(policy => !hasSelector(policy)),
      namespace: own.filter(policy => !hasSelector(policy)),
      workload: own.filter(hasSelector),
      ignored: ofRoot.filter(hasSelector),
    };
  },
);

/** The policies that count for a workload: at most one a scope, the oldest. R3.2 */
export interface EffectivePolicies {
  mesh: PeerAuthentication | undefined;
  namespace: PeerAuthentication | undefined;
  workload: PeerAuthentication | undefined;
  /** matching policies that do not act, each with why */
  losers: readonly Provenance[];
}

/** Chooses the policies for a workload by its pod labels. R3.1, R3.2 */
export function effectivePolicies(
  scopes: PeerAuthenticationScopes,
  labels: StringMap,
): EffectivePolicies {
  const selects = (policy: PeerAuthentication) =>
    isSubset(policy.spec.selector?.matchLabels ?? {}, labels);
  const matching = scopes.workload.filter(selects);
  const younger = (policies: readonly PeerAuthentication[]) =>
    policies
      .slice(1)
      .map(policy =>
        provenanceOf(
          policy,
          undefined,
          `Ignored: ${policies[0].metadata.name} is older and has the same scope`,
        ),
      );
  return {
    mesh: scopes.mesh[0],
    namespace: scopes.namespace[0],
    workload: matching[0],
    losers: [
      ...younger(matching),
      ...younger(scopes.namespace),
      ...younger(scopes.mesh),
      ...scopes.ignored
        .filter(selects)
        .map(policy =>
          provenanceOf(
            policy,
            'spec.selector',
            'Ignored: a PeerAuthentication with a selector has no effect in the root namespace',
          ),
        ),
    ],
  };
}

/** The mode a policy sets; undefined for none, `UNSET` or an absent policy. */
export function modeSetBy(
  policy: PeerAuthentication | undefined,
): ActiveMode | undefined {
  const mode = policy?.spec.mtls?.mode;
  return mode === undefined || mode === 'UNSET' ? undefined : mode;
}

/** The mode a policy sets for a workload port; undefined for none or `UNSET`. R3.4 */
export function portModeSetBy(
  policy: PeerAuthentication | undefined,
  port: number,
): ActiveMode | undefined {
  const mode = policy?.spec.portLevelMtls?.[String(port)]?.mode;
  return mode === undefined || mode === 'UNSET' ? undefined : mode;
}

/**
 * The mode clients assume for a service: of its namespace, then of the mesh, else PERMISSIVE. Selectors and ports are not
 * looked at. R3.9, L1
 */
export function assumedServerMode(
  snapshot: MeshSnapshot,
  namespace: string,
): ActiveMode {
  const scopes = peerAuthenticationScopes(snapshot, namespace);
  return (
    modeSetBy(scopes.namespace[0]) ?? modeSetBy(scopes.mesh[0]) ?? 'PERMISSIVE'
  );
}
