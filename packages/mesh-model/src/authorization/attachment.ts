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
import type { AuthorizationAction, PolicyTargetReference } from '../objects';
import type { MeshSnapshot } from '../snapshot';
import {
  attachableOf,
  attachPolicy,
  type AttachmentScope,
  type DetachmentCause,
  type PolicyAttachment,
} from '../scoping/policyAttachment';
import { whyNotRead, type NotRead } from '../scoping/controlPlaneReading';
import { implicitWaypointPolicies } from './implicitWaypointPolicy';
import type { Provenance } from '../verdict';
import { provenanceOf } from '../verdict';
import type {
  AuthorizationMesh,
  AuthorizationPolicy,
  PolicyTarget,
  RequestAuthentication,
} from './policyTarget';

type Policy = AuthorizationPolicy | RequestAuthentication;

/** A policy that acts on the target. */
export interface AttachedPolicy<P extends Policy> {
  policy: P;
  /** how it came to act: root namespace, namespace, selector or targetRef */
  scope: AttachmentScope;
  /** `istio.io/dry-run`: results go to shadow statistics only (R4.27) */
  dryRun: boolean;
  provenance: Provenance;
}

/** Why a policy that one could expect to act does not. */
export type NotActingCause =
  | DetachmentCause
  | NotRead['cause']
  | 'ztunnel-unsupported-action'
  | 'ztunnel-http-only'
  | 'ztunnel-dry-run'
  | 'ztunnel-empty-selector'
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

/** A policy that attaches, and that the data plane nevertheless does not enforce. */
interface Refusal {
  cause: NotActingCause;
  path: string;
  says: string;
}

/** The references of a policy; the single `targetRef` counts only when the list is empty. R4.2 */
export function targetRefsOf(policy: Policy): readonly PolicyTargetReference[] {
  return attachableOf(policy, policy.spec).targetRefs;
}

/** Decides whether one policy acts on one target. R4.2 */
function attach(
  policy: Policy,
  target: PolicyTarget,
  mesh: AuthorizationMesh,
): PolicyAttachment {
  return attachPolicy(attachableOf(policy, policy.spec), target, mesh);
}

/** Go's ParseBool: anything else is false. */
export function isDryRun(policy: Policy): boolean {
  return ['1', 't', 'T', 'true', 'TRUE', 'True'].includes(
    policy.metadata.annotations['istio.io/dry-run'] ?? '',
  );
}

function proxyRefuses(
  policy: Policy,
  target: PolicyTarget,
  mesh: AuthorizationMesh,
): Refusal | undefined {
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
  const { selector } = policy.spec;
  if (selector && Object.keys(selector.matchLabels ?? {}).length === 0) {
    return {
      cause: 'ztunnel-empty-selector',
      path: 'spec.selector',
      says: 'ztunnel takes a policy with an empty selector for one of single workloads, and gives it to none; leave the selector out.',
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

/** Which of the policies the control plane of the target's proxy does not read, and why. R1.16, R1.18 */
function unreadBy(
  snapshot: MeshSnapshot,
  target: PolicyTarget,
  mesh: AuthorizationMesh,
): (policy: Policy) => NotRead | undefined {
  const revision = mesh.revisions?.[0] ?? target.revision ?? snapshot.revision;
  const view = controlPlaneView(snapshot, revision);
  return ({ kind, metadata: { namespace, name } }) => {
    const object = snapshot.get(kind, namespace, name);
    return object === undefined || view.get(kind, namespace, name) === object
      ? undefined
      : whyNotRead(snapshot, object, revision);
  };
}

function sort<P extends Policy>(
  policies: Iterable<P>,
  target: PolicyTarget,
  mesh: AuthorizationMesh,
  whyUnread: (policy: Policy) => NotRead | undefined,
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
    const unread = whyUnread(policy);
    const attachment = attach(policy, target, mesh);
    const refusal = proxyRefuses(policy, target, mesh);
    if (unread) {
      refuse(policy, unread.cause, unread.path, unread.says);
    } else if ('cause' in attachment) {
      refuse(policy, attachment.cause, attachment.path, attachment.says);
    } else if (refusal) {
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
  const whyUnread = unreadBy(snapshot, target, mesh);
  const authorization = sort(
    namespaces.flatMap(namespace =>
      snapshot.list('AuthorizationPolicy', namespace),
    ),
    target,
    mesh,
    whyUnread,
  );
  const authentication = sort(
    namespaces.flatMap(namespace =>
      snapshot.list('RequestAuthentication', namespace),
    ),
    target,
    mesh,
    whyUnread,
  );
  const withAction = (action: AuthorizationAction) =>
    authorization.attached.filter(
      ({ policy }) => policy.spec.action === action,
    );
  return {
    custom: withAction('CUSTOM'),
    deny: withAction('DENY'),
    allow: [
      ...withAction('ALLOW'),
      ...implicitWaypointPolicies(snapshot, target, mesh),
    ],
    audit: withAction('AUDIT'),
    requestAuthentications: authentication.attached,
    notActing: [...authorization.notActing, ...authentication.notActing],
  };
}
