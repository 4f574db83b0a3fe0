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

import type { SlimObjectByKind, StringMap } from '../../objects';
import { controllerOfClass } from './gatewayClasses';

/** Looks up what the labels of a service say about its waypoint. */
export interface WaypointLookup {
  gatewayClass: (name: string) => SlimObjectByKind['GatewayClass'] | undefined;
  gateway: (
    namespace: string,
    name: string,
  ) => SlimObjectByKind['K8sGateway'] | undefined;
  namespaceLabels: (name: string) => StringMap | undefined;
}

const USE_WAYPOINT = 'istio.io/use-waypoint';
const USE_WAYPOINT_NAMESPACE = 'istio.io/use-waypoint-namespace';

/** Is a Gateway another implementation's? R7.12 */
export function isForeignGateway(
  gateway: SlimObjectByKind['K8sGateway'],
  lookup: Pick<WaypointLookup, 'gatewayClass'>,
): boolean {
  return (
    controllerOfClass(gateway.spec.gatewayClassName, lookup.gatewayClass) ===
    undefined
  );
}

/** Does another implementation serve the waypoint that the labels of a service, or of its namespace, name? R7.24 */
export function namesForeignWaypoint(
  namespace: string,
  labels: StringMap,
  lookup: WaypointLookup,
): boolean {
  const chosen =
    labels[USE_WAYPOINT] === undefined
      ? lookup.namespaceLabels(namespace) ?? {}
      : labels;
  const name = chosen[USE_WAYPOINT] ?? '';
  if (name === '' || name.toLowerCase() === 'none') {
    return false;
  }
  const waypoint = lookup.gateway(
    chosen[USE_WAYPOINT_NAMESPACE] ?? namespace,
    name,
  );
  return waypoint !== undefined && isForeignGateway(waypoint, lookup);
}
