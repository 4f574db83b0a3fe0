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
  trafficPolicyFor,
  type EffectiveTrafficPolicy,
} from '../../destinations';
import {
  localityPlanOf,
  type LocalityPlan,
} from '../../destinations/localityPlan';
import { upstreamHttpOf } from '../../destinations/upstreamHttp';
import { hasEnvoy } from '../../membership';
import { acceptedNamesOf } from '../../mtls/acceptedNames';
import { clientSideOf, type EndpointSide } from '../../mtls/transport';
import { provenanceOf, type Provenance } from '../../verdict';
import type { ResolvedDestination } from '../destinations';
import type { RoutableService } from '../routableService';
import { ending, followed, step, type Rest } from './branches';
import type { Hop } from './hop';
import { deliveredToService } from './serviceDelivery';
import { isReadable } from './travellingRequest';
import { waypointSteps } from './waypointUse';
import type { LackingEndpoints, WayStep } from './way';

/** What a destination lacks where it has no endpoints in the cluster. */
export function lackingEndpoints({
  state,
  host,
  labels = {},
}: ResolvedDestination): LackingEndpoints | undefined {
  if (state === 'unknown-host') {
    return { host, labels, unknownHost: true };
  }
  return state === 'no-endpoints' ? { host, labels } : undefined;
}

function named(to: ResolvedDestination): string {
  return `${to.host}:${to.port}${
    to.subset === undefined ? '' : ` subset ${to.subset}`
  }`;
}

/** The end of requests to a destination that does not exist or has nothing behind it. R5.18, R5.19, R9.3 */
function unreachable(hop: Hop, to: ResolvedDestination): Rest {
  const says = to.says ?? `${named(to)} cannot be reached`;
  if (to.state === 'unknown') {
    return ending([step('destination', 'unknown', says, [], hop.at)], {
      ending: 'unknown',
      says,
    });
  }
  const lacking = lackingEndpoints(to);
  const flag = to.state === 'no-endpoints' ? 'UH' : 'NC';
  const stage = to.state === 'no-endpoints' ? 'endpoints' : 'destination';
  return ending([step(stage, 'fail', says, [to.provenance], hop.at)], {
    ending: 'failed',
    ...(to.state === 'invalid-backend' ? { code: 500 } : { code: 503, flag }),
    ...(hop.at === undefined ? {} : { at: hop.at }),
    ...(lacking && { lacking }),
    says,
  });
}

const BLOCK_NAMES: Readonly<Record<keyof EffectiveTrafficPolicy, string>> = {
  connectionPool: 'connection pool',
  loadBalancer: 'load balancing',
  outlierDetection: 'outlier detection',
  tls: 'TLS',
  tunnel: 'tunnel',
  proxyProtocol: 'PROXY protocol',
  retryBudget: 'retry budget',
};

/** Algorithms that know how to begin slowly with a pod that has just become ready. R6.10 */
const WARMING = new Set([
  undefined,
  'LEAST_REQUEST',
  'LEAST_CONN',
  'ROUND_ROBIN',
]);

/** What of a traffic policy changes the request or its shares, in words. R6.14, R6.16 */
function effectsOf(
  hop: Hop,
  policy: EffectiveTrafficPolicy,
  service: RoutableService,
  port: number,
): { words: string; facts: (Provenance | undefined)[] } {
  const http = isReadable(hop.request)
    ? upstreamHttpOf(policy, hop.mesh, hop.sender, service.object, port)
    : undefined;
  const upgraded = http !== undefined && http.origin !== 'default';
  const balancing = policy.loadBalancer;
  const { simple, warmup, warmupDurationSecs } = balancing?.value ?? {};
  const warming = warmup?.duration ?? warmupDurationSecs;
  const slow = warming !== undefined && WARMING.has(simple);
  return {
    words: [
      upgraded ? `. Requests are sent as ${http.value}: ${http.says}` : '',
      slow
        ? `. A pod gets less than its share during its first ${warming}, which the shares here do not count in`
        : '',
    ].join(''),
    facts: upgraded ? [http.provenance] : [],
  };
}

/** The DestinationRule in effect for the sender, and which parts of its policy act on the port and subset. R6 */
function trafficPolicyStep(
  hop: Hop,
  to: ResolvedDestination,
  service: RoutableService,
): WayStep {
  const choice = destinationRuleFor(hop.snapshot, hop.sender, to.host);
  const policy = trafficPolicyFor(choice.rule, to.port, to.subset);
  const blocks = Object.entries(BLOCK_NAMES).flatMap(([block, name]) => {
    const sourced = policy[block as keyof EffectiveTrafficPolicy];
    return sourced === undefined
      ? []
      : [
          {
            name,
            fact: provenanceOf(
              sourced.object,
              sourced.path,
              `${name} towards ${named(to)}`,
            ),
          },
        ];
  });
  const effects = effectsOf(hop, policy, service, to.port);
  return step(
    'traffic-policy',
    choice.rule === undefined && effects.facts.length === 0
      ? 'not-applicable'
      : 'pass',
    `${
      blocks.length === 0
        ? `${choice.says}${
            choice.rule === undefined ? '' : ', and sets nothing for this port'
          }: Istio’s defaults apply`
        : `${choice.says}; it sets ${blocks.map(({ name }) => name).join(', ')}`
    }${effects.words}`,
    [
      ...(blocks.length === 0
        ? choice.provenance
        : blocks.map(({ fact }) => fact)),
      ...effects.facts,
    ],
    hop.at,
  );
}

