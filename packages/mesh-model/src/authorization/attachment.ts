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

import type { AuthorizationAction, PolicyTargetReference } from '../objects';
import type { MeshSnapshot } from '../snapshot';
import { isSubset } from '../snapshot';
import type { Provenance } from '../verdict';
import { provenanceOf } from '../verdict';
import type {
  AuthorizationMesh,
  AuthorizationPolicy,
  PolicyTarget,
  RequestAuthentication,
} from './policyTarget';
import { GATEWAY_NAME_LABEL } from './policyTarget';

type Policy = AuthorizationPolicy | RequestAuthentication;

/** A policy that acts on the target. */
export interface AttachedPolicy<P extends Policy> {
  policy: P;
  /** how it came to act: root namespace, namespace, selector or targetRef */
  scope: 'mesh' | 'namespace' | 'workload' | 'targetRef';
  /** `istio.io/dry-run`: results go to shadow statistics only (R4.27) */
  dryRun: boolean;
  provenance: Provenance;
}

/** Why a policy that one could expect to act does not. */
export type NotActingCause =
  | 'selector-mismatch'
  | 'target-refs-on-sidecar'
  | 'target-not-matched'
  | 'waypoint-needs-target-refs'
  | 'gateway-needs-target-refs'
  | 'other-revision'
  | 'ztunnel-unsupported-action'
  | 'ztunnel-http-only'
  | 'ztunnel-dry-run'
  | 'ztunnel-target-refs'
  | 'no-proxy';

export interface PolicyNotActing {
  policy: Policy;
  cause: NotActingCause;
  provenance: Provenance;
}

/** Which policies act on a target, per action, in Istio's order: root namespace, then its own, each oldest first. */
export interface AttachedPolicies {
  custom: readonly AttachedPolicy<AuthorizationPolicy>[];
  deny: readonly AttachedPolicy<AuthorizationPolicy>[];
  allow: readonly AttachedPolicy<AuthorizationPolicy>[];
  audit: readonly AttachedPolicy<AuthorizationPolicy>[];
  requestAuthentications: readonly AttachedPolicy<RequestAuthentication>[];
  /** candidates that do not act, each with why; those whose selector merely names other pods included */
  notActing: readonly PolicyNotActing[];
}

type Attachment =
  | { scope: AttachedPolicy<Policy>['scope']; path: string; says: string }
  | { cause: NotActingCause; path: string; says: string };

/** The references of a policy; the single `targetRef` counts only when the list is empty. R4.2 */
export function targetRefsOf(policy: Policy): readonly PolicyTargetReference[] {
  const { targetRefs, targetRef } = policy.spec;
  if (targetRefs && targetRefs.length > 0) {
    return targetRefs;
  }
  return targetRef ? [targetRef] : [];
}

function matchesReference(
  policy: Policy,
  ref: PolicyTargetReference,
  gateway: string,
  target: PolicyTarget,
  rootNamespace: string,
): boolean {
  const { namespace } = policy.metadata;
  const group = ref.group ?? '';
  if (ref.namespace && ref.namespace !== namespace) {
    return false;
  }
  const waypoint = target.proxy === 'waypoint';
  const serves = (registry: 'Kubernetes' | 'External') =>
    (target.services ?? []).some(
      service =>
        service.registry === registry &&
        service.name === ref.name &&
        service.namespace === namespace,
    );
  if (ref.kind === 'Service' && (group === '' || group === 'core')) {
    return waypoint && serves('Kubernetes');
  }
  if (ref.kind === 'ServiceEntry' && group === 'networking.istio.io') {
    return waypoint && serves('External');
  }
  if (group !== 'gateway.networking.k8s.io') {
    return false;
  }
  if (ref.kind === 'GatewayClass') {
    return (
      waypoint && ref.name === 'istio-waypoint' && namespace === rootNamespace
    );
  }
  return (
    ref.kind === 'Gateway' &&
    ref.name === gateway &&
    namespace === target.namespace
  );
}

