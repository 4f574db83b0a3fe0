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
import type { Provenance } from '../verdict';

/** An AuthorizationPolicy as the snapshot holds it. */
export type AuthorizationPolicy = SlimObjectByKind['AuthorizationPolicy'];
/** A RequestAuthentication as the snapshot holds it. */
export type RequestAuthentication = SlimObjectByKind['RequestAuthentication'];

/** A service whose filter chain a waypoint evaluates. */
export interface TargetService {
  /** `metadata.name` of the Service or ServiceEntry, never a host (R1.3) */
  name: string;
  namespace: string;
  /** `Kubernetes` for a Service, `External` for a ServiceEntry */
  registry: 'Kubernetes' | 'External';
}

/** The data plane that would enforce a policy; `ambient` means ztunnel at the destination pod. */
export type EnforcingProxy =
  | 'sidecar'
  | 'native-sidecar'
  | 'ambient'
  | 'waypoint'
  | 'gateway'
  | 'none';

/** What a policy may attach to: one proxy, seen by its pod labels. */
export interface PolicyTarget {
  proxy: EnforcingProxy;
  namespace: string;
  /** pod labels; a Gateway API gateway or waypoint carries `gateway.networking.k8s.io/gateway-name` */
  labels: StringMap;
  /** revision of the control plane that configures the proxy, when known. R1.16 */
  revision?: string;
  /**
   * Only for a waypoint: `connections` asks for the policies that select its pods and are enforced where HBONE ends, before the
   * chains of the services. R4.28
   */
  layer?: 'connections';
  /** Only for a waypoint: the service whose chain is asked about. Empty: only gateway-wide policies. */
  services?: readonly TargetService[];
  /** Only in ambient: what lets plaintext pass by ztunnel, so that policies see HBONE alone. */
  plaintextPassesBy?: Provenance;
}

/** An external authorizer of `meshConfig.extensionProviders`. */
export interface ExternalAuthorizer {
  name: string;
  protocol: 'http' | 'grpc';
  /** as written: host, or `namespace/host` */
  service: string;
  /** why istiod cannot use it; `undefined` when it can */
  invalid?: string;
  /** why it is not known whether istiod can use it */
  uncertain?: string;
}

/**
 * The mesh-wide settings that decide about authorization. Flags are istiod's environment, which the Kubernetes API does
 * not show: their defaults are assumed.
 */
export interface AuthorizationMesh {
  rootNamespace: string;
  trustDomain: string;
  trustDomainAliases: readonly string[];
  /** `undefined` when the mesh configuration could not be read: a CUSTOM policy is then unknown */
  externalAuthorizers?: readonly ExternalAuthorizer[];
  /** holds the mesh configuration */
  source?: SlimObjectByKind['ConfigMap'];
  /** revision (and tags) the proxy is connected to; `undefined`: that of the target, else every revision's policies count */
  revisions?: readonly string[];
  /** ENABLE_SELECTOR_BASED_K8S_GATEWAY_POLICY, default true */
  selectorBasedGatewayPolicy?: boolean;
  /** PILOT_ENABLE_MULTIPLE_CUSTOM_AUTHZ_PROVIDERS, default false */
  multipleCustomProviders?: boolean;
  /** PILOT_AUTO_ALLOW_WAYPOINT_POLICY, default false. R2.12 */
  autoAllowWaypoint?: boolean;
  /** ENABLE_LAYERED_WAYPOINT_AUTHORIZATION_POLICIES, default false. R4.28 */
  layeredWaypointPolicies?: boolean;
  /** AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY, default false */
  ambientDryRun?: boolean;
}

/** Label that marks the pods of a Gateway API gateway or waypoint. */
export const GATEWAY_NAME_LABEL = 'gateway.networking.k8s.io/gateway-name';
