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

import type { StringMap } from './types';
import type { LabelSelector } from './kubernetes';

export interface Condition {
  type: string;
  status: 'True' | 'False' | 'Unknown';
  reason?: string;
  message?: string;
}

export interface ParentReference {
  group?: string;
  kind?: string;
  namespace?: string;
  name: string;
  sectionName?: string;
  port?: number;
}

export interface BackendReference {
  group?: string;
  kind?: string;
  namespace?: string;
  name: string;
  port?: number;
  weight?: number;
  filters?: readonly HttpRouteFilter[];
}

export interface SecretReference {
  group?: string;
  kind?: string;
  name: string;
  namespace?: string;
}

export interface GatewayClassSpec {
  controllerName: string;
}

export interface GatewayClassStatus {
  conditions?: readonly Condition[];
}

export interface K8sListener {
  name: string;
  hostname?: string;
  port: number;
  protocol: string;
  tls?: {
    mode?: 'Terminate' | 'Passthrough';
    certificateRefs?: readonly SecretReference[];
    options?: StringMap;
  };
  allowedRoutes?: {
    namespaces?: NamespacePolicy;
    kinds?: readonly { group?: string; kind: string }[];
  };
}

/** Which namespaces may attach something. */
export interface NamespacePolicy {
  from?: 'All' | 'Same' | 'Selector' | 'None';
  selector?: LabelSelector;
}

/** How clients of a Gateway's HTTPS listeners are authenticated. */
export interface FrontendTls {
  validation?: {
    caCertificateRefs?: readonly SecretReference[];
    mode?: string;
  };
}

export interface K8sGatewaySpec {
  gatewayClassName: string;
  listeners?: readonly K8sListener[];
  addresses?: readonly { type?: string; value?: string }[];
  allowedListeners?: { namespaces?: NamespacePolicy };
  infrastructure?: {
    parametersRef?: { group?: string; kind: string; name: string };
  };
  tls?: {
    frontend?: {
      default?: FrontendTls;
      perPort?: readonly { port: number; tls?: FrontendTls }[];
    };
    backend?: { clientCertificateRef?: SecretReference };
  };
}

/** Listeners that stand in an object of their own and merge into a Gateway. R7.14 */
export interface ListenerSetSpec {
  parentRef?: {
    group?: string;
    kind?: string;
    namespace?: string;
    name: string;
  };
  listeners?: readonly ListenerEntry[];
}

/** A listener of a ListenerSet; its port may be left to the protocol. */
export type ListenerEntry = Omit<K8sListener, 'port'> & { port?: number };

export interface ListenerSetStatus {
  conditions?: readonly Condition[];
}

/** What a policy is about: an object of its own namespace, and a section (a port's name) of it. */
export interface LocalPolicyTargetReference {
  group?: string;
  kind: string;
  name: string;
  sectionName?: string;
}

/** TLS from a proxy to a backend, as Gateway API writes it. R7.25 */
export interface BackendTLSPolicySpec {
  targetRefs?: readonly LocalPolicyTargetReference[];
  validation?: {
    hostname?: string;
    caCertificateRefs?: readonly {
      group?: string;
      kind: string;
      name: string;
    }[];
    wellKnownCACertificates?: string;
    subjectAltNames?: readonly {
      type?: string;
      hostname?: string;
      uri?: string;
    }[];
  };
}

/** Retries and sessions of a backend, as Gateway API writes them (experimental). R7.25 */
export interface XBackendTrafficPolicySpec {
  targetRefs?: readonly LocalPolicyTargetReference[];
  retryConstraint?: {
    budget?: { percent?: number; interval?: string };
    minRetryRate?: { count?: number; interval?: string };
  };
  sessionPersistence?: Readonly<Record<string, unknown>>;
}

export interface K8sGatewayStatus {
  addresses?: readonly { type?: string; value: string }[];
  conditions?: readonly Condition[];
  listeners?: readonly {
    name: string;
    attachedRoutes?: number;
    conditions?: readonly Condition[];
  }[];
}

export interface RouteStatus {
  parents?: readonly {
    parentRef: ParentReference;
    controllerName?: string;
    conditions?: readonly Condition[];
  }[];
}

export interface HttpHeaderModifier {
  set?: readonly { name: string; value: string }[];
  add?: readonly { name: string; value: string }[];
  remove?: readonly string[];
}

export interface HttpPathModifier {
  type: 'ReplaceFullPath' | 'ReplacePrefixMatch';
  replaceFullPath?: string;
  replacePrefixMatch?: string;
}

export interface HttpRouteFilter {
  type: string;
  requestHeaderModifier?: HttpHeaderModifier;
  responseHeaderModifier?: HttpHeaderModifier;
  requestMirror?: {
    backendRef: BackendReference;
    percent?: number;
    fraction?: { numerator: number; denominator?: number };
  };
  requestRedirect?: {
    scheme?: string;
    hostname?: string;
    path?: HttpPathModifier;
    port?: number;
    statusCode?: number;
  };
  urlRewrite?: { hostname?: string; path?: HttpPathModifier };
  cors?: Readonly<Record<string, unknown>>;
  extensionRef?: { group?: string; kind: string; name: string };
}

export interface NamedValueMatch {
  type?: 'Exact' | 'RegularExpression';
  name: string;
  value: string;
}

export interface HttpRouteMatch {
  path?: {
    type?: 'Exact' | 'PathPrefix' | 'RegularExpression';
    value?: string;
  };
  headers?: readonly NamedValueMatch[];
  queryParams?: readonly NamedValueMatch[];
  method?: string;
}

export interface HttpRouteRule {
  name?: string;
  matches?: readonly HttpRouteMatch[];
  filters?: readonly HttpRouteFilter[];
  backendRefs?: readonly BackendReference[];
  timeouts?: { request?: string; backendRequest?: string };
  retry?: { codes?: readonly number[]; attempts?: number; backoff?: string };
}

export interface HTTPRouteSpec {
  parentRefs?: readonly ParentReference[];
  hostnames?: readonly string[];
  rules?: readonly HttpRouteRule[];
}

export interface GRPCRouteSpec {
  parentRefs?: readonly ParentReference[];
  hostnames?: readonly string[];
  rules?: readonly {
    name?: string;
    matches?: readonly {
      method?: {
        type?: 'Exact' | 'RegularExpression';
        service?: string;
        method?: string;
      };
      headers?: readonly NamedValueMatch[];
    }[];
    filters?: readonly HttpRouteFilter[];
    backendRefs?: readonly BackendReference[];
  }[];
}

export interface TLSRouteSpec {
  parentRefs?: readonly ParentReference[];
  hostnames?: readonly string[];
  rules?: readonly {
    name?: string;
    backendRefs?: readonly BackendReference[];
  }[];
}

export interface TCPRouteSpec {
  parentRefs?: readonly ParentReference[];
  rules?: readonly {
    name?: string;
    backendRefs?: readonly BackendReference[];
  }[];
}

export interface ReferenceGrantSpec {
  from?: readonly { group: string; kind: string; namespace: string }[];
  to?: readonly { group: string; kind: string; name?: string }[];
}
