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

import { provenanceOf } from '../../verdict';
import { routeRequest } from '../requestRoute';
import type { RoutableService } from '../routableService';
import type { RoutedRequest, SentRequest } from '../routedRequest';
import { isServiceVisible } from '../serviceRegistry';
import { ending, followed, step, type Rest } from './branches';
import { pastTheMesh } from './directWay';
import { serviceKnownAs, servicesMeant, type Hop } from './hop';
import { routedRest } from './routedRest';
import type { WayStep } from './way';

/** Does the client know the service it names? R8.1 – R8.4 */
function scopeStep(hop: Hop, known: RoutableService | undefined): WayStep {
  const { scope, sender, request } = hop;
  const sidecar =
    scope.choice.sidecar === undefined
      ? undefined
      : provenanceOf(scope.choice.sidecar, 'spec.egress', scope.choice.says, [
          ...scope.choice.losers,
        ]);
  if (known !== undefined) {
    return step(
      'scope',
      'pass',
      `The client knows ${known.hostname}. ${scope.choice.says}`,
      [sidecar],
    );
  }
  const [hidden] = servicesMeant(hop.snapshot, request.host, sender.namespace);
  if (hidden === undefined) {
    return step(
      'scope',
      'not-applicable',
      `No service of the mesh is called ${request.host}`,
      [sidecar],
    );
  }
  const visible = isServiceVisible(hidden, sender.namespace);
  return step(
    'scope',
    'not-applicable',
    visible
      ? `The client does not know ${hidden.hostname}: ${scope.choice.says}, and does not import it`
      : `The client does not know ${hidden.hostname}: it is not exported to namespace ${sender.namespace}`,
    [
      visible || hidden.object === undefined
        ? sidecar
        : provenanceOf(
            hidden.object,
            hidden.object.kind === 'Service'
              ? 'metadata.annotations[networking.istio.io/exportTo]'
              : 'spec.exportTo',
            `Not exported to ${sender.namespace}`,
          ),
    ],
  );
}

function sentRequest(
  hop: Hop,
  known: RoutableService | undefined,
): SentRequest {
  const { request } = hop;
  const address = known?.addresses.find(item => !item.includes('/'));
  return {
    port: request.port,
    protocol: request.protocol,
    authority: request.host,
    path: request.path,
    method: request.method,
    ...(request.headers === undefined ? {} : { headers: request.headers }),
    tls: request.tls,
    ...(request.sni === undefined ? {} : { serverName: request.sni }),
    ...(address === undefined ? {} : { address }),
    ...(known === undefined ? {} : { service: known.hostname }),
  };
}

function listenerStep(
  hop: Hop,
  routed: RoutedRequest,
  known: RoutableService | undefined,
): WayStep {
  const { port } = hop.request;
  const says =
    routed.layer === 'http'
      ? `The listener on port ${port} reads it as HTTP`
      : `The listener on port ${port} takes the connection as bytes`;
  const owner = routed.service;
  const captured =
    owner !== undefined &&
    known?.hostname !== owner.hostname &&
    routed.layer === 'tcp';
  return step(
    'listener',
    'pass',
    captured
      ? `${says}. ${owner.hostname} has no address of its own, so it takes every connection to the port`
      : says,
    captured && owner.object !== undefined
      ? [
          provenanceOf(
            owner.object,
            'spec.addresses',
            `Without an address it captures port ${port}`,
          ),
        ]
      : [],
  );
}

/** The end at a host that the sender’s scope does not know and REGISTRY_ONLY blocks: 502 by direct response. R8.9, R9.6 */
function blocked(routed: RoutedRequest): Rest {
  const http = routed.layer === 'http';
  return ending([step('listener', 'fail', routed.says, [routed.provenance])], {
    ending: 'failed',
    ...(http
      ? { code: 502, details: 'direct_response' }
      : { flag: routed.flag ?? 'UH' }),
    says: http
      ? `${routed.says}. The caller gets 502`
      : `${routed.says}. The connection is closed (BlackHoleCluster)`,
  });
}

/** The way of a request that a sidecar (or the proxy of a machine) sends. R5, R8 */
export function sidecarWay(hop: Hop): Rest {
  const known = serviceKnownAs(hop, hop.request.host);
  const scope = scopeStep(hop, known);
  const routed = routeRequest(
    hop.snapshot,
    hop.sender,
    sentRequest(hop, known),
  );
  if (routed.outcome === 'blocked') {
    return followed([scope], blocked(routed));
  }
  if (routed.outcome === 'passthrough') {
    return followed(
      [scope, step('listener', 'pass', routed.says, [routed.provenance])],
      pastTheMesh(hop),
    );
  }
  return followed(
    [scope, listenerStep(hop, routed, known)],
    routedRest(hop, routed),
  );
}
