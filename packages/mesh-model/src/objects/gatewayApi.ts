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
    namespaces?: {
      from?: 'All' | 'Same' | 'Selector' | 'None';
      selector?: LabelSelector;
    };
    kinds?: readonly { group?: string; kind: string }[];
  };
}

export interface K8sGatewaySpec {
  gatewayClassName: string;
  listeners?: readonly K8sListener[];
  addresses?: readonly { type?: string; value?: string }[];
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
