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
  ConfigMapSpec,
  Container,
  ContainerPort,
  Endpoint,
  EndpointPort,
  EndpointSliceSpec,
  IngressBackend,
  IngressSpec,
  LabelSelector,
  MutatingWebhookConfigurationSpec,
  NodeSpec,
  OwnerReference,
  OwnerSpec,
  PodSpec,
  ServicePort,
  ServiceSpec,
} from './kubernetes';
import type { StringMap } from './types';
import { EMPTY_LIST, EMPTY_MAP, internArray, internString } from './interning';
import {
  boolean,
  demanded,
  intOrString,
  isRecord,
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

type Raw = Readonly<Record<string, unknown>>;

type MatchExpression = NonNullable<LabelSelector['matchExpressions']>[number];

export const labelSelector = record<LabelSelector>({
  matchLabels: stringMap,
  matchExpressions: list(
    record<MatchExpression>({
      key: demanded(sharedString),
      operator: demanded(oneOf(['In', 'NotIn', 'Exists', 'DoesNotExist'])),
      values: list(string),
    }),
  ),
});

function field<T>(
  raw: unknown,
  path: readonly string[],
  shape: Shape<T>,
  reading: Reading,
): T | undefined {
  let value: unknown = raw;
  for (const segment of path) {
    reading.enter(segment);
    value = isRecord(value) ? value[segment] : undefined;
  }
  const result = shape(value, reading);
  for (let depth = 0; depth < path.length; depth++) {
    reading.leave();
  }
  return result;
}

/** All instances of one shape's result share equal ones. */
function sharedList<T>(item: Shape<T>): Shape<readonly T[]> {
  const shape = list(item);
  return (raw, reading) => {
    const items = shape(raw, reading);
    return items === undefined ? undefined : internArray(items);
  };
}

const protocol = oneOf(['TCP', 'UDP', 'SCTP']);

const containers = sharedList(
  record<Container>({
    name: demanded(sharedString),
    image: withDefault(sharedString, ''),
    ports: withDefault(
      list(
        record<ContainerPort>({
          name: sharedString,
          containerPort: demanded(number),
          protocol: withDefault(protocol, 'TCP'),
        }),
      ),
      EMPTY_LIST,
    ),
    restartPolicy: sharedString,
  }),
);

const owners = sharedList(
  record<OwnerReference>({
    kind: demanded(sharedString),
    name: demanded(sharedString),
    controller: withDefault(boolean, false),
  }),
);

const podPhase = oneOf([
  'Pending',
  'Running',
  'Succeeded',
  'Failed',
  'Unknown',
]);

const rawConditions = list(
  record<{ type?: string; status?: string }>({ type: string, status: string }),
);

const rawPodIps = list(record<{ ip?: string }>({ ip: string }));

function definedStrings(
  items: readonly (string | undefined)[],
): readonly string[] {
  const result = items.filter(
    (item): item is string => item !== undefined && item !== '',
  );
  return result.length === 0 ? EMPTY_LIST : result;
}

export function podSpec(raw: Raw, reading: Reading): PodSpec {
  const conditions = field(
    raw,
    ['status', 'conditions'],
    rawConditions,
    reading,
  );
  const podIps = field(raw, ['status', 'podIPs'], rawPodIps, reading);
  const podIp = field(raw, ['status', 'podIP'], string, reading);
  const deletion = field(
    raw,
    ['metadata', 'deletionTimestamp'],
    string,
    reading,
  );
  const account = field(
    raw,
    ['spec', 'serviceAccountName'],
    sharedString,
    reading,
  );
  return {
    serviceAccountName:
      account === undefined || account === '' ? 'default' : account,
    nodeName: field(raw, ['spec', 'nodeName'], sharedString, reading) ?? '',
    hostNetwork: field(raw, ['spec', 'hostNetwork'], boolean, reading) ?? false,
    phase: field(raw, ['status', 'phase'], podPhase, reading) ?? 'Unknown',
    ready:
      conditions?.some(c => c.type === 'Ready' && c.status === 'True') ?? false,
    terminating: deletion !== undefined,
    podIPs: podIps
      ? definedStrings(podIps.map(entry => entry.ip))
      : definedStrings([podIp]),
    containers:
      field(raw, ['spec', 'containers'], containers, reading) ?? EMPTY_LIST,
    initContainers:
      field(raw, ['spec', 'initContainers'], containers, reading) ?? EMPTY_LIST,
    owners:
      field(raw, ['metadata', 'ownerReferences'], owners, reading) ??
      EMPTY_LIST,
  };
}

export function nodeSpec(raw: Raw, reading: Reading): NodeSpec {
  return {
    kubeletVersion:
      field(
        raw,
        ['status', 'nodeInfo', 'kubeletVersion'],
        sharedString,
        reading,
      ) ?? '',
  };
}

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

/** Deployments, StatefulSets, DaemonSets and ReplicaSets in one shape. */
export function ownerSpec(
  raw: Raw,
  reading: Reading,
  keepAnnotations: (annotations: StringMap) => StringMap,
): OwnerSpec {
  const template = ['spec', 'template'];
  const account = field(
    raw,
    [...template, 'spec', 'serviceAccountName'],
    sharedString,
    reading,
  );
  const replicas =
    field(raw, ['spec', 'replicas'], number, reading) ??
    field(raw, ['status', 'desiredNumberScheduled'], number, reading);
  return {
    replicas: replicas ?? 1,
    readyReplicas:
      field(raw, ['status', 'readyReplicas'], number, reading) ??
      field(raw, ['status', 'numberReady'], number, reading) ??
      0,
    selector:
      field(raw, ['spec', 'selector', 'matchLabels'], stringMap, reading) ??
      EMPTY_MAP,
    templateLabels:
      field(raw, [...template, 'metadata', 'labels'], stringMap, reading) ??
      EMPTY_MAP,
    templateAnnotations: keepAnnotations(
      field(
        raw,
        [...template, 'metadata', 'annotations'],
        stringMap,
        reading,
      ) ?? EMPTY_MAP,
    ),
    serviceAccountName:
      account === undefined || account === '' ? 'default' : account,
    owners:
      field(raw, ['metadata', 'ownerReferences'], owners, reading) ??
      EMPTY_LIST,
  };
}

/** Only the ConfigMaps of Istio are read; of all others nothing is kept. */
export function configMapSpec(
  raw: Raw,
  reading: Reading,
  name: string,
): ConfigMapSpec {
  return {
    data: name.startsWith('istio')
      ? field(raw, ['data'], stringMap, reading) ?? EMPTY_MAP
      : EMPTY_MAP,
  };
}

type Webhook = MutatingWebhookConfigurationSpec['webhooks'][number];
type RawWebhook = Omit<Webhook, 'service'> & {
  clientConfig?: { service?: { namespace: string; name: string } };
};

const rawWebhooks = list(
  record<RawWebhook>({
    name: withDefault(string, ''),
    clientConfig: record<NonNullable<RawWebhook['clientConfig']>>({
      service: record<{ namespace: string; name: string }>({
        namespace: demanded(string),
        name: demanded(string),
      }),
    }),
    namespaceSelector: withDefault(labelSelector, {}),
    objectSelector: withDefault(labelSelector, {}),
  }),
);

export function mutatingWebhookConfigurationSpec(
  raw: Raw,
  reading: Reading,
): MutatingWebhookConfigurationSpec {
  const webhooks = field(raw, ['webhooks'], rawWebhooks, reading) ?? [];
  return {
    webhooks: webhooks.map(({ clientConfig, ...webhook }) => ({
      ...webhook,
      ...(clientConfig?.service
        ? { service: clientConfig.service }
        : undefined),
    })),
  };
}

type IngressService = NonNullable<IngressBackend['service']>;

const ingressBackend = record<IngressBackend>({
  service: record<IngressService>({
    name: demanded(string),
    port: record<NonNullable<IngressService['port']>>({
      name: string,
      number,
    }),
  }),
});

type IngressRule = NonNullable<IngressSpec['rules']>[number];
type IngressHttp = NonNullable<IngressRule['http']>;
type IngressPath = NonNullable<IngressHttp['paths']>[number];

export const ingressSpec = record<IngressSpec>({
  ingressClassName: string,
  defaultBackend: ingressBackend,
  tls: list(
    record<{ hosts?: readonly string[]; secretName?: string }>({
      hosts: list(string),
      secretName: string,
    }),
  ),
  rules: list(
    record<IngressRule>({
      host: string,
      http: record<IngressHttp>({
        paths: list(
          record<IngressPath>({
            path: string,
            pathType: oneOf(['Exact', 'Prefix', 'ImplementationSpecific']),
            backend: demanded(ingressBackend),
          }),
        ),
      }),
    }),
  ),
});
