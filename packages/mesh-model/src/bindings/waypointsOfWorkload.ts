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

import { GATEWAY_NAME_LABEL, type TargetService } from '../authorization';
import type { EnvoyProxy } from '../extensions';
import {
  proxyOfPod,
  servicesOfWorkload,
  waypointOf,
  type Workload,
} from '../membership';
import type { SlimObjectByKind } from '../objects';
import type { MeshSnapshot } from '../snapshot';
import type { ObjectRef } from '../verdict';

/** A waypoint through which requests to a workload pass. */
export interface WaypointOfWorkload {
  /** its Gateway */
  ref: ObjectRef;
  service: TargetService;
  proxy: EnvoyProxy;
}

/** The waypoint of a service as a proxy; `undefined` when none is bound. R2.10 */
export function waypointProxyOf(
  snapshot: MeshSnapshot,
  service: SlimObjectByKind['Service' | 'ServiceEntry'],
): WaypointOfWorkload | undefined {
  const { state, waypoint } = waypointOf(snapshot, service);
  if (state !== 'bound' || waypoint === undefined) {
    return undefined;
  }
  const labels = { [GATEWAY_NAME_LABEL]: waypoint.name };
  const pods = snapshot.podsBySelector(waypoint.namespace, labels);
  const [first] = pods;
  const revision = first && proxyOfPod(first).revision;
  const versions = new Set(pods.flatMap(pod => proxyOfPod(pod).version ?? []));
  const target: TargetService = {
    name: service.metadata.name,
    namespace: service.metadata.namespace,
    registry: service.kind === 'Service' ? 'Kubernetes' : 'External',
  };
  return {
    ref: {
      group: 'gateway.networking.k8s.io',
      kind: 'Gateway',
      namespace: waypoint.namespace,
      name: waypoint.name,
    },
    service: target,
    proxy: {
      target: {
        proxy: 'waypoint',
        namespace: waypoint.namespace,
        labels: first?.metadata.labels ?? labels,
        services: [target],
      },
      ...(revision === undefined ? {} : { revision }),
      versions: [...versions].sort(),
      ...(first === undefined
        ? {}
        : { annotations: first.metadata.annotations }),
    },
  };
}

/** The waypoints of the Services that lead to a workload. */
export function waypointsOfWorkload(
  snapshot: MeshSnapshot,
  workload: Workload,
): WaypointOfWorkload[] {
  return servicesOfWorkload(snapshot, workload).flatMap(
    service => waypointProxyOf(snapshot, service) ?? [],
  );
}
