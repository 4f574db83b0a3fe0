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

/** Go duration as it stands in the object, for example `1.5s`. Parse with `parseDuration`. */
export type GoDuration = string;

export interface WorkloadSelector {
  matchLabels?: StringMap;
}

export interface PolicyTargetReference {
  group?: string;
  kind: string;
  name: string;
  namespace?: string;
}

export interface StringMatch {
  exact?: string;
  prefix?: string;
  regex?: string;
}

export interface PortSelector {
  number?: number;
}

// --- security.istio.io ---

export type MutualTlsMode = 'UNSET' | 'DISABLE' | 'PERMISSIVE' | 'STRICT';

export interface PeerAuthenticationSpec {
  selector?: WorkloadSelector;
  mtls?: { mode?: MutualTlsMode };
  /** key: workload port, decimal */
  portLevelMtls?: Readonly<Record<string, { mode?: MutualTlsMode }>>;
}

export interface JwtRule {
  issuer: string;
  audiences?: readonly string[];
  jwksUri?: string;
  jwks?: string;
  fromHeaders?: readonly { name: string; prefix?: string }[];
  fromParams?: readonly string[];
  fromCookies?: readonly string[];
  outputPayloadToHeader?: string;
  forwardOriginalToken?: boolean;
  outputClaimToHeaders?: readonly { header: string; claim: string }[];
  timeout?: GoDuration;
  spaceDelimitedClaims?: readonly string[];
}

export interface RequestAuthenticationSpec {
  selector?: WorkloadSelector;
  targetRef?: PolicyTargetReference;
  targetRefs?: readonly PolicyTargetReference[];
  jwtRules?: readonly JwtRule[];
}

export type AuthorizationAction = 'ALLOW' | 'DENY' | 'AUDIT' | 'CUSTOM';

export interface AuthorizationSource {
  principals?: readonly string[];
  notPrincipals?: readonly string[];
  requestPrincipals?: readonly string[];
  notRequestPrincipals?: readonly string[];
  namespaces?: readonly string[];
  notNamespaces?: readonly string[];
  serviceAccounts?: readonly string[];
  notServiceAccounts?: readonly string[];
  trustDomains?: readonly string[];
  notTrustDomains?: readonly string[];
  ipBlocks?: readonly string[];
  notIpBlocks?: readonly string[];
  remoteIpBlocks?: readonly string[];
  notRemoteIpBlocks?: readonly string[];
}

export interface AuthorizationOperation {
  hosts?: readonly string[];
  notHosts?: readonly string[];
  ports?: readonly string[];
  notPorts?: readonly string[];
  methods?: readonly string[];
  notMethods?: readonly string[];
  paths?: readonly string[];
  notPaths?: readonly string[];
}

export interface AuthorizationCondition {
  key: string;
  values?: readonly string[];
  notValues?: readonly string[];
}

export interface AuthorizationRule {
  from?: readonly { source?: AuthorizationSource }[];
  to?: readonly { operation?: AuthorizationOperation }[];
  when?: readonly AuthorizationCondition[];
}

export interface AuthorizationPolicySpec {
  selector?: WorkloadSelector;
  targetRef?: PolicyTargetReference;
  targetRefs?: readonly PolicyTargetReference[];
  /** projection writes `ALLOW` when unset */
  action: AuthorizationAction;
  provider?: { name: string };
  rules?: readonly AuthorizationRule[];
}

// --- networking.istio.io: VirtualService ---

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

// --- networking.istio.io: DestinationRule ---

export type ClientTlsMode = 'DISABLE' | 'SIMPLE' | 'MUTUAL' | 'ISTIO_MUTUAL';

export interface ClientTlsSettings {
  mode?: ClientTlsMode;
  clientCertificate?: string;
  privateKey?: string;
  caCertificates?: string;
  caCrl?: string;
  credentialName?: string;
  subjectAltNames?: readonly string[];
  sni?: string;
  insecureSkipVerify?: boolean;
}

