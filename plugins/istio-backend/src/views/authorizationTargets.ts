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
  DEFAULT_MESH_CONFIG,
  membershipOf,
  meshConfigOf,
  workloadOf,
  type AuthorizationMesh,
  type EnforcingProxy,
  type ExternalAuthorizer,
  type MeshSnapshot,
  type PeerIdentity,
  type PolicyTarget,
  type Workload,
} from '@mesh-portal/mesh-model';
import type { Service } from '../entity';

/** A proxy that decides about requests to a workload. */
export interface EnforcementPoint {
  target: PolicyTarget;
  enforcedBy: 'sidecar' | 'ztunnel' | 'waypoint' | 'gateway' | 'none';
  /** Whom the proxy sees: absent, the caller itself; a waypoint hides the caller from the ztunnel behind it. */
  seesPeer?: PeerIdentity;
}

/** Mesh-wide settings of authorization. Without a mesh configuration the authorizers are not known. */
export function authorizationMesh(snapshot: MeshSnapshot): AuthorizationMesh {
  const config = meshConfigOf(snapshot);
  const { rootNamespace, trustDomain, trustDomainAliases } = config;
  const builtIn = new Set(
    DEFAULT_MESH_CONFIG.extensionProviders.map(({ name }) => name),
  );
  return {
    rootNamespace,
    trustDomain,
    trustDomainAliases,
    ...(config.source === undefined
      ? {}
      : {
          externalAuthorizers:
            config.extensionProviders.flatMap<ExternalAuthorizer>(
              ({ name, type }) => {
                if (builtIn.has(name)) return [];
                if (type === 'envoyExtAuthzHttp') {
                  return [{ name, protocol: 'http' }];
                }
                return type === 'envoyExtAuthzGrpc'
                  ? [{ name, protocol: 'grpc' }]
                  : [];
              },
            ),
        }),
  };
}

function enforcingProxy(
  proxy: ReturnType<typeof membershipOf>['proxy'],
): EnforcingProxy {
  switch (proxy) {
    case 'vm':
      return 'sidecar';
    case 'ztunnel':
      return 'none';
    default:
      return proxy;
  }
}

const ENFORCED_BY: Readonly<
  Record<EnforcingProxy, EnforcementPoint['enforcedBy']>
> = {
  sidecar: 'sidecar',
  'native-sidecar': 'sidecar',
  ambient: 'ztunnel',
  waypoint: 'waypoint',
  gateway: 'gateway',
  none: 'none',
};

/** The proxies that decide about requests to a workload, in the order a request meets them. */
export function enforcementPoints(
  snapshot: MeshSnapshot,
  workload: Workload,
  services: readonly Service[],
): EnforcementPoint[] {
  const { proxy: actual, waypoint } = membershipOf(snapshot, workload);
  const proxy = enforcingProxy(actual);
  const own: EnforcementPoint = {
    target: {
      proxy,
      namespace: workload.namespace,
      labels: workload.labels,
    },
    enforcedBy: ENFORCED_BY[proxy],
  };
  if (waypoint?.state !== 'bound' || waypoint.waypoint === undefined) {
    return [own];
  }
  const { namespace, name } = waypoint.waypoint;
  const serving = workloadOf(snapshot, namespace, 'Deployment', name);
  return [
    {
      target: {
        proxy: 'waypoint',
        namespace,
        labels: {
          ...serving?.labels,
          'gateway.networking.k8s.io/gateway-name': name,
        },
        services: services.map(({ metadata }) => ({
          name: metadata.name,
          namespace: metadata.namespace,
          registry: 'Kubernetes' as const,
        })),
      },
      enforcedBy: 'waypoint',
    },
    {
      ...own,
      seesPeer: {
        namespace,
        serviceAccount: serving?.serviceAccount ?? name,
      },
    },
  ];
}
