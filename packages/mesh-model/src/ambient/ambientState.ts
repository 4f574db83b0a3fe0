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

import { policyTargetOf } from '../authorization';
import {
  defaultClient,
  servicesOfWorkload,
  workloadsOfService,
  workloadsOfServiceEntry,
  type Workload,
} from '../membership';
import type { SlimObjectByKind } from '../objects';
import { routesOfService } from '../routing';
import type { MeshSnapshot } from '../snapshot';
import { counted, objectRefOf } from '../verdict';
import type { ObjectRef, Provenance, Verdict, VerdictState } from '../verdict';
import {
  policiesAtWaypoint,
  policiesAtZtunnel,
  type AmbientPolicy,
} from './ambientPolicies';
import { ambientCaptureOf, type AmbientCapture } from './capture';
import { waypointStateOf, type WaypointState } from './waypointState';

type Service = SlimObjectByKind['Service'];
type ServiceEntry = SlimObjectByKind['ServiceEntry'];

/** Who enforces policies of one layer on the way to a workload. */
export interface EnforcingHop {
  by: 'ztunnel' | 'waypoint' | 'sidecar' | 'none';
  /** the Gateway that is the waypoint */
  at?: ObjectRef;
  /** one sentence */
  says: string;
}

/** A workload in the ambient data plane. */
export interface AmbientWorkloadState {
  workload: ObjectRef;
  capture: AmbientCapture;
  /** waypoint for traffic that addresses its pods, not a service */
  waypoint?: WaypointState;
  /** connections: identities, addresses, ports */
  l4: EnforcingHop;
}

/** A service in the ambient data plane. */
export interface AmbientServiceState {
  service: ObjectRef;
  waypoint: WaypointState;
  /** requests of ambient clients: methods, paths, tokens, routes */
  l7: EnforcingHop;
  /** routing rules that name the service but that ambient clients go past, for want of a waypoint */
  routesWithoutWaypoint: readonly Provenance[];
}

/** Where a workload or service stands in the ambient data plane, and what to do about it. */
export interface AmbientState {
  workloads: readonly AmbientWorkloadState[];
  services: readonly AmbientServiceState[];
  policies: readonly AmbientPolicy[];
  /** the worst of all parts */
  verdict: Verdict;
  /** what to do, most urgent first; empty when nothing fails */
  remedies: readonly string[];
}

function waypointRef(waypoint: { namespace: string; name: string }): ObjectRef {
  return {
    group: 'gateway.networking.k8s.io',
    kind: 'Gateway',
    ...waypoint,
  };
}

function l4Of({ captured, pods, withSidecar }: AmbientCapture): EnforcingHop {
  if (pods > 0 && captured === pods) {
    return {
      by: 'ztunnel',
      says: 'ztunnel at the node of each pod enforces policies on connections.',
    };
  }
  if (pods > 0 && withSidecar === pods) {
    return {
      by: 'sidecar',
      says: 'The sidecar of each pod enforces policies.',
    };
  }
  return {
    by: 'none',
    says:
      captured > 0
        ? `ztunnel enforces policies at ${captured} of ${counted(
            pods,
            'pod',
          )} only.`
        : 'Nothing enforces policies at its pods.',
  };
}

function stateOfWorkload(
  snapshot: MeshSnapshot,
  workload: Workload,
): AmbientWorkloadState {
  const capture = ambientCaptureOf(snapshot, workload);
  const target = workload.workloadEntry ?? workload.pods.at(-1);
  return {
    workload: workload.ref,
    capture,
    ...(target && { waypoint: waypointStateOf(snapshot, target) }),
    l4: l4Of(capture),
  };
}

/** Routing rules that a sidecar would apply to the service, and a waypoint, but ztunnel does not. R5.13 */
function rulesFor(
  snapshot: MeshSnapshot,
  { kind, metadata }: Service | ServiceEntry,
): Provenance[] {
  const { namespace, name } = metadata;
  const routes =
    kind === 'Service'
      ? routesOfService(snapshot, defaultClient(namespace), { namespace, name })
      : undefined;
  const found = new Map<string, Provenance>();
  for (const { owner } of routes?.ports ?? []) {
    if (owner) {
      found.set(JSON.stringify(owner.object), owner);
    }
  }
  return [...found.values()];
}

function l7Of(
  { binding, readyPods }: WaypointState,
  captured: boolean,
): EnforcingHop {
  const { waypoint } = binding;
  if (binding.state === 'bound' && waypoint) {
    return {
      by: 'waypoint',
      at: waypointRef(waypoint),
      says:
        readyPods === 0
          ? `Waypoint ${waypoint.namespace}/${waypoint.name} would look at requests, but it has no ready pod.`
          : `Waypoint ${waypoint.namespace}/${waypoint.name} looks at requests of ambient clients; clients with a sidecar go past it.`,
    };
  }
  if (binding.state === 'broken') {
    return {
      by: 'none',
      says: captured
        ? `Nothing looks at requests. ${binding.reason}`
        : binding.reason,
    };
  }
  return {
    by: 'none',
    says: captured
      ? 'Nothing looks at requests: ztunnel sees connections only, and no waypoint is bound.'
      : 'No waypoint is bound.',
  };
}