export interface LocalityLoadBalancerSetting {
  distribute?: readonly {
    from?: string;
    to?: Readonly<Record<string, number>>;
  }[];
  failover?: readonly { from?: string; to?: string }[];
  failoverPriority?: readonly string[];
  enabled?: boolean;
}

export interface LoadBalancerSettings {
  simple?: string;
  consistentHash?: {
    httpHeaderName?: string;
    httpCookie?: { name?: string; path?: string; ttl?: GoDuration };
    useSourceIp?: boolean;
    httpQueryParameterName?: string;
    ringHash?: { minimumRingSize?: number };
    maglev?: { tableSize?: number };
    minimumRingSize?: number;
  };
  localityLbSetting?: LocalityLoadBalancerSetting;
  warmupDurationSecs?: GoDuration;
  warmup?: {
    duration?: GoDuration;
    minimumPercent?: number;
    aggression?: number;
  };
}

export interface ConnectionPoolSettings {
  tcp?: {
    maxConnections?: number;
    connectTimeout?: GoDuration;
    tcpKeepalive?: {
      probes?: number;
      time?: GoDuration;
      interval?: GoDuration;
    };
    maxConnectionDuration?: GoDuration;
    idleTimeout?: GoDuration;
  };
  http?: {
    http1MaxPendingRequests?: number;
    http2MaxRequests?: number;
    maxRequestsPerConnection?: number;
    maxRetries?: number;
    idleTimeout?: GoDuration;
    h2UpgradePolicy?: 'DEFAULT' | 'DO_NOT_UPGRADE' | 'UPGRADE';
    useClientProtocol?: boolean;
    maxConcurrentStreams?: number;
  };
}

export interface OutlierDetection {
  consecutiveErrors?: number;
  splitExternalLocalOriginErrors?: boolean;
  consecutiveLocalOriginFailures?: number;
  consecutiveGatewayErrors?: number;
  consecutive5xxErrors?: number;
  interval?: GoDuration;
  baseEjectionTime?: GoDuration;
  maxEjectionPercent?: number;
  minHealthPercent?: number;
}

export interface PortTrafficPolicy {
  port?: PortSelector;
  loadBalancer?: LoadBalancerSettings;
  connectionPool?: ConnectionPoolSettings;
  outlierDetection?: OutlierDetection;
  tls?: ClientTlsSettings;
}

export interface TrafficPolicy {
  loadBalancer?: LoadBalancerSettings;
  connectionPool?: ConnectionPoolSettings;
  outlierDetection?: OutlierDetection;
  tls?: ClientTlsSettings;
  portLevelSettings?: readonly PortTrafficPolicy[];
  tunnel?: { protocol?: string; targetHost?: string; targetPort?: number };
  proxyProtocol?: { version?: 'V1' | 'V2' };
  retryBudget?: { percent?: Percent; minRetryConcurrency?: number };
}

export interface Subset {
  name: string;
  labels?: StringMap;
  trafficPolicy?: TrafficPolicy;
}

export interface DestinationRuleSpec {
  host: string;
  trafficPolicy?: TrafficPolicy;
  subsets?: readonly Subset[];
  exportTo?: readonly string[];
  workloadSelector?: WorkloadSelector;
}

// --- networking.istio.io: Gateway, ServiceEntry, Sidecar, … ---

export interface ServerTlsSettings {
  httpsRedirect?: boolean;
  mode?:
    | 'PASSTHROUGH'
    | 'SIMPLE'
    | 'MUTUAL'
    | 'AUTO_PASSTHROUGH'
    | 'ISTIO_MUTUAL'
    | 'OPTIONAL_MUTUAL';
  serverCertificate?: string;
  privateKey?: string;
  caCertificates?: string;
  credentialName?: string;
  credentialNames?: readonly string[];
  subjectAltNames?: readonly string[];
  minProtocolVersion?: string;
  maxProtocolVersion?: string;
  cipherSuites?: readonly string[];
}

export interface IstioServer {
  port?: {
    number: number;
    protocol: string;
    name?: string;
    targetPort?: number;
  };
  bind?: string;
  hosts?: readonly string[];
  tls?: ServerTlsSettings;
  name?: string;
  defaultEndpoint?: string;
}

