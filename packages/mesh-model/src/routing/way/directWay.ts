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

import { localityPlanOf } from '../../destinations/localityPlan';
import { hasEnvoy } from '../../membership';
import type { SentTransport } from '../../mtls';
import { clientSideOf } from '../../mtls/transport';
import { hostOfAuthority } from '../virtualHosts';
import type { RoutableService } from '../routableService';
import { ending, followed, step, type Rest } from './branches';
import { servicesMeant, type Hop } from './hop';
import { deliveredToService } from './serviceDelivery';
import { waypointSteps } from './waypointUse';

/** The concrete service behind an alias (ExternalName). */
function concrete(
  hop: Hop,
  service: RoutableService,
  depth = 0,
): RoutableService | undefined {
  if (service.externalName === undefined || depth > 8) {
    return service.externalName === undefined ? service : undefined;
  }
  const [next] = servicesMeant(
    hop.snapshot,
    service.externalName,
    hop.sender.namespace,
  );
  return next === undefined ? undefined : concrete(hop, next, depth + 1);
}

function failed(hop: Hop, says: string): Rest {
  const http = hasEnvoy(hop.sender.proxy) && hop.request.protocol === 'http';
  return ending([step('endpoints', 'fail', says)], {
    ending: 'failed',
    ...(http && !hop.request.tls ? { code: 503, flag: 'UF' } : {}),
    says: `${says}: no connection comes about`,
  });
}

/** A name that is no Kubernetes Service: outside, or nothing at all. */
function unknownName(hop: Hop): Rest {
  const host = hostOfAuthority(hop.request.host);
  const ofCluster =
    !host.includes('.') ||
    host.endsWith(`.svc.${hop.mesh.clusterDomain}`) ||
    host.endsWith('.svc');
  if (ofCluster) {
    const says = `No Service is called ${host}: the name does not resolve`;
    return ending([step('delivery', 'fail', says)], {
      ending: 'failed',
      says: `${says}, and the request does not leave the application`,
    });
  }
  const says = `${host} is outside the mesh: what answers there cannot be seen from here`;
  return ending([step('delivery', 'unknown', says)], {
    ending: 'outside',
    says,
  });
}

/** The Kubernetes Service that DNS gives for the request's name, followed through aliases. */
function resolvedService(hop: Hop): RoutableService | undefined {
  const meant = servicesMeant(
    hop.snapshot,
    hop.request.host,
    hop.sender.namespace,
  ).find(service => service.registry === 'Kubernetes');
  return meant === undefined ? undefined : concrete(hop, meant);
}

const UNTOUCHED: SentTransport = {
  transport: 'plaintext',
  says: 'Bytes pass as the application sends them: no mutual TLS of the mesh towards a destination the proxy does not know',
};

const BARE: SentTransport = {
  transport: 'plaintext',
  says: 'The client has no proxy: it sends what the application sends',
};

/** The way of bytes that no proxy of the sender touches: Kubernetes takes them to a pod. R3.13, R8.8 */
export function pastTheMesh(hop: Hop): Rest {
  const service = resolvedService(hop);
  const { port } = hop.request;
  if (service === undefined) {
    return unknownName(hop);
  }
  if (!service.ports.some(item => item.number === port)) {
    return failed(hop, `Service ${service.hostname} has no port ${port}`);
  }
  const sent = hop.sender.proxy === 'none' ? BARE : UNTOUCHED;
  return deliveredToService(hop, {
    service,
    port,
    labels: {},
    transportTo: () => () => sent,
  });
}

/** The way of a request of a client without a proxy. R3.13 */
export function unmeshedWay(hop: Hop): Rest {
  return followed(
    [
      step(
        'scope',
        'not-applicable',
        'The client has no proxy of the mesh: no route, no DestinationRule and no Sidecar acts on its requests',
      ),
    ],
    pastTheMesh(hop),
  );
}

/**
 * The way of a request that ztunnel carries: through the waypoint of the service, where it has one, else straight to a
 * pod. ztunnel reads no HTTP; VirtualService, DestinationRule and Sidecar of the client do not act. R2.12, R3.12, R5.13
 */
export function ambientWay(hop: Hop): Rest {
  const [meant] = servicesMeant(
    hop.snapshot,
    hop.request.host,
    hop.sender.namespace,
  ).sort(
    (a, b) =>
      Number(b.registry === 'Kubernetes') - Number(a.registry === 'Kubernetes'),
  );
  const service = meant === undefined ? undefined : concrete(hop, meant);
  const scope = step(
    'scope',
    'not-applicable',
    'ztunnel carries the client’s connections and reads no HTTP: neither routes, DestinationRules nor Sidecars of the client’s side act',
  );
  const { port } = hop.request;
  if (service === undefined) {
    return followed([scope], unknownName(hop));
  }
  if (!service.ports.some(item => item.number === port)) {
    return followed(
      [scope],
      failed(hop, `Service ${service.hostname} has no port ${port}`),
    );
  }
  const waypoint = waypointSteps(hop, service, port);
  if (waypoint.through !== undefined) {
    return followed([scope, ...waypoint.steps], waypoint.through());
  }
  return followed(
    [scope, ...waypoint.steps],
    deliveredToService(hop, {
      service,
      port,
      labels: {},
      // ztunnel knows what a Service asks for, and nothing of DestinationRules or the mesh's setting.
      locality: localityPlanOf(
        hop.snapshot,
        {},
        { ...hop.mesh, localityLbSetting: { enabled: false } },
        service.object,
        false,
      ),
      transportTo: endpoints => {
        const side = clientSideOf(
          hop.snapshot,
          hop.sender,
          {
            namespace: service.namespace,
            host: service.hostname,
            headless: service.headless,
          },
          port,
          endpoints,
        );
        return endpoint => side.sendsTo(endpoint);
      },
    }),
  );
}
