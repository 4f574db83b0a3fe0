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

import type { ParentReference } from '../../objects';
import type { MeshSnapshot } from '../../snapshot';
import type { ReportedCondition } from './conditions';
import { MESH_CONTROLLER } from './gatewayClasses';
import { parentKind } from './routeParents';

const USE_WAYPOINT = 'istio.io/use-waypoint';

function hasWaypoint(labels: Readonly<Record<string, string>>): boolean {
  const name = labels[USE_WAYPOINT] ?? '';
  return name !== '' && name !== 'none';
}

function says(
  snapshot: MeshSnapshot,
  kind: 'Service' | 'ServiceEntry',
  namespace: string,
  name: string,
): string {
  const parent = snapshot.get(kind, namespace, name);
  if (parent === undefined) {
    return `There is no ${kind} ${namespace}/${name}`;
  }
  const own = parent.metadata.labels;
  const labels =
    USE_WAYPOINT in own
      ? own
      : snapshot.get('Namespace', '', namespace)?.metadata.labels ?? {};
  return hasWaypoint(labels)
    ? `${kind} ${namespace}/${name} has a waypoint, which carries the route out`
    : `Neither ${kind} ${namespace}/${name} nor its namespace names a waypoint (label ${USE_WAYPOINT}), so the route does nothing for clients in ambient mode`;
}

/**
 * What istiod says about the waypoint of a parent that is a service, where the control plane has ambient mode: that is
 * where the class for waypoints exists. The condition is always true; only its message tells. R7.16
 */
export function waypointCondition(
  snapshot: MeshSnapshot,
  reference: ParentReference,
  routeNamespace: string,
): ReportedCondition | undefined {
  const kind = parentKind(reference);
  const ambient = snapshot
    .list('GatewayClass')
    .some(({ spec }) => spec.controllerName === MESH_CONTROLLER);
  if (!ambient || (kind !== 'Service' && kind !== 'ServiceEntry')) {
    return undefined;
  }
  return {
    type: 'ResolvedWaypoints',
    status: 'True',
    reason: 'ResolvedWaypoints',
    message: says(
      snapshot,
      kind,
      reference.namespace ?? routeNamespace,
      reference.name,
    ),
  };
}