/** The TLS server name towards a destination: as the DestinationRule says, else Istio's name of the cluster. */
function serverNameFor(hop: Hop, to: ResolvedDestination): string {
  const { rule } = destinationRuleFor(hop.snapshot, hop.sender, to.host);
  const { sni = '' } = trafficPolicyFor(rule, to.port, to.subset).tls
    ?.value ?? {
    sni: '',
  };
  return sni === ''
    ? `outbound_.${to.port}_.${to.subset ?? ''}_.${to.host}`
    : sni;
}

/** How the sender prefers endpoints by where they run. R6.14 */
function localityPlan(
  hop: Hop,
  service: RoutableService,
  to: ResolvedDestination,
): LocalityPlan {
  const { rule } = destinationRuleFor(hop.snapshot, hop.sender, to.host);
  const policy = trafficPolicyFor(rule, to.port, to.subset);
  const detects =
    policy.outlierDetection !== undefined ||
    hop.mesh.defaultTrafficPolicy?.outlierDetection !== undefined;
  return localityPlanOf(
    hop.snapshot,
    policy,
    hop.mesh,
    service.object,
    detects,
  );
}

/** What the sender sends to each endpoint of a destination. R3.9 – R3.12 */
function transportTo(
  hop: Hop,
  service: RoutableService,
  to: ResolvedDestination,
) {
  return (endpoints: readonly EndpointSide[]) => {
    const side = clientSideOf(
      hop.snapshot,
      hop.sender,
      {
        namespace: service.namespace,
        host: service.hostname,
        headless: service.headless,
        meshExternal: service.meshExternal,
        ...(service.object?.kind === 'ServiceEntry'
          ? { entry: service.object }
          : {}),
      },
      to.port,
      endpoints,
      to.subset,
    );
    return (endpoint: EndpointSide) => side.sendsTo(endpoint);
  };
}

/** The way of a request that a proxy sends to one destination of a route. */
export function toDestination(hop: Hop, to: ResolvedDestination): Rest {
  const service = hop.scope.serviceOf(to.host);
  if (to.state !== 'ok' || service === undefined) {
    return unreachable(hop, to);
  }
  const policy = hasEnvoy(hop.sender.proxy)
    ? [trafficPolicyStep(hop, to, service)]
    : [];
  const steps = [
    step(
      'destination',
      'pass',
      `Sent to ${named(to)}`,
      [to.provenance],
      hop.at,
    ),
    ...policy,
  ];
  const waypoint = waypointSteps(hop, service, to.port);
  if (waypoint.through !== undefined) {
    return followed([...steps, ...waypoint.steps], waypoint.through());
  }
  const { rule } = destinationRuleFor(hop.snapshot, hop.sender, to.host);
  const labels =
    to.subset === undefined
      ? {}
      : rule?.subsets.find(({ value }) => value.name === to.subset)?.value
          .labels ?? {};
  const tls = service.meshExternal ? [externalTlsStep(hop, to, service)] : [];
  return followed(
    [...steps, ...waypoint.steps, ...tls],
    deliveredToService(hop, {
      service,
      port: to.port,
      labels,
      serverName: serverNameFor(hop, to),
      locality: localityPlan(hop, service, to),
      transportTo: transportTo(hop, service, to),
    }),
  );
}

/** TLS towards a service outside the mesh: only what a DestinationRule originates; auto mTLS never. R3.9, R8.13, R8.15 */
function externalTlsStep(
  hop: Hop,
  to: ResolvedDestination,
  service: RoutableService,
): WayStep {
  const tls = clientTlsFor(
    hop.snapshot,
    hop.sender,
    to.host,
    to.port,
    to.subset,
  );
  const says =
    tls.mode === undefined
      ? 'No DestinationRule originates TLS, and auto mTLS never acts outside the mesh: what the application sends is sent'
      : tls.brokenBecause ?? tls.says;
  const accepted = acceptedNamesOf(tls, service.object);
  return step(
    'client-tls',
    'pass',
    accepted === undefined ? says : `${says}. ${accepted.says}`,
    [tls.provenance, accepted?.by],
    hop.at,
  );
}
