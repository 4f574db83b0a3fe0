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

import type { MeshKind } from './kinds';
import type {
  AuthorizationPolicySpec,
  PeerAuthenticationSpec,
  RequestAuthenticationSpec,
} from './security';
import type { DestinationRuleSpec } from './destinationRule';
import type {
  EnvoyFilterSpec,
  TrafficExtensionSpec,
  WasmPluginSpec,
} from './extensions';
import type {
  IstioGatewaySpec,
  ServiceEntrySpec,
  ServiceEntryStatus,
  SidecarSpec,
  WorkloadEntrySpec,
  WorkloadEntryStatus,
  WorkloadGroupSpec,
} from './networking';
import type { ProxyConfigSpec, TelemetrySpec } from './telemetry';
import type { VirtualServiceSpec } from './virtualService';
import type {
  BackendTLSPolicySpec,
  GatewayClassSpec,
  GatewayClassStatus,
  GRPCRouteSpec,
  HTTPRouteSpec,
  K8sGatewaySpec,
  K8sGatewayStatus,
  ListenerSetSpec,
  ListenerSetStatus,
  ReferenceGrantSpec,
  RouteStatus,
  TCPRouteSpec,
  TLSRouteSpec,
  XBackendTrafficPolicySpec,
} from './gatewayApi';
import type {
  ConfigMapSpec,
  EndpointSliceSpec,
  IngressClassSpec,
  IngressSpec,
  MutatingWebhookConfigurationSpec,
  NodeSpec,
  OwnerSpec,
  PodSpec,
  ServiceSpec,
} from './kubernetes';

/** Strings by name; label and annotation maps. Instances are shared between objects: never mutate. */
export type StringMap = Readonly<Record<string, string>>;

/** Metadata of a slim object. */
export interface ObjectMeta {
  name: string;
  /** `''` for cluster-scoped kinds. */
  namespace: string;
  labels: StringMap;
  /** Only the annotations the model reads (see projection). */
  annotations: StringMap;
  /** `creationTimestamp` in epoch milliseconds; 0 when the source had none. */
  createdAt: number;
  /** Absent where the source does not tell, and of kinds that nobody edits. */
  lastChange?: ObjectChangeMark;
  uid: string;
  resourceVersion: string;
}

/** When anything but the status of an object was last written, and by which field manager. */
export interface ObjectChangeMark {
  /** epoch milliseconds */
  at: number;
  /** for example `kubectl-client-side-apply` or `argocd-controller`; `''` when the source does not name it */
  by: string;
}

/** Something in the raw object that does not have the shape its schema demands. */
export interface ObjectProblem {
  /** for example `spec.http[0].route` */
  path: string;
  /** what is wrong and what to write instead, one sentence */
  message: string;
}

/** A slim object: projected once from raw JSON, then never changed. */
export interface SlimObject<K extends MeshKind, S, T = undefined> {
  kind: K;
  metadata: ObjectMeta;
  spec: S;
  status: T;
  /** Empty when the raw object was well-formed. Malformed parts are dropped from `spec` and named here. */
  problems: readonly ObjectProblem[];
  /**
   * Fields of an object of Istio or Gateway API that the model does not know, for example of a newer version: answers that
   * rest on the object are advisory. Absent when there are none.
   */
  unread?: readonly string[];
  /**
   * Fields for which istiod's admission would refuse the object, were it written now; it stands in the cluster all the same.
   * Absent when it would be accepted, and of kinds whose rules are not known.
   */
  refusals?: readonly ObjectProblem[];
}

/** The empty spec of kinds of which only metadata is read. */
export type NoSpec = Record<string, never>;

export interface SlimObjectByKind {
  Namespace: SlimObject<'Namespace', NoSpec>;
  Node: SlimObject<'Node', NodeSpec>;
  Pod: SlimObject<'Pod', PodSpec>;
  Service: SlimObject<'Service', ServiceSpec>;
  ServiceAccount: SlimObject<'ServiceAccount', NoSpec>;
  ConfigMap: SlimObject<'ConfigMap', ConfigMapSpec>;
  EndpointSlice: SlimObject<'EndpointSlice', EndpointSliceSpec>;
  ReplicaSet: SlimObject<'ReplicaSet', OwnerSpec>;
  Deployment: SlimObject<'Deployment', OwnerSpec>;
  StatefulSet: SlimObject<'StatefulSet', OwnerSpec>;
  DaemonSet: SlimObject<'DaemonSet', OwnerSpec>;
  Ingress: SlimObject<'Ingress', IngressSpec>;
  IngressClass: SlimObject<'IngressClass', IngressClassSpec>;
  MutatingWebhookConfiguration: SlimObject<
    'MutatingWebhookConfiguration',
    MutatingWebhookConfigurationSpec
  >;
  VirtualService: SlimObject<'VirtualService', VirtualServiceSpec>;
  DestinationRule: SlimObject<'DestinationRule', DestinationRuleSpec>;
  Gateway: SlimObject<'Gateway', IstioGatewaySpec>;
  ServiceEntry: SlimObject<
    'ServiceEntry',
    ServiceEntrySpec,
    ServiceEntryStatus
  >;
  Sidecar: SlimObject<'Sidecar', SidecarSpec>;
  WorkloadEntry: SlimObject<
    'WorkloadEntry',
    WorkloadEntrySpec,
    WorkloadEntryStatus
  >;
  WorkloadGroup: SlimObject<'WorkloadGroup', WorkloadGroupSpec>;
  EnvoyFilter: SlimObject<'EnvoyFilter', EnvoyFilterSpec>;
  ProxyConfig: SlimObject<'ProxyConfig', ProxyConfigSpec>;
  PeerAuthentication: SlimObject<'PeerAuthentication', PeerAuthenticationSpec>;
  RequestAuthentication: SlimObject<
    'RequestAuthentication',
    RequestAuthenticationSpec
  >;
  AuthorizationPolicy: SlimObject<
    'AuthorizationPolicy',
    AuthorizationPolicySpec
  >;
  Telemetry: SlimObject<'Telemetry', TelemetrySpec>;
  WasmPlugin: SlimObject<'WasmPlugin', WasmPluginSpec>;
  TrafficExtension: SlimObject<'TrafficExtension', TrafficExtensionSpec>;
  GatewayClass: SlimObject<
    'GatewayClass',
    GatewayClassSpec,
    GatewayClassStatus
  >;
  K8sGateway: SlimObject<'K8sGateway', K8sGatewaySpec, K8sGatewayStatus>;
  HTTPRoute: SlimObject<'HTTPRoute', HTTPRouteSpec, RouteStatus>;
  GRPCRoute: SlimObject<'GRPCRoute', GRPCRouteSpec, RouteStatus>;
  TLSRoute: SlimObject<'TLSRoute', TLSRouteSpec, RouteStatus>;
  TCPRoute: SlimObject<'TCPRoute', TCPRouteSpec, RouteStatus>;
  ReferenceGrant: SlimObject<'ReferenceGrant', ReferenceGrantSpec>;
  ListenerSet: SlimObject<'ListenerSet', ListenerSetSpec, ListenerSetStatus>;
  BackendTLSPolicy: SlimObject<'BackendTLSPolicy', BackendTLSPolicySpec>;
  XBackendTrafficPolicy: SlimObject<
    'XBackendTrafficPolicy',
    XBackendTrafficPolicySpec
  >;
}

/** Any slim object. */
export type MeshObject = SlimObjectByKind[MeshKind];
