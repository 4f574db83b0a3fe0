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
  Container,
  ContainerPort,
  NodeSpec,
  OwnerReference,
  OwnerSpec,
  PodSpec,
} from './kubernetes';
import type { StringMap } from './types';
import { EMPTY_LIST, EMPTY_MAP, internString } from './interning';
import {
  boolean,
  demanded,
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
import { type Raw, field, sharedList, definedStrings } from './rawField';
import { controlPlaneOf } from './controlPlaneShapes';

export const protocol = oneOf(['TCP', 'UDP', 'SCTP']);

const plainContainer = record<Omit<Container, 'proxyConfig' | 'unprivileged'>>({
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
});

function variable(raw: Raw, name: string): string | undefined {
  const variables = Array.isArray(raw.env) ? raw.env : [];
  const found: unknown = variables.find(
    item => isRecord(item) && item.name === name,
  );
  const value = isRecord(found) ? found.value : undefined;
  return typeof value === 'string' ? value : undefined;
}

const TRUE = new Set(['1', 't', 'T', 'true', 'TRUE', 'True']);

/** Of a proxy the variables that say with what it was started; the environment of others is not kept. */
const container: Shape<Container> = (raw, reading) => {
  const plain = plainContainer(raw, reading);
  if (plain?.name !== 'istio-proxy' || !isRecord(raw)) {
    return plain;
  }
  const proxyConfig = variable(raw, 'PROXY_CONFIG');
  const unprivileged = variable(raw, 'ISTIO_META_UNPRIVILEGED_POD');
  return {
    ...plain,
    ...(proxyConfig === undefined
      ? {}
      : { proxyConfig: internString(proxyConfig) }),
    ...(unprivileged !== undefined && TRUE.has(unprivileged)
      ? { unprivileged: true as const }
      : {}),
  };
};

const containers = sharedList(container);

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

interface RawState {
  reason?: string;
}

const rawState = record<RawState>({ reason: string });

const rawStatuses = list(
  record<{
    name: string;
    ready?: boolean;
    state?: { waiting?: RawState; terminated?: RawState; running?: RawState };
  }>({
    name: demanded(string),
    ready: boolean,
    state: record<{
      waiting?: RawState;
      terminated?: RawState;
      running?: RawState;
    }>({ waiting: rawState, terminated: rawState, running: rawState }),
  }),
);

/** The containers of a pod that are not ready. Those that ended in order, as init containers do, are not waited for. */
function waitingContainers(raw: Raw, reading: Reading): string | undefined {
  const statuses = ['initContainerStatuses', 'containerStatuses'].flatMap(
    name => field(raw, ['status', name], rawStatuses, reading) ?? [],
  );
  const waiting = statuses
    .filter(({ ready }) => ready !== true)
    .map(({ name, state = {} }) => ({
      name,
      reason:
        state.waiting?.reason ??
        state.terminated?.reason ??
        (state.running ? 'running, not ready' : 'not started'),
    }))
    .filter(({ reason }) => reason !== 'Completed');
  return waiting.length === 0
    ? undefined
    : waiting.map(({ name, reason }) => `${name}: ${reason}`).join(', ');
}

const rawPodIps = list(record<{ ip?: string }>({ ip: string }));

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
  const ready =
    conditions?.some(c => c.type === 'Ready' && c.status === 'True') ?? false;
  const waiting = ready ? undefined : waitingContainers(raw, reading);
  return {
    serviceAccountName:
      account === undefined || account === '' ? 'default' : account,
    nodeName: field(raw, ['spec', 'nodeName'], sharedString, reading) ?? '',
    hostNetwork: field(raw, ['spec', 'hostNetwork'], boolean, reading) ?? false,
    phase: field(raw, ['status', 'phase'], podPhase, reading) ?? 'Unknown',
    ready,
    ...(waiting !== undefined && { waiting: internString(waiting) }),
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
  const templateLabels =
    field(raw, [...template, 'metadata', 'labels'], stringMap, reading) ??
    EMPTY_MAP;
  return {
    replicas: replicas ?? 1,
    readyReplicas:
      field(raw, ['status', 'readyReplicas'], number, reading) ??
      field(raw, ['status', 'numberReady'], number, reading) ??
      0,
    selector:
      field(raw, ['spec', 'selector', 'matchLabels'], stringMap, reading) ??
      EMPTY_MAP,
    templateLabels,
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
    ...controlPlaneOf(raw, reading, templateLabels),
  };
}
