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

import { localityOfPod } from '../identity';
import type {
  LocalityLoadBalancerSetting,
  SlimObjectByKind,
  StringMap,
} from '../objects';
import type { MeshSnapshot } from '../snapshot';
import { beginsWithNetwork, type LocalityPlan } from './localityPlan';

/** Where a proxy or an endpoint runs. */
export interface Place {
  region: string;
  zone: string;
  subzone: string;
  /** of the pod, with those of its locality and node */
  labels: StringMap;
}

/** Where a pod runs; empty parts are not known. R6.14 */
export function placeOfPod(
  snapshot: MeshSnapshot,
  pod: SlimObjectByKind['Pod'],
): Place {
  const {
    region = '',
    zone = '',
    subzone = '',
  } = localityOfPod(snapshot, pod) ?? {};
  return {
    region,
    zone,
    subzone,
    labels: {
      ...pod.metadata.labels,
      'topology.kubernetes.io/region': region,
      'topology.kubernetes.io/zone': zone,
      'topology.istio.io/subzone': subzone,
      'kubernetes.io/hostname': pod.spec.nodeName,
    },
  };
}

/** Do two places lie in the same region, zone and subzone? */
export function isSamePlace(a: Place, b: Place): boolean {
  return a.region === b.region && a.zone === b.zone && a.subzone === b.subzone;
}

/** Does a place lie in `region/zone/subzone`, where `*` and what is left out stand for all? */
function liesIn(place: Place, pattern: string): boolean {
  const [region = '*', zone = '*', subzone = '*'] = pattern.split('/');
  const fits = (asked: string, actual: string) =>
    asked === '*' || asked === '' || asked === actual;
  return (
    region === '*' ||
    (region === place.region &&
      fits(zone, place.zone) &&
      (zone === '*' || fits(subzone, place.subzone)))
  );
}

function nearness(
  caller: Place,
  endpoint: Place,
  failover: NonNullable<LocalityLoadBalancerSetting['failover']>,
): number {
  if (caller.region === endpoint.region) {
    if (caller.zone !== endpoint.zone) {
      return 2;
    }
    return caller.subzone === endpoint.subzone ? 0 : 1;
  }
  const target = failover.find(({ from }) => from === caller.region);
  return target === undefined || target.to === endpoint.region ? 3 : 4;
}

/** How many of the labels, in order, an endpoint fails to share with the caller; `key=value` asks for that value. */
function unshared(
  caller: Place,
  endpoint: Place,
  labels: readonly string[],
): number {
  const index = labels.findIndex(entry => {
    const [key, value] = entry.split('=', 2);
    return (value ?? caller.labels[key]) !== endpoint.labels[key];
  });
  return index < 0 ? 0 : labels.length - index;
}

/**
 * How far the labels set an endpoint apart from the caller. The network, as the first of them, is preferred and not required:
 * the others order the endpoints of other networks, too.
 */
function labelDistance(
  caller: Place,
  endpoint: Place,
  labels: readonly string[],
  networkRequired: boolean,
): number {
  if (networkRequired || !beginsWithNetwork(labels)) {
    return unshared(caller, endpoint, labels);
  }
  const [network, ...others] = labels;
  const elsewhere = unshared(caller, endpoint, [network]) > 0;
  return (
    unshared(caller, endpoint, others) + (elsewhere ? others.length + 1 : 0)
  );
}

/** How many distances {@link nearness} tells apart. */
const NEARNESSES = 5;

/** How far each endpoint is from a caller, 0 being nearest: those that are nearest get the requests, others when they fail. R6.14 */
export function failoverPriorities(
  { setting = {}, networkRequired = false }: LocalityPlan,
  caller: Place,
  endpoints: readonly Place[],
): number[] {
  const { failoverPriority = [], failover = [] } = setting;
  return endpoints.map(endpoint => {
    const byLabels = labelDistance(
      caller,
      endpoint,
      failoverPriority,
      networkRequired,
    );
    // Regions that are named to fail over to order those that the labels leave alike.
    return failoverPriority.length > 0 && failover.length === 0
      ? byLabels
      : byLabels * NEARNESSES + nearness(caller, endpoint, failover);
  });
}

function failoverWeights(
  plan: LocalityPlan,
  caller: Place,
  endpoints: readonly Place[],
): number[] {
  const priorities = failoverPriorities(plan, caller, endpoints);
  const best = Math.min(...priorities);
  return priorities.map(priority => (priority === best ? 1 : 0));
}

function distributedWeights(
  setting: LocalityLoadBalancerSetting,
  caller: Place,
  endpoints: readonly Place[],
): number[] {
  const rule = (setting.distribute ?? []).find(({ from }) =>
    liesIn(caller, from ?? '*'),
  );
  if (rule === undefined) {
    return endpoints.map(() => 1);
  }
  const weights = endpoints.map(() => 0);
  const open = new Set(endpoints.keys());
  for (const [pattern, weight] of Object.entries(rule.to ?? {})) {
    const matching = [...open].filter(index =>
      liesIn(endpoints[index], pattern),
    );
    for (const index of matching) {
      open.delete(index);
      weights[index] = weight / matching.length;
    }
  }
  return weights;
}

/**
 * The relative share of requests that each ready endpoint gets from a caller: with failover only the nearest ones get any;
 * with `distribute` those of localities that are not named get none. R6.14
 */
export function localityWeights(
  plan: LocalityPlan,
  caller: Place,
  endpoints: readonly Place[],
): number[] {
  if (plan.setting === undefined || endpoints.length === 0) {
    return endpoints.map(() => 1);
  }
  switch (plan.kind) {
    case 'failover':
      return failoverWeights(plan, caller, endpoints);
    case 'distribute':
      return distributedWeights(plan.setting, caller, endpoints);
    default:
      return endpoints.map(() => 1);
  }
}
