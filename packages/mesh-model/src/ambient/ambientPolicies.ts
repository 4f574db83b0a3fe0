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
  authorizationMeshOf,
  policiesOf,
  targetRefsOf,
  type AttachedPolicies,
} from '../authorization';
import type { PolicyTarget } from '../authorization';
import type { SlimObjectByKind } from '../objects';
import { controlPlaneOfPod } from '../membership';
import type { MeshSnapshot } from '../snapshot';
import { objectRefOf, provenanceOf } from '../verdict';
import type { ObjectRef, Verdict } from '../verdict';
import {
  ztunnelPolicyStatusOf,
  type ZtunnelPolicyStatus,
} from './ztunnelPolicies';

type Policy = SlimObjectByKind['AuthorizationPolicy' | 'RequestAuthentication'];

/** What becomes of one policy in the ambient data plane. R4.3, R4.9, R4.24 */
export interface AmbientPolicy {
  policy: ObjectRef;
  /** who enforces it; `none`: nobody */
  enforcedBy: 'ztunnel' | 'waypoint' | 'none';
  /** what ztunnel makes of it; only of policies meant for ztunnel */
  effect?: ZtunnelPolicyStatus['effect'];
  /** HTTP attributes that nobody on the way can see */
  unsupported: readonly string[];
  verdict: Verdict;
  /** what to do; only when the verdict fails */
  remedy?: string;
}

function verdictOf(
  policy: Policy,
  state: Verdict['state'],
  reason: string,
  path = 'spec.rules',
): Verdict {
  return { state, reason, facts: [provenanceOf(policy, path, reason)] };
}

const BIND =
  'Bind it to the waypoint: write targetRefs that name the Service or the waypoint, and label the namespace or Service with istio.io/use-waypoint.';

/** An attached policy as ztunnel enforces it. */
function atZtunnel(
  policy: SlimObjectByKind['AuthorizationPolicy'],
  rootNamespace: string,
): AmbientPolicy {
  const { effect, unsupported, says } = ztunnelPolicyStatusOf(
    policy,
    rootNamespace,
  );
  const whole = effect === 'enforced';
  return {
    policy: objectRefOf(policy),
    enforcedBy:
      effect === 'no-effect' || effect === 'ignored' ? 'none' : 'ztunnel',
    effect,
    unsupported,
    verdict: verdictOf(policy, whole ? 'pass' : 'fail', says),
    ...(whole ? {} : { remedy: BIND }),
  };
}

const LOST: ReadonlySet<AttachedPolicies['notActing'][number]['cause']> =
  new Set(['ztunnel-unsupported-action', 'ztunnel-http-only']);

/** Policies that reach the workload by scope or selector but that ztunnel cannot enforce at all. */
function lostAtZtunnel({ notActing }: AttachedPolicies): AmbientPolicy[] {
  return notActing
    .filter(({ cause }) => LOST.has(cause))
    .map(({ policy, provenance }) => ({
      policy: objectRefOf(policy),
      enforcedBy: 'none' as const,
      unsupported: [],
      verdict: {
        state: 'fail' as const,
        reason: provenance.says,
        facts: [provenance],
      },
      remedy: BIND,
    }));
}

/** The policies that reach a workload that ztunnel captures, with what ztunnel enforces of each. R4.24 */
export function policiesAtZtunnel(
  snapshot: MeshSnapshot,
  target: PolicyTarget,
): AmbientPolicy[] {
  const mesh = authorizationMeshOf(snapshot, target.revision);
  const attached = policiesOf(snapshot, { ...target, proxy: 'ambient' }, mesh);
  return [
    ...[...attached.deny, ...attached.allow].map(({ policy }) =>
      atZtunnel(policy, mesh.rootNamespace),
    ),
    ...lostAtZtunnel(attached),
  ];
}

function targets(
  policy: Policy,
  service: SlimObjectByKind['Service' | 'ServiceEntry'],
): boolean {
  return targetRefsOf(policy).some(
    ({ kind, name }) => kind === service.kind && name === service.metadata.name,
  );
}

/**
 * The policies whose targetRefs name a service, or the waypoint it is bound to: enforced by the waypoint, by nobody when none
 * is bound. R4.2, R4.3
 *
 * @param waypoint - that the service is bound to
 */
export function policiesAtWaypoint(
  snapshot: MeshSnapshot,
  service: SlimObjectByKind['Service' | 'ServiceEntry'],
  waypoint: { namespace: string; name: string } | undefined,
): AmbientPolicy[] {
  const { namespace } = service.metadata;
  const ofService = [
    ...snapshot.list('AuthorizationPolicy', namespace),
    ...snapshot.list('RequestAuthentication', namespace),
  ].filter(policy => targets(policy, service));
  if (waypoint === undefined) {
    return ofService.map(policy => ({
      policy: objectRefOf(policy),
      enforcedBy: 'none' as const,
      unsupported: [],
      verdict: verdictOf(
        policy,
        'fail',
        `It targets ${service.kind} ${namespace}/${service.metadata.name}, which no waypoint serves: nothing enforces it.`,
        'spec.targetRefs',
      ),
      remedy: `Label the ${service.kind} or its namespace with istio.io/use-waypoint and deploy that waypoint.`,
    }));
  }
  const labels = { 'gateway.networking.k8s.io/gateway-name': waypoint.name };
  const pod = snapshot.podsBySelector(waypoint.namespace, labels).at(-1);
  const revision = pod && controlPlaneOfPod(snapshot, pod);
  const attached = policiesOf(
    snapshot,
    {
      proxy: 'waypoint',
      ...(revision !== undefined && { revision }),
      namespace: waypoint.namespace,
      labels,
      services: [
        {
          name: service.metadata.name,
          namespace,
          registry: service.kind === 'Service' ? 'Kubernetes' : 'External',
        },
      ],
    },
    authorizationMeshOf(snapshot, revision),
  );
  return [
    ...attached.custom,
    ...attached.deny,
    ...attached.allow,
    ...attached.audit,
    ...attached.requestAuthentications,
  ].map(({ policy, provenance }) => ({
    policy: objectRefOf(policy),
    enforcedBy: 'waypoint' as const,
    unsupported: [],
    verdict: {
      state: 'pass' as const,
      reason: `Waypoint ${waypoint.namespace}/${waypoint.name} enforces it. ${provenance.says}`,
      facts: [provenance],
    },
  }));
}
