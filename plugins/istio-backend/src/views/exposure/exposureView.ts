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
  ExposureView,
  IgnoredObject,
} from '@mesh-portal/backstage-plugin-istio-common';
import {
  exposureOf,
  podsOfService,
  type BrokenExposure,
  type ExposurePath as ModelPath,
  type MeshSnapshot,
  type Verdict,
  type Workload,
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
import { accessOf } from './accessOf';
import { objectName } from './objectName';
import { outerPortsOf, type OuterPort } from './outerPort';
import { assumedOf, stepsOf } from './pathSteps';
import { verdictOfPath } from './pathVerdict';
import { addressesOf, apiOf, tlsOf } from './pathWords';

type ExposureService = ExposureView['services'][number];

/** Those of the gateway's workloads to which callers come; all of them where it is not known how. */
function workloadsBehind(
  snapshot: MeshSnapshot,
  outer: OuterPort | undefined,
  serving: readonly Workload[],
): readonly Workload[] {
  if (outer === undefined) {
    return serving;
  }
  const behind = new Set(podsOfService(snapshot, outer.service));
  return serving.filter(({ pods }) => pods.some(pod => behind.has(pod)));
}

function pathOf(service: ServiceInput, path: ModelPath): ExposurePath {
  const { cluster } = service;
  const { snapshot } = cluster;
  const serving = workloadsOfGateway(snapshot, path.gateway);
  const pods = serving.flatMap(workload => workload.pods);
  const [outer] = outerPortsOf(snapshot, pods, path.port, path.failingPods);
  const workloads = workloadsBehind(snapshot, outer, serving);
  const addresses = addressesOf(path, outer?.port);
  const access = accessOf(service, path, workloads, outer?.port);
  const steps = stepsOf(service, path, outer, access);
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
    verdict: verdictOfPath(
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
        reason: `Not reachable from outside, though ${
          first.object.kind
        } ${objectName(first.object)} means to lead here: ${first.reason}`,
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