function attachBySelector(
  policy: Policy,
  target: PolicyTarget,
  rootNamespace: string,
): Attachment {
  const { namespace } = policy.metadata;
  const labels = policy.spec.selector?.matchLabels ?? {};
  if (!isSubset(labels, target.labels)) {
    return {
      cause: 'selector-mismatch',
      path: 'spec.selector.matchLabels',
      says: `Its selector asks for labels the workload does not have.`,
    };
  }
  if (Object.keys(labels).length > 0) {
    return {
      scope: 'workload',
      path: 'spec.selector.matchLabels',
      says: `Its selector matches the labels of the workload.`,
    };
  }
  return namespace === rootNamespace
    ? {
        scope: 'mesh',
        path: 'metadata.namespace',
        says: `It has no selector and stands in the root namespace ${namespace}, so it acts on every workload of the mesh.`,
      }
    : {
        scope: 'namespace',
        path: 'metadata.namespace',
        says: `It has no selector, so it acts on every workload of namespace ${namespace}.`,
      };
}

function attachByReference(
  policy: Policy,
  gateway: string,
  target: PolicyTarget,
  rootNamespace: string,
): Attachment {
  const references = targetRefsOf(policy);
  const position = references.findIndex(ref =>
    matchesReference(policy, ref, gateway, target, rootNamespace),
  );
  const field = policy.spec.targetRefs?.length
    ? `spec.targetRefs[${Math.max(position, 0)}]`
    : 'spec.targetRef';
  const named = references[Math.max(position, 0)];
  return position >= 0
    ? {
        scope: 'targetRef',
        path: field,
        says: `It targets ${named?.kind} ${named?.name}.`,
      }
    : {
        cause: 'target-not-matched',
        path: field,
        says: `It targets ${references
          .map(ref => `${ref.kind} ${ref.name}`)
          .join(', ')} of namespace ${
          policy.metadata.namespace
        }, which is not this ${
          target.proxy
        } or a service of it; a reference never reaches into another namespace.`,
      };
}

/** Decides whether one policy acts on one target. R4.2 */
function attach(
  policy: Policy,
  target: PolicyTarget,
  mesh: AuthorizationMesh,
): Attachment {
  const { rootNamespace } = mesh;
  const gateway = target.labels[GATEWAY_NAME_LABEL];
  const refers = targetRefsOf(policy).length > 0;
  if (gateway === undefined || target.proxy === 'ambient') {
    if (refers) {
      return target.proxy === 'ambient'
        ? {
            cause: 'ztunnel-target-refs',
            path: 'spec.targetRefs',
            says: 'ztunnel does not enforce policies with targetRefs; they act at a gateway or waypoint only.',
          }
        : {
            cause: 'target-refs-on-sidecar',
            path: 'spec.targetRefs',
            says: 'A policy with targetRefs does not attach to a workload with a sidecar; write a selector instead.',
          };
    }
    return attachBySelector(policy, target, rootNamespace);
  }
  if (refers) {
    return attachByReference(policy, gateway, target, rootNamespace);
  }
  if (target.proxy === 'waypoint') {
    return {
      cause: 'waypoint-needs-target-refs',
      path: 'spec.selector',
      says: 'A waypoint ignores policies without targetRefs; ztunnel enforces this one at the pods.',
    };
  }
  return mesh.selectorBasedGatewayPolicy === false
    ? {
        cause: 'gateway-needs-target-refs',
        path: 'spec.selector',
        says: 'This control plane attaches policies to Gateway API gateways by targetRefs only.',
      }
    : attachBySelector(policy, target, rootNamespace);
}

/** Go's ParseBool: anything else is false. */
export function isDryRun(policy: Policy): boolean {
  return ['1', 't', 'T', 'true', 'TRUE', 'True'].includes(
    policy.metadata.annotations['istio.io/dry-run'] ?? '',
  );
}

/** Revision label against the revisions the proxy listens to. R1.16 */
function otherRevision(
  policy: Policy,
  mesh: AuthorizationMesh,
): string | undefined {
  const revision = policy.metadata.labels['istio.io/rev'];
  return revision === undefined ||
    mesh.revisions === undefined ||
    mesh.revisions.includes(revision)
    ? undefined
    : revision;
}

