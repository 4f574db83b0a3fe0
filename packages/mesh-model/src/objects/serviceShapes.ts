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
  Endpoint,
  EndpointPort,
  EndpointSliceSpec,
  ServicePort,
  ServiceSpec,
} from './kubernetes';
import type { StringMap } from './types';
import { EMPTY_LIST, EMPTY_MAP, internString } from './interning';
import {
  boolean,
  demanded,
  intOrString,
  list,
  number,
  oneOf,
  record,
  sharedString,
  string,
  stringMap,
  withDefault,
  type Reading,
  type Shape,
} from './shape';
import { type Raw, field, sharedList, definedStrings } from './rawField';
import { protocol } from './podShapes';

interface RawServicePort {
  name?: string;
  port: number;
  protocol?: ServicePort['protocol'];
  appProtocol?: string;
  targetPort?: number | string;
  nodePort?: number;
}

const rawServicePort = record<RawServicePort>({
  name: sharedString,
  port: demanded(number),
  protocol,
  appProtocol: sharedString,
  targetPort: intOrString,
  nodePort: number,
});

const servicePort: Shape<ServicePort> = (raw, reading) => {
  const port = rawServicePort(raw, reading);
  if (port === undefined) {
    return undefined;
  }
  const target = port.targetPort;
  return {
    name: port.name ?? '',
    port: port.port,
    protocol: port.protocol ?? 'TCP',
    ...(port.appProtocol === undefined
      ? undefined
      : { appProtocol: port.appProtocol }),
    targetPort:
      target === undefined || target === 0 || target === ''
        ? port.port
        : target,
    ...(port.nodePort === undefined ? undefined : { nodePort: port.nodePort }),
  };
};

const servicePorts = list(servicePort);

const serviceType = oneOf([
  'ClusterIP',
  'NodePort',
  'LoadBalancer',
  'ExternalName',
]);

const ingressAddresses = list(
  record<{ ip?: string; hostname?: string }>({ ip: string, hostname: string }),
);

/** `None` is common, addresses are not. */
const sharedIp: Shape<string> = (raw, reading) => {
  const value = string(raw, reading);
  return value === 'None' ? internString(value) : value;
};

const ipFamilies = sharedList(sharedString);

export function serviceSpec(raw: Raw, reading: Reading): ServiceSpec {
  const clusterIP = field(raw, ['spec', 'clusterIP'], sharedIp, reading) ?? '';
  const clusterIPs = field(raw, ['spec', 'clusterIPs'], list(string), reading);
  const ingress =
    field(
      raw,
      ['status', 'loadBalancer', 'ingress'],
      ingressAddresses,
      reading,
    ) ?? [];
  const trafficDistribution = field(
    raw,
    ['spec', 'trafficDistribution'],
    sharedString,
    reading,
  );
  const internalTrafficPolicy = field(
    raw,
    ['spec', 'internalTrafficPolicy'],
    sharedString,
    reading,
  );
  const publishNotReady = field(
    raw,
    ['spec', 'publishNotReadyAddresses'],
    boolean,
    reading,
  );
  const families = field(raw, ['spec', 'ipFamilies'], ipFamilies, reading);
  const own: readonly string[] = clusterIP === '' ? EMPTY_LIST : [clusterIP];
  return {
    type: field(raw, ['spec', 'type'], serviceType, reading) ?? 'ClusterIP',
    clusterIP,
    clusterIPs: clusterIPs && clusterIPs.length > 0 ? clusterIPs : own,
    externalName: field(raw, ['spec', 'externalName'], string, reading) ?? '',
    selector: field(raw, ['spec', 'selector'], stringMap, reading) ?? EMPTY_MAP,
    ports: field(raw, ['spec', 'ports'], servicePorts, reading) ?? EMPTY_LIST,
    ingressAddresses: definedStrings(
      ingress.map(entry => entry.ip ?? entry.hostname),
    ),
    ...(trafficDistribution === undefined
      ? undefined
      : { trafficDistribution }),
    ...(internalTrafficPolicy === undefined
      ? undefined
      : { internalTrafficPolicy }),
    ...(publishNotReady ? { publishNotReadyAddresses: true } : undefined),
    ...(families === undefined ? undefined : { ipFamilies: families }),
  };
}

interface RawEndpoint {
  addresses?: readonly string[];
  conditions?: { ready?: boolean; serving?: boolean; terminating?: boolean };
  nodeName?: string;
  zone?: string;
  targetRef?: { kind?: string; name?: string };
}

const rawEndpoint = record<RawEndpoint>({
  addresses: list(string),
  conditions: record<NonNullable<RawEndpoint['conditions']>>({
    ready: boolean,
    serving: boolean,
    terminating: boolean,
  }),
  nodeName: sharedString,
  zone: sharedString,
  targetRef: record<NonNullable<RawEndpoint['targetRef']>>({
    kind: string,
    name: string,
  }),
});

/** An absent `ready` means ready (EndpointSlice API: "nil should be interpreted as true"). */
const endpoint: Shape<Endpoint> = (raw, reading) => {
  const value = rawEndpoint(raw, reading);
  if (value === undefined) {
    return undefined;
  }
  const ready = value.conditions?.ready ?? true;
  const pod =
    value.targetRef?.kind === 'Pod' ? value.targetRef.name : undefined;
  return {
    addresses: value.addresses ?? EMPTY_LIST,
    ready,
    serving: value.conditions?.serving ?? ready,
    terminating: value.conditions?.terminating ?? false,
    ...(value.nodeName === undefined
      ? undefined
      : { nodeName: value.nodeName }),
    ...(value.zone === undefined ? undefined : { zone: value.zone }),
    ...(pod === undefined ? undefined : { podName: pod }),
  };
};

const endpoints = list(endpoint);

const endpointPorts = sharedList(
  record<EndpointPort>({
    name: withDefault(sharedString, ''),
    port: withDefault(number, 0),
    protocol: withDefault(sharedString, 'TCP'),
  }),
);

export function endpointSliceSpec(
  raw: Raw,
  reading: Reading,
  labels: StringMap,
): EndpointSliceSpec {
  return {
    serviceName: labels['kubernetes.io/service-name'] ?? '',
    addressType: field(raw, ['addressType'], sharedString, reading) ?? 'IPv4',
    endpoints: field(raw, ['endpoints'], endpoints, reading) ?? EMPTY_LIST,
    ports: field(raw, ['ports'], endpointPorts, reading) ?? EMPTY_LIST,
  };
}
