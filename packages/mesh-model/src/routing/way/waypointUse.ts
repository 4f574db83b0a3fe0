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

import { usesWaypoint } from '../../authorization/path';
import type { SlimObjectByKind } from '../../objects';
import type { RoutableService } from '../routableService';
import type { WaypointName } from '../waypointRoutes';
import { followed, forked, step, type Rest } from './branches';
import type { Hop } from './hop';
import { serviceWaypointOf, throughWaypoint } from './throughWaypoint';
import type { WayBranch, WayStep } from './way';
import { waypointCanaryOf } from './waypointCanary';

/** What the waypoint of a service means for one sender. */
export interface WaypointUse {
  steps: readonly WayStep[];
  /** Present when the request goes through the waypoint: the rest of its way. */
  through?: () => Rest;
}

/** Through the waypoint, and in its share through the canary, which ztunnel alone knows of. R2.11 */
function throughPrimaryOrCanary(
  hop: Hop,
  primary: WaypointName,
  service: RoutableService,
  port: number,
  object: SlimObjectByKind['Service' | 'ServiceEntry'],
): Rest {
  const canary =
    hop.sender.proxy === 'gateway'
      ? undefined
      : waypointCanaryOf(hop.snapshot, object);
  const through = (waypoint: WaypointName) =>
    throughWaypoint(hop, waypoint, service, port);
  if (canary === undefined) {
    return through(primary);
  }
  const part = step('waypoint', 'pass', canary.says, canary.facts, hop.at);
  if (canary.waypoint === undefined) {
    return followed([{ ...part, state: 'not-applicable' }], through(primary));
  }
  const branch = (waypoint: WaypointName, share: number): WayBranch => ({
    ...(share > 0 ? through(waypoint) : { steps: [], branches: [] }),
    share,
    fork: 'weight',
    because: `${share} % go through waypoint ${waypoint.namespace}/${waypoint.name}`,
  });
  return forked(
    [part],
    [
      branch(primary, 100 - canary.weight),
      branch(canary.waypoint, canary.weight),
    ],
  );
}

/** Does a request pass the waypoint of its service? Sidecars go past it; gateways too, unless told otherwise. R2.12 */
export function waypointSteps(
  hop: Hop,
  service: RoutableService,
  port: number,
): WaypointUse {
  const binding = serviceWaypointOf(hop, service);
  if (
    binding === undefined ||
    hop.sender.proxy === 'waypoint' ||
    binding.waypoint === undefined
  ) {
    return { steps: [] };
  }
  const { object } = service;
  if (binding.state !== 'bound') {
    return {
      steps: [
        step(
          'waypoint',
          'not-applicable',
          binding.reason,
          binding.facts,
          hop.at,
        ),
      ],
    };
  }
  const { waypoint } = binding;
  const name = `${waypoint.namespace}/${waypoint.name}`;
  if (
    (object?.kind !== 'Service' && object?.kind !== 'ServiceEntry') ||
    !usesWaypoint(hop.snapshot, hop.sender, object) ||
    // A gateway reaches a waypoint only by the service's address. R2.12
    (hop.sender.proxy === 'gateway' && service.addresses.length === 0)
  ) {
    return {
      steps: [
        step(
          'waypoint',
          'not-applicable',
          `The service has waypoint ${name}, and a ${hop.sender.proxy} goes past it: neither its routes nor its policies act`,
          binding.facts,
          hop.at,
        ),
      ],
    };
  }
  return {
    steps: [
      step(
        'waypoint',
        'pass',
        `Goes through waypoint ${name}`,
        binding.facts,
        hop.at,
      ),
    ],
    through: () => throughPrimaryOrCanary(hop, waypoint, service, port, object),
  };
}
