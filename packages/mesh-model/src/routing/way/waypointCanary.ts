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

import { canaryWaypointOf } from '../../ambient/waypointLabels';
import { weightedWaypointsOf } from '../../ambient/weightedWaypoints';
import { bindWaypoint, waypointSourcesOf } from '../../membership/waypoint';
import type { SlimObjectByKind } from '../../objects';
import type { MeshSnapshot } from '../../snapshot';
import { provenanceOf, type Provenance } from '../../verdict';
import type { WaypointName } from '../waypointRoutes';

/** A second waypoint that takes part of the requests, or why the one that is named does not. */
export interface WaypointCanary {
  /** absent when it has no part */
  waypoint?: WaypointName;
  /** percent of the requests */
  weight: number;
  says: string;
  facts: readonly Provenance[];
}

const CANARY_LABEL = 'istio.io/use-waypoint-canary';

/** The canary of a service's waypoint; `undefined` when none is named. R2.11 */
export function waypointCanaryOf(
  snapshot: MeshSnapshot,
  object: SlimObjectByKind['Service' | 'ServiceEntry'],
): WaypointCanary | undefined {
  const { namespace, labels, annotations } = object.metadata;
  const sources = waypointSourcesOf(snapshot);
  const resolved = bindWaypoint(
    sources,
    { namespace, labels, object },
    'service',
  );
  const { weightedWaypoints, canaryProblem } = weightedWaypointsOf(
    sources,
    { namespace, labels, annotations },
    resolved,
  );
  const above =
    resolved.binding.namedBy === 'namespace'
      ? sources.namespace(namespace)
      : undefined;
  const named = canaryWaypointOf(
    labels,
    above?.metadata.labels ?? {},
    namespace,
  );
  if (named === undefined) {
    return undefined;
  }
  const fact = (says: string) => [
    provenanceOf(above ?? object, `metadata.labels[${CANARY_LABEL}]`, says),
  ];
  if (canaryProblem !== undefined) {
    const says = `The canary has no part: ${canaryProblem.message}`;
    return { weight: 0, says, facts: fact(says) };
  }
  const weight = weightedWaypoints?.at(1)?.weight ?? 0;
  const says = `${weight} % of the requests go through canary waypoint ${named.namespace}/${named.name}`;
  return { waypoint: named, weight, says, facts: fact(says) };
}
