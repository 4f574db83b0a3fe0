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

import { targetRefsOf } from '../authorization';
import {
  bindWaypoint,
  waypointSourcesOf,
  type WaypointBinding,
  type WaypointProblem,
  type WaypointSources,
} from '../membership';
import {
  meshConfigOf,
  serviceEntryVisibilityOf,
  type MeshConfig,
} from '../identity';
import type { PolicyTargetReference, SlimObjectByKind } from '../objects';
import type { MeshSnapshot } from '../snapshot';
import type { IngressWaypointWish } from './waypointLabels';

type AuthorizationPolicy = SlimObjectByKind['AuthorizationPolicy'];

/** The condition `istio.io/WaypointBound` that istiod writes on a Service, ServiceEntry or WorkloadEntry. */
export interface WaypointCondition {
  status: boolean;
  reason: 'WaypointAccepted' | WaypointProblem;
  /** `namespace/name` */
  waypoint: string;
  /** What gateways do, when a label says so: send their traffic `through` the waypoint, or `past` it. R2.12 */
  ingress?: 'through' | 'past';
  message: string;
}

function ingressPart(wish: IngressWaypointWish): {
  ingress?: 'through' | 'past';
  sentence: string;
} {
  if (wish.use) {
    return {
      ingress: 'through',
      sentence: ' Gateways send their traffic through it.',
    };
  }
  return wish.present
    ? {
        ingress: 'past',
        sentence:
          ' Gateways go past it: label istio.io/ingress-use-waypoint is not true.',
      }
    : { sentence: '' };
}

/**
 * The condition `istio.io/WaypointBound` of an object; `undefined` when no waypoint is asked for. R2.10
 *
 * @param wish - what its label `istio.io/ingress-use-waypoint` says; only of services. R2.12
 */
export function waypointConditionOf(
  { state, waypoint, problem, reason }: WaypointBinding,
  wish: IngressWaypointWish = { present: false, use: false },
): WaypointCondition | undefined {
  if (state === 'none' || waypoint === undefined) {
    return undefined;
  }
  const named = `${waypoint.namespace}/${waypoint.name}`;
  if (state === 'broken') {
    return {
      status: false,
      reason: problem ?? 'WaypointIsNotReady',
      waypoint: named,
      message: reason,
    };
  }
  const { ingress, sentence } = ingressPart(wish);
  return {
    status: true,
    reason: 'WaypointAccepted',
    waypoint: named,
    ...(ingress && { ingress }),
    message: `Attached to waypoint ${named}.${sentence}`,
  };
}

/** Whether one target of a policy is bound to a waypoint. R4.3 */
export interface WaypointPolicyStatus {
  /** `kind.group:namespace/name` */
  ancestor: string;
  bound: boolean;
  reason: 'Accepted' | 'Invalid' | 'TargetNotFound' | 'AncestorNotBound';
  message: string;
}

/** What the status of a policy is decided from. */
export interface PolicyStatusSources extends WaypointSources {
  config: MeshConfig;
  service(
    namespace: string,
    name: string,
  ): SlimObjectByKind['Service'] | undefined;
  serviceEntry(
    namespace: string,
    name: string,
  ): SlimObjectByKind['ServiceEntry'] | undefined;
  gatewayClass(name: string): SlimObjectByKind['GatewayClass'] | undefined;
}

type Outcome = Omit<WaypointPolicyStatus, 'ancestor'>;

const WAYPOINT_CONTROLLER = 'istio.io/mesh-controller';

function refused(reason: Outcome['reason'], message: string): Outcome {
  return { bound: false, reason, message };
}

function accepted(name: string): Outcome {
  return { bound: true, reason: 'Accepted', message: `bound to ${name}` };
}

function ofGatewayClass(
  sources: PolicyStatusSources,
  namespace: string,
  name: string,
): Outcome {
  const { rootNamespace } = sources.config;
  if (namespace !== rootNamespace) {
    return refused(
      'Invalid',
      `A policy for a GatewayClass must stand in the root namespace ${rootNamespace}`,
    );
  }
  const found = sources.gatewayClass(name);
  if (found === undefined) {
    return refused('TargetNotFound', 'not bound');
  }
  return found.spec.controllerName === WAYPOINT_CONTROLLER
    ? accepted(name)
    : refused(
        'Invalid',
        `A GatewayClass for waypoints must have the controller ${WAYPOINT_CONTROLLER}`,
      );
}

function ofService(
  sources: PolicyStatusSources,
  kind: 'Service' | 'ServiceEntry',
  namespace: string,
  name: string,
): Outcome {
  const key = `${namespace}/${name}`;
  const object =
    kind === 'Service'
      ? sources.service(namespace, name)
      : sources.serviceEntry(namespace, name);
  if (object === undefined) {
    return refused('TargetNotFound', `${kind} ${key} was not found`);
  }
  const visibility =
    kind === 'ServiceEntry'
      ? serviceEntryVisibilityOf(
          sources.config,
          sources.namespace(namespace)?.metadata.labels ?? {},
        )
      : 'PUBLIC';
  const { labels } = object.metadata;
  const { waypoint } = bindWaypoint(
    sources,
    { namespace, labels, object },
    'service',
    visibility === 'NAMESPACE',
  );
  return waypoint === undefined
    ? refused('AncestorNotBound', `${kind} ${key} is not bound to a waypoint`)
    : accepted(`${waypoint.namespace}/${waypoint.name}`);
}

function ofTarget(
  sources: PolicyStatusSources,
  target: PolicyTargetReference,
  namespace: string,
): Outcome {
  switch (target.kind) {
    case 'GatewayClass':
      return ofGatewayClass(sources, namespace, target.name);
    case 'Gateway':
      return sources.waypoint(namespace, target.name)
        ? accepted(`${namespace}/${target.name}`)
        : refused('TargetNotFound', 'not bound');
    case 'Service':
    case 'ServiceEntry':
      return ofService(sources, target.kind, namespace, target.name);
    default:
      return refused(
        'Invalid',
        `A policy cannot target a ${target.kind}; use Service, ServiceEntry, Gateway or GatewayClass`,
      );
  }
}

/** For each targetRef of a policy, whether a waypoint serves its target. Empty for policies without targetRefs. R4.3 */
export function waypointPolicyStatusOf(
  sources: PolicyStatusSources,
  policy: AuthorizationPolicy,
): WaypointPolicyStatus[] {
  return targetRefsOf(policy).map(target => {
    const namespace = target.namespace || policy.metadata.namespace;
    return {
      ancestor: `${target.kind}.${target.group || 'core'}:${namespace}/${
        target.name
      }`,
      ...ofTarget(sources, target, namespace),
    };
  });
}

/** The sources of a snapshot. */
export function policyStatusSourcesOf(
  snapshot: MeshSnapshot,
): PolicyStatusSources {
  return {
    ...waypointSourcesOf(snapshot),
    config: meshConfigOf(snapshot),
    service: (namespace, name) => snapshot.get('Service', namespace, name),
    serviceEntry: (namespace, name) =>
      snapshot.get('ServiceEntry', namespace, name),
    gatewayClass: name => snapshot.get('GatewayClass', '', name),
  };
}
