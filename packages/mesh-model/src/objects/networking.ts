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

import type { ConnectionPoolSettings } from './destinationRule';
import type { Condition } from './gatewayApi';
import type { StringMap } from './types';
import type { Destination } from './virtualService';

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
  /** where the certificates of clients' authorities are, when apart from the server's */
  caCertCredentialName?: string;
  insecureSkipVerify?: boolean;
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

export interface WorkloadEntryStatus {
  /** `Healthy` tells what the probe of the WorkloadGroup found. */
  conditions?: readonly Condition[];
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

export interface ServiceEntryStatus {
  /** virtual addresses that istiod assigned, each to one host */
  addresses?: readonly { host?: string; value: string }[];
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
