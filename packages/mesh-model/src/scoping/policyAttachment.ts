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
  GATEWAY_NAME_LABEL,
  type PolicyTarget,
} from '../authorization/policyTarget';
import type { MeshObject, PolicyTargetReference, StringMap } from '../objects';
import { isSubset } from '../snapshot/labelSelection';

/** What attachment reads of a policy: AuthorizationPolicy, RequestAuthentication, Telemetry, EnvoyFilter, WasmPlugin… */
export interface AttachablePolicy {
  object: MeshObject;
  /** Labels a workload must have; empty selects every workload in scope. */
  selector: StringMap;
  /** where the selector stands, for example `spec.selector.matchLabels` */
  selectorPath: string;
  /** The references in effect: `targetRef` only where `targetRefs` is empty. */
  targetRefs: readonly PolicyTargetReference[];
  /** whether they stand in the list `targetRefs` and not in the single `targetRef` */
  listed: boolean;
}

/** How a policy came to act: mesh-wide, on its namespace, by its selector, or by a reference. */
export type AttachmentScope = 'mesh' | 'namespace' | 'workload' | 'targetRef';

/** Why a policy in reach does not attach. */
export type DetachmentCause =
  | 'selector-mismatch'
  | 'target-refs-on-sidecar'
  | 'target-not-matched'
  | 'waypoint-needs-target-refs'
  | 'gateway-needs-target-refs'
  | 'ztunnel-target-refs';

/** Whether a policy attaches, the field that decides, and a sentence. */
export type PolicyAttachment =
  | { scope: AttachmentScope; path: string; says: string }
  | { cause: DetachmentCause; path: string; says: string };

/** The settings of the mesh that decide about attachment. */
export interface AttachmentSettings {
  rootNamespace: string;
  /** ENABLE_SELECTOR_BASED_K8S_GATEWAY_POLICY, default true */
  selectorBasedGatewayPolicy?: boolean;
}

interface WithSelector {
  selector?: { matchLabels?: StringMap };
  targetRef?: PolicyTargetReference;
  targetRefs?: readonly PolicyTargetReference[];
}

/** What attachment reads of an object with `selector`, `targetRef` and `targetRefs`. */
export function attachableOf(
  object: MeshObject,
  spec: WithSelector,
): AttachablePolicy {
  const listed = (spec.targetRefs ?? []).length > 0;
  const single = spec.targetRef === undefined ? [] : [spec.targetRef];
  return {
    object,
    selector: spec.selector?.matchLabels ?? {},
    selectorPath: 'spec.selector.matchLabels',
    targetRefs: listed ? spec.targetRefs ?? [] : single,
    listed,
  };
}

function matchesReference(
  policy: AttachablePolicy,
  ref: PolicyTargetReference,
  gateway: string,
  target: PolicyTarget,
  rootNamespace: string,
): boolean {
  const { namespace } = policy.object.metadata;
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
  policy: AttachablePolicy,
  target: PolicyTarget,
  rootNamespace: string,
): PolicyAttachment {
  const { namespace } = policy.object.metadata;
  if (!isSubset(policy.selector, target.labels)) {
    return {
      cause: 'selector-mismatch',
      path: policy.selectorPath,
      says: `Its selector asks for labels the workload does not have.`,
    };
  }
  if (Object.keys(policy.selector).length > 0) {
    return {
      scope: 'workload',
      path: policy.selectorPath,
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
  policy: AttachablePolicy,
  gateway: string,
  target: PolicyTarget,
  rootNamespace: string,
): PolicyAttachment {
  const references = policy.targetRefs;
  const position = references.findIndex(ref =>
    matchesReference(policy, ref, gateway, target, rootNamespace),
  );
  const path = policy.listed
    ? `spec.targetRefs[${Math.max(position, 0)}]`
    : 'spec.targetRef';
  const named = references[Math.max(position, 0)];
  return position >= 0
    ? {
        scope: 'targetRef',
        path,
        says: `It targets ${named?.kind} ${named?.name}.`,
      }
    : {
        cause: 'target-not-matched',
        path,
        says: `It targets ${references
          .map(ref => `${ref.kind} ${ref.name}`)
          .join(', ')} of namespace ${
          policy.object.metadata.namespace
        }, which is not this ${
          target.proxy
        } or a service of it; a reference never reaches into another namespace.`,
      };
}

/**
 * Decides whether one policy attaches to one proxy: by selector at sidecars and classic gateways, by `targetRefs` at
 * waypoints and Gateway API gateways. The caller has chosen the candidates (root namespace, the proxy's, the service's:
 * R4.1). R4.2
 */
export function attachPolicy(
  policy: AttachablePolicy,
  target: PolicyTarget,
  settings: AttachmentSettings,
): PolicyAttachment {
  const { rootNamespace } = settings;
  const gateway = target.labels[GATEWAY_NAME_LABEL];
  const refers = policy.targetRefs.length > 0;
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
  if (target.layer === 'connections') {
    return refers
      ? {
          cause: 'target-not-matched',
          path: policy.listed ? 'spec.targetRefs' : 'spec.targetRef',
          says: 'It acts in the chain of what it targets, not on connections to the waypoint.',
        }
      : attachBySelector(policy, target, rootNamespace);
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
  return settings.selectorBasedGatewayPolicy === false
    ? {
        cause: 'gateway-needs-target-refs',
        path: 'spec.selector',
        says: 'This control plane attaches policies to Gateway API gateways by targetRefs only.',
      }
    : attachBySelector(policy, target, rootNamespace);
}
