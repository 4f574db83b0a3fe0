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

import { ENFORCING_PROXY, type PolicyTarget } from '../../authorization';
import { inboundConnectionPoolOf } from '../../destinations';
import { declaredProtocolOf } from '../../identity';
import type { LocalityPlan } from '../../destinations/localityPlan';
import { forwardedAddress } from '../../gateways/gatewayTopology';
import {
  proxyOfPod,
  type Client,
  type PodProxy,
  type ProxyType,
} from '../../membership';
import { targetPortOf } from '../../mtls';
import { nameMismatch } from '../../mtls/acceptedNames';
import { sidecarTlsAt, type SidecarTls } from '../../mtls/sidecarTls';
import type { EndpointSide, SentTransport } from '../../mtls/transport';
import type { StringMap } from '../../objects';
import {
  inboundListenerOf,
  type InboundListener,
} from '../../scoping/sidecarIngress';
import { scopeOf } from '../../scoping/clientScope';
import { inboundRetriesOf } from '../inboundRetries';
import { isHttp, type RoutableService } from '../routableService';
import { ending, followed, step, type Rest } from './branches';
import { gatewayWay } from './gatewayWay';
import type { Hop } from './hop';
import { serverAnswer } from './serverAnswer';
import { authorizationAt } from './serverAuthorization';
import { isReadable } from './travellingRequest';
import type { WayStep } from './way';

/** Where a request is delivered: endpoints of a service's port, and how they are reached. */
export interface Delivery {
  service: RoutableService;
  port: number;
  /** labels of the subset; empty: all endpoints */
  labels: StringMap;
  /** the TLS server name that a proxy sends with TLS of its own; left out: the host */
  serverName?: string;
  /** how endpoints are preferred by where they run; left out: all alike */
  locality?: LocalityPlan;
  /** what the sender sends to one endpoint, all of the port's being known */
  transportTo: (
    endpoints: readonly EndpointSide[],
  ) => (endpoint: EndpointSide) => SentTransport;
}

function isSidecar(proxy: ProxyType): boolean {
  return proxy === 'sidecar' || proxy === 'native-sidecar';
}

/** The server's own proxy as Sidecar and DestinationRule look it up. */
function serverAsClient(
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

function listenerOf(
  hop: Hop,
  { service, port }: Delivery,
  side: EndpointSide,
  proxy: PodProxy,
): InboundListener {
  const declared =
    service.ports.find(item => item.number === port)?.class ?? 'auto';
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
        says: `A Service declares port ${port}`,
      };
}

