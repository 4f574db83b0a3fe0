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

import type { ExposureStep } from '@mesh-portal/backstage-plugin-istio-common';
import type {
  ExposurePath as ModelPath,
  Provenance,
  Verdict,
} from '@mesh-portal/mesh-model';
import { objectName } from './objectName';
import type { OuterPort } from './outerPort';
import { tlsOf, TLS_WORDS } from './pathWords';

function factsAt(path: ModelPath, step: ExposureStep): Provenance[] {
  return [path.route, ...(step.provenance ? [step.provenance] : [])];
}

function stoppedAt(
  step: ExposureStep,
  path: ModelPath,
  where: string,
): Verdict {
  const refused =
    step.kind === 'gateway-policies' || step.kind === 'service-policies';
  return {
    state: 'fail',
    reason: refused
      ? `Requests to ${where} arrive and are refused: ${step.says}`
      : `Requests to ${where} arrive and get no answer: ${step.says}`,
    facts: factsAt(path, step),
  };
}

function withoutOuterPort({ gateway, port, route }: ModelPath): Verdict {
  return {
    state: 'unknown',
    reason: `${gateway.kind} ${objectName(
      gateway,
    )} leads here, but no Service leads to its port ${port}, so how it is reached is not known`,
    facts: [route],
  };
}

function reachOf({ outside }: OuterPort): string {
  return outside
    ? 'Reachable from outside'
    : 'Reachable through a gateway that has no address outside the cluster (its Service is ClusterIP)';
}

/** @param at - address and gateway in words */
function reachable(
  path: ModelPath,
  outer: OuterPort,
  at: string,
  assumed: readonly string[],
): Verdict {
  const tls = tlsOf(path);
  const everybody =
    outer.outside && tls !== 'terminated-with-client-certificate'
      ? ' by everybody'
      : '';
  const condition =
    assumed.length === 0 ? '' : ', if its Secret exists (Secrets are not read)';
  return {
    state: 'pass',
    reason: `${reachOf(outer)}${everybody} ${at}; ${
      TLS_WORDS[tls]
    }${condition}`,
    facts: [path.route],
  };
}

/**
 * Do requests from outside get through a way, and who may send them?
 *
 * @param outer - where the gateway is reached, when known
 * @param workloads - those that serve the gateway
 * @param assumed - what the way rests on and cannot be seen
 */
export function verdictOfPath(
  path: ModelPath,
  steps: readonly ExposureStep[],
  addresses: readonly string[],
  outer: OuterPort | undefined,
  workloads: readonly { name: string }[],
  assumed: readonly string[],
): Verdict {
  const where = addresses.join(', ');
  if (path.problems.length > 0) {
    return {
      state: 'fail',
      reason: `Not reachable at ${where}: ${path.problems.join('; ')}`,
      facts: [path.route],
    };
  }
  const failed = steps.find(({ state }) => state === 'fail');
  if (failed) {
    return stoppedAt(failed, path, where);
  }
  if (outer === undefined) {
    return withoutOuterPort(path);
  }
  const through = workloads.at(0)?.name ?? path.gateway.name;
  const at = `at ${where} through ${through}`;
  const unanswered = steps.find(
    ({ kind, state }) => kind === 'workloads' && state === 'unknown',
  );
  if (unanswered) {
    return { ...stoppedAt(unanswered, path, where), state: 'unknown' };
  }
  const open = steps.find(
    ({ kind, state }) => kind !== 'listener' && state === 'unknown',
  );
  if (open) {
    return {
      state: 'unknown',
      reason: `${reachOf(outer)} ${at}, but not surely for everybody: ${
        open.says
      }`,
      facts: factsAt(path, open),
    };
  }
  return reachable(path, outer, at, assumed);
}
