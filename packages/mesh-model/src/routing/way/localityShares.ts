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

import type { LocalityPlan } from '../../destinations/localityPlan';
import {
  isSamePlace,
  localityWeights,
  placeOfPod,
  type Place,
} from '../../destinations/localityWeights';
import { workloadOf } from '../../membership';
import type { SlimObjectByKind } from '../../objects';
import type { EndpointSide } from '../../mtls/transport';
import { podsOfWaypoint, waypointOfClient } from '../waypointRoutes';
import { step } from './branches';
import type { Hop } from './hop';
import type { WayStep } from './way';

type Pod = SlimObjectByKind['Pod'];

/** What each ready endpoint gets of the requests, relative to the others, and what there is to say about it. */
export interface LocalityShares {
  weights: readonly number[];
  steps: readonly WayStep[];
}

/** The pods that send, as far as they are known: a caller may be asked about that runs nowhere. */
export function podsOfSender({ snapshot, sender }: Hop): readonly Pod[] {
  const waypoint = waypointOfClient(sender);
  if (waypoint !== undefined) {
    return podsOfWaypoint(snapshot, waypoint);
  }
  const { workload, namespace, labels } = sender;
  if (workload !== undefined) {
    return (
      workloadOf(
        snapshot,
        workload.namespace ?? namespace,
        workload.kind,
        workload.name,
      )?.pods ?? []
    );
  }
  return sender.proxy === 'gateway' && Object.keys(labels).length > 0
    ? snapshot.podsBySelector(namespace, labels)
    : [];
}

/** The one place of the sender's pods; `undefined` when it has none that is known, or several. */
function placeOfSender(hop: Hop): Place | undefined {
  const [first, ...others] = podsOfSender(hop).map(pod =>
    placeOfPod(hop.snapshot, pod),
  );
  return first !== undefined && others.every(other => isSamePlace(first, other))
    ? first
    : undefined;
}

/** The shares of the ready endpoints by where they and the sender run. R6.14 */
export function localityShares(
  hop: Hop,
  plan: LocalityPlan | undefined,
  ready: readonly EndpointSide[],
): LocalityShares {
  const alike = { weights: ready.map(() => 1), steps: [] };
  if (plan === undefined || plan.kind === 'none') {
    return alike;
  }
  const places = ready.map(({ pod }) => placeOfPod(hop.snapshot, pod));
  const [first, ...others] = places;
  if (
    plan.kind === 'failover' &&
    plan.origin !== 'service' &&
    others.every(other => isSamePlace(first, other))
  ) {
    return alike;
  }
  if (plan.kind === 'zone-aware') {
    const zones = new Set(
      places.map(({ region, zone }) => `${region}/${zone}`),
    );
    return zones.size <= 1
      ? alike
      : {
          ...alike,
          steps: [
            step('locality', 'unknown', plan.says, [plan.provenance], hop.at),
          ],
        };
  }
  const sender = placeOfSender(hop);
  if (sender === undefined) {
    const says = `${plan.says}. Where the sender runs is not known, or its pods run in several places: all ready endpoints are counted alike`;
    return {
      ...alike,
      steps: [step('locality', 'unknown', says, [plan.provenance], hop.at)],
    };
  }
  const weights = localityWeights(plan, sender, places);
  const used = weights.filter(weight => weight > 0).length;
  const says = `${plan.says}. Of ${ready.length} ready endpoints ${used} get requests`;
  return {
    weights,
    steps: [
      step(
        'locality',
        used === 0 ? 'fail' : 'pass',
        says,
        [plan.provenance],
        hop.at,
      ),
    ],
  };
}