function stateOfService(
  snapshot: MeshSnapshot,
  service: Service | ServiceEntry,
  captured: boolean,
): AmbientServiceState {
  const waypoint = waypointStateOf(snapshot, service);
  const bound = waypoint.binding.state === 'bound';
  return {
    service: objectRefOf(service),
    waypoint,
    l7: l7Of(waypoint, captured),
    routesWithoutWaypoint:
      bound || !captured ? [] : rulesFor(snapshot, service),
  };
}

interface Finding {
  verdict: Verdict;
  remedy?: string;
}

function routeFindings({
  routesWithoutWaypoint: rules,
  service,
  waypoint: { binding },
}: AmbientServiceState): Finding[] {
  const broken = binding.state === 'broken';
  return rules.length === 0
    ? []
    : [
        {
          verdict: {
            state: 'fail',
            reason: `${rules.length} routing ${
              rules.length === 1 ? 'rule names' : 'rules name'
            } ${service.kind} ${service.namespace}/${
              service.name
            }, but ambient clients go past ${
              rules.length === 1 ? 'it' : 'them'
            }. ${broken ? binding.reason : 'No waypoint is bound.'}`,
            facts: [...rules],
          },
          remedy:
            (broken ? binding.remedy : undefined) ??
            `Deploy a waypoint and label ${service.kind} ${service.namespace}/${service.name} with istio.io/use-waypoint.`,
        },
      ];
}

const ORDER: readonly VerdictState[] = [
  'fail',
  'unknown',
  'pass',
  'not-applicable',
];

function worst(findings: readonly Finding[]): Verdict {
  for (const state of ORDER) {
    const found = findings.filter(({ verdict }) => verdict.state === state);
    const [first] = found;
    if (first) {
      return {
        state,
        reason: first.verdict.reason,
        facts: found.flatMap(({ verdict }) => verdict.facts),
      };
    }
  }
  return {
    state: 'not-applicable',
    reason: 'It has no workload and no service here.',
    facts: [],
  };
}

function isCaptured({ capture }: AmbientWorkloadState): boolean {
  return capture.wanted || capture.captured > 0;
}

function uniquePolicies(policies: readonly AmbientPolicy[]): AmbientPolicy[] {
  const found = new Map<string, AmbientPolicy>();
  for (const policy of policies) {
    found.set(`${JSON.stringify(policy.policy)} ${policy.enforcedBy}`, policy);
  }
  return [...found.values()];
}

function stateOf(
  snapshot: MeshSnapshot,
  workloads: readonly Workload[],
  services: readonly (Service | ServiceEntry)[],
): AmbientState {
  const ofWorkloads = workloads.map(workload =>
    stateOfWorkload(snapshot, workload),
  );
  const captured = ofWorkloads.some(isCaptured);
  const ofServices = services.map(service =>
    stateOfService(snapshot, service, captured),
  );
  const policies = uniquePolicies([
    ...workloads
      .filter((_, index) => isCaptured(ofWorkloads[index]))
      .flatMap(workload =>
        policiesAtZtunnel(snapshot, policyTargetOf(snapshot, workload)),
      ),
    ...services.flatMap((service, index) => {
      const { binding } = ofServices[index].waypoint;
      return captured || binding.state !== 'none'
        ? policiesAtWaypoint(
            snapshot,
            service,
            binding.state === 'bound' ? binding.waypoint : undefined,
          )
        : [];
    }),
  ]);
  const findings: Finding[] = [
    ...ofWorkloads.map(({ capture }) => capture),
    ...ofServices.map(({ waypoint }) => waypoint),
    ...ofWorkloads.flatMap(({ waypoint }) => waypoint ?? []),
    ...policies,
    ...ofServices.flatMap(routeFindings),
  ];
  return {
    workloads: ofWorkloads,
    services: ofServices,
    policies,
    verdict: worst(findings),
    remedies: [
      ...new Set(
        findings
          .filter(({ verdict }) => verdict.state === 'fail')
          .flatMap(({ remedy }) => remedy ?? []),
      ),
    ],
  };
}

/**
 * Where a workload stands in the ambient data plane: whether ztunnel captures it and should, the waypoints of its services and
 * its own, who enforces connections and requests, which policies and routes act on nobody, and what to do. R2.7 – R2.12, R4.24
 */
export function ambientStateOfWorkload(
  snapshot: MeshSnapshot,
  workload: Workload,
): AmbientState {
  return stateOf(snapshot, [workload], servicesOfWorkload(snapshot, workload));
}

/** The same for a service and the workloads behind it. R2.7 – R2.12, R4.24 */
export function ambientStateOfService(
  snapshot: MeshSnapshot,
  service: Service | ServiceEntry,
): AmbientState {
  const workloads =
    service.kind === 'Service'
      ? workloadsOfService(snapshot, service)
      : workloadsOfServiceEntry(snapshot, service);
  return stateOf(snapshot, workloads, [service]);
}
