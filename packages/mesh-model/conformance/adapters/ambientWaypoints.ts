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
  ambientServiceOf,
  canaryWaypointOf,
  canaryWeightOf,
  ingressWaypointWish,
  owningWaypointsOf,
  waypointConditionOf,
  type WaypointCondition,
} from '../../src/ambient';
import {
  allowedNamespacesOf,
  bindWorkloadWaypoint,
} from '../../src/membership';
import { projectObject, type StringMap } from '../../src/objects';
import {
  sameMessages,
  serviceIn,
  workloadEntryIn,
  type AmbientCase,
} from './ambientCase';
import { environmentOf } from './ambientInputs';
import { difference, projectedAs, type RawObject } from './routingCase';

interface RawCondition {
  status: boolean;
  reason: string;
  message: string;
}

/** What a condition of istiod says, its wording aside. */
function said(condition: RawCondition | null | undefined) {
  if (!condition) {
    return undefined;
  }
  const { status, reason, message } = condition;
  const ingress = /traverse the waypoint/.test(message) ? 'through' : undefined;
  return {
    status,
    reason,
    waypoint: /[\w-]+\/[\w-]+(?=[".\s]|$)/.exec(
      message.replace(/istio\.io\/\S+/g, ''),
    )?.[0],
    ingress: /not using the waypoint/.test(message) ? 'past' : ingress,
  };
}

function withoutMessage(condition: WaypointCondition | undefined) {
  return (
    condition && {
      status: condition.status,
      reason: condition.reason,
      waypoint: condition.waypoint,
      ingress: condition.ingress,
    }
  );
}

interface ConditionCase extends AmbientCase<unknown> {
  conditions: Readonly<Record<string, RawCondition | null>>;
}

function serviceConditions(raw: unknown): string | undefined {
  const test = raw as ConditionCase;
  const found = ambientServiceOf(
    environmentOf(test.inputs),
    serviceIn(test.svc),
  );
  return difference(
    said(test.conditions['istio.io/WaypointBound']),
    withoutMessage(found && waypointConditionOf(found.binding, found.ingress)),
  );
}

function entryConditions(raw: unknown): string | undefined {
  const test = raw as ConditionCase;
  const object = workloadEntryIn(test.we);
  const { namespace, labels } = object.metadata;
  const { binding } = bindWorkloadWaypoint(environmentOf(test.inputs), {
    namespace,
    labels: { ...object.spec.labels, ...labels },
    object,
  });
  return difference(
    said(test.conditions['istio.io/WaypointBound']),
    withoutMessage(waypointConditionOf(binding)),
  );
}

function ingressUseWaypoint(raw: unknown): string | undefined {
  const { serviceLabels, namespaceLabels, wantPresent, wantUseWaypoint } =
    raw as {
      serviceLabels?: StringMap;
      namespaceLabels?: StringMap;
      wantPresent: boolean;
      wantUseWaypoint: boolean;
    };
  return difference(
    { present: wantPresent, use: wantUseWaypoint },
    ingressWaypointWish(serviceLabels ?? {}, namespaceLabels ?? {}),
  );
}

interface RawAllowedRoutes {
  fromNamespaces?: string;
  selector?: { matchLabels?: StringMap };
}

function allowedRoutes(raw: unknown): string | undefined {
  const { gateway, gatewayClass, expected } = raw as {
    gateway: RawObject;
    gatewayClass?: RawObject;
    expected: RawAllowedRoutes;
  };
  const apiVersion = 'gateway.networking.k8s.io/v1';
  const projectedClass =
    gatewayClass && projectObject({ apiVersion, ...gatewayClass });
  const allowed = allowedNamespacesOf(
    projectedAs(
      'K8sGateway',
      { apiVersion, ...gateway, kind: 'Gateway' },
      'ns',
    ),
    projectedClass?.kind === 'GatewayClass' ? projectedClass : undefined,
  );
  return difference(
    {
      from: expected.fromNamespaces,
      labels: { ...expected.selector?.matchLabels },
    },
    { from: allowed.from, labels: { ...allowed.selector?.matchLabels } },
  );
}

function useWaypointCanary(raw: unknown): string | undefined {
  const { labels, nsLabels, defaultNS, want } = raw as {
    labels?: StringMap;
    nsLabels?: StringMap;
    defaultNS: string;
    want?: { name: string; namespace: string } | null;
  };
  return difference(
    want ?? undefined,
    canaryWaypointOf(labels ?? {}, nsLabels ?? {}, defaultNS),
  );
}

function canaryWeight(raw: unknown): string | undefined {
  const { anns, nsAnns, wantWeight, wantValid } = raw as {
    anns?: StringMap;
    nsAnns?: StringMap;
    wantWeight?: number;
    wantValid?: boolean;
  };
  const weight = canaryWeightOf(anns ?? {}, nsAnns ?? {});
  return difference(
    { valid: wantValid ?? false, weight: wantWeight ?? 0 },
    { valid: weight !== undefined, weight: weight ?? 0 },
  );
}

function owningWaypoints(raw: unknown): string | undefined {
  const { svc, want } = raw as {
    svc: Parameters<typeof owningWaypointsOf>[0];
    want?: readonly object[] | null;
  };
  return sameMessages(want ?? [], owningWaypointsOf(svc));
}

/** Which waypoint serves what, whom it lets in, and the conditions that say so. */
export const ambientWaypointTests = {
  TestMakeAllowedRoutes: allowedRoutes,
  TestIngressUseWaypointFromLabels: ingressUseWaypoint,
  TestGetUseWaypointCanary: useWaypointCanary,
  TestGetCanaryWeight: canaryWeight,
  TestServiceOwningWaypoints: owningWaypoints,
  TestWorkloadEntryConditions: entryConditions,
  TestServiceConditions: serviceConditions,
};
