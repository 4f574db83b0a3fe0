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

import type { PolicyTargetReference, WorkloadSelector } from './attachment';
import type { StringMap } from './types';

/** What the model keeps of the Envoy configuration that a patch carries: enough to say what it touches. */
export interface PatchContent {
  /** `name` fields anywhere in it, for example `envoy.filters.http.rbac` */
  names: readonly string[];
  /** `@type` fields anywhere in it */
  types: readonly string[];
  /** It sets a transport socket, so it decides about TLS. */
  transportSocket: boolean;
}

/** Which listener, and what in it, a patch looks for. */
export interface ListenerMatch {
  name?: string;
  portNumber?: number;
  portName?: string;
  listenerFilter?: string;
  filterChain?: {
    name?: string;
    sni?: string;
    applicationProtocols?: string;
    transportProtocol?: string;
    transportSocket?: string;
    destinationPort?: number;
    filter?: { name?: string; subFilter?: { name?: string } };
  };
}

/** Which route configuration, and what in it, a patch looks for. */
export interface RouteConfigurationMatch {
  name?: string;
  portNumber?: number;
  portName?: string;
  gateway?: string;
  vhost?: {
    name?: string;
    domainName?: string;
    route?: { name?: string; action?: string };
  };
}

/** Which cluster a patch looks for. */
export interface ClusterMatch {
  name?: string;
  service?: string;
  subset?: string;
  portNumber?: number;
}

/** Which part of a waypoint a patch looks for. */
export interface WaypointMatch {
  portNumber?: number;
  filter?: { name?: string; subFilter?: { name?: string } };
  route?: { name?: string };
}

/** One patch of an EnvoyFilter. */
export interface EnvoyConfigPatch {
  applyTo?: string;
  match?: {
    context?: string;
    proxy?: { proxyVersion?: string; metadata?: StringMap };
    listener?: ListenerMatch;
    routeConfiguration?: RouteConfigurationMatch;
    cluster?: ClusterMatch;
    waypoint?: WaypointMatch;
  };
  patch?: { operation?: string; filterClass?: string; value?: PatchContent };
}

export interface EnvoyFilterSpec {
  workloadSelector?: { labels?: StringMap };
  targetRefs?: readonly PolicyTargetReference[];
  configPatches?: readonly EnvoyConfigPatch[];
  priority?: number;
}

/** Which traffic of a workload an extension sees. */
export interface ExtensionTrafficSelector {
  mode?: string;
  ports?: readonly { number?: number }[];
}

export interface WasmPluginSpec {
  selector?: WorkloadSelector;
  targetRef?: PolicyTargetReference;
  targetRefs?: readonly PolicyTargetReference[];
  url?: string;
  pluginName?: string;
  /** `HTTP` when unset */
  type?: string;
  phase?: string;
  priority?: number;
  failStrategy?: string;
  match?: readonly ExtensionTrafficSelector[];
}

export interface TrafficExtensionSpec {
  selector?: WorkloadSelector;
  targetRefs?: readonly PolicyTargetReference[];
  phase?: string;
  priority?: number;
  match?: readonly ExtensionTrafficSelector[];
  wasm?: {
    url?: string;
    pluginName?: string;
    type?: string;
    failStrategy?: string;
  };
  lua?: { inlineCode?: string };
}
