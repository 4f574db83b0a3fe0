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

import type { SlimObjectByKind, StringMap } from '../objects';
import type {
  GatewayAddress,
  WaypointBinding,
  WaypointProblem,
  WaypointSources,
} from '../membership';
import type { Locality, MeshConfig } from '../identity';
import type { IngressWaypointWish } from './waypointLabels';
import type { ZtunnelService } from './ztunnelTypes';

/** A service with what istiod needs of it beyond what it tells ztunnel. */
export interface AmbientService {
  service: ZtunnelService;
  /** names by service port; `targetPortName` when the target port is a name */
  portNames: ReadonlyMap<number, { portName: string; targetPortName?: string }>;
  /** labels of its workloads; empty when it selects none */
  selector: StringMap;
  source: { kind: 'Service' | 'ServiceEntry'; namespace: string; name: string };
  binding: WaypointBinding;
  /** Why a canary waypoint that is named gets nothing; the primary then serves alone. R2.11 */
  canaryProblem?: { problem: WaypointProblem; message: string };
  ingress: IngressWaypointWish;
  scope: 'LOCAL' | 'GLOBAL';
  /** epoch milliseconds */
  createdAt: number;
  object?: SlimObjectByKind['Service' | 'ServiceEntry'];
}

/** A gateway through which workloads of another network are reached. R1.19 */
export interface NetworkGateway {
  network: string;
  cluster: string;
  /** IP address or host name */
  address: string;
  /** 0 when its HBONE port is not known */
  hbonePort: number;
  serviceAccount: { namespace: string; name: string };
  /** the Gateway it is read from */
  source: { namespace: string; name: string };
}

/** Flags of istiod that change what ztunnel is told, with their defaults. */
export interface AmbientFlags {
  /** `PILOT_ENABLE_SERVICEENTRY_SELECT_PODS` */
  serviceEntriesSelectPods: boolean;
  /** `PILOT_ENABLE_K8S_SELECT_WORKLOAD_ENTRIES` */
  servicesSelectWorkloadEntries: boolean;
  /** `PILOT_AUTO_ALLOW_WAYPOINT_POLICY` */
  autoAllowWaypoint: boolean;
  /** `AMBIENT_ENABLE_MULTI_NETWORK`: services have a scope */
  multiNetwork: boolean;
}

/** What istiod assumes when its environment says nothing. */
export const DEFAULT_AMBIENT_FLAGS: AmbientFlags = {
  serviceEntriesSelectPods: true,
  servicesSelectWorkloadEntries: true,
  autoAllowWaypoint: false,
  multiNetwork: false,
};

/** What services are made from. */
export interface ServiceEnvironment extends WaypointSources {
  network: string;
  config: MeshConfig;
  flags: AmbientFlags;
}

/** What workloads are made from. */
export interface WorkloadEnvironment extends ServiceEnvironment {
  clusterId: string;
  /** Services and ServiceEntries of a namespace, one for each hostname. */
  servicesOf(namespace: string): readonly AmbientService[];
  localityOfNode(name: string): Locality | undefined;
  gatewayOfNetwork(network: string): GatewayAddress | undefined;
  /** EndpointSlices that name the pod. */
  slicesOfPod(
    namespace: string,
    podName: string,
  ): readonly SlimObjectByKind['EndpointSlice'][];
  workloadNameOf(pod: SlimObjectByKind['Pod']): string;
  /** Names of the policies that ztunnel enforces at a workload because a selector names it. */
  policiesOf(namespace: string, labels: StringMap): readonly string[];
  /** Does the waypoint run at least one pod? */
  waypointHasPods(namespace: string, name: string): boolean;
}
