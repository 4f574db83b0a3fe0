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
  clientTlsFor,
  destinationRuleFor,
  endpointTlsModeFor,
  trafficPolicyFor,
} from '../destinations';
import {
  booleanFlag,
  controlPlaneFlagsOf,
  controlPlaneView,
  isNamespaceDiscovered,
  meshConfigOf,
} from '../identity';
import { type Client, hasEnvoy } from '../membership';
import { acceptsMeshMtls, proxyOfPod } from '../membership/podProxy';
import type { SlimObjectByKind } from '../objects';
import type { MeshSnapshot } from '../snapshot';
import type { Provenance } from '../verdict';
import { acceptedNamesOf, type AcceptedNames } from './acceptedNames';
import { assumedServerMode } from './peerAuthentication';
import type { ServerMode } from './serverMode';

type Pod = SlimObjectByKind['Pod'];

/** How bytes travel from a client to an endpoint. `tls` is a TLS the client originates that is not the mesh's. */
export type Transport = 'mutual-tls' | 'hbone' | 'plaintext' | 'tls';

/** What a client sends and what decided it. */
export interface SentTransport {
  transport: Transport;
  /** one sentence */
  says: string;
  by?: Provenance;
  /** within HBONE, the TLS that the DestinationRule originates: the application gets it. R3.11 */
  inner?: 'tls';
  /** the names that the certificate of the server must have; absent: those of the service itself, or none. R8.15 */
  accepts?: AcceptedNames;
}

/** An endpoint with what its own side says. */
export interface EndpointSide {
  pod: Pod;
  targetPort: number;
  server: ServerMode;
}

/** The client side of one service port: the part that is the same for every endpoint. */
export interface ClientSide {
  /** decides for one endpoint */
  sendsTo(endpoint: EndpointSide): SentTransport;
}

/** What a client knows of an endpoint when it decides how to send. */
export interface Receiver {
  /** does the control plane take it for able to speak mesh mTLS? R2.3, R2.13 */
  mutualTls: boolean;
  /** does it take HBONE? R2.8 */
  hbone: boolean;
  server: ServerMode;
}

/** The service that is called. */
export interface CalledService {
  namespace: string;
  host: string;
  /** the client chooses the endpoint itself */
  headless: boolean;
  /** outside the mesh: never mutual TLS by itself. R8.13 */
  meshExternal?: boolean;
  /** the ServiceEntry that defines it, if one does: it may name certificates. R8.15 */
  entry?: SlimObjectByKind['ServiceEntry'];
}

function receiverOf({ pod, server }: EndpointSide): Receiver {
  return {
    mutualTls: acceptsMeshMtls(pod),
    hbone: proxyOfPod(pod).hbone,
    server,
  };
}

/**
 * What a client sends to the endpoints of a service port: its DestinationRule first, else auto mTLS per endpoint.
 * R3.9 – R3.13
 *
 * @param endpoints - all endpoints of the port: headless services decide for all at once
 */
export function clientSideOf(
  mesh: MeshSnapshot,
  client: Client,
  service: CalledService,
  port: number,
  endpoints: readonly EndpointSide[],
  subset?: string,
): ClientSide {
  const sends = transportTo(
    mesh,
    client,
    service,
    port,
    endpoints.map(receiverOf),
    subset,
  );
  return { sendsTo: endpoint => sends(receiverOf(endpoint)) };
}

