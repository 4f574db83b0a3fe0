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
  ExposureAccess,
  ExposureStep,
} from '@mesh-portal/backstage-plugin-istio-common';
import {
  isReady,
  objectRefOf,
  podsOfService,
  type ExposurePath as ModelPath,
  type FailingPods,
  type MeshSnapshot,
} from '@mesh-portal/mesh-model';
import type { ServiceInput } from '../entityInput';
import { count } from '../numbersInWords';
import { accessSteps } from './accessOf';
import { objectName } from './objectName';
import { isAmong, type OuterPort } from './outerPort';
import { apiOf, listenerSays } from './pathWords';

/** Pods of the gateway at which nothing gets through, in words. */
function failingInWords(
  { gatewayPods: { ready, total } }: ModelPath,
  { pods, problems }: FailingPods,
): string {
  const all = ready > 0 ? ready : total;
  return `${pods.length} of ${count(
    all,
    'pod',
  )} of the gateway (such as ${objectName(
    pods[0],
  )}) do not serve it: ${problems.join('; ')}`;
}

/** The gateway with its pods. Those at which nothing gets through matter where callers come to them. */
function gatewayStep(
  snapshot: MeshSnapshot,
  path: ModelPath,
  outer: OuterPort | undefined,
): ExposureStep {
  const { ready, total } = path.gatewayPods;
  const { failingPods = [] } = path;
  const gateway = `${path.gateway.kind} ${objectName(path.gateway)}`;
  const readiness =
    total === 0
      ? `${gateway}: no pod serves it`
      : `${gateway}: ${ready} of ${count(total, 'pod')} ready`;
  const met = outer
    ? podsOfService(snapshot, outer.service).some(pod =>
        isAmong(failingPods, pod),
      )
    : failingPods.length > 0;
  const open = met ? 'unknown' : 'pass';
  return {
    kind: 'gateway',
    says: [
      readiness,
      ...failingPods.map(each => failingInWords(path, each)),
    ].join('; '),
    state: ready > 0 ? open : 'fail',
  };
}

/** What the way rests on and cannot be seen: the portal reads no Secrets, and TLS fails without the certificate. R7.9 */
export function assumedOf(snapshot: MeshSnapshot, path: ModelPath): string[] {
  if (path.assumed) {
    return [...path.assumed];
  }
  const { kind, namespace = '', name: gateway } = path.gateway;
  const tls =
    apiOf(path) === 'istio' && kind === 'Gateway'
      ? snapshot.get('Gateway', namespace, gateway)?.spec.servers?.[path.server]
          ?.tls
      : undefined;
  const secrets = [
    ...(tls?.credentialName ? [tls.credentialName] : []),
    ...(tls?.credentialNames ?? []),
  ];
  return secrets.map(
    secret =>
      `That the Secret ${secret} exists in the namespace of the gateway's pods`,
  );
}

/** Where the listener is written; an Ingress writes none, but its rule makes one. */
function listenerField(path: ModelPath): string {
  switch (apiOf(path)) {
    case 'ingress':
      return path.tlsMode === 'NONE' ? 'spec.rules' : 'spec.tls';
    case 'istio':
      return `spec.servers[${path.server}]`;
    default:
      return `spec.listeners[${path.server}]`;
  }
}

function listenerStep(
  snapshot: MeshSnapshot,
  path: ModelPath,
  outer: OuterPort | undefined,
): ExposureStep {
  const says = [
    listenerSays(path),
    ...(path.listenerSet
      ? [`added by ListenerSet ${objectName(path.listenerSet)}`]
      : []),
    ...assumedOf(snapshot, path).map(
      assumed =>
        `assumed: ${assumed.charAt(0).toLowerCase()}${assumed.slice(1)}`,
    ),
  ].join('; ');
  const reached =
    outer === undefined
      ? 'no Service leads to this port'
      : `reached at port ${outer.port} of Service ${objectName(
          objectRefOf(outer.service),
        )} (${outer.service.spec.type})`;
  return {
    kind: 'listener',
    says: `${says}; ${reached}`,
    state: outer === undefined ? 'unknown' : 'pass',
    provenance: {
      object: path.listenerSet ?? path.gateway,
      path: listenerField(path),
      says,
    },
  };
}

function podsStep(service: ServiceInput): ExposureStep {
  const pods = podsOfService(service.cluster.snapshot, service.service);
  const ready = pods.filter(isReady).length;
  const says =
    pods.length === 0
      ? 'The service selects no pod'
      : `${ready} of ${count(pods.length, 'pod')} ready`;
  if (ready > 0) {
    return { kind: 'workloads', says, state: 'pass' };
  }
  const lacking = { host: service.ref.host, labels: {} };
  const others = service.cluster.elsewhere?.(lacking, 'gateway');
  return others === undefined
    ? { kind: 'workloads', says, state: 'fail' }
    : { kind: 'workloads', says: `${says}, ${others}`, state: 'unknown' };
}

/** The way as requests go it: gateway, listener, host, policies there, route, service, policies there, pods. */
export function stepsOf(
  service: ServiceInput,
  path: ModelPath,
  outer: OuterPort | undefined,
  access: ExposureAccess,
): ExposureStep[] {
  const { cluster, ref } = service;
  const { atGateway, atService } = accessSteps(access);
  return [
    gatewayStep(cluster.snapshot, path, outer),
    listenerStep(cluster.snapshot, path, outer),
    {
      kind: 'host',
      says: path.hosts.includes('*')
        ? 'Any host'
        : `Host ${path.hosts.join(', ')}`,
      state: 'pass',
    },
    atGateway,
    {
      kind: 'route',
      says: `${path.route.object.kind} ${objectName(path.route.object)}`,
      state: path.problems.length > 0 ? 'fail' : 'pass',
      provenance: path.route,
    },
    {
      kind: 'service',
      says: `Service ${ref.namespace}/${ref.name}`,
      state: 'pass',
    },
    atService,
    podsStep(service),
  ];
}
