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

import type {
  ExposurePath,
  ExposureStep,
  ExposureView,
  IgnoredObject,
} from '@mesh-portal/backstage-plugin-istio-common';
import {
  exposureOf,
  objectRefOf,
  podsOfService,
  type BrokenExposure,
  type ExposurePath as ModelPath,
  type MeshSnapshot,
  type SlimObjectByKind,
  type Verdict,
} from '@mesh-portal/mesh-model';
import { workloadsOfGateway } from '../clients';
import {
  servicesOf,
  type EntityInput,
  type ServiceInput,
} from '../entityInput';
import { certain, EXPOSURE_KINDS } from '../knowledge';
import { count } from '../numbersInWords';
import { plainVerdict, worstVerdict } from '../verdicts';
import { accessOf, accessSteps } from './accessOf';
import {
  addressesOf,
  apiOf,
  listenerSays,
  tlsOf,
  TLS_WORDS,
} from './pathWords';
import { outerPortsOf, type OuterPort } from './outerPort';

type Pod = SlimObjectByKind['Pod'];
type ExposureService = ExposureView['services'][number];

function name(object: { namespace?: string; name: string }): string {
  return object.namespace === undefined
    ? object.name
    : `${object.namespace}/${object.name}`;
}

function isReady({ spec }: Pod): boolean {
  return spec.ready && !spec.terminating;
}

function gatewayStep(path: ModelPath): ExposureStep {
  const { ready, total } = path.gatewayPods;
  return {
    kind: 'gateway',
    says:
      total === 0
        ? `${path.gateway.kind} ${name(path.gateway)}: no pod serves it`
        : `${path.gateway.kind} ${name(path.gateway)}: ${ready} of ${count(
            total,
            'pod',
          )} ready`,
    state: ready > 0 ? 'pass' : 'fail',
  };
}

/** What the way rests on and cannot be seen: the portal reads no Secrets, and TLS fails without the certificate. R7.9 */
function assumedOf(snapshot: MeshSnapshot, path: ModelPath): string[] {
  if (path.assumed) {
    return [...path.assumed];
  }
  const { kind, namespace = '', name: gateway } = path.gateway;
  const tls =
    apiOf(path) === 'istio' && kind === 'Gateway'
      ? snapshot.get('Gateway', namespace, gateway)?.spec.servers?.[path.server]
          ?.tls
      : undefined;
  const secrets = [
    ...(tls?.credentialName ? [tls.credentialName] : []),
    ...(tls?.credentialNames ?? []),
  ];
  return secrets.map(
    secret =>
      `That the Secret ${secret} exists in the namespace of the gateway's pods`,
  );
}

/** Where the listener is written; an Ingress writes none, but its rule makes one. */
function listenerField(path: ModelPath): string {
  switch (apiOf(path)) {
    case 'ingress':
      return path.tlsMode === 'NONE' ? 'spec.rules' : 'spec.tls';
    case 'istio':
      return `spec.servers[${path.server}]`;
    default:
      return `spec.listeners[${path.server}]`;
  }
}

function listenerStep(
  snapshot: MeshSnapshot,
  path: ModelPath,
  outer: OuterPort | undefined,
): ExposureStep {
  const says = [
    listenerSays(path),
    ...(path.listenerSet
      ? [`added by ListenerSet ${name(path.listenerSet)}`]
      : []),
    ...assumedOf(snapshot, path).map(
      assumed =>
        `assumed: ${assumed.charAt(0).toLowerCase()}${assumed.slice(1)}`,
    ),
  ].join('; ');
  const reached =
    outer === undefined
      ? 'no Service leads to this port'
      : `reached at port ${outer.port} of Service ${name(
          objectRefOf(outer.service),
        )} (${outer.service.spec.type})`;
  return {
    kind: 'listener',
    says: `${says}; ${reached}`,
    state: outer === undefined ? 'unknown' : 'pass',
    provenance: {
      object: path.listenerSet ?? path.gateway,
      path: listenerField(path),
      says,
    },
  };
}

function podsStep(service: ServiceInput): ExposureStep {
  const pods = podsOfService(service.cluster.snapshot, service.service);
  const ready = pods.filter(isReady).length;
  return {
    kind: 'workloads',
    says:
      pods.length === 0
        ? 'The service selects no pod'
        : `${ready} of ${count(pods.length, 'pod')} ready`,
    state: ready > 0 ? 'pass' : 'fail',
  };
}

function verdictOf(
  path: ModelPath,
  steps: readonly ExposureStep[],
  addresses: readonly string[],
  outer: OuterPort | undefined,
  workloads: readonly { name: string }[],
  assumed: readonly string[],
): Verdict {
  const facts = [path.route];
  const where = addresses.join(', ');
  if (path.problems.length > 0) {
    return {
      state: 'fail',
      reason: `Not reachable at ${where}: ${path.problems.join('; ')}`,
      facts,
    };
  }
  const failed = steps.find(({ state }) => state === 'fail');
  if (failed) {
    const refused =
      failed.kind === 'gateway-policies' || failed.kind === 'service-policies';
    return {
      state: 'fail',
      reason: refused
        ? `Requests to ${where} arrive and are refused: ${failed.says}`
        : `Requests to ${where} arrive and get no answer: ${failed.says}`,
      facts: [...facts, ...(failed.provenance ? [failed.provenance] : [])],
    };
  }
  const [serving] = workloads;
  const through = serving ? serving.name : path.gateway.name;
  if (outer === undefined) {
    return {
      state: 'unknown',
      reason: `${path.gateway.kind} ${name(
        path.gateway,
      )} leads here, but no Service leads to its port ${
        path.port
      }, so how it is reached is not known`,
      facts,
    };
  }
  const reach = outer.outside
    ? 'Reachable from outside'
    : 'Reachable through a gateway that has no address outside the cluster (its Service is ClusterIP)';
  const open = steps.find(
    ({ kind, state }) => kind !== 'listener' && state === 'unknown',
  );
  if (open) {
    return {
      state: 'unknown',
      reason: `${reach} at ${where} through ${through}, but not surely for everybody: ${open.says}`,
      facts: [...facts, ...(open.provenance ? [open.provenance] : [])],
    };
  }
  const everybody =
    tlsOf(path) === 'terminated-with-client-certificate' ? '' : ' by everybody';
  return {
    state: 'pass',
    reason: `${reach}${
      outer.outside ? everybody : ''
    } at ${where} through ${through}; ${TLS_WORDS[tlsOf(path)]}${
      assumed.length === 0
        ? ''
        : ', if its Secret exists (Secrets are not read)'
    }`,
    facts,
  };
}

