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
  type FailingPods,
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

/**
 * The Services through which a listener of a gateway's pods is reached; those with an outer address first. One that leads only to
 * pods at which nothing gets through comes last.
 */
export function outerPortsOf(
  snapshot: MeshSnapshot,
  pods: readonly Pod[],
  listener: number,
  failing: readonly FailingPods[] = [],
): OuterPort[] {
  const found = new Map<Service, OuterPort & { serves: boolean }>();
  for (const pod of pods) {
    const serves = !isAmong(failing, pod);
    for (const service of snapshot.servicesOfPod(pod)) {
      const port = portOf(service, pod, listener);
      const before = found.get(service);
      if (before !== undefined) {
        before.serves ||= serves;
      } else if (port !== undefined) {
        const outside = service.spec.type !== 'ClusterIP';
        found.set(service, { service, port, outside, serves });
      }
    }
  }
  return [...found.values()]
    .sort(
      (left, right) =>
        Number(right.serves) - Number(left.serves) ||
        Number(right.outside) - Number(left.outside),
    )
    .map(({ service, port, outside }) => ({ service, port, outside }));
}

/** Is a pod among those at which nothing gets through? */
export function isAmong(
  failing: readonly FailingPods[],
  { metadata: { namespace, name } }: Pod,
): boolean {
  return failing.some(({ pods }) =>
    pods.some(pod => pod.namespace === namespace && pod.name === name),
  );
}