export interface IstioGatewaySpec {
  selector?: StringMap;
  servers?: readonly IstioServer[];
}

export interface WorkloadEntrySpec {
  address?: string;
  ports?: Readonly<Record<string, number>>;
  labels?: StringMap;
  network?: string;
  locality?: string;
  weight?: number;
  serviceAccount?: string;
}

export interface ServiceEntryPort {
  number: number;
  protocol?: string;
  name?: string;
  targetPort?: number;
}

export interface ServiceEntrySpec {
  hosts?: readonly string[];
  addresses?: readonly string[];
  ports?: readonly ServiceEntryPort[];
  location?: 'MESH_EXTERNAL' | 'MESH_INTERNAL';
  resolution?: 'NONE' | 'STATIC' | 'DNS' | 'DNS_ROUND_ROBIN' | 'DYNAMIC_DNS';
  endpoints?: readonly WorkloadEntrySpec[];
  workloadSelector?: { labels?: StringMap };
  exportTo?: readonly string[];
  subjectAltNames?: readonly string[];
}

export interface SidecarPort {
  number?: number;
  protocol?: string;
  name?: string;
}

export interface SidecarSpec {
  workloadSelector?: { labels?: StringMap };
  ingress?: readonly {
    port?: SidecarPort;
    bind?: string;
    captureMode?: string;
    defaultEndpoint?: string;
    tls?: ServerTlsSettings;
    connectionPool?: ConnectionPoolSettings;
  }[];
  egress?: readonly {
    port?: SidecarPort;
    bind?: string;
    captureMode?: string;
    hosts?: readonly string[];
  }[];
  inboundConnectionPool?: ConnectionPoolSettings;
  outboundTrafficPolicy?: {
    mode?: 'REGISTRY_ONLY' | 'ALLOW_ANY';
    egressProxy?: Destination;
  };
}

export interface WorkloadGroupSpec {
  metadata?: { labels?: StringMap; annotations?: StringMap };
  template?: WorkloadEntrySpec;
}

export interface EnvoyFilterSpec {
  workloadSelector?: { labels?: StringMap };
  targetRefs?: readonly PolicyTargetReference[];
  configPatches?: readonly {
    applyTo?: string;
    match?: {
      context?: string;
      proxy?: { proxyVersion?: string; metadata?: StringMap };
    };
    patch?: { operation?: string; filterClass?: string };
  }[];
  priority?: number;
}

export interface ProxyConfigSpec {
  selector?: WorkloadSelector;
  concurrency?: number;
  environmentVariables?: StringMap;
  image?: { imageType?: string };
}

export interface TelemetrySpec {
  selector?: WorkloadSelector;
  targetRef?: PolicyTargetReference;
  targetRefs?: readonly PolicyTargetReference[];
  tracing?: readonly {
    match?: { mode?: string };
    providers?: readonly { name: string }[];
    randomSamplingPercentage?: number;
    disableSpanReporting?: boolean;
    customTags?: Readonly<Record<string, unknown>>;
  }[];
  metrics?: readonly {
    providers?: readonly { name: string }[];
    overrides?: readonly {
      match?: { metric?: string; customMetric?: string; mode?: string };
      disabled?: boolean;
      tagOverrides?: Readonly<
        Record<string, { operation?: string; value?: string }>
      >;
    }[];
    reportingInterval?: GoDuration;
  }[];
  accessLogging?: readonly {
    match?: { mode?: string };
    providers?: readonly { name: string }[];
    disabled?: boolean;
    filter?: { expression?: string };
  }[];
}

export interface WasmPluginSpec {
  selector?: WorkloadSelector;
  targetRef?: PolicyTargetReference;
  targetRefs?: readonly PolicyTargetReference[];
  url?: string;
  phase?: string;
  priority?: number;
  failStrategy?: string;
  match?: readonly { mode?: string; ports?: readonly { number?: number }[] }[];
}

export interface TrafficExtensionSpec {
  selector?: WorkloadSelector;
  targetRefs?: readonly PolicyTargetReference[];
  phase?: string;
  priority?: number;
}