/** What limits the requests that the server's own proxy lets in; nothing to say when nothing does. R6.12 */
function limitSteps(
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
function retrySteps(
  hop: Hop,
  { service, port }: Delivery,
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

/** The end at a Sidecar that ends TLS with a certificate of its own. R3.8 */
function endedBySidecar(
  clientTls: WayStep,
  { refused, says, by }: SidecarTls,
): Rest {
  return ending(
    [clientTls, step('server-mode', refused ? 'fail' : 'unknown', says, [by])],
    refused
      ? { ending: 'failed', flag: 'UC', says }
      : { ending: 'unknown', says },
  );
}

/** The end where the certificate of the server has none of the names that the sender accepts, or nobody knows. R8.15 */
function endedByNames(
  hop: Hop,
  { pod }: EndpointSide,
  sent: SentTransport,
): Rest | undefined {
  const mismatch = nameMismatch(
    hop.snapshot,
    sent.accepts,
    pod,
    sent.transport === 'mutual-tls',
  );
  if (mismatch === undefined) {
    return undefined;
  }
  const { state, says, by } = mismatch;
  if (state === 'unknown') {
    return ending([step('client-tls', 'unknown', says, [by], hop.at)], {
      ending: 'unknown',
      ...(hop.at === undefined ? {} : { at: hop.at }),
      says,
    });
  }
  const http = isReadable(hop.request);
  return ending([step('client-tls', 'fail', says, [by], hop.at)], {
    ending: 'failed',
    ...(http ? { code: 503 } : {}),
    flag: 'UF',
    ...(hop.at === undefined ? {} : { at: hop.at }),
    says: http
      ? `${says}. The caller gets 503 UF`
      : `${says}. The caller sees its connection closed (UF)`,
  });
}

/** As many gateways of the mesh as a request may pass one after the other; more is a circle. */
const MOST_GATEWAYS = 4;

/** The way goes on at a gateway of the mesh, for example one for egress. */
function throughGateway(
  hop: Hop,
  { port, serverName }: Delivery,
  side: EndpointSide,
  sent: SentTransport,
): Rest {
  const { pod } = side;
  const clientTls = step('client-tls', 'pass', sent.says, [sent.by], hop.at);
  if (hop.gateways >= MOST_GATEWAYS) {
    const says = `The request has passed ${MOST_GATEWAYS} gateways of the mesh already: their routes lead in a circle`;
    return ending([clientTls, step('destination', 'fail', says, [], hop.at)], {
      ending: 'failed',
      says,
    });
  }
  const refused =
    sent.transport === 'mutual-tls' ? endedByNames(hop, side, sent) : undefined;
  if (refused !== undefined) {
    return followed([clientTls], refused);
  }
  const gateway = serverAsClient({ pod }, proxyOfPod(pod));
  const wrapped = sent.transport !== 'plaintext';
  const { request } = hop;
  return followed(
    [clientTls],
    gatewayWay(
      {
        ...hop,
        sender: gateway,
        scope: scopeOf(hop.snapshot, gateway),
        request: { ...request, port },
        gateways: hop.gateways + 1,
      },
      {
        tls: wrapped || request.tls,
        serverName: wrapped
          ? serverName ?? request.host
          : request.sni ?? request.host,
        wrapped,
        from: {
          sender: hop.sender,
          identified: sent.transport === 'mutual-tls',
        },
      },
    ),
  );
}

/** What a sidecar takes for the address of the client: gateways add an address that is not known here. R7.11, R4.18 */
function addressAt(hop: Hop, proxy: ProxyType): { remoteIp?: string } {
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

/** What happens at one endpoint, from the sender's TLS to the application. */
export function deliveredTo(
  hop: Hop,
  delivery: Delivery,
  side: EndpointSide,
  sent: SentTransport,
): Rest {
  const proxy = proxyOfPod(side.pod);
  if (proxy.proxy === 'gateway') {
    return throughGateway(hop, delivery, side, sent);
  }
  const listener = listenerOf(hop, delivery, side, proxy);
  const clientTls = step('client-tls', 'pass', sent.says, [sent.by], hop.at);
  const ended = sidecarTlsAt(
    hop.snapshot,
    side,
    sent.transport === 'plaintext' && !hop.request.tls,
  );
  if (ended !== undefined) {
    return endedBySidecar(clientTls, ended);
  }
  const answer = serverAnswer(
    hop,
    sent,
    side.server,
    proxy.proxy,
    listener.class,
  );
  const mode = step(
    'server-mode',
    answer.accepted ? 'pass' : 'fail',
    answer.says,
    [side.server.by, listener.provenance],
  );
  if (answer.failure !== undefined) {
    return ending([clientTls, mode], answer.failure);
  }
  const misnamed = endedByNames(hop, side, sent);
  if (misnamed !== undefined) {
    return followed([clientTls, mode], misnamed);
  }
  if (answer.uncertain !== undefined) {
    return ending(
      [clientTls, mode, step('delivery', 'unknown', answer.uncertain)],
      { ending: 'unknown', says: answer.uncertain },
    );
  }
  const identified =
    sent.transport === 'hbone' ||
    (sent.transport === 'mutual-tls' &&
      side.server.mode !== 'DISABLE' &&
      side.server.mode !== 'NONE');
  const target: PolicyTarget = {
    // Past the sidecar nothing enforces policies.
    proxy: side.server.mode === 'NONE' ? 'none' : ENFORCING_PROXY[proxy.proxy],
    namespace: side.pod.metadata.namespace,
    labels: side.pod.metadata.labels,
  };
  const revision =
    proxy.revision === undefined ? {} : { revision: proxy.revision };
  hop.passed.add(
    {
      target,
      ...revision,
      annotations: side.pod.metadata.annotations,
      versions: proxy.version === undefined ? [] : [proxy.version],
    },
    ['mtls', 'authorization'],
  );
  const passage = authorizationAt(hop, {
    target,
    port: side.targetPort,
    identified,
    protocol:
      isReadable(hop.request) && isHttp(listener.class) ? 'http' : 'tcp',
    ...revision,
    ...addressAt(hop, proxy.proxy),
  });
  const steps = [clientTls, mode, passage.step];
  if (passage.stopped !== undefined) {
    return followed(steps, passage.stopped);
  }
  const encrypted = hop.encrypted && answer.encrypted;
  const says = encrypted
    ? 'The application gets the request, encrypted on the whole way'
    : 'The application gets the request, unencrypted on the way';
  return ending(
    [
      ...steps,
      ...limitSteps(hop, side, proxy),
      ...retrySteps(hop, delivery, side, proxy, listener),
      step('delivery', 'pass', says),
    ],
    { ending: 'delivered', encrypted, says },
  );
}
