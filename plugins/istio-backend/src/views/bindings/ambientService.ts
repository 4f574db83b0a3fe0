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

import type { BindingsView } from '@mesh-portal/backstage-plugin-istio-common';
import {
  ambientStateOfService,
  type AmbientState,
  type Verdict,
} from '@mesh-portal/mesh-model';
import type { ServiceInput } from '../entityInput';
import { AMBIENT_KINDS, certain } from '../knowledge';

type AmbientService = BindingsView['ambient'][number];
type Setting = AmbientService['settings'][number];
type OfService = AmbientState['services'][number];

function setting(name: string, value: string, verdict?: Verdict): Setting {
  const [fact] = verdict?.facts ?? [];
  return {
    setting: name,
    value,
    isDefault: fact === undefined,
    ...(fact === undefined
      ? { from: '–' }
      : {
          from: `${fact.object.kind} ${
            fact.object.namespace === undefined
              ? ''
              : `${fact.object.namespace}/`
          }${fact.object.name}`,
          provenance: fact,
        }),
  };
}

function waypointSettings({ waypoint, l7 }: OfService): Setting[] {
  const { canary, canaryProblem, ingress, verdict, binding } = waypoint;
  return [
    setting('Waypoint', binding.reason, verdict),
    setting('Requests (L7)', l7.says),
    ...(canary
      ? [
          setting(
            'Canary waypoint',
            `${canary.weight} % of connections take ${canary.namespace}/${canary.name}`,
          ),
        ]
      : []),
    ...(canaryProblem === undefined
      ? []
      : [setting('Canary waypoint', canaryProblem)]),
    ...(ingress?.present
      ? [
          setting(
            'Gateways',
            ingress.use
              ? 'Gateways send their requests through the waypoint'
              : 'Gateways go past the waypoint',
          ),
        ]
      : []),
  ];
}

/** Does ambient, or a waypoint, concern the service at all? */
function concerns({ workloads, services }: AmbientState): boolean {
  return (
    workloads.some(({ capture }) => capture.wanted || capture.captured > 0) ||
    services.some(({ waypoint }) => waypoint.binding.state !== 'none')
  );
}

/** Where a service stands in the ambient data plane; nothing where it does not concern it. R2.7 – R2.12, R4.24 */
export function ambientService(
  service: ServiceInput,
): AmbientService | undefined {
  const { cluster, ref } = service;
  const state = ambientStateOfService(cluster.snapshot, service.service);
  if (!concerns(state)) {
    return undefined;
  }
  return {
    service: ref,
    verdict: certain(state.verdict, cluster.status, AMBIENT_KINDS),
    remedies: [...state.remedies],
    settings: [
      ...state.workloads.flatMap(({ workload, capture, l4 }) => [
        setting(
          `${workload.name}: capture`,
          capture.verdict.reason,
          capture.verdict,
        ),
        setting(`${workload.name}: connections (L4)`, l4.says),
      ]),
      ...state.services.flatMap(waypointSettings),
    ],
    policies: state.policies.map(({ policy, enforcedBy, verdict }) => ({
      object: policy,
      enforcedBy,
      verdict,
    })),
  };
}
