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

import { controlPlaneView } from '../identity';
import { controlPlaneOfPod } from '../membership/controlPlaneOfPod';
import {
  inboundInterception,
  plaintextPassing,
} from '../membership/interception';
import { proxyOfPod } from '../membership/podProxy';
import type { SlimObjectByKind } from '../objects';
import type { MeshSnapshot } from '../snapshot';
import { provenanceOf, type Provenance } from '../verdict';
import {
  type ActiveMode,
  type EffectivePolicies,
  effectivePolicies,
  modeSetBy,
  type PeerAuthentication,
  peerAuthenticationScopes,
  type PeerAuthenticationScopes,
  portModeSetBy,
} from './peerAuthentication';

type Pod = SlimObjectByKind['Pod'];

/** What a server accepts on a port. `NONE`: there is no data plane that could demand anything. R3.16 */
export interface ServerMode {
  mode: ActiveMode | 'NONE';
  /** one sentence */
  says: string;
  /** the policy that decided and what it overrode; absent when the default stands */
  by?: Provenance;
  /** What policies say although nothing enforces it, because connections pass by the sidecar: clients go by it. */
  policyMode?: ActiveMode;
  /** What lets plaintext in past the proxy, which cannot count it: what was seen says nothing of it. */
  plaintextPassesBy?: Provenance;
}

interface Candidate {
  policy: PeerAuthentication;
  mode: ActiveMode;
  path: string;
  scope: string;
}

/** Every statement about the port, narrowest first. R3.3, R3.4 */
function candidates(policies: EffectivePolicies, port: number): Candidate[] {
  const { workload, namespace, mesh } = policies;
  const found: Candidate[] = [];
  const portMode = portModeSetBy(workload, port);
  if (workload && portMode) {
    found.push({
      policy: workload,
      mode: portMode,
      path: `spec.portLevelMtls[${port}].mode`,
      scope: `port ${port} of the workload`,
    });
  }
  for (const [policy, scope] of [
    [workload, 'the workload'],
    [namespace, 'the namespace'],
    [mesh, 'the mesh'],
  ] as const) {
    const mode = modeSetBy(policy);
    if (policy && mode) {
      found.push({ policy, mode, path: 'spec.mtls.mode', scope });
    }
  }
  return found;
}

function answer(
  mode: ActiveMode,
  found: readonly Candidate[],
  losers: readonly Provenance[],
  note = '',
): ServerMode {
  const [winner, ...rest] = found;
  if (!winner) {
    return {
      mode,
      says: `No PeerAuthentication applies: ${mode} is the default`,
    };
  }
  const { name } = winner.policy.metadata;
  const says = `${name} sets ${winner.mode} for ${winner.scope}${note}`;
  const overridden = rest.map(({ policy, path, mode: lost, scope }) =>
    provenanceOf(policy, path, `${lost} for ${scope}, overridden`),
  );
  return {
    mode,
    says,
    by: provenanceOf(winner.policy, winner.path, says, [
      ...overridden,
      ...losers,
    ]),
  };
}

/** What a sidecar accepts on a workload port. R3.1 – R3.5 */
export function sidecarServerMode(
  policies: EffectivePolicies,
  port: number,
): ServerMode {
  const found = candidates(policies, port);
  return answer(found[0]?.mode ?? 'PERMISSIVE', found, policies.losers);
}

const UNSUPPORTED = '; ambient has no DISABLE and keeps accepting both';

/**
 * A workload without a mode of its own, with a PERMISSIVE port, under a STRICT mesh: istiod replaces the static strict policy by
 * one with the exception, but makes none when the namespace has a policy that sets no mode. Nothing is left to enforce. R3.14
 */
function losesStrictness({
  workload,
  namespace,
  mesh,
}: EffectivePolicies): boolean {
  return (
    workload !== undefined &&
    modeSetBy(workload) === undefined &&
    namespace !== undefined &&
    modeSetBy(namespace) === undefined &&
    modeSetBy(mesh) === 'STRICT' &&
    Object.values(workload.spec.portLevelMtls ?? {}).some(
      ({ mode }) => mode === 'PERMISSIVE',
    )
  );
}

/** Without what is said about the port alone. */
function ofScopes(found: readonly Candidate[]): Candidate[] {
  return found.filter(({ path }) => path === 'spec.mtls.mode');
}

/**
 * Does a port mode open a port of a workload whose mode is STRICT? PERMISSIVE does; DISABLE only where the strict rule is the
 * workload's own, or is replaced because of another port that is PERMISSIVE. R3.14
 */
function opensPort(
  workload: PeerAuthentication | undefined,
  portMode: ActiveMode,
): boolean {
  if (portMode !== 'DISABLE') {
    return portMode === 'PERMISSIVE';
  }
  return (
    modeSetBy(workload) === 'STRICT' ||
    Object.keys(workload?.spec.portLevelMtls ?? {}).some(
      each => portModeSetBy(workload, Number(each)) === 'PERMISSIVE',
    )
  );
}

