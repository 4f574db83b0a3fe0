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
  AuthorizationView,
  AuthorizationWorkload,
  CallerVerdict,
} from '@mesh-portal/backstage-plugin-istio-common';
import {
  postureOf,
  targetPortOf,
  workloadsOfService,
  type Verdict,
  type Workload,
} from '@mesh-portal/mesh-model';
import {
  callerVerdicts,
  seenCallers,
  type EnforcedPoint,
} from './authorizationCallers';
import { decisiveAnswer, enforcementPoints } from './authorizationTargets';
import {
  notActingInWords,
  policiesInWords,
  postureInContract,
} from './authorizationWords';
import {
  servicesOf,
  type ClusterInput,
  type EntityInput,
  type ServiceInput,
} from './entityInput';
import { authorizationKinds, ignorance, unlessIgnorant } from './knowledge';
import { perSecond } from './numbersInWords';
import { requestAuthenticationOf } from './requestAuthentication';
import { plainVerdict, shownPostureVerdict, worstVerdict } from './verdicts';

/** A workload with those services of the entity that lead to it. */
interface WorkloadInput {
  cluster: ClusterInput;
  workload: Workload;
  services: ServiceInput[];
}

function workloadsOfEntity(input: EntityInput): WorkloadInput[] {
  const found = new Map<string, WorkloadInput>();
  for (const service of servicesOf(input)) {
    const { cluster } = service;
    for (const workload of workloadsOfService(
      cluster.snapshot,
      service.service,
    )) {
      const key = [
        cluster.name,
        workload.namespace,
        workload.ref.kind,
        workload.name,
      ].join('\n');
      const entry = found.get(key) ?? { cluster, workload, services: [] };
      entry.services.push(service);
      found.set(key, entry);
    }
  }
  return [...found.values()];
}

/** The port of the pod, when requests can only go to one. */
function onlyPort({ services, workload }: WorkloadInput): number | undefined {
  const pod = workload.pods.at(0);
  const ports = new Set(
    services.flatMap(({ service }) =>
      service.spec.ports.map(port =>
        pod === undefined ? undefined : targetPortOf(port, pod),
      ),
    ),
  );
  const [only] = ports;
  return ports.size === 1 ? only : undefined;
}

/** Callers that were seen and are refused outweigh the posture: that is what hurts now. */
function refusals(callers: readonly CallerVerdict[]): Verdict[] {
  return callers
    .filter(({ decision }) => decision === 'deny')
    .map(({ caller, observed, reason, facts }) => ({
      state: 'fail',
      reason: `${caller.namespace}/${caller.workload} calls (${perSecond(
        observed?.requestsPerSecond ?? 0,
      )}${
        observed?.protocol === 'tcp' ? ', connections' : ''
      }) and is refused: ${reason}`,
      facts,
    }));
}

/** Whether a caller may call is not known where what decides it could not be read. */
function notKnown(
  reason: string,
): Pick<CallerVerdict, 'decision' | 'reason' | 'facts'> {
  return { decision: 'unknown', reason, facts: [] };
}

function authorizationOf(input: WorkloadInput): AuthorizationWorkload {
  const { cluster, workload, services } = input;
  const { snapshot, status } = cluster;
  const answers = enforcementPoints(
    snapshot,
    workload,
    services.map(({ service }) => service),
  ).map(point => {
    const answer = postureOf(snapshot, point.target, point.mesh);
    const enforced: EnforcedPoint = { ...point, policies: answer.policies };
    return { point: enforced, answer };
  });
  const closest = decisiveAnswer(answers);
  const points = answers.map(({ point }) => point);
  const unread = ignorance(status, authorizationKinds(snapshot));
  const callers = callerVerdicts(
    seenCallers(services, workload),
    points,
    onlyPort(input),
    cluster.entities,
  ).map(each =>
    unread === undefined ? each : { ...each, ...notKnown(unread) },
  );
  const verdict = unlessIgnorant(
    refusals(callers)[0] ??
      shownPostureVerdict(closest.answer.posture, closest.answer.verdict),
    unread,
  );
  return {
    workload: {
      cluster: cluster.name,
      namespace: workload.namespace,
      kind: workload.ref.kind,
      name: workload.name,
    },
    posture:
      unread === undefined
        ? postureInContract(closest.answer.posture, closest.point)
        : 'unknown',
    sentence: unread ?? closest.answer.verdict.reason,
    verdict,
    policies: points.flatMap(policiesInWords),
    requestAuthentication: requestAuthenticationOf(points),
    callers,
    ignored: points.flatMap(notActingInWords),
  };
}

/** Who may call the workloads of the entity: posture, rules as sentences, callers that were seen and their verdicts. */
export function authorizationView(input: EntityInput): AuthorizationView {
  const workloads = workloadsOfEntity(input).map(authorizationOf);
  const seen = workloads.flatMap(({ callers }) => callers);
  return {
    workloads,
    verdict: worstVerdict(
      workloads.map(({ verdict }) => verdict),
      plainVerdict(
        'unknown',
        'The service has no workload, so nothing is known',
      ),
    ),
    ...(seen.length > 0
      ? {
          refusedPerSecond: seen.reduce(
            (sum, { observed }) => sum + (observed?.refusedPerSecond ?? 0),
            0,
          ),
        }
      : {}),
  };
}
