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

import type { Locality } from '../identity';
import type { GatewayAddress, NetworkAddress } from '../membership';

/** What ztunnel knows of a port's protocol; absent: nothing, it treats it as TCP. */
export type ZtunnelAppProtocol = 'HTTP11' | 'HTTP2' | 'GRPC' | 'TCP' | 'TLS';

export interface ZtunnelPort {
  servicePort: number;
  /** 0 when it is a name that each workload resolves itself */
  targetPort: number;
  appProtocol?: ZtunnelAppProtocol;
}

export type LocalityScope = 'NETWORK' | 'REGION' | 'ZONE' | 'SUBZONE' | 'NODE';

export interface ZtunnelLoadBalancing {
  /** in this order, the first being the least that must match */
  routingPreference?: readonly LocalityScope[];
  mode?: 'STRICT' | 'FAILOVER' | 'PASSTHROUGH';
  /** `ALLOW_ALL`: endpoints that are not ready get traffic too */
  healthPolicy?: 'ALLOW_ALL';
}

/** A service as istiod describes it to ztunnel (workload API, message Service). Absent fields have their default. */
export interface ZtunnelService {
  name: string;
  namespace: string;
  hostname: string;
  addresses: readonly NetworkAddress[];
  ports: readonly ZtunnelPort[];
  subjectAltNames?: readonly string[];
  waypoint?: GatewayAddress;
  /** primary and canary waypoint; weights add up to 100. R2.11 */
  weightedWaypoints?: readonly {
    destination?: GatewayAddress;
    weight: number;
  }[];
  loadBalancing?: ZtunnelLoadBalancing;
  ipFamilies?: 'IPV4_ONLY' | 'IPV6_ONLY' | 'DUAL';
  /** The one definition of the hostname that clients of other namespaces use. R1.4 */
  canonical?: boolean;
  ingressUseWaypoint?: boolean;
  /** `NAMESPACE`: only clients of its own namespace see it. R1.14 */
  visibility?: 'NAMESPACE';
}

/** A workload as istiod describes it to ztunnel (workload API, message Workload). Absent fields have their default. */
export interface ZtunnelWorkload {
  uid: string;
  name: string;
  namespace: string;
  addresses: readonly string[];
  /** resolved by ztunnel, in place of addresses */
  hostname?: string;
  network: string;
  networkGateway?: GatewayAddress;
  /** How others reach it: `HBONE`; absent: plaintext. R2.8 */
  tunnelProtocol?: 'HBONE';
  /** It takes HBONE itself, without ztunnel. */
  nativeTunnel?: boolean;
  /** absent for the default `cluster.local` */
  trustDomain?: string;
  serviceAccount?: string;
  waypoint?: GatewayAddress;
  node?: string;
  canonicalName?: string;
  canonicalRevision?: string;
  workloadName?: string;
  workloadType?: 'POD';
  /** Only of a waypoint that is not Istio's own: how ztunnel hands traffic over. */
  applicationTunnel?: { protocol?: 'PROXY'; port?: number };
  /** by `namespace/hostname` */
  services: Readonly<Record<string, { ports: readonly ZtunnelPort[] }>>;
  /** names of the policies, `namespace/name`, that ztunnel enforces besides those of the whole namespace and mesh */
  authorizationPolicies: readonly string[];
  status: 'HEALTHY' | 'UNHEALTHY';
  clusterId: string;
  locality?: Locality;
  networkMode?: 'HOST_NETWORK';
  /** weight in load balancing; absent: 1 */
  capacity?: number;
}
