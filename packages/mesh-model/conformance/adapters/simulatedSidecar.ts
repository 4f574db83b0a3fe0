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

import type { Client } from '../../src/membership';
import {
  effectivePolicies,
  peerAuthenticationScopes,
  sidecarServerMode,
} from '../../src/mtls';
import { routeRequest } from '../../src/routing';
import { landingOf } from '../../src/routing/inboundConnection';
import { serviceRegistryOf } from '../../src/routing/serviceRegistry';
import { inboundListenerOf, sidecarOf } from '../../src/scoping';
import type { MeshSnapshot } from '../../src/snapshot';
import { headersOf, type Call, type Result } from './simulatedCall';

/** Envoy's name for the certificates of the mesh. */
const MESH = 'default';

/** Envoy's name for the certificates with which a Sidecar ends TLS on a port. */
function ownCertificates(
  snapshot: MeshSnapshot,
  client: Client,
  port: number,
): string {
  const listener = sidecarOf(snapshot, client).sidecar?.spec.ingress?.find(
    item => item.port?.number === port,
  );
  const { credentialName, serverCertificate, privateKey } = listener?.tls ?? {};
  return credentialName === undefined
    ? `file-cert:${serverCertificate ?? ''}~${privateKey ?? ''}`
    : `kubernetes://${credentialName}`;
}

/** What a server's sidecar does with a call. */
export function inboundCall(
  call: Call,
  snapshot: MeshSnapshot,
  client: Client,
): Result {
  const { mode } = sidecarServerMode(
    effectivePolicies(
      peerAuthenticationScopes(snapshot, client.namespace),
      client.labels,
    ),
    call.port,
  );
  const declared = serviceRegistryOf(snapshot)
    .all.flatMap(service => [...service.ports])
    .find(port => port.number === call.port);
  // The tables that ask about TLS of a Sidecar set istiod's flag for it.
  const listener = inboundListenerOf(
    snapshot,
    client,
    call.port,
    declared?.class,
    true,
  );
  const own = mode === 'DISABLE' ? listener.tls : undefined;
  const endsTls = own !== undefined || (mode !== 'DISABLE' && mode !== 'NONE');
  const certificates =
    own === undefined ? MESH : ownCertificates(snapshot, client, call.port);
  if (
    endsTls &&
    call.tls === 'mtls' &&
    (call.mtlsSecretConfigName || MESH) !== certificates
  ) {
    return { error: 'ErrMTLSError' };
  }
  const landing = landingOf(
    mode === 'NONE' ? 'DISABLE' : own ?? mode,
    listener.class,
    {
      protocol: call.protocol === 'tcp' ? 'tcp' : 'http',
      tls: call.tls ?? 'plaintext',
    },
  );
  switch (landing) {
    case 'refused':
      return { error: 'ErrNoFilterChain' };
    case 'handshake-fails':
      return { error: 'ErrMTLSError' };
    case 'protocol-error':
      return { error: 'ErrProtocolError' };
    default:
      return listener.declaredBy === 'none'
        ? { clusterMatched: 'InboundPassthroughCluster' }
        : {
            clusterMatched: `inbound|${call.port}||`,
            ...(landing === 'http'
              ? { virtualHostMatched: `inbound|http|${call.port}` }
              : {}),
          };
  }
}

/** What a client's sidecar does with a call. */
export function sidecarCall(
  call: Call,
  snapshot: MeshSnapshot,
  client: Client,
): Result {
  if (call.port === 15001 || call.port === 15006) {
    // The ports that capture traffic: a request to them directly would loop.
    return { clusterMatched: 'BlackHoleCluster' };
  }
  const routed = routeRequest(snapshot, client, {
    port: call.port,
    protocol: call.protocol === 'tcp' ? 'tcp' : 'http',
    tls: call.tls === 'tls' || call.tls === 'mtls',
    ...(call.hostHeader === undefined
      ? {}
      : {
          authority: call.hostHeader,
          serverName: call.sni ?? call.hostHeader,
        }),
    ...(call.path === undefined ? {} : { path: call.path }),
    ...(call.method === undefined ? {} : { method: call.method }),
    headers: headersOf(call),
    // Without an address a call goes to one that no service has.
    address: call.address ?? '1.3.3.7',
  });
  return {
    ...(routed.outcome === 'no-route' ? { error: 'ErrNoRoute' } : {}),
    ...(routed.virtualHost === undefined
      ? {}
      : { virtualHostMatched: routed.virtualHost }),
    clusterMatched: routed.clusters[0] ?? '',
  };
}