function pathOf(service: ServiceInput, path: ModelPath): ExposurePath {
  const { cluster, ref } = service;
  const { snapshot } = cluster;
  const workloads = workloadsOfGateway(snapshot, path.gateway);
  const pods = workloads.flatMap(workload => workload.pods);
  const [outer] = outerPortsOf(snapshot, pods, path.port);
  const addresses = addressesOf(path, outer?.port);
  const access = accessOf(service, path, workloads, outer?.port);
  const { atGateway, atService } = accessSteps(access);
  const steps: ExposureStep[] = [
    gatewayStep(path),
    listenerStep(snapshot, path, outer),
    {
      kind: 'host',
      says: path.hosts.includes('*')
        ? 'Any host'
        : `Host ${path.hosts.join(', ')}`,
      state: 'pass',
    },
    atGateway,
    {
      kind: 'route',
      says: `${path.route.object.kind} ${name(path.route.object)}`,
      state: path.problems.length > 0 ? 'fail' : 'pass',
      provenance: path.route,
    },
    {
      kind: 'service',
      says: `Service ${ref.namespace}/${ref.name}`,
      state: 'pass',
    },
    atService,
    podsStep(service),
  ];
  return {
    api: apiOf(path),
    gateway: path.gateway,
    gatewayWorkloads: workloads.map(
      ({ namespace, name: workload, ref: of }) => ({
        cluster: cluster.name,
        namespace,
        kind: of.kind,
        name: workload,
      }),
    ),
    addresses,
    port: outer?.port ?? path.port,
    protocol: path.protocol,
    tls: tlsOf(path),
    steps,
    access,
    verdict: verdictOf(
      path,
      steps,
      addresses,
      outer,
      workloads,
      assumedOf(snapshot, path),
    ),
  };
}

const REMEDIES: readonly (readonly [RegExp, string])[] = [
  [
    /does not exist/,
    'Create the Gateway, or correct spec.gateways (spec.parentRefs) to namespace/name of one that exists.',
  ],
  [
    /host in common|NoMatchingListenerHostname/,
    'Make the hosts of the route and of the Gateway meet, or admit the namespace of the route in the Gateway’s hosts.',
  ],
  [
    /NotAllowedByListeners/,
    'Admit the namespace of the route in allowedRoutes of the listener.',
  ],
  [
    /NoMatchingParent/,
    'Correct sectionName or port of the parentRef to one that the Gateway has.',
  ],
  [
    /exported/,
    'Export the route to the namespace of the gateway’s pods with spec.exportTo.',
  ],
];

function notAttached({
  config,
  why,
  provenance,
}: BrokenExposure): IgnoredObject {
  const remedy = REMEDIES.find(([pattern]) => pattern.test(why))?.[1];
  return {
    object: config,
    reason: why,
    ...(remedy === undefined ? {} : { remedy }),
    provenance,
  };
}

/** A way in that works outweighs those that do not only for green; what is broken is said first. */
function verdictOfService(
  paths: readonly ExposurePath[],
  missed: readonly IgnoredObject[],
): Verdict {
  if (paths.length > 0) {
    const verdicts = paths.map(({ verdict }) => verdict);
    const worst = worstVerdict(verdicts, verdicts[0]);
    const more =
      paths.length === 1
        ? ''
        : ` (and ${count(paths.length - 1, 'more way')} in)`;
    return { ...worst, reason: `${worst.reason}${more}` };
  }
  const [first] = missed;
  return first === undefined
    ? plainVerdict(
        'not-applicable',
        'Not reachable from outside: no gateway has a route to it',
      )
    : {
        state: 'fail',
        reason: `Not reachable from outside, though ${first.object.kind} ${name(
          first.object,
        )} means to lead here: ${first.reason}`,
        facts: first.provenance ? [first.provenance] : [],
      };
}

function exposureOfService(service: ServiceInput): ExposureService {
  const { cluster, ref } = service;
  const { paths, broken } = exposureOf(
    cluster.snapshot,
    service.service.metadata,
  );
  const shown = paths.map(path => pathOf(service, path));
  const missed = broken.map(notAttached);
  return {
    service: ref,
    verdict: certain(
      verdictOfService(shown, missed),
      cluster.status,
      EXPOSURE_KINDS,
    ),
    paths: shown,
    notAttached: missed,
  };
}

/** How requests from outside get to the pods of the entity’s services, and why they do not where they should. */
export function exposureView(input: EntityInput): ExposureView {
  return { services: servicesOf(input).map(exposureOfService) };
}
