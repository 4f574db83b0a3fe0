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
  canaryWaypointOf,
  canaryWeightOf,
  ingressWaypointWish,
} from './waypointLabels';
export type { IngressWaypointWish } from './waypointLabels';
export type {
  ZtunnelAppProtocol,
  ZtunnelLoadBalancing,
  ZtunnelPort,
  ZtunnelService,
  ZtunnelWorkload,
} from './ztunnelTypes';
export { DEFAULT_AMBIENT_FLAGS } from './environment';
export type {
  AmbientFlags,
  AmbientService,
  NetworkGateway,
  ServiceEnvironment,
  WorkloadEnvironment,
} from './environment';
export {
  ambientServiceOf,
  ambientServicesOfEntry,
  selectServices,
} from './services';
export { ztunnelWorkloadOfPod } from './podWorkloads';
export {
  ztunnelWorkloadOfEntry,
  ztunnelWorkloadsOfServiceEntry,
} from './machineWorkloads';
export { ztunnelWorkloadsOfSlice } from './sliceWorkloads';
export { owningWaypointsOf, weightedWaypointsOf } from './weightedWaypoints';
export {
  gatewayOfNetwork,
  networkGatewaysOf,
  networkGatewaysOfGateway,
} from './networkGateways';
export { peerAuthenticationPolicies } from './peerAuthenticationPolicies';
export {
  hasEffectiveRules,
  ztunnelPoliciesOf,
  ztunnelPolicyStatusOf,
} from './ztunnelPolicies';
export type { ZtunnelPolicyStatus } from './ztunnelPolicies';
export {
  policyStatusSourcesOf,
  waypointConditionOf,
  waypointPolicyStatusOf,
} from './waypointStatus';
export type {
  PolicyStatusSources,
  WaypointCondition,
  WaypointPolicyStatus,
} from './waypointStatus';
export {
  ambientFlagsOf,
  ztunnelNetworkGatewaysOf,
  ztunnelServicesOf,
  ztunnelWorkloadsOf,
} from './meshEnvironment';
export { ambientStateOfService, ambientStateOfWorkload } from './ambientState';
export type {
  AmbientServiceState,
  AmbientState,
  AmbientWorkloadState,
  EnforcingHop,
} from './ambientState';
export type { AmbientPolicy } from './ambientPolicies';
export { ambientCaptureOf } from './capture';
export type { AmbientCapture } from './capture';
export { waypointStateOf } from './waypointState';
export type { WaypointState } from './waypointState';