function proxyRefuses(
  policy: Policy,
  target: PolicyTarget,
  mesh: AuthorizationMesh,
): Attachment | undefined {
  if (target.proxy === 'none') {
    return {
      cause: 'no-proxy',
      path: 'spec',
      says: 'The workload has no proxy, so nothing enforces it.',
    };
  }
  if (target.proxy !== 'ambient') {
    return undefined;
  }
  if (policy.kind === 'RequestAuthentication') {
    return {
      cause: 'ztunnel-http-only',
      path: 'spec.jwtRules',
      says: 'ztunnel does not read HTTP, so it cannot validate tokens; this needs a waypoint.',
    };
  }
  const { action } = policy.spec;
  if (action === 'AUDIT' || action === 'CUSTOM') {
    return {
      cause: 'ztunnel-unsupported-action',
      path: 'spec.action',
      says: `ztunnel does not support action ${action} and ignores the policy.`,
    };
  }
  return isDryRun(policy) && !mesh.ambientDryRun
    ? {
        cause: 'ztunnel-dry-run',
        path: 'metadata.annotations[istio.io/dry-run]',
        says: 'Dry-run policies are not sent to ztunnel.',
      }
    : undefined;
}

function candidateNamespaces(
  target: PolicyTarget,
  mesh: AuthorizationMesh,
): readonly string[] {
  const services = target.proxy === 'waypoint' ? target.services ?? [] : [];
  return [
    ...new Set([
      mesh.rootNamespace,
      target.namespace,
      ...services.map(service => service.namespace),
    ]),
  ];
}

interface Sorted<P extends Policy> {
  attached: AttachedPolicy<P>[];
  notActing: PolicyNotActing[];
}

function sort<P extends Policy>(
  policies: Iterable<P>,
  target: PolicyTarget,
  mesh: AuthorizationMesh,
): Sorted<P> {
  const attached: AttachedPolicy<P>[] = [];
  const notActing: PolicyNotActing[] = [];
  const refuse = (
    policy: P,
    cause: NotActingCause,
    path: string,
    says: string,
  ) =>
    notActing.push({
      policy,
      cause,
      provenance: provenanceOf(policy, path, says),
    });
  for (const policy of policies) {
    const revision = otherRevision(policy, mesh);
    const attachment = attach(policy, target, mesh);
    const refusal = proxyRefuses(policy, target, mesh);
    if (revision !== undefined) {
      refuse(
        policy,
        'other-revision',
        'metadata.labels[istio.io/rev]',
        `It belongs to revision ${revision}, which does not serve this proxy.`,
      );
    } else if ('cause' in attachment) {
      refuse(policy, attachment.cause, attachment.path, attachment.says);
    } else if (refusal && 'cause' in refusal) {
      refuse(policy, refusal.cause, refusal.path, refusal.says);
    } else {
      attached.push({
        policy,
        scope: attachment.scope,
        dryRun: isDryRun(policy),
        provenance: provenanceOf(policy, attachment.path, attachment.says),
      });
    }
  }
  return { attached, notActing };
}

/**
 * Which AuthorizationPolicies and RequestAuthentications act on a target, per action and in order, and which do not
 * although they stand in a namespace that could reach it (R4.1–R4.5, R1.16).
 */
export function policiesOf(
  snapshot: MeshSnapshot,
  target: PolicyTarget,
  mesh: AuthorizationMesh,
): AttachedPolicies {
  const namespaces = candidateNamespaces(target, mesh);
  const authorization = sort(
    namespaces.flatMap(namespace =>
      snapshot.list('AuthorizationPolicy', namespace),
    ),
    target,
    mesh,
  );
  const authentication = sort(
    namespaces.flatMap(namespace =>
      snapshot.list('RequestAuthentication', namespace),
    ),
    target,
    mesh,
  );
  const withAction = (action: AuthorizationAction) =>
    authorization.attached.filter(
      ({ policy }) => policy.spec.action === action,
    );
  return {
    custom: withAction('CUSTOM'),
    deny: withAction('DENY'),
    allow: withAction('ALLOW'),
    audit: withAction('AUDIT'),
    requestAuthentications: authentication.attached,
    notActing: [...authorization.notActing, ...authentication.notActing],
  };
}
