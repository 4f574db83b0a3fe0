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

import { meshConfigOf, serviceEntryVisibilityOf } from '../identity';
import {
  bindWaypoint,
  isReady,
  waypointOf,
  waypointSourcesOf,
  type WaypointBinding,
} from '../membership';
import type { SlimObjectByKind } from '../objects';
import type { MeshSnapshot } from '../snapshot';
import { provenanceOf, type Verdict } from '../verdict';
import { weightedWaypointsOf } from './weightedWaypoints';
import {
  canaryWaypointOf,
  canaryWeightOf,
  ingressWaypointWish,
  type IngressWaypointWish,
} from './waypointLabels';
import { waypointConditionOf, type WaypointCondition } from './waypointStatus';

type Bindable = SlimObjectByKind[
  | 'Service'
  | 'ServiceEntry'
  | 'Pod'
  | 'WorkloadEntry'];

/** The waypoint of an object: whether it stands in the path, and what is wrong when it does not. R2.10 – R2.12 */
export interface WaypointState {
  binding: WaypointBinding;
  /** what istiod writes into the status of the object */
  condition?: WaypointCondition;
  /** ready pods of the waypoint; absent when none is bound */
  readyPods?: number;
  /** a second waypoint that takes a share of the connections, in percent. R2.11 */
  canary?: { namespace: string; name: string; weight: number };
  /** why a canary that is named takes none */
  canaryProblem?: string;
  /** whether gateways send their traffic through it; only of services. R2.12 */
  ingress?: IngressWaypointWish;
  verdict: Verdict;
  /** what to do; only when the verdict fails */
  remedy?: string;
}

const GATEWAY_NAME = 'gateway.networking.k8s.io/gateway-name';

interface Canary {
  canary?: WaypointState['canary'];
  canaryProblem?: string;
}

function canaryOf(
  snapshot: MeshSnapshot,
  object: SlimObjectByKind['Service' | 'ServiceEntry'],
): Canary {
  const sources = waypointSourcesOf(snapshot);
  const { namespace, labels, annotations } = object.metadata;
  const ofNamespace = sources.namespace(namespace)?.metadata;
  const visibility = serviceEntryVisibilityOf(
    meshConfigOf(snapshot),
    ofNamespace?.labels ?? {},
  );
  const resolved = bindWaypoint(
    sources,
    { namespace, labels, object },
    'service',
    object.kind === 'ServiceEntry' && visibility === 'NAMESPACE',
  );
  const { weightedWaypoints, canaryProblem } = weightedWaypointsOf(
    sources,
    { namespace, labels, annotations },
    resolved,
  );
  if (canaryProblem) {
    return { canaryProblem: canaryProblem.message };
  }
  const inherited = resolved.binding.namedBy === 'namespace';
  const named =
    weightedWaypoints &&
    canaryWaypointOf(
      labels,
      inherited ? ofNamespace?.labels ?? {} : {},
      namespace,
    );
  const weight = canaryWeightOf(
    annotations,
    inherited ? ofNamespace?.annotations ?? {} : {},
  );
  return named && weight !== undefined ? { canary: { ...named, weight } } : {};
}

function readyPodsOf(
  snapshot: MeshSnapshot,
  { namespace, name }: { namespace: string; name: string },
): number {
  return snapshot
    .podsBySelector(namespace, { [GATEWAY_NAME]: name })
    .filter(isReady).length;
}

function boundVerdict(
  snapshot: MeshSnapshot,
  binding: WaypointBinding,
  waypoint: { namespace: string; name: string },
  readyPods: number,
  canaryProblem: string | undefined,
): Pick<WaypointState, 'verdict' | 'remedy'> {
  const named = `${waypoint.namespace}/${waypoint.name}`;
  if (readyPods === 0) {
    const gateway = snapshot.get(
      'K8sGateway',
      waypoint.namespace,
      waypoint.name,
    );
    return {
      verdict: {
        state: 'fail',
        reason: `Waypoint ${named} is in the path but has no ready pod: connections through it fail.`,
        facts: [
          ...binding.facts,
          ...(gateway
            ? [
                provenanceOf(
                  gateway,
                  'status.addresses',
                  'It keeps its address after its pods are gone.',
                ),
              ]
            : []),
        ],
      },
      remedy: `Bring up the pods of waypoint ${named}, or take the label istio.io/use-waypoint away.`,
    };
  }
  return canaryProblem === undefined
    ? {
        verdict: {
          state: 'pass',
          reason: binding.reason,
          facts: binding.facts,
        },
      }
    : {
        verdict: {
          state: 'fail',
          reason: `${binding.reason} ${canaryProblem}`,
          facts: binding.facts,
        },
        remedy:
          'Correct the labels and the weight of the canary; until then the primary waypoint takes all traffic.',
      };
}

/** The waypoint of an object, with its condition, its readiness, its canary, and what to do when it fails. R2.10 – R2.12 */
export function waypointStateOf(
  snapshot: MeshSnapshot,
  object: Bindable,
): WaypointState {
  const binding = waypointOf(snapshot, object);
  const isService = object.kind === 'Service' || object.kind === 'ServiceEntry';
  const namespace = snapshot.get('Namespace', '', object.metadata.namespace);
  const ingress = isService
    ? ingressWaypointWish(
        object.metadata.labels,
        namespace?.metadata.labels ?? {},
      )
    : undefined;
  const condition = waypointConditionOf(binding, ingress);
  const base = {
    binding,
    ...(condition && { condition }),
    ...(ingress && { ingress }),
  };
  if (binding.state === 'none' || binding.waypoint === undefined) {
    return {
      ...base,
      verdict: {
        state: 'not-applicable',
        reason: binding.reason,
        facts: binding.facts,
      },
    };
  }
  if (binding.state === 'broken') {
    return {
      ...base,
      verdict: { state: 'fail', reason: binding.reason, facts: binding.facts },
      ...(binding.remedy !== undefined && { remedy: binding.remedy }),
    };
  }
  const canary = isService ? canaryOf(snapshot, object) : {};
  const readyPods = readyPodsOf(snapshot, binding.waypoint);
  return {
    ...base,
    ...canary,
    readyPods,
    ...boundVerdict(
      snapshot,
      binding,
      binding.waypoint,
      readyPods,
      canary.canaryProblem,
    ),
  };
}
