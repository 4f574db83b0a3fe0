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

import type {
  ClientTlsSettings,
  ConnectionPoolSettings,
  DestinationRuleSpec,
  LoadBalancerSettings,
  LocalityLoadBalancerSetting,
  OutlierDetection,
  PortTrafficPolicy,
  Subset,
  TrafficPolicy,
  ZoneAwareLoadBalancerSetting,
} from './destinationRule';
import type { Destination, Percent } from './virtualService';
import type { PortSelector } from './attachment';
import {
  boolean,
  demanded,
  list,
  mapOf,
  number,
  oneOf,
  record,
  string,
  stringMap,
} from './shape';
import { workloadSelector } from './securityShapes';

const portSelector = record<PortSelector>({ number });

export const destination = record<Destination>({
  host: demanded(string),
  subset: string,
  port: portSelector,
});

export const percent = record<Percent>({ value: number });

const clientTls = record<ClientTlsSettings>({
  mode: oneOf(['DISABLE', 'SIMPLE', 'MUTUAL', 'ISTIO_MUTUAL']),
  clientCertificate: string,
  privateKey: string,
  caCertificates: string,
  caCrl: string,
  credentialName: string,
  subjectAltNames: list(string),
  sni: string,
  insecureSkipVerify: boolean,
});

const localityLb = record<LocalityLoadBalancerSetting>({
  distribute: list(
    record<{ from?: string; to?: Readonly<Record<string, number>> }>({
      from: string,
      to: mapOf(number),
    }),
  ),
  failover: list(
    record<{ from?: string; to?: string }>({ from: string, to: string }),
  ),
  failoverPriority: list(string),
  enabled: boolean,
});

/** Also read from MeshConfig (`zoneAwareLbSetting`). */
export const zoneAwareLbSetting = record<ZoneAwareLoadBalancerSetting>({
  enabled: boolean,
  failover: list(
    record<{ from?: string; to?: string }>({ from: string, to: string }),
  ),
  failoverPriority: list(string),
  minClusterSize: number,
});

type ConsistentHash = NonNullable<LoadBalancerSettings['consistentHash']>;

const loadBalancer = record<LoadBalancerSettings>({
  simple: string,
  consistentHash: record<ConsistentHash>({
    httpHeaderName: string,
    httpCookie: record<NonNullable<ConsistentHash['httpCookie']>>(
      {
        name: string,
        path: string,
        ttl: string,
      },
      ['attributes'],
    ),
    useSourceIp: boolean,
    httpQueryParameterName: string,
    ringHash: record<{ minimumRingSize?: number }>({ minimumRingSize: number }),
    maglev: record<{ tableSize?: number }>({ tableSize: number }),
    minimumRingSize: number,
  }),
  localityLbSetting: localityLb,
  zoneAwareLbSetting,
  warmupDurationSecs: string,
  warmup: record<NonNullable<LoadBalancerSettings['warmup']>>({
    duration: string,
    minimumPercent: number,
    aggression: number,
  }),
});

type TcpPool = NonNullable<ConnectionPoolSettings['tcp']>;

export const connectionPool = record<ConnectionPoolSettings>({
  tcp: record<TcpPool>({
    maxConnections: number,
    connectTimeout: string,
    tcpKeepalive: record<NonNullable<TcpPool['tcpKeepalive']>>({
      probes: number,
      time: string,
      interval: string,
    }),
    maxConnectionDuration: string,
    idleTimeout: string,
  }),
  http: record<NonNullable<ConnectionPoolSettings['http']>>(
    {
      http1MaxPendingRequests: number,
      http2MaxRequests: number,
      maxRequestsPerConnection: number,
      maxRetries: number,
      idleTimeout: string,
      h2UpgradePolicy: oneOf(['DEFAULT', 'DO_NOT_UPGRADE', 'UPGRADE']),
      useClientProtocol: boolean,
      maxConcurrentStreams: number,
    },
    ['http2KeepAlive'],
  ),
});

const outlierDetection = record<OutlierDetection>({
  consecutiveErrors: number,
  splitExternalLocalOriginErrors: boolean,
  consecutiveLocalOriginFailures: number,
  consecutiveGatewayErrors: number,
  consecutive5xxErrors: number,
  interval: string,
  baseEjectionTime: string,
  maxEjectionPercent: number,
  minHealthPercent: number,
});

/** Also read from MeshConfig (`defaultTrafficPolicy`). */
export const trafficPolicy = record<TrafficPolicy>({
  loadBalancer,
  connectionPool,
  outlierDetection,
  tls: clientTls,
  portLevelSettings: list(
    record<PortTrafficPolicy>({
      port: portSelector,
      loadBalancer,
      connectionPool,
      outlierDetection,
      tls: clientTls,
    }),
  ),
  tunnel: record<NonNullable<TrafficPolicy['tunnel']>>({
    protocol: string,
    targetHost: string,
    targetPort: number,
  }),
  proxyProtocol: record<NonNullable<TrafficPolicy['proxyProtocol']>>({
    version: oneOf(['V1', 'V2']),
  }),
  retryBudget: record<NonNullable<TrafficPolicy['retryBudget']>>({
    percent: number,
    minRetryConcurrency: number,
    budgetInterval: string,
  }),
});

/** Also read from MeshConfig (`localityLbSetting`). */
export const localityLbSetting = localityLb;

export const destinationRuleSpec = record<DestinationRuleSpec>({
  host: demanded(string),
  trafficPolicy,
  subsets: list(
    record<Subset>({
      name: demanded(string),
      labels: stringMap,
      trafficPolicy,
    }),
  ),
  exportTo: list(string),
  workloadSelector,
});