/** A port with a mode of its own, of a workload whose mode is STRICT. R3.14 */
function portOfStrict(
  { workload, losers }: EffectivePolicies,
  port: number,
  portMode: ActiveMode,
  found: readonly Candidate[],
): ServerMode {
  if (opensPort(workload, portMode)) {
    const note = portMode === 'DISABLE' ? UNSUPPORTED : '';
    return answer('PERMISSIVE', found, losers, note);
  }
  return portMode === 'STRICT'
    ? answer('STRICT', found, losers)
    : answer(
        'STRICT',
        ofScopes(found),
        losers,
        `; DISABLE of port ${port} has no effect in ambient while the mode is inherited`,
      );
}

/**
 * A port with a mode of its own, of a workload whose mode is not STRICT: its STRICT gets lost where the workload overrides a STRICT
 * mesh and the namespace sets nothing. R3.14
 */
function portOfLenient(
  { workload, namespace, mesh, losers }: EffectivePolicies,
  port: number,
  portMode: ActiveMode,
  found: readonly Candidate[],
): ServerMode {
  if (portMode !== 'STRICT') {
    const note = portMode === 'DISABLE' ? UNSUPPORTED : '';
    return answer('PERMISSIVE', found, losers, note);
  }
  const losesPortRule =
    modeSetBy(workload) !== undefined &&
    modeSetBy(namespace) === undefined &&
    modeSetBy(mesh) === 'STRICT';
  return losesPortRule
    ? answer(
        'PERMISSIVE',
        ofScopes(found),
        losers,
        `; STRICT of port ${port} is not enforced by ztunnel while the mesh is STRICT and the namespace sets nothing`,
      )
    : answer('STRICT', found, losers);
}

/**
 * What ztunnel accepts on a workload port: STRICT where a rule denies peers without identity, else PERMISSIVE, quirks of
 * the conversion included. R3.14, R3.16
 */
export function ambientServerMode(
  policies: EffectivePolicies,
  port: number,
): ServerMode {
  const { workload, namespace, mesh, losers } = policies;
  const found = candidates(policies, port);
  if (losesStrictness(policies)) {
    return answer(
      'PERMISSIVE',
      found,
      losers,
      `; ztunnel enforces nothing here: a namespace policy that sets no mode hides the mesh's STRICT once a port is PERMISSIVE`,
    );
  }
  const mode = modeSetBy(workload) ?? modeSetBy(namespace) ?? modeSetBy(mesh);
  const portMode = portModeSetBy(workload, port);
  if (portMode) {
    return mode === 'STRICT'
      ? portOfStrict(policies, port, portMode, found)
      : portOfLenient(policies, port, portMode, found);
  }
  return answer(
    mode === 'STRICT' ? 'STRICT' : 'PERMISSIVE',
    found,
    losers,
    mode === 'DISABLE' ? UNSUPPORTED : '',
  );
}

/** For ztunnel only a policy without any selector is mesh-wide; an empty one is ignored, unlike with sidecars. R3.14 */
function ambientScopes(
  scopes: PeerAuthenticationScopes,
): PeerAuthenticationScopes {
  const isWhole = ({ spec }: PeerAuthentication) => spec.selector === undefined;
  return {
    ...scopes,
    mesh: scopes.mesh.filter(isWhole),
    ignored: [
      ...scopes.ignored,
      ...scopes.mesh.filter(policy => !isWhole(policy)),
    ],
  };
}

/** What a pod in ambient accepts: beside HBONE anything, where only that passes ztunnel. R3.14 */
function ambientModeOfPod(
  pod: Pod,
  scopes: PeerAuthenticationScopes,
  port: number,
): ServerMode {
  const by = plaintextPassing([pod]);
  return by === undefined
    ? ambientServerMode(
        effectivePolicies(ambientScopes(scopes), pod.metadata.labels),
        port,
      )
    : { mode: 'PERMISSIVE', says: by.says, by, plaintextPassesBy: by };
}

/** What the pod accepts on one of its own ports (not Service ports, R3.4). R3.16 */
export function serverModeOfPod(
  snapshot: MeshSnapshot,
  pod: Pod,
  port: number,
): ServerMode {
  const { proxy, says } = proxyOfPod(pod);
  if (proxy === 'none') {
    return { mode: 'NONE', says };
  }
  const view = controlPlaneView(snapshot, controlPlaneOfPod(snapshot, pod));
  const scopes = peerAuthenticationScopes(view, pod.metadata.namespace);
  if (proxy === 'ambient') {
    return ambientModeOfPod(pod, scopes, port);
  }
  const policies = effectivePolicies(scopes, pod.metadata.labels);
  const ofPolicies = sidecarServerMode(policies, port);
  const {
    state,
    says: why,
    annotation,
  } = inboundInterception(pod.metadata.annotations, port);
  return state === 'bypassed' && why !== undefined
    ? {
        mode: 'NONE',
        says: why,
        by: provenanceOf(pod, `metadata.annotations[${annotation}]`, why),
        ...(ofPolicies.mode === 'NONE' ? {} : { policyMode: ofPolicies.mode }),
      }
    : ofPolicies;
}
