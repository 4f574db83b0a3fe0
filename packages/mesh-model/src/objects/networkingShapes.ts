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
  IstioGatewaySpec,
  IstioServer,
  ServerTlsSettings,
  ServiceEntryPort,
  ServiceEntrySpec,
  ServiceEntryStatus,
  SidecarPort,
  SidecarSpec,
  WorkloadEntrySpec,
  WorkloadEntryStatus,
  WorkloadGroupSpec,
} from './networking';
import type { StringMap } from './types';
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
import { conditions } from './gatewayApiShapes';
import { connectionPool, destination } from './trafficShapes';

const serverTls = record<ServerTlsSettings>(
  {
    httpsRedirect: boolean,
    mode: oneOf([
      'PASSTHROUGH',
      'SIMPLE',
      'MUTUAL',
      'AUTO_PASSTHROUGH',
      'ISTIO_MUTUAL',
      'OPTIONAL_MUTUAL',
    ]),
    serverCertificate: string,
    privateKey: string,
    caCertificates: string,
    credentialName: string,
    credentialNames: list(string),
    caCertCredentialName: string,
    insecureSkipVerify: boolean,
    subjectAltNames: list(string),
    minProtocolVersion: string,
    maxProtocolVersion: string,
    cipherSuites: list(string),
  },
  ['caCrl', 'ecdhCurves', 'verifyCertificateHash', 'verifyCertificateSpki'],
);

type ServerPort = NonNullable<IstioServer['port']>;

export const istioGatewaySpec = record<IstioGatewaySpec>({
  selector: stringMap,
  servers: list(
    record<IstioServer>({
      port: record<ServerPort>({
        number: demanded(number),
        protocol: { shape: string, fallback: '' },
        name: string,
        targetPort: number,
      }),
      bind: string,
      hosts: list(string),
      tls: serverTls,
      name: string,
      defaultEndpoint: string,
    }),
  ),
});

export const workloadEntrySpec = record<WorkloadEntrySpec>({
  address: string,
  ports: mapOf(number),
  labels: stringMap,
  network: string,
  locality: string,
  weight: number,
  serviceAccount: string,
});

export const workloadEntryStatus = record<WorkloadEntryStatus>({
  conditions,
});

export const serviceEntryStatus = record<ServiceEntryStatus>({
  addresses: list(
    record<{ host?: string; value: string }>({
      host: string,
      value: demanded(string),
    }),
  ),
});

const labelsSelector = record<{ labels?: StringMap }>({ labels: stringMap });

export const serviceEntrySpec = record<ServiceEntrySpec>({
  hosts: list(string),
  addresses: list(string),
  ports: list(
    record<ServiceEntryPort>({
      number: demanded(number),
      protocol: string,
      name: string,
      targetPort: number,
    }),
  ),
  location: oneOf(['MESH_EXTERNAL', 'MESH_INTERNAL']),
  resolution: oneOf([
    'NONE',
    'STATIC',
    'DNS',
    'DNS_ROUND_ROBIN',
    'DYNAMIC_DNS',
  ]),
  endpoints: list(workloadEntrySpec),
  workloadSelector: labelsSelector,
  exportTo: list(string),
  subjectAltNames: list(string),
});

const sidecarPort = record<SidecarPort>(
  {
    number,
    protocol: string,
    name: string,
  },
  ['targetPort'],
);

type SidecarIngress = NonNullable<SidecarSpec['ingress']>[number];
type SidecarEgress = NonNullable<SidecarSpec['egress']>[number];

export const sidecarSpec = record<SidecarSpec>({
  workloadSelector: labelsSelector,
  ingress: list(
    record<SidecarIngress>({
      port: sidecarPort,
      bind: string,
      captureMode: string,
      defaultEndpoint: string,
      tls: serverTls,
      connectionPool,
    }),
  ),
  egress: list(
    record<SidecarEgress>({
      port: sidecarPort,
      bind: string,
      captureMode: string,
      hosts: list(string),
    }),
  ),
  inboundConnectionPool: connectionPool,
  outboundTrafficPolicy: record<
    NonNullable<SidecarSpec['outboundTrafficPolicy']>
  >({
    mode: oneOf(['REGISTRY_ONLY', 'ALLOW_ANY']),
    egressProxy: destination,
  }),
});

export const workloadGroupSpec = record<WorkloadGroupSpec>(
  {
    metadata: record<NonNullable<WorkloadGroupSpec['metadata']>>({
      labels: stringMap,
      annotations: stringMap,
    }),
    template: workloadEntrySpec,
  },
  ['probe'],
);
