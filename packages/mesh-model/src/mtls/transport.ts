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
  type ClientTlsChoice,
} from '../destinations';
import {
  booleanFlag,
  controlPlaneFlagsOf,
  controlPlaneView,
  isNamespaceDiscovered,
  meshConfigOf,
  type MeshConfig,
} from '../identity';
import { type Client, hasEnvoy } from '../membership';
import { acceptsMeshMtls, proxyOfPod } from '../membership/podProxy';
import type { ClientTlsMode, SlimObjectByKind } from '../objects';
import type { MeshSnapshot } from '../snapshot';
import type { Provenance } from '../verdict';
import { acceptedNamesOf, type AcceptedNames } from './acceptedNames';
import { assumedServerMode, type ActiveMode } from './peerAuthentication';
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

function plaintext(says: string): SentTransport {
  return { transport: 'plaintext', says };
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

const TRANSPORT_OF_MODE = {
  DISABLE: 'plaintext',
  SIMPLE: 'tls',
  MUTUAL: 'tls',
  ISTIO_MUTUAL: 'mutual-tls',
} as const;

/** What a DestinationRule that sets TLS has the client send to every endpoint. R3.9, R6.15 */
function fromRule(
  tls: ClientTlsChoice,
  entry: CalledService['entry'],
): SentTransport | undefined {
  if (tls.mode === undefined) {
    return undefined;
  }
  if (tls.brokenBecause) {
    return { ...plaintext(tls.brokenBecause), by: tls.provenance };
  }
  const accepts = acceptedNamesOf(tls, entry);
  return {
    transport: TRANSPORT_OF_MODE[tls.mode],
    says: tls.says,
    by: tls.provenance,
    ...(accepts === undefined ? {} : { accepts }),
  };
}

/**
 * Plaintext because auto mTLS leaves the service out, whichever endpoint it is. R3.9, R8.13
 *
 * @param assumed - what clients take the PeerAuthentications of the service's namespace to demand
 */
function withoutAutoMtls(
  { enableAutoMtls }: MeshConfig,
  { namespace, meshExternal }: CalledService,
  assumed: ActiveMode,
): SentTransport | undefined {
  if (meshExternal) {
    return plaintext(
      'The service is outside the mesh (MESH_EXTERNAL), so nothing adds mutual TLS: what the application sends is passed on',
    );
  }
  if (!enableAutoMtls) {
    return plaintext('Auto mTLS is switched off in the mesh configuration');
  }
  return assumed === 'DISABLE'
    ? plaintext(
        `Clients see that namespace ${namespace} (or the mesh) disables mutual TLS`,
      )
    : undefined;
}

/** Plaintext because the client chooses the endpoint itself, so that what it sends must suit all of them. R3.9 */
function suitingAll(receivers: readonly Receiver[]): SentTransport | undefined {
  return receivers.length === 0 || receivers.some(each => !each.mutualTls)
    ? plaintext(
        'The client chooses the endpoint itself, and not every endpoint takes mutual TLS',
      )
    : undefined;
}

/** Plaintext because a rule whose TLS does not act on the port still acts on how its endpoints are marked. R3.10 */
function toUnmarked(
  endpointMode: ClientTlsMode | undefined,
): SentTransport | undefined {
  return endpointMode && endpointMode !== 'ISTIO_MUTUAL'
    ? plaintext(
        `The DestinationRule's TLS mode ${endpointMode} still marks the endpoints as not taking mutual TLS`,
      )
    : undefined;
}

/** What auto mTLS sends to one endpoint. R3.9 */
function autoMtls({ mutualTls, server }: Receiver): SentTransport {
  if (!mutualTls) {
    return plaintext(
      'The endpoint does not take mutual TLS: it has no sidecar',
    );
  }
  return (server.policyMode ?? server.mode) === 'DISABLE'
    ? { ...plaintext('The endpoint disables mutual TLS'), by: server.by }
    : {
        transport: 'mutual-tls',
        says: 'Auto mTLS: the endpoint takes mutual TLS',
      };
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

/** Is HBONE sent even to endpoints that take mutual TLS, too? R3.11 */
function prefersHbone(
  snapshot: MeshSnapshot,
  { source }: MeshConfig,
  { revision }: Client,
): boolean {
  return booleanFlag(
    controlPlaneFlagsOf(snapshot, source?.metadata.namespace, revision),
    'PILOT_PREFER_SENDING_HBONE',
    false,
  );
}

/** The same as `clientSideOf` for endpoints of any kind: pods, machines, addresses outside. R3.9 – R3.13 */
export function transportTo(
  mesh: MeshSnapshot,
  client: Client,
  service: CalledService,
  port: number,
  receivers: readonly Receiver[],
  subset?: string,
): (receiver: Receiver) => SentTransport {
  if (client.proxy === 'none') {
    return () =>
      plaintext('The client has no proxy: it sends what the application sends');
  }
  if (!hasEnvoy(client.proxy)) {
    return fromZtunnel;
  }
  const snapshot = controlPlaneView(mesh, client.revision);
  const config = meshConfigOf(snapshot);
  const { namespace, host, entry, headless } = service;
  if (!isNamespaceDiscovered(snapshot, config, namespace)) {
    return () =>
      plaintext(
        `The client's control plane does not read namespace ${namespace} (discoverySelectors): its proxy does not know the service and passes on what the application sends`,
      );
  }
  const { rule } = destinationRuleFor(snapshot, client, host);
  const ofRule = fromRule(
    clientTlsFor(snapshot, client, host, port, subset),
    entry,
  );
  const { loadBalancer } = trafficPolicyFor(rule, port, subset);
  const choosesItself =
    headless || loadBalancer?.value.simple === 'PASSTHROUGH';
  const assumed = assumedServerMode(snapshot, namespace);
  const toAll =
    ofRule ??
    withoutAutoMtls(config, service, assumed) ??
    (choosesItself ? suitingAll(receivers) : undefined) ??
    toUnmarked(endpointTlsModeFor(rule, port, subset)?.value);
  const preferHbone = prefersHbone(snapshot, config, client);
  return receiver =>
    receiver.hbone && (!receiver.mutualTls || preferHbone)
      ? overHbone(ofRule)
      : toAll ?? autoMtls(receiver);
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
