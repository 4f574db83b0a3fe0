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

import type { ClusterStatus } from '@mesh-portal/backstage-plugin-istio-common';
import {
  envoyProxyOfWorkload,
  hasCustomPolicies,
  meshConfigOf,
  type MeshKind,
  type MeshSnapshot,
  type Verdict,
  type Workload,
} from '@mesh-portal/mesh-model';
import { plainVerdict } from './verdicts';

/**
 * Why an answer that rests on these kinds cannot be trusted: the cluster is not completely read, or a kind may not be
 * read. A kind that the cluster does not have has no objects, which is knowledge.
 */
export function ignorance(
  status: ClusterStatus,
  kinds: readonly MeshKind[],
): string | undefined {
  if (status.state === 'syncing') {
    return `Cluster ${status.name} is not completely read yet`;
  }
  const missing = status.missingKinds.find(
    ({ kind, reason }) =>
      reason !== 'absent' && kinds.some(needed => needed === kind),
  );
  return missing?.message;
}

/** The verdict, or `unknown` for the reason given: neither green nor red is certain when a kind could not be read. */
export function unlessIgnorant(
  verdict: Verdict,
  reason: string | undefined,
): Verdict {
  return reason === undefined ? verdict : plainVerdict('unknown', reason);
}

/** The verdict, or `unknown` when what it rests on could not be read. */
export function certain(
  verdict: Verdict,
  status: ClusterStatus,
  kinds: readonly MeshKind[],
): Verdict {
  return unlessIgnorant(verdict, ignorance(status, kinds));
}

/** Kinds that answers about encryption rest on. */
export const MTLS_KINDS: readonly MeshKind[] = [
  'Pod',
  'Service',
  'Namespace',
  'PeerAuthentication',
  'DestinationRule',
  'ConfigMap',
];

/** Kinds that answers about routes rest on. */
export const ROUTE_KINDS: readonly MeshKind[] = [
  'Pod',
  'Service',
  'VirtualService',
  'DestinationRule',
  'Sidecar',
  'ServiceEntry',
  'HTTPRoute',
  'GRPCRoute',
  'ConfigMap',
];

/** Kinds that answers about the way from outside rest on. */
export const EXPOSURE_KINDS: readonly MeshKind[] = [
  'Pod',
  'Service',
  'Namespace',
  'Gateway',
  'VirtualService',
  'K8sGateway',
  'HTTPRoute',
  'GRPCRoute',
  'TLSRoute',
  'TCPRoute',
  'ReferenceGrant',
  'Ingress',
  'ConfigMap',
];

const BINDING_KINDS: readonly MeshKind[] = [
  'Pod',
  'Sidecar',
  'EnvoyFilter',
  'WasmPlugin',
  'TrafficExtension',
  'Telemetry',
  'ProxyConfig',
  'ConfigMap',
];

/**
 * Kinds that answers about what else acts on a workload rest on. Where the mesh has providers that are services, that they
 * exist is part of them.
 */
export function bindingKinds(
  snapshot: MeshSnapshot,
  workload: Workload,
): readonly MeshKind[] {
  const { revision = '' } = envoyProxyOfWorkload(snapshot, workload);
  const sendsToServices = meshConfigOf(
    snapshot,
    revision,
  ).extensionProviders.some(({ service }) => service !== undefined);
  return sendsToServices
    ? [...BINDING_KINDS, 'Service', 'ServiceEntry']
    : BINDING_KINDS;
}

/** Kinds that answers about ambient and waypoints rest on. */
export const AMBIENT_KINDS: readonly MeshKind[] = [
  'Pod',
  'Namespace',
  'Service',
  'K8sGateway',
  'GatewayClass',
  'AuthorizationPolicy',
];

/** Kinds that may name a service: what is said about those that do not act rests on them. */
export const IGNORED_KINDS: readonly MeshKind[] = [
  'Pod',
  'Service',
  'Namespace',
  'VirtualService',
  'DestinationRule',
  'Sidecar',
  'HTTPRoute',
  'GRPCRoute',
  'Gateway',
  'AuthorizationPolicy',
  'RequestAuthentication',
  'PeerAuthentication',
  'Telemetry',
  'EnvoyFilter',
  'WasmPlugin',
  'ConfigMap',
];

/** Kinds that answers about hosts outside the mesh rest on. */
export const EXTERNAL_KINDS: readonly MeshKind[] = [
  'Pod',
  'ServiceEntry',
  'Sidecar',
  'DestinationRule',
  'ConfigMap',
];

const AUTHORIZATION_KINDS: readonly MeshKind[] = [
  'Pod',
  'Namespace',
  'AuthorizationPolicy',
  'RequestAuthentication',
  'ConfigMap',
];

/**
 * Kinds that answers about authorization rest on. Where CUSTOM policies hand requests to an external authorizer, that its
 * service exists is part of them.
 */
export function authorizationKinds(
  snapshot: MeshSnapshot,
): readonly MeshKind[] {
  return hasCustomPolicies(snapshot)
    ? [...AUTHORIZATION_KINDS, 'Service', 'ServiceEntry']
    : AUTHORIZATION_KINDS;
}

/** Kinds that answers about membership rest on. */
export const MEMBERSHIP_KINDS: readonly MeshKind[] = [
  'Pod',
  'Namespace',
  'MutatingWebhookConfiguration',
];
