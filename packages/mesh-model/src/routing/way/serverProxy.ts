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

import { inboundConnectionPoolOf } from '../../destinations';
import { forwardedAddress } from '../../gateways/gatewayTopology';
import { declaredProtocolOf } from '../../identity';
import type { Client, PodProxy, ProxyType } from '../../membership';
import { targetPortOf } from '../../mtls';
import type { EndpointSide } from '../../mtls/transport';
import {
  inboundListenerOf,
  type InboundListener,
} from '../../scoping/sidecarIngress';
import { inboundRetriesOf } from '../inboundRetries';
import { isHttp, type RoutableService } from '../routableService';
import { step } from './branches';
import type { Hop } from './hop';
import { isReadable } from './travellingRequest';
import type { WayStep } from './way';

/** The port of a service to which a request is delivered. */
export interface DeliveredPort {
  service: RoutableService;
  port: number;
}

function isSidecar(proxy: ProxyType): boolean {
  return proxy === 'sidecar' || proxy === 'native-sidecar';
}

/** The server's own proxy as Sidecar and DestinationRule look it up. */
export function serverAsClient(
  { pod }: Pick<EndpointSide, 'pod'>,
  proxy: PodProxy,
): Client {
  return {
    namespace: pod.metadata.namespace,
    labels: pod.metadata.labels,
    serviceAccount: pod.spec.serviceAccountName,
    proxy: proxy.proxy,
    ...(proxy.revision === undefined ? {} : { revision: proxy.revision }),
  };
}

/** How the server's own proxy takes connections: only a sidecar obeys `Sidecar.ingress`. R8.3, R8.11 */
export function listenerOf(
  hop: Hop,
  { service, port }: DeliveredPort,
  side: EndpointSide,
  proxy: PodProxy,
): InboundListener {
  const found = service.ports.find(item => item.number === port);
  const declared = found?.class ?? 'auto';
  return isSidecar(proxy.proxy)
    ? inboundListenerOf(
        hop.snapshot,
        serverAsClient(side, proxy),
        side.targetPort,
        declared,
      )
    : {
        class: declared,
        declaredBy: 'service',
        says:
          found === undefined
            ? `${service.hostname} declares no port ${port}`
            : `${service.hostname} declares port ${port}`,
      };
}

/** What limits the requests that the server's own proxy lets in; nothing to say when nothing does. R6.12 */
export function limitSteps(
  hop: Hop,
  { pod, targetPort, server }: EndpointSide,
  proxy: PodProxy,
): WayStep[] {
  if (!isSidecar(proxy.proxy) || server.mode === 'NONE') {
    return [];
  }
  const services = hop.snapshot
    .servicesOfPod(pod)
    .flatMap(service =>
      service.spec.ports
        .filter(port => targetPortOf(port, pod) === targetPort)
        .map(({ port }) => ({ service, port })),
    );
  const pool = inboundConnectionPoolOf(hop.snapshot, {
    namespace: pod.metadata.namespace,
    labels: pod.metadata.labels,
    targetPort,
    services,
  });
  return pool.settings === undefined
    ? []
    : [step('server-limits', 'pass', pool.says, [pool.provenance])];
}

/** What the server's own sidecar retries; nothing to say where it reads no HTTP. R5.25 */
export function retrySteps(
  hop: Hop,
  { service, port }: DeliveredPort,
  { server }: EndpointSide,
  proxy: PodProxy,
  listener: InboundListener,
): WayStep[] {
  if (
    !isSidecar(proxy.proxy) ||
    server.mode === 'NONE' ||
    !isReadable(hop.request) ||
    !isHttp(listener.class)
  ) {
    return [];
  }
  const protocol =
    listener.declaredBy === 'service'
      ? declaredProtocolOf(service.object, port)
      : listener.protocol;
  const { state, says, provenance } = inboundRetriesOf(hop.snapshot, {
    ...(proxy.revision === undefined ? {} : { revision: proxy.revision }),
    ...(proxy.version === undefined ? {} : { version: proxy.version }),
    ...(protocol === undefined ? {} : { protocol }),
  });
  const states = {
    retries: 'pass',
    none: 'not-applicable',
    unknown: 'unknown',
  } as const;
  return [step('server-retries', states[state], says, [provenance])];
}

/** What a sidecar takes for the address of the client: gateways add an address that is not known here. R7.11, R4.18 */
export function addressAt(hop: Hop, proxy: ProxyType): { remoteIp?: string } {
  if (
    !isSidecar(proxy) ||
    !isReadable(hop.request) ||
    hop.gateways > 0 ||
    hop.sender.proxy === 'gateway' ||
    hop.sender.proxy === 'waypoint'
  ) {
    return {};
  }
  const remoteIp = forwardedAddress(hop.request.headers);
  return remoteIp === undefined ? {} : { remoteIp };
}
