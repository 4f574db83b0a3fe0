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

import type { Client } from '../../membership';
import type { MeshSnapshot } from '../../snapshot';
import type { PortClass } from '../routableService';
import { endsOf, type Rest } from './branches';
import { ambientWay, unmeshedWay } from './directWay';
import { wayConfidence } from './confidence';
import { gatewayOfClient } from './gatewayOfClient';
import { gatewayWay } from './gatewayWay';
import { firstHop, serviceKnownAs, servicesMeant, type Hop } from './hop';
import { sidecarOrPastIt } from './pastSidecar';
import { assumedRequest } from './travellingRequest';
import { waypointClientWay } from './throughWaypoint';
import type { RequestWay, WayEnd, WayRequest } from './way';

function wayFrom(hop: Hop): Rest {
  switch (hop.sender.proxy) {
    case 'sidecar':
    case 'native-sidecar':
    case 'vm':
      return sidecarOrPastIt(hop);
    case 'gateway':
      return gatewayWay(hop);
    case 'waypoint':
      return waypointClientWay(hop);
    case 'ambient':
    case 'ztunnel':
      return ambientWay(hop);
    default:
      return unmeshedWay(hop);
  }
}

/** How the port of a request is declared: by the service; at a gateway, by its servers. */
function portClassOf(hop: Hop): PortClass | undefined {
  const { snapshot, sender, request } = hop;
  if (sender.proxy === 'gateway') {
    const gateway = gatewayOfClient(snapshot, sender);
    const port = gateway?.configuration.listenPort(request.port);
    const servers =
      gateway?.configuration.servers.filter(item => item.listenPort === port) ??
      [];
    const takesTls = servers.every(
      item => item.class === 'https' || item.class === 'tls',
    );
    return servers.length > 0 && takesTls ? 'tls' : undefined;
  }
  const service =
    serviceKnownAs(hop, request.host) ??
    servicesMeant(snapshot, request.host, sender.namespace)[0];
  return service?.ports.find(port => port.number === request.port)?.class;
}

function rounded(share: number): number {
  return Math.round(share * 100) / 100;
}

function inWords(ends: readonly WayEnd[]): string {
  const shares = new Map<string, number>();
  for (const { share, outcome } of ends) {
    shares.set(outcome.says, (shares.get(outcome.says) ?? 0) + share);
  }
  const [first] = shares.keys();
  return shares.size === 1
    ? first
    : [...shares]
        .map(([says, share]) => `${rounded(share)} %: ${says}`)
        .join('; ');
}

/**
 * The one way a request takes from a client: scope, virtual host, rule, fault, destinations with their shares,
 * DestinationRule, endpoints, TLS on both sides, waypoint, authorization, and how each branch ends; each step with the
 * objects that decide it. What is not known ends as `unknown` with the reason.
 *
 * @param client - a workload (sidecar, ambient or without proxy), a gateway or a waypoint
 * @param request - port of the service; for a gateway the port of the gateway's Service
 */
export function wayOfRequest(
  snapshot: MeshSnapshot,
  client: Client,
  request: WayRequest,
): RequestWay {
  const bare = firstHop(
    snapshot,
    client,
    assumedRequest(request, undefined).request,
  );
  const assumed = assumedRequest(request, portClassOf(bare));
  const hop = { ...bare, request: assumed.request };
  const rest = wayFrom(hop);
  const ends = endsOf(rest);
  const endings = new Set(ends.map(({ outcome }) => outcome.ending));
  const [ending] = endings;
  return {
    ...rest,
    share: 100,
    because: 'every such request',
    client,
    request,
    assumed: assumed.assumed,
    ends,
    ending: endings.size === 1 ? ending : 'mixed',
    says: inWords(ends),
    confidence: wayConfidence(hop, rest),
  };
}
