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
import type { LocalityPlan } from '../../destinations/localityPlan';
import { proxyOfPod, type PodProxy } from '../../membership';
import { plaintextPassing } from '../../membership/interception';
import { nameMismatch } from '../../mtls/acceptedNames';
import { sidecarTlsAt, type SidecarTls } from '../../mtls/sidecarTls';
import type { EndpointSide, SentTransport } from '../../mtls/transport';
import type { StringMap } from '../../objects';
import { scopeOf } from '../../scoping/clientScope';
import type { InboundListener } from '../../scoping/sidecarIngress';
import { isHttp } from '../routableService';
import { ending, followed, step, type Rest } from './branches';
import { gatewayWay } from './gatewayWay';
import type { Hop } from './hop';
import { serverAnswer, type ServerAnswer } from './serverAnswer';
import {
  authorizationAt,
  type AuthorizationPassage,
} from './serverAuthorization';
import {
  addressAt,
  limitSteps,
  listenerOf,
  retrySteps,
  serverAsClient,
  type DeliveredPort,
} from './serverProxy';
import { isReadable } from './travellingRequest';
import type { WayStep } from './way';

/** Where a request is delivered: endpoints of a service's port, and how they are reached. */
export interface Delivery extends DeliveredPort {
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

/** The step at which the server's proxy, or the application, takes the connection or does not. */
function serverModeStep(
  { accepted, says }: ServerAnswer,
  { server }: EndpointSide,
  { provenance }: InboundListener,
): WayStep {
  const state = accepted ? 'pass' : 'fail';
  return step('server-mode', state, says, [server.by, provenance]);
}

/** The end where what is sent does not get through to the server's policies, or nobody knows. */
function endedAtServer(
  hop: Hop,
  side: EndpointSide,
  sent: SentTransport,
  { failure, uncertain }: ServerAnswer,
): Rest | undefined {
  if (failure !== undefined) {
    return ending([], failure);
  }
  const misnamed = endedByNames(hop, side, sent);
  if (misnamed !== undefined || uncertain === undefined) {
    return misnamed;
  }
  return ending([step('delivery', 'unknown', uncertain)], {
    ending: 'unknown',
    says: uncertain,
  });
}

/** Does the server's proxy see the sender's certificate of the mesh? */
function isIdentified(
  { transport }: SentTransport,
  { mode }: EndpointSide['server'],
): boolean {
  return (
    transport === 'hbone' ||
    (transport === 'mutual-tls' && mode !== 'DISABLE' && mode !== 'NONE')
  );
}

/** The policies of the server's own proxy. */
function serverPolicies(
  hop: Hop,
  { pod, targetPort, server }: EndpointSide,
  sent: SentTransport,
  proxy: PodProxy,
  listener: InboundListener,
): AuthorizationPassage {
  const { namespace, labels, annotations } = pod.metadata;
  const target: PolicyTarget = {
    // Past the sidecar nothing enforces policies.
    proxy: server.mode === 'NONE' ? 'none' : ENFORCING_PROXY[proxy.proxy],
    namespace,
    labels,
    ...(proxy.proxy === 'ambient' && {
      plaintextPassesBy: plaintextPassing([pod]),
    }),
  };
  const revision =
    proxy.revision === undefined ? {} : { revision: proxy.revision };
  const versions = proxy.version === undefined ? [] : [proxy.version];
  hop.passed.add({ target, ...revision, annotations, versions }, [
    'mtls',
    'authorization',
  ]);
  return authorizationAt(hop, {
    target,
    port: targetPort,
    identified: isIdentified(sent, server),
    protocol:
      isReadable(hop.request) && isHttp(listener.class) ? 'http' : 'tcp',
    ...revision,
    ...addressAt(hop, proxy.proxy),
  });
}

/** The end at the application. */
function endedAtApplication(encrypted: boolean): Rest {
  const says = encrypted
    ? 'The application gets the request, encrypted on the whole way'
    : 'The application gets the request, unencrypted on the way';
  return ending([step('delivery', 'pass', says)], {
    ending: 'delivered',
    encrypted,
    says,
  });
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
  const plaintext = sent.transport === 'plaintext' && !hop.request.tls;
  const bySidecar = sidecarTlsAt(hop.snapshot, side, plaintext);
  if (bySidecar !== undefined) {
    return endedBySidecar(clientTls, bySidecar);
  }
  const answer = serverAnswer(
    hop,
    sent,
    side.server,
    proxy.proxy,
    listener.class,
  );
  const arrived = [clientTls, serverModeStep(answer, side, listener)];
  const ended = endedAtServer(hop, side, sent, answer);
  if (ended !== undefined) {
    return followed(arrived, ended);
  }
  const policies = serverPolicies(hop, side, sent, proxy, listener);
  const decided = [...arrived, policies.step];
  if (policies.stopped !== undefined) {
    return followed(decided, policies.stopped);
  }
  return followed(
    [
      ...decided,
      ...limitSteps(hop, side, proxy),
      ...retrySteps(hop, delivery, side, proxy, listener),
    ],
    endedAtApplication(hop.encrypted && answer.encrypted),
  );
}
