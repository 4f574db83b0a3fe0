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
  ExposureAccess,
  ExposureStep,
  PolicyDescription,
} from '@mesh-portal/backstage-plugin-istio-common';
import {
  admissionAtGateway,
  admissionAtService,
  type ExposurePath as ModelPath,
  type GatewayAdmission,
  type Verdict,
  type Workload,
} from '@mesh-portal/mesh-model';
import type { EnforcedPoint } from '../authorizationCallers';
import { notActingInWords, policiesInWords } from '../authorizationWords';
import type { ServiceInput } from '../entityInput';
import { authorizationKinds, ignorance, MTLS_KINDS } from '../knowledge';
import { requestAuthenticationOf } from '../requestAuthentication';
import { plainVerdict, worstVerdict } from '../verdicts';

/** That everybody may come in is a posture, neither good nor bad. */
function shownVerdict({ admits, verdict }: GatewayAdmission): Verdict {
  return admits === 'everybody'
    ? { ...verdict, state: 'not-applicable' }
    : verdict;
}

function pointOf({ target, mesh, policies }: GatewayAdmission): EnforcedPoint {
  return { target, mesh, policies, enforcedBy: 'gateway' };
}

/** Each object once: several workloads of one gateway have the same policies. */
function byObject<T extends Pick<PolicyDescription, 'object'>>(
  all: readonly T[],
): T[] {
  return [
    ...new Map(all.map(each => [JSON.stringify(each.object), each])).values(),
  ];
}

/** The answer of which `verdict` is the worst; the first of equals. */
function worstOf<T extends { verdict: Verdict }>(
  all: readonly T[],
): T | undefined {
  const [first] = all;
  if (first === undefined) {
    return undefined;
  }
  const worst = worstVerdict(
    all.map(({ verdict }) => verdict),
    first.verdict,
  );
  return all.find(({ verdict }) => verdict === worst);
}

type GatewayAccess = ExposureAccess['gateway'];
type ServiceAccess = ExposureAccess['service'];

const NO_PODS = 'the pods of the gateway cannot be told';

function gatewayAccess(
  { cluster: { snapshot, status } }: ServiceInput,
  admissions: readonly GatewayAdmission[],
): GatewayAccess {
  const strictest = worstOf(admissions);
  const points = admissions.map(pointOf);
  const rest = {
    policies: byObject(points.flatMap(policiesInWords)),
    requestAuthentication: requestAuthenticationOf(points),
    ignored: byObject(points.flatMap(notActingInWords)),
  };
  const unknown = strictest
    ? ignorance(status, authorizationKinds(snapshot))
    : NO_PODS;
  return strictest === undefined || unknown !== undefined
    ? {
        ...rest,
        admits: 'unknown',
        verdict: plainVerdict(
          'unknown',
          `Who may come in is not known: ${unknown}`,
        ),
      }
    : { ...rest, admits: strictest.admits, verdict: shownVerdict(strictest) };
}

function serviceAccess(
  { cluster: { snapshot, status } }: ServiceInput,
  admissions: readonly ServiceAccess[],
): ServiceAccess {
  const strictest = worstOf(admissions);
  const unknown = strictest
    ? ignorance(status, [...authorizationKinds(snapshot), ...MTLS_KINDS])
    : NO_PODS;
  return strictest === undefined || unknown !== undefined
    ? {
        admits: 'unknown',
        verdict: plainVerdict(
          'unknown',
          `Whether the service lets the gateway in is not known: ${unknown}`,
        ),
      }
    : strictest;
}

/**
 * Who may come in through a way, and whether the service takes what the gateway sends it; of several workloads that serve
 * the gateway the strictest counts.
 *
 * @param workloads - those that serve the gateway; without any, nothing can be said
 * @param outerPort - at which callers reach the gateway, when known
 */
export function accessOf(
  input: ServiceInput,
  path: ModelPath,
  workloads: readonly Workload[],
  outerPort: number | undefined,
): ExposureAccess {
  const { snapshot } = input.cluster;
  return {
    gateway: gatewayAccess(
      input,
      workloads.map(workload =>
        admissionAtGateway(snapshot, path, workload, outerPort),
      ),
    ),
    service: serviceAccess(
      input,
      workloads.map(workload =>
        admissionAtService(snapshot, path, input.service, workload),
      ),
    ),
  };
}

function stepOf(
  kind: 'gateway-policies' | 'service-policies',
  { state, reason, facts }: Verdict,
): ExposureStep {
  const [fact] = facts;
  return {
    kind,
    says: reason,
    state,
    ...(fact === undefined ? {} : { provenance: fact }),
  };
}

/** What the policies say, as steps of the way: at the gateway, and at the service. */
export function accessSteps({ gateway, service }: ExposureAccess): {
  atGateway: ExposureStep;
  atService: ExposureStep;
} {
  return {
    atGateway: stepOf('gateway-policies', gateway.verdict),
    atService: stepOf('service-policies', service.verdict),
  };
}
