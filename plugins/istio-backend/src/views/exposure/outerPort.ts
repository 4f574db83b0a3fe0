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
  targetPortOf,
  type MeshSnapshot,
  type SlimObjectByKind,
} from '@mesh-portal/mesh-model';

type Pod = SlimObjectByKind['Pod'];
type Service = SlimObjectByKind['Service'];

/** Where a gateway's listener is reached from outside its pods. */
export interface OuterPort {
  service: Service;
  port: number;
  /** the Service has an address outside the cluster */
  outside: boolean;
}

/** The Service port that leads to the listener of a server port: the same number, else one whose target it is. R7.4 */
function portOf(
  service: Service,
  pod: Pod,
  listener: number,
): number | undefined {
  const { ports } = service.spec;
  return (
    ports.find(({ port }) => port === listener) ??
    ports.find(port => targetPortOf(port, pod) === listener)
  )?.port;
}

/** The Services through which a listener of a gateway's pods is reached; those with an outer address first. */
export function outerPortsOf(
  snapshot: MeshSnapshot,
  pods: readonly Pod[],
  listener: number,
): OuterPort[] {
  const [pod] = pods;
  if (pod === undefined) {
    return [];
  }
  return snapshot
    .servicesOfPod(pod)
    .flatMap(service => {
      const port = portOf(service, pod, listener);
      return port === undefined
        ? []
        : [{ service, port, outside: service.spec.type !== 'ClusterIP' }];
    })
    .sort((left, right) => Number(right.outside) - Number(left.outside));
}
