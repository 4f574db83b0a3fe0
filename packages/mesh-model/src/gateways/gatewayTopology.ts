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

import { workloadOfPod } from '../membership';
import type { SlimObjectByKind, StringMap } from '../objects';
import type { MeshSnapshot } from '../snapshot';
import { proxyConfigOf } from '../telemetry';
import type { Provenance } from '../verdict';

/** What a gateway takes for the address of its client, and what it passes on of a client's certificate. */
export interface GatewayTopology {
  /** proxies in front of the gateway whose X-Forwarded-For is believed */
  trustedProxies: number;
  /** one sentence on the address that `remoteIpBlocks` and `remote.ip` are compared with */
  addressSays: string;
  addressBy?: Provenance;
  /** what becomes of the header x-forwarded-client-cert, for example `SANITIZE_SET` */
  clientCertificate: string;
  certificateBy?: Provenance;
}

const TRUSTED = 'gatewayTopology.numTrustedProxies';

const CERTIFICATE = 'gatewayTopology.forwardClientCertDetails';

/** What gateways do with x-forwarded-client-cert unless they are told otherwise. */
const DEFAULT_CERTIFICATE = 'SANITIZE_SET';

function addressInWords(trusted: number): string {
  if (trusted === 0) {
    return 'The gateway trusts no proxy in front of it (numTrustedProxies 0): the client address is that of its direct peer, such as a load balancer';
  }
  const place =
    trusted === 1 ? 'the last' : `number ${trusted} from the right of the`;
  return `The gateway trusts ${trusted} ${
    trusted === 1 ? 'proxy' : 'proxies'
  } in front of it (numTrustedProxies): the client address is ${place} ${
    trusted === 1 ? 'address' : 'addresses'
  } in X-Forwarded-For`;
}

function countOf(text: string | undefined): number {
  const count = Number(text ?? '0');
  return Number.isInteger(count) && count > 0 ? count : 0;
}

/**
 * `gatewayTopology` of a gateway: of its pods' annotation `proxy.istio.io/config`, else of `defaultConfig` of the mesh. It
 * decides which address `remoteIpBlocks` sees, and what applications learn of the client's certificate. R7.11, R8.17
 */
export function gatewayTopologyOf(
  snapshot: MeshSnapshot,
  pod: SlimObjectByKind['Pod'],
): GatewayTopology {
  const { settings } = proxyConfigOf(snapshot, workloadOfPod(snapshot, pod));
  const trusted = settings.get(TRUSTED);
  const certificate = settings.get(CERTIFICATE);
  const trustedProxies = countOf(trusted?.value);
  const forwarded = certificate?.value ?? '';
  return {
    trustedProxies,
    addressSays: addressInWords(trustedProxies),
    ...(trusted?.provenance === undefined
      ? {}
      : { addressBy: trusted.provenance }),
    clientCertificate:
      forwarded === '' || forwarded === 'UNDEFINED'
        ? DEFAULT_CERTIFICATE
        : forwarded,
    ...(certificate?.provenance === undefined
      ? {}
      : { certificateBy: certificate.provenance }),
  };
}

function forwardedFor(headers: StringMap): string[] {
  const [, value = ''] =
    Object.entries(headers).find(
      ([name]) => name.toLowerCase() === 'x-forwarded-for',
    ) ?? [];
  return value
    .split(',')
    .map(address => address.trim())
    .filter(address => address !== '');
}

/**
 * The address that a proxy takes for the client's, where the request's headers tell it; else it is the proxy's direct peer. A
 * gateway counts from the right, as many as it trusts; a sidecar believes the last one. R7.11, R4.18
 *
 * @param headers - of the request; absent: not known
 * @param trustedProxies - of a gateway; left out: a sidecar
 */
export function forwardedAddress(
  headers: StringMap | undefined,
  trustedProxies = 1,
): string | undefined {
  return headers === undefined || trustedProxies === 0
    ? undefined
    : forwardedFor(headers).at(-trustedProxies);
}
