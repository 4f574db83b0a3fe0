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
  type AuthorizationMesh,
  type EnforcingProxy,
  externalAuthorizersOf,
  meshConfigOf,
  type MeshSnapshot,
  type PolicyTarget,
  type ProxyType,
  waypointOf,
} from '@mesh-portal/mesh-model';
import type { Service } from '../entity';

/** The mesh-wide settings AuthorizationPolicies are read with. */
export function authorizationMeshOf(snapshot: MeshSnapshot): AuthorizationMesh {
  const { rootNamespace, trustDomain, trustDomainAliases, extensionProviders } =
    meshConfigOf(snapshot);
  return {
    rootNamespace,
    trustDomain,
    trustDomainAliases,
    externalAuthorizers: externalAuthorizersOf(extensionProviders),
  };
}

const ENFORCING: Readonly<Record<ProxyType, EnforcingProxy>> = {
  sidecar: 'sidecar',
  'native-sidecar': 'native-sidecar',
  ambient: 'ambient',
  waypoint: 'waypoint',
  gateway: 'gateway',
  vm: 'sidecar',
  ztunnel: 'none',
  none: 'none',
};

/** The proxy in front of a workload as a target of policies. */
export function targetOfWorkload(workload: {
  namespace: string;
  labels: Readonly<Record<string, string>>;
  proxy: ProxyType;
}): PolicyTarget {
  return {
    proxy: ENFORCING[workload.proxy],
    namespace: workload.namespace,
    labels: workload.labels,
  };
}

/**
 * The waypoint that enforces policies of a Service before its pods do; undefined when none is bound and ready. R2.10
 */
export function waypointTargetOf(
  snapshot: MeshSnapshot,
  service: Service,
): PolicyTarget | undefined {
  const binding = waypointOf(snapshot, service);
  if (binding.state !== 'bound' || !binding.waypoint) return undefined;
  const { namespace, name } = binding.waypoint;
  return {
    proxy: 'waypoint',
    namespace,
    labels: { 'gateway.networking.k8s.io/gateway-name': name },
    services: [
      {
        name: service.metadata.name,
        namespace: service.metadata.namespace,
        registry: 'Kubernetes',
      },
    ],
  };
}