/** The same for endpoints of any kind: pods, machines, addresses outside. R3.9 – R3.13 */
export function transportTo(
  mesh: MeshSnapshot,
  client: Client,
  service: CalledService,
  port: number,
  receivers: readonly Receiver[],
  subset?: string,
): (receiver: Receiver) => SentTransport {
  if (client.proxy === 'none') {
    return constant(
      'plaintext',
      'The client has no proxy: it sends what the application sends',
    );
  }
  if (!hasEnvoy(client.proxy)) {
    return fromZtunnel;
  }
  const snapshot = controlPlaneView(mesh, client.revision);
  const config = meshConfigOf(snapshot);
  if (!isNamespaceDiscovered(snapshot, config, service.namespace)) {
    return constant(
      'plaintext',
      `The client's control plane does not read namespace ${service.namespace} (discoverySelectors): its proxy does not know the service and passes on what the application sends`,
    );
  }
  const { rule } = destinationRuleFor(snapshot, client, service.host);
  const tls = clientTlsFor(snapshot, client, service.host, port, subset);
  const endpointMode = endpointTlsModeFor(rule, port, subset)?.value;
  const passthrough =
    service.headless ||
    trafficPolicyFor(rule, port, subset).loadBalancer?.value.simple ===
      'PASSTHROUGH';
  const assumed = assumedServerMode(snapshot, service.namespace);
  const ofRule =
    tls.mode === undefined ? undefined : fromRule(tls.mode, tls, service.entry);
  const overMesh = ({ mutualTls, server }: Receiver): SentTransport => {
    if (ofRule !== undefined) return ofRule;
    if (service.meshExternal) {
      return plaintext(
        'The service is outside the mesh (MESH_EXTERNAL), so nothing adds mutual TLS: what the application sends is passed on',
      );
    }
    if (!config.enableAutoMtls) {
      return plaintext('Auto mTLS is switched off in the mesh configuration');
    }
    if (assumed === 'DISABLE') {
      return plaintext(
        `Clients see that namespace ${service.namespace} (or the mesh) disables mutual TLS`,
      );
    }
    if (
      passthrough &&
      (receivers.length === 0 || receivers.some(each => !each.mutualTls))
    ) {
      return plaintext(
        'The client chooses the endpoint itself, and not every endpoint takes mutual TLS',
      );
    }
    if (endpointMode && endpointMode !== 'ISTIO_MUTUAL') {
      return plaintext(
        `The DestinationRule's TLS mode ${endpointMode} still marks the endpoints as not taking mutual TLS`,
      );
    }
    if (!mutualTls) {
      return plaintext(
        'The endpoint does not take mutual TLS: it has no sidecar',
      );
    }
    return (server.policyMode ?? server.mode) === 'DISABLE'
      ? {
          ...plaintext('The endpoint disables mutual TLS'),
          by: server.by,
        }
      : {
          transport: 'mutual-tls',
          says: 'Auto mTLS: the endpoint takes mutual TLS',
        };
  };
  const preferHbone = booleanFlag(
    controlPlaneFlagsOf(
      snapshot,
      config.source?.metadata.namespace,
      client.revision,
    ),
    'PILOT_PREFER_SENDING_HBONE',
    false,
  );
  return receiver =>
    receiver.hbone && (!receiver.mutualTls || preferHbone)
      ? overHbone(ofRule)
      : overMesh(receiver);
}

/**
 * HBONE replaces mutual TLS of the mesh and is sent even where a DestinationRule says DISABLE; TLS that one originates travels
 * inside. What a waypoint sends on to pods in ambient goes the same way. R3.11, R3.15
 */
function overHbone(ofRule: SentTransport | undefined): SentTransport {
  return ofRule?.transport === 'tls'
    ? {
        transport: 'hbone',
        inner: 'tls',
        says: `The endpoint is in ambient: HBONE, and inside it TLS (${ofRule.says})`,
        by: ofRule.by,
        ...(ofRule.accepts === undefined ? {} : { accepts: ofRule.accepts }),
      }
    : {
        transport: 'hbone',
        says: 'The endpoint is in ambient: HBONE, whatever DestinationRules say',
      };
}

function plaintext(says: string): SentTransport {
  return { transport: 'plaintext', says };
}

function constant(
  transport: Transport,
  says: string,
): (receiver: Receiver) => SentTransport {
  return () => ({ transport, says });
}

/** R3.12 */
function fromZtunnel({ hbone }: Receiver): SentTransport {
  return hbone
    ? {
        transport: 'hbone',
        says: 'ztunnel sends HBONE to endpoints that take it',
      }
    : plaintext('ztunnel sends plaintext to endpoints that do not take HBONE');
}

function fromRule(
  mode: 'DISABLE' | 'SIMPLE' | 'MUTUAL' | 'ISTIO_MUTUAL',
  tls: ReturnType<typeof clientTlsFor>,
  entry: CalledService['entry'],
): SentTransport {
  if (tls.brokenBecause) {
    return {
      transport: 'plaintext',
      says: tls.brokenBecause,
      by: tls.provenance,
    };
  }
  const transports = {
    DISABLE: 'plaintext',
    SIMPLE: 'tls',
    MUTUAL: 'tls',
    ISTIO_MUTUAL: 'mutual-tls',
  } as const;
  const accepts = acceptedNamesOf(tls, entry);
  return {
    transport: transports[mode],
    says: tls.says,
    by: tls.provenance,
    ...(accepts === undefined ? {} : { accepts }),
  };
}
