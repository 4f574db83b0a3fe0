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

import type { ExternalView } from '@mesh-portal/backstage-plugin-istio-common';
import {
  acceptedNamesOf,
  serverVerificationOf,
  type Client,
  type ClientScope,
  type ClientTlsChoice,
  type MeshSnapshot,
  type SlimObjectByKind,
} from '@mesh-portal/mesh-model';

type ServiceEntry = SlimObjectByKind['ServiceEntry'];
type Outbound = ExternalView['workloads'][number]['outbound'];

const UNKNOWN_DESTINATION: Readonly<
  Record<ClientScope['outbound']['mode'], string>
> = {
  ALLOW_ANY:
    'Hosts that Istio does not know can be called too: requests pass through as they are, without encryption by the mesh',
  REGISTRY_ONLY:
    'Hosts that Istio does not know are refused: HTTP requests get 502, other connections are closed',
  ALLOW_ANY_DYNAMIC_DNS:
    'Hosts that Istio does not know can be called too: the proxy looks up their address by the name in the request',
};

/** The same in a few words, for a headline. */
export const OTHERS_WORDS: Readonly<Record<Outbound['mode'], string>> = {
  ALLOW_ANY: 'others can be called too (ALLOW_ANY)',
  REGISTRY_ONLY: 'all others are refused (REGISTRY_ONLY)',
  ALLOW_ANY_DYNAMIC_DNS: 'others can be called too (ALLOW_ANY_DYNAMIC_DNS)',
  'not-enforced': 'nothing in the mesh limits which others it calls',
  unknown: 'what happens to others is not known',
};

/** What happens to destinations that nobody declared, for the proxy of this client. R8.9 */
export function outboundInWords(
  client: Client,
  { outbound }: ClientScope,
): Outbound {
  switch (client.proxy) {
    case 'none':
      return {
        mode: 'not-enforced',
        sentence:
          'The workload has no proxy: it reaches whatever the network lets it reach',
      };
    case 'ambient':
    case 'ztunnel':
      return {
        mode: 'not-enforced',
        sentence:
          'ztunnel does not enforce outboundTrafficPolicy: hosts that Istio does not know can be called',
      };
    default:
      return {
        mode: outbound.mode,
        sentence: `${UNKNOWN_DESTINATION[outbound.mode]} (${outbound.says})`,
        ...(outbound.provenance === undefined
          ? {}
          : { provenance: outbound.provenance }),
      };
  }
}

/** How the proxy finds the address. R8.12 */
function resolutionInWords({ spec }: ServiceEntry): string {
  const endpoints = spec.endpoints?.length ?? 0;
  switch (spec.resolution ?? 'NONE') {
    case 'STATIC':
      return spec.workloadSelector
        ? 'goes to the pods and machines its workloadSelector selects'
        : `goes to ${
            endpoints === 1
              ? 'the one address'
              : `one of the ${endpoints} addresses`
          } written in it`;
    case 'DNS':
    case 'DNS_ROUND_ROBIN':
      return endpoints > 0
        ? 'the proxy looks up the addresses of its endpoints in DNS'
        : 'the proxy looks up its address in DNS';
    case 'DYNAMIC_DNS':
      return 'the proxy looks up the host of each request in DNS';
    default:
      return 'goes to the address the application asked for';
  }
}

function tlsInWords(tls: ClientTlsChoice, external: boolean): string {
  switch (tls.mode) {
    case 'SIMPLE':
      return `the proxy encrypts with TLS (${tls.says})`;
    case 'MUTUAL':
      return `the proxy encrypts with TLS and shows a client certificate (${tls.says})`;
    case 'ISTIO_MUTUAL':
      return `the proxy encrypts with mutual TLS of the mesh (${tls.says})`;
    case 'DISABLE':
      return `sent as the application sends it (${tls.says})`;
    default:
      return external
        ? 'sent as the application sends it'
        : 'mutual TLS where its endpoints can';
  }
}

/** Whether and by which names the certificate of the host is checked; nothing where the proxy originates no TLS. R6.15, R8.15 */
function certificateInWords(
  snapshot: MeshSnapshot,
  client: Client,
  entry: ServiceEntry,
  tls: ClientTlsChoice,
): string {
  if (tls.settings === undefined || tls.brokenBecause !== undefined) {
    return '';
  }
  const { value } = tls.settings;
  if (value.mode !== 'SIMPLE' && value.mode !== 'MUTUAL') {
    return '';
  }
  const { state, says } = serverVerificationOf(
    snapshot,
    value,
    client.revision,
  );
  const names = acceptedNamesOf(tls, entry);
  return `. ${
    state === 'not-verified' || names === undefined
      ? says
      : `${says}. ${names.says}`
  }`;
}

/** Address and encryption of a host in one sentence, and which certificate of it is accepted. */
export function hostInWords(
  snapshot: MeshSnapshot,
  client: Client,
  entry: ServiceEntry,
  tls: ClientTlsChoice,
): string {
  const external = entry.spec.location !== 'MESH_INTERNAL';
  return `${resolutionInWords(entry)}; ${tlsInWords(
    tls,
    external,
  )}${certificateInWords(snapshot, client, entry, tls)}`;
}
