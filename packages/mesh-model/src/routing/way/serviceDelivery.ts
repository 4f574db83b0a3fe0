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

import {
  countEndpoints,
  countReadyOutsideCluster,
  hasCountableEndpoints,
} from '../../destinations';
import { serviceEntriesSelectPods } from '../../identity';
import { hasEnvoy, isReady, proxyOfPod, workloadOfPod } from '../../membership';
import { endpointsOfPort } from '../../mtls/path';
import { serverModeOfPod } from '../../mtls';
import type { EndpointSide, SentTransport } from '../../mtls/transport';
import { isSubset } from '../../snapshot';
import { agreeing, counted, provenanceOf, type ObjectRef } from '../../verdict';
import type { RoutableService } from '../routableService';
import { ending, followed, forked, step, type Rest } from './branches';
import { deliveredTo, type Delivery } from './endpointRest';
import type { Hop } from './hop';
import { localityShares } from './localityShares';
import { isReadable } from './travellingRequest';
import { nodeShares, type NodeShares } from './nodeShares';
import type { LackingEndpoints, WayBranch, WayOutcome, WayStep } from './way';

/** Endpoints of a service's port that are pods of the cluster. */
export function podEndpoints(
  { snapshot }: Pick<Hop, 'snapshot'>,
  service: RoutableService,
  port: number,
): EndpointSide[] {
  const { object } = service;
  if (object?.kind === 'Service') {
    const servicePort = object.spec.ports.find(item => item.port === port);
    return servicePort === undefined
      ? []
      : endpointsOfPort(snapshot, object, servicePort);
  }
  if (object?.kind !== 'ServiceEntry') {
    return [];
  }
  const selector = object.spec.workloadSelector?.labels ?? {};
  const targetPort =
    object.spec.ports?.find(item => item.number === port)?.targetPort ?? port;
  return Object.keys(selector).length === 0 ||
    !serviceEntriesSelectPods(snapshot)
    ? []
    : snapshot.podsBySelector(object.metadata.namespace, selector).map(pod => ({
        pod,
        targetPort,
        server: serverModeOfPod(snapshot, pod, targetPort),
      }));
}

/** A Service may publish its pods whether they are ready or not. */
function isPublished(
  { pod }: EndpointSide,
  { object }: RoutableService,
): boolean {
  return (
    isReady(pod) ||
    (object?.kind === 'Service' &&
      object.spec.publishNotReadyAddresses === true)
  );
}

interface EndpointGroup {
  rest: Rest;
  count: number;
  /** relative share of the requests */
  weight: number;
  workloads: Map<string, ObjectRef>;
}

/** Facts about a pod are the same for each pod of a template, whatever its name. */
function withoutPodNames(_: string, value: unknown): unknown {
  return typeof value === 'object' &&
    value !== null &&
    'kind' in value &&
    value.kind === 'Pod'
    ? { ...value, name: undefined }
    : value;
}

function keyOf(rest: Rest): string {
  return JSON.stringify([rest.steps, rest.outcome], withoutPodNames);
}

/** What no two pods of one pod template differ in as far as the way is concerned. */
function templateKey(side: EndpointSide, sent: SentTransport): string {
  const { pod, server, targetPort } = side;
  return JSON.stringify(
    [
      pod.metadata.namespace,
      pod.metadata.labels,
      proxyOfPod(pod),
      server,
      targetPort,
      sent,
    ],
    withoutPodNames,
  );
}

function groupsOf(
  hop: Hop,
  delivery: Delivery,
  all: readonly EndpointSide[],
  ready: readonly EndpointSide[],
  weights: readonly number[],
): EndpointGroup[] {
  const sendsTo = delivery.transportTo(all);
  const byTemplate = new Map<string, { rest: Rest; key: string }>();
  const groups = new Map<string, EndpointGroup>();
  for (const [index, side] of ready.entries()) {
    const sent = sendsTo(side);
    const template = templateKey(side, sent);
    let known = byTemplate.get(template);
    if (known === undefined) {
      const found = deliveredTo(hop, delivery, side, sent);
      known = { rest: found, key: keyOf(found) };
      byTemplate.set(template, known);
    }
    const { rest, key } = known;
    const group = groups.get(key) ?? {
      rest,
      count: 0,
      weight: 0,
      workloads: new Map<string, ObjectRef>(),
    };
    groups.set(key, group);
    group.count += 1;
    group.weight += weights[index];
    const { ref } = workloadOfPod(hop.snapshot, side.pod);
    group.workloads.set(`${ref.kind}/${ref.name}`, ref);
  }
  return [...groups.values()];
}

function elsewhere(hop: Hop, service: RoutableService, count: number): Rest {
  const says = service.meshExternal
    ? `${service.hostname} is outside the mesh: what answers there cannot be seen from here`
    : `${count} endpoints of ${service.hostname} are no pods of this cluster: what they accept cannot be seen from here`;
  const outcome: WayOutcome = {
    ending: service.meshExternal ? 'outside' : 'unknown',
    says,
    ...(hop.at === undefined ? {} : { at: hop.at }),
  };
  return ending([step('delivery', 'unknown', says)], outcome);
}

