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

export { defaultClient, hasEnvoy } from './client';
export { meshedClientOf } from './meshedClient';
export { controlPlaneOfPod } from './controlPlaneOfPod';
export type { Client, ProxyType } from './client';
export {
  labelsOfWorkloadEntry,
  workloadOf,
  workloadOfEntry,
  workloadOfPod,
  workloadsOf,
  workloadsOfPods,
  workloadsOfService,
} from './workload';
export type { Workload } from './workload';
export {
  servicesOfWorkload,
  workloadsOfServiceEntry,
} from './servicesOfWorkload';
export { isReady } from './podReadiness';
export { healthOfWorkloadEntry } from './machineHealth';
export {
  inboundInterception,
  outboundInterception,
  type Interception,
} from './interception';
export { injectionOf, isInjectionRequired } from './injection';
export type { InjectionCandidate, InjectionDecision } from './injection';
export { injectorConfigOf } from './injectorConfig';
export type { InjectorConfig } from './injectorConfig';
export { captureWishOf } from './captureWish';
export type { CaptureWish, EnablementSelector } from './captureWish';
export { nativeSidecarWanted } from './nativeSidecar';
export type { NativeSidecarDecision } from './nativeSidecar';
export type { SidecarDrift } from './drift';
export { acceptsMeshMtls, proxyOfPod, revisionFromStatus } from './podProxy';
export type { PodProxy } from './podProxy';
export {
  acceptsNamespace,
  bindWaypoint,
  bindWorkloadWaypoint,
  servesTraffic,
  waypointOf,
  waypointOfInstance,
  waypointSourcesOf,
} from './waypoint';
export type {
  ResolvedBinding,
  WaypointBinding,
  WaypointProblem,
  WaypointSources,
  WaypointTarget,
} from './waypoint';
export { allowedNamespacesOf, waypointOfGateway } from './waypointGateway';
export type {
  GatewayAddress,
  InboundBinding,
  NetworkAddress,
  Waypoint,
} from './waypointGateway';
export { clientOfWorkload, membershipOf } from './membership';
export type { Membership, ProxyCount } from './membership';
