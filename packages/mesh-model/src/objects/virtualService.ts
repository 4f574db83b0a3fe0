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

import type { GoDuration, PortSelector, StringMatch } from './attachment';
import type { StringMap } from './types';

export interface Destination {
  host: string;
  subset?: string;
  port?: PortSelector;
}

export interface HeaderOperations {
  set?: StringMap;
  add?: StringMap;
  remove?: readonly string[];
}

export interface Headers {
  request?: HeaderOperations;
  response?: HeaderOperations;
}

export interface HttpRouteDestination {
  destination: Destination;
  weight?: number;
  headers?: Headers;
}

export interface HttpMatchRequest {
  name?: string;
  uri?: StringMatch;
  scheme?: StringMatch;
  method?: StringMatch;
  authority?: StringMatch;
  headers?: Readonly<Record<string, StringMatch>>;
  withoutHeaders?: Readonly<Record<string, StringMatch>>;
  queryParams?: Readonly<Record<string, StringMatch>>;
  port?: number;
  sourceLabels?: StringMap;
  sourceNamespace?: string;
  gateways?: readonly string[];
  ignoreUriCase?: boolean;
  statPrefix?: string;
}

export interface Percent {
  value?: number;
}

export interface HttpRetry {
  attempts?: number;
  perTryTimeout?: GoDuration;
  retryOn?: string;
  retryRemoteLocalities?: boolean;
  retryIgnorePreviousHosts?: boolean;
  backoff?: GoDuration;
}

export interface HttpFaultInjection {
  delay?: {
    fixedDelay?: GoDuration;
    exponentialDelay?: GoDuration;
    percentage?: Percent;
    percent?: number;
  };
  abort?: {
    httpStatus?: number;
    grpcStatus?: string;
    http2Error?: string;
    percentage?: Percent;
  };
}

export interface HttpRedirect {
  uri?: string;
  /** replaces what the match’s prefix matched; never together with `uri` */
  prefixRewrite?: string;
  authority?: string;
  port?: number;
  derivePort?: 'FROM_PROTOCOL_DEFAULT' | 'FROM_REQUEST_PORT';
  scheme?: string;
  redirectCode?: number;
}

export interface HttpRewrite {
  uri?: string;
  authority?: string;
  uriRegexRewrite?: { match?: string; rewrite?: string };
}

export interface CorsPolicy {
  allowOrigin?: readonly string[];
  allowOrigins?: readonly StringMatch[];
  allowMethods?: readonly string[];
  allowHeaders?: readonly string[];
  exposeHeaders?: readonly string[];
  maxAge?: GoDuration;
  allowCredentials?: boolean;
  unmatchedPreflights?: string;
}

export interface HttpRoute {
  name?: string;
  match?: readonly HttpMatchRequest[];
  route?: readonly HttpRouteDestination[];
  redirect?: HttpRedirect;
  directResponse?: {
    status: number;
    body?: { string?: string; bytes?: string };
  };
  delegate?: { name?: string; namespace?: string };
  rewrite?: HttpRewrite;
  timeout?: GoDuration;
  retries?: HttpRetry;
  fault?: HttpFaultInjection;
  mirror?: Destination;
  mirrors?: readonly { destination: Destination; percentage?: Percent }[];
  mirrorPercent?: number;
  mirrorPercentage?: Percent;
  corsPolicy?: CorsPolicy;
  headers?: Headers;
}

export interface L4MatchAttributes {
  destinationSubnets?: readonly string[];
  port?: number;
  sourceLabels?: StringMap;
  sourceNamespace?: string;
  gateways?: readonly string[];
}

export interface TlsMatchAttributes extends L4MatchAttributes {
  sniHosts: readonly string[];
}

export interface RouteDestination {
  destination: Destination;
  weight?: number;
}

export interface TlsRoute {
  match?: readonly TlsMatchAttributes[];
  route?: readonly RouteDestination[];
}

export interface TcpRoute {
  match?: readonly L4MatchAttributes[];
  route?: readonly RouteDestination[];
}

export interface VirtualServiceSpec {
  hosts?: readonly string[];
  gateways?: readonly string[];
  http?: readonly HttpRoute[];
  tls?: readonly TlsRoute[];
  tcp?: readonly TcpRoute[];
  exportTo?: readonly string[];
}
