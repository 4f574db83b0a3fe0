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

export {
  hostnamesAcrossClusters,
  serviceAcrossClusters,
} from './serviceAcrossClusters';
export type {
  ClusterEndpoint,
  ClusterService,
  MultiClusterService,
} from './serviceAcrossClusters';
export { endpointsFor } from './endpointReach';
export type { ClusterClient, EndpointReach } from './endpointReach';
export { networkEntrancesOf, networkOfEndpoint } from './networks';
export type { MeshCluster, NetworkEntrance } from './networks';
export { meshNetworksOf, parseMeshNetworks } from './meshNetworks';
export type { MeshNetwork, MeshNetworks } from './meshNetworks';
export { localityOrderOf, placeOfCaller } from './localityOrder';
export type { EndpointOrder } from './localityOrder';