function noEndpoint(hop: Hop, says: string, lacking?: LackingEndpoints): Rest {
  const http = isReadable(hop.request) && hasEnvoy(hop.sender.proxy);
  return ending([step('endpoints', 'fail', says, [], hop.at)], {
    ending: 'failed',
    ...(http ? { code: 503, flag: 'UH' } : {}),
    ...(hop.at === undefined ? {} : { at: hop.at }),
    ...(lacking && { lacking }),
    says: http
      ? `${says}. The caller gets 503 UH`
      : `${says}. The caller gets no connection`,
  });
}

/** Where there is no ready pod: endpoints elsewhere, or none at all. */
function withoutReadyPods(
  hop: Hop,
  { service, port, labels }: Delivery,
  others: number,
): Rest {
  const endpoints = countEndpoints(hop.snapshot, service, labels);
  if (others > 0 || !hasCountableEndpoints(service)) {
    return elsewhere(hop, service, others);
  }
  return noEndpoint(
    hop,
    endpoints.total === 0
      ? `No pod is behind port ${port} of ${service.hostname}`
      : `None of ${counted(endpoints.total, 'pod')} behind port ${port} of ${
          service.hostname
        } is ready, or has that port`,
    { host: service.hostname, labels },
  );
}

function branchesOf(
  groups: readonly EndpointGroup[],
  total: number,
  sum: number,
): WayBranch[] {
  return groups.map(group => {
    const workloads = [...group.workloads.values()];
    const names = workloads.map(
      ref => `${ref.kind} ${ref.namespace}/${ref.name}`,
    );
    return {
      ...group.rest,
      share: (group.weight / sum) * 100,
      fork: 'endpoint',
      because: `${group.count} of ${counted(
        total,
        'ready endpoint',
      )}: ${names.join(', ')}`,
      workloads,
    };
  });
}

/** The way over the endpoints that run on the nodes of the sender; where there is none, requests fail. */
function onNodeOfSender(
  hop: Hop,
  delivery: Delivery,
  all: readonly EndpointSide[],
  ready: readonly EndpointSide[],
  endpoints: WayStep,
  { weights, lost, step: local }: NodeShares,
): Rest {
  const used = ready.filter((_, index) => weights[index] > 0);
  const nowhere = noEndpoint(hop, local.says);
  if (used.length === 0) {
    return followed([endpoints], nowhere);
  }
  const branches = branchesOf(
    groupsOf(
      hop,
      delivery,
      all,
      used,
      weights.filter(weight => weight > 0),
    ),
    used.length,
    1,
  );
  return forked(
    [endpoints, local],
    lost === 0
      ? branches
      : [
          ...branches,
          {
            ...nowhere,
            share: lost * 100,
            fork: 'endpoint',
            because: 'callers on nodes without a ready endpoint',
          },
        ],
  );
}

/** The way over the endpoints of a service's port: which are ready, and what happens at each kind of them. */
export function deliveredToService(hop: Hop, delivery: Delivery): Rest {
  const { service, port, labels } = delivery;
  const all = podEndpoints(hop, service, port);
  const chosen = all.filter(side => isSubset(labels, side.pod.metadata.labels));
  const ready = chosen.filter(side => isPublished(side, service));
  const others = countReadyOutsideCluster(hop.snapshot, service, labels);
  if (ready.length === 0) {
    return withoutReadyPods(hop, delivery, others);
  }
  const total = ready.length + others;
  const known = Math.max(
    countEndpoints(hop.snapshot, service, labels).total,
    chosen.length,
  );
  const says = `${total} of ${counted(known, 'endpoint')} of ${
    service.hostname
  } ${agreeing(total, 'is', 'are')} ready`;
  const fact =
    service.object === undefined
      ? undefined
      : provenanceOf(service.object, undefined, says);
  const endpoints = step('endpoints', 'pass', says, [fact], hop.at);
  const onNode = nodeShares(hop, service, ready);
  if (onNode !== undefined) {
    return 'weights' in onNode
      ? onNodeOfSender(hop, delivery, all, ready, endpoints, onNode)
      : followed([endpoints], onNode);
  }
  const { weights, steps } = localityShares(hop, delivery.locality, ready);
  // Endpoints that are no pods are taken to be far away where near ones are preferred.
  const outside = steps.some(({ state }) => state === 'pass') ? 0 : others;
  const sum = weights.reduce((added, weight) => added + weight, outside);
  if (sum === 0) {
    return followed(
      steps,
      noEndpoint(
        hop,
        `No endpoint of ${service.hostname} is in a locality that gets requests`,
      ),
    );
  }
  const branches = branchesOf(
    groupsOf(hop, delivery, all, ready, weights),
    total,
    sum,
  );
  if (outside > 0) {
    branches.push({
      ...elsewhere(hop, service, others),
      share: (outside / sum) * 100,
      fork: 'endpoint',
      because: `${others} of ${counted(total, 'ready endpoint')} ${agreeing(
        others,
        'is no pod',
        'are no pods',
      )} of this cluster`,
    });
  }
  return forked([endpoints, ...steps], branches);
}
