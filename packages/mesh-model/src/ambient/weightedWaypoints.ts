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
  acceptsNamespace,
  servesTraffic,
  type ResolvedBinding,
  type Waypoint,
  type WaypointProblem,
  type WaypointSources,
} from '../membership';
import type { StringMap } from '../objects';
import { canaryWaypointOf, canaryWeightOf } from './waypointLabels';
import type { ZtunnelService } from './ztunnelTypes';

/** What of an object, or of its namespace, names a canary. */
interface LabelledObject {
  namespace: string;
  labels: StringMap;
  annotations: StringMap;
}

/** The waypoints that share the traffic of a service, or why the canary has no part. */
export interface WeightedWaypoints {
  weightedWaypoints?: ZtunnelService['weightedWaypoints'];
  canaryProblem?: { problem: WaypointProblem; message: string };
}

function problem(name: WaypointProblem, message: string): WeightedWaypoints {
  return { canaryProblem: { problem: name, message } };
}

function whyNotServing(
  canary: Waypoint | undefined,
  named: string,
  object: LabelledObject,
  namespaceLabels: StringMap | undefined,
): WeightedWaypoints | undefined {
  if (canary === undefined) {
    return problem(
      'WaypointIsNotReady',
      `Canary waypoint ${named} does not exist or is not ready.`,
    );
  }
  if (!acceptsNamespace(canary, object.namespace, namespaceLabels)) {
    return problem(
      'AttachmentDenied',
      `Canary waypoint ${named} does not allow objects of namespace ${object.namespace}.`,
    );
  }
  return servesTraffic(canary, 'service')
    ? undefined
    : problem(
        'UnsupportedTrafficType',
        `Canary waypoint ${named} serves ${canary.trafficType} traffic, not service traffic.`,
      );
}

/**
 * How the traffic of a service is shared between its waypoint and a canary. The canary is read from the level that names
 * the primary; one that cannot serve is left out and the primary takes all. R2.11
 */
export function weightedWaypointsOf(
  sources: WaypointSources,
  object: LabelledObject,
  { binding, waypoint: primary }: ResolvedBinding,
): WeightedWaypoints {
  if (primary === undefined) {
    return {};
  }
  const namespace = sources.namespace(object.namespace);
  const above =
    binding.namedBy === 'namespace' && namespace
      ? namespace.metadata
      : { labels: {}, annotations: {} };
  const named = canaryWaypointOf(object.labels, above.labels, object.namespace);
  if (named === undefined) {
    return {};
  }
  const name = `${named.namespace}/${named.name}`;
  if (name === `${primary.namespace}/${primary.name}`) {
    return problem(
      'CanarySameAsPrimary',
      `Canary waypoint ${name} is the primary waypoint itself; name another one.`,
    );
  }
  const weight = canaryWeightOf(object.annotations, above.annotations);
  if (weight === undefined) {
    return problem(
      'CanaryInvalidWeight',
      `The weight of canary waypoint ${name} is no integer from 0 to 100; correct annotation istio.io/use-waypoint-canary-weight.`,
    );
  }
  const canary = sources.waypoint(named.namespace, named.name);
  const refusal = whyNotServing(
    canary,
    name,
    object,
    namespace?.metadata.labels,
  );
  const share = (waypoint: Waypoint | undefined, part: number) => ({
    ...(waypoint?.address && { destination: waypoint.address }),
    weight: part,
  });
  return (
    refusal ?? {
      weightedWaypoints: [share(primary, 100 - weight), share(canary, weight)],
    }
  );
}

/** The addresses of all waypoints that take part in the traffic of a service. R2.11 */
export function owningWaypointsOf(
  service: Pick<ZtunnelService, 'waypoint' | 'weightedWaypoints'>,
): NonNullable<ZtunnelService['waypoint']>[] {
  const weighted = service.weightedWaypoints ?? [];
  if (weighted.length === 0) {
    return service.waypoint ? [service.waypoint] : [];
  }
  return weighted.flatMap(({ destination }) => destination ?? []);
}
