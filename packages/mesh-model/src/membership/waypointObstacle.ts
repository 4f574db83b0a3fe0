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

import type { SlimObjectByKind } from '../objects';
import { provenanceOf, type Provenance } from '../verdict';
import type { Waypoint } from './waypointGateway';

type Gateway = SlimObjectByKind['K8sGateway'];

/** Why a waypoint that is named does not serve, in istiod's words for the status of the object. */
export type WaypointProblem =
  | 'WaypointIsNotReady'
  | 'AttachmentDenied'
  | 'UnsupportedTrafficType'
  | 'CrossNamespaceWaypointForbidden'
  | 'CanaryInvalidWeight'
  | 'CanarySameAsPrimary';

/** What keeps a waypoint that is named from serving, and what to do. */
export interface WaypointObstacle {
  problem: WaypointProblem;
  reason: string;
  remedy: string;
  facts: readonly Provenance[];
}

/**
 * A ServiceEntry that only its own namespace sees cannot use a waypoint of another one. R1.14
 *
 * @param named - namespace and name of the waypoint
 */
export function ofOtherNamespace(
  named: string,
  namespace: string,
): WaypointObstacle {
  return {
    problem: 'CrossNamespaceWaypointForbidden',
    reason: `The ServiceEntry is visible in its own namespace only (serviceEntryVisibility), so it cannot use waypoint ${named} of another namespace.`,
    remedy: `Use a waypoint of namespace ${namespace}, or widen serviceEntryVisibility in the mesh configuration.`,
    facts: [],
  };
}

/** The waypoint does not exist, or has no address yet. R2.10.3 */
export function notReady(
  named: string,
  gateway: Gateway | undefined,
): WaypointObstacle {
  return gateway === undefined
    ? {
        problem: 'WaypointIsNotReady',
        reason: `Waypoint ${named} does not exist, so traffic does not pass any waypoint; create it or correct the label.`,
        remedy: `Create Gateway ${named} with class istio-waypoint, or correct the label.`,
        facts: [],
      }
    : {
        problem: 'WaypointIsNotReady',
        reason: `Waypoint ${named} is not ready (it has no address), so traffic does not pass it.`,
        remedy: `Look at the Deployment and the events of Gateway ${named}: it gets an address once one pod is ready.`,
        facts: [
          provenanceOf(gateway, 'status.addresses', 'The list is empty.'),
        ],
      };
}

/** The listener of the waypoint does not allow the namespace of the object. R2.10.4 */
export function attachmentDenied(
  named: string,
  gateway: Gateway | undefined,
  namespace: string,
): WaypointObstacle {
  return {
    problem: 'AttachmentDenied',
    reason: `Waypoint ${named} does not allow objects of namespace ${namespace}; set allowedRoutes.namespaces.from on its listener.`,
    remedy: `Set allowedRoutes.namespaces.from on the listener of Gateway ${named} so that it allows namespace ${namespace}.`,
    facts: gateway
      ? [provenanceOf(gateway, 'spec.listeners', 'allowedRoutes decides.')]
      : [],
  };
}

/** The waypoint serves other traffic than that to the object. R2.10.5 */
export function unsupportedTraffic(
  named: string,
  gateway: Gateway | undefined,
  { trafficType }: Waypoint,
  traffic: 'service' | 'workload',
): WaypointObstacle {
  const reason = `Waypoint ${named} serves ${trafficType} traffic, not ${traffic} traffic.`;
  const path = 'metadata.labels[istio.io/waypoint-for]';
  return {
    problem: 'UnsupportedTrafficType',
    reason,
    remedy: `Label Gateway ${named} with istio.io/waypoint-for=all (or =${traffic}), or name another waypoint.`,
    facts: gateway ? [provenanceOf(gateway, path, reason)] : [],
  };
}
